#!/usr/bin/env python3
"""Runs calls that follow each other on one contract, and compares every one with the reference runner.

    calls.py [--oracle PATH] [--contracts FOLDER] [-v] SCENARIO.json...
    calls.py … --write FILE.jsonl SCENARIO.json...    keeps the finished cases as vectors
    calls.py … --nvm PATH SCENARIO.json...            compares with `nvm run --context CASE --json` instead

What a successful call changes (state, balance, storage usage) is where the next one begins; view calls and failed ones
change nothing. A scenario is a JSON object:

  contract   {"path": file, relative to the scenario} or {"file": name, "sha256": …, "repository", "commit", "path"}: a
             public contract, taken from the folder given with --contracts; the scenario is skipped if it isn't there
  context    overrides for all calls, in the form of the vectors
  calls      [{"method", "args": any JSON | "args_base64": … | "args_hex": …,
               "context": {…}, "view": true, "state": [[key, value]…] to add (base64),
               "promise_results": ["failed" | {"json": any} | {"ok": base64}],
               "fails": true or a part of the message, "returns": the JSON that has to come back}]

Accounts in "context" can be shortened: "from" stands for predecessor and signer; "deposit" takes yoctoNEAR or a number
with N ("0.1N"). The block moves on by one, and one second, with each call."""
import base64, decimal, hashlib, json, os, subprocess, sys, tempfile
from common import TIMEOUT, Comparison, arguments, check_programs, compact, finish, stop

DEFAULTS = {'account_balance': str(10**25), 'storage_usage': 1000, 'block_height': 100,
            'block_timestamp': 1700000000000000000}


def base64_of(data):
    return base64.b64encode(data).decode()


def amount(text):
    text = str(text)
    return str(int(decimal.Decimal(text[:-1]) * 10**24)) if text.endswith('N') else text


def input_of(call):
    if 'args_base64' in call:
        return call['args_base64']
    if 'args_hex' in call:
        return base64_of(bytes.fromhex(call['args_hex']))
    if 'args' not in call:
        return ''
    return base64_of(json.dumps(call['args'], separators=(',', ':'), ensure_ascii=False).encode())


def promise_result(given):
    if isinstance(given, dict) and 'json' in given:
        return {'ok': base64_of(json.dumps(given['json'], separators=(',', ':')).encode())}
    return given


class Scenario:
    def __init__(self, path, contracts):
        with open(path) as file:
            self.json = json.load(file)
        self.name = os.path.splitext(os.path.basename(path))[0]
        self.skipped, self.wasm = None, None
        contract = self.json['contract']
        if 'path' in contract and 'file' not in contract:
            file = os.path.join(os.path.dirname(path), contract['path'])
        else:
            file = os.path.join(contracts, contract['file']) if contracts else None
        if not file or not os.path.exists(file):
            self.skipped = f'{contract.get("file", file)} is not there' + \
                           ('' if 'sha256' not in contract else f' ({contract["repository"]}, commit '
                            f'{contract["commit"]}, {contract["path"]}); name its folder with --contracts')
            return
        with open(file, 'rb') as opened:
            wasm = opened.read()
        if contract.get('sha256', hashlib.sha256(wasm).hexdigest()) != hashlib.sha256(wasm).hexdigest():
            stop(f'{file}: not the file that {path} was written for (sha256)')
        self.wasm = base64_of(wasm)
        self.state, self.running = {}, dict(DEFAULTS)

    def case(self, number, call):
        """The vector of one call, with the state that the calls before have left."""
        context = {**self.running, **self.json.get('context', {}), **call.get('context', {})}
        context['account_balance'] = call.get('context', {}).get('account_balance', self.running['account_balance'])
        for key in ('block_height', 'block_timestamp', 'storage_usage'):
            context[key] = call.get('context', {}).get(key, self.running[key])
        if 'from' in context:
            sender = context.pop('from')
            context.setdefault('signer_account_id', sender)
            context['predecessor_account_id'] = sender
            context.setdefault('refund_to_account_id', sender)
        if 'deposit' in context:
            context['attached_deposit'] = amount(context.pop('deposit'))
        context['account_balance'] = amount(context['account_balance'])
        context['input'] = input_of(call)
        if call.get('view'):
            context['view_max_gas'] = 3 * 10**14
        for key, value in call.get('state', []):
            self.state[key] = value
        case = {'name': f'calls/{self.name}/{number}-{call["method"]}',
                'protocol_version': call.get('protocol_version', self.json.get('protocol_version', 88)),
                'method': call['method'], 'wasm': self.wasm, 'context': context,
                'state': [[key, value] for key, value in sorted(self.state.items())]}
        if 'limits' in call:
            case['limits'] = call['limits']
        if 'validators' in self.json:
            case['validators'] = self.json['validators']
        if 'promise_results' in call:
            case['promise_results'] = [promise_result(p) for p in call['promise_results']]
        return case

    def follow(self, case, expect, call):
        """Takes over what a successful call has changed."""
        self.running['block_height'] = case['context']['block_height'] + 1
        self.running['block_timestamp'] = case['context']['block_timestamp'] + 10**9
        if expect['error'] or call.get('view'):
            return
        for key, value in expect['state_changes']:
            if value is None:
                self.state.pop(key, None)
            else:
                self.state[key] = value
        self.running['account_balance'] = expect['balance']
        self.running['storage_usage'] = expect['storage_usage']

    def surprise(self, expect, call):
        """What is not as the scenario says; None if all is."""
        error = expect['error']
        if error and 'fails' not in call:
            return f'failed: {error["kind"]}: {error["message"]}'
        if 'fails' in call:
            if not error:
                return 'succeeded, and should have failed'
            if call['fails'] is not True and call['fails'] not in error['message'] + error['kind']:
                return f'failed otherwise: {error["message"]}'
        if 'returns' in call:
            value = expect['return'] and expect['return'].get('value')
            if value is None or json.loads(base64.b64decode(value)) != call['returns']:
                return f'returned {base64.b64decode(value or "")!r}'
        return None


def describe(case, expect):
    value = (expect['return'] or {}).get('value')
    what = f'→ {base64.b64decode(value)[:200]!r}' if value is not None else '→ promise' if expect['return'] else ''
    if expect['error']:
        what = f'✗ {expect["error"]["message"][:200]}'
    print(f'  {case["name"].split("/")[-1]} {expect["burnt_gas"] / 1e12:.3f} Tgas, {len(expect["actions"])} actions, '
          f'{len(expect["state_changes"])} changes {what}')
    for log in expect['logs']:
        print(f'      {log[:160]}')


def play(scenario, options, comparison):
    """Yields the finished cases. They depend on each other, so the reference runner makes them one by one."""
    for number, call in enumerate(scenario.json['calls']):
        case = scenario.case(number, call)
        line = finish(options.oracle, [compact(case)])[0]
        done = json.loads(line)
        if 'expect' not in done:
            stop(f'{case["name"]}: {done.get("oracle_error")}')
        if options.verbose:
            describe(case, done['expect'])
        surprise = scenario.surprise(done['expect'], call)
        if surprise:
            print(f'{case["name"]}: {surprise}')
            comparison.surprises += 1
        scenario.follow(case, done['expect'], call)
        yield done


def run_nvm(nvm, line):
    """Runs one finished case as a user would. Returns what differs, as messages."""
    case = json.loads(line)
    expect, name = case.pop('expect'), case.pop('name')
    with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
        file.write(compact(case))
        file.flush()
        done = subprocess.run([nvm, 'run', '--context', file.name, '--json'], capture_output=True, text=True,
                              timeout=TIMEOUT)
    wanted = 1 if expect['error'] else 0
    if done.returncode != wanted:
        return [f'{name}: exit code: wanted {wanted}, got {done.returncode}: {done.stderr.strip()[:300]}']
    got = json.loads(done.stdout)
    return [f'{name}: {field}: wanted {str(value)[:300]}, got {str(got.get(field, "nothing"))[:300]}'
            for field, value in expect.items() if got.get(field, 'nothing') != value]


def compare_nvm(nvm, lines, comparison):
    for line in lines:
        messages = run_nvm(nvm, line)
        if messages:
            comparison.keep(line, messages)
            comparison.failed += 1
            comparison.fields.update({message.split(': ')[1] for message in messages})
        else:
            comparison.passed += 1


def main():
    parser = arguments(__doc__)
    parser.add_argument('--contracts', metavar='FOLDER', help='where public contracts are')
    parser.add_argument('--write', metavar='FILE', help='keeps the finished cases')
    parser.add_argument('--nvm', metavar='PATH', help='the nvm command to compare with')
    parser.add_argument('-v', '--verbose', action='store_true', help='prints what every call did')
    parser.add_argument('scenarios', nargs='+', metavar='SCENARIO')
    options = parser.parse_args()
    if options.write or options.nvm:
        options.oracle_only = True
    check_programs(options)
    comparison = Comparison(options)
    comparison.surprises = skipped = 0
    written = open(options.write, 'w') if options.write else None
    for path in options.scenarios:
        scenario = Scenario(path, options.contracts)
        if scenario.skipped:
            print(f'skipped: {scenario.name}: {scenario.skipped}')
            skipped += 1
            continue
        if options.verbose:
            print(f'{scenario.name}:')
        order = ('name', 'protocol_version', 'method', 'wasm', 'context', 'limits', 'state', 'promise_results',
                 'validators', 'expect')
        lines = [compact({key: done[key] for key in order if key in done})
                 for done in play(scenario, options, comparison)]
        for line in lines:
            error = json.loads(line)['expect']['error']
            comparison.errors[error['kind'] if error else 'success'] += 1
        if written:
            written.write('\n'.join(lines) + '\n')
        if options.nvm:
            compare_nvm(options.nvm, lines, comparison)
        elif options.oracle_only:
            comparison.passed += len(lines)
        else:
            comparison.compare(lines)
    comparison.failed += comparison.surprises
    if options.oracle_only:
        comparison.passed -= comparison.surprises
    if comparison.surprises:
        print(f'{comparison.surprises} calls did not end as their scenario says')
    if skipped:
        print(f'{skipped} scenarios skipped')
    if options.nvm:
        options.oracle_only = False  # so that the report doesn't say so
    return comparison.report()


if __name__ == '__main__':
    sys.exit(main())
