#!/usr/bin/env python3
"""Lets the gas run out at every place of random programs.

    gas_sweep.py [--oracle PATH] [--seed S] [--steps N] [K]

K programs (default: 200), half of them modules of gen-smith, half of them programs.py's, each run with every prepaid
gas from just below what loading costs up to success, in steps of one instruction: plainly, and with a promise that
holds gas, in which case what is burnt shows where one charge ends and the next begins. Every eighth also under each
max_gas_burnt. Programs of more than N steps (default: 300) beyond loading are passed over."""
import base64, json, random, re, shutil, subprocess, sys, tempfile, time
from common import STEP, Comparison, arguments, check_programs, compact, finish, stop
from programs import program
from run import smith

PLENTY = 10**14
HELD = 3 * 10**12  # gas that the promise takes with it
IMPORTS = '(import "env" "current_account_id" (func $sweep_account (param i64)))\n' \
          '(import "env" "promise_create" (func $sweep_promise (param i64 i64 i64 i64 i64 i64 i64 i64) (result i64)))\n'
# Account, method and arguments come from a register, so that only the amount needs memory: zeros near its end.
PROMISE = '(call $sweep_account (i64.const 0))\n' \
          '(drop (call $sweep_promise (i64.const -1) (i64.const 0) (i64.const -1) (i64.const 0) (i64.const -1) ' \
          f'(i64.const 0) (i64.const {1024 * 65536 - 32}) (i64.const {HELD})))\n'


def with_promise(wasm):
    """The module as text, with a promise made before main begins; None if that can't be done by editing the text."""
    with tempfile.NamedTemporaryFile(suffix='.wasm') as file:
        file.write(wasm)
        file.flush()
        done = subprocess.run(['wasm2wat', '--generate-names', file.name], capture_output=True, text=True)
    exported = re.search(r'\(export "main" \(func (\$\S+)\)\)', done.stdout)
    if done.returncode or not exported:
        return None
    text, count = re.subn(r'(\(func %s \(type \$\S+\)(?:\n *\(local [^\n]*?\)(?=\)?\n))?)' % re.escape(exported[1]),
                          lambda m: m[1] + '\n' + PROMISE, done.stdout, count=1)
    if not count or '(start' in text:
        return None
    if '(memory' not in text:
        text = text.rstrip()[:-1] + '(memory 1))\n'
    return text.replace('(module', '(module\n' + IMPORTS, 1)


def sources(options, seed, count):
    """Pairs of a name and the two forms of a program: a case's wasm or wat member, and the same with a promise."""
    for i in range(10 * count):
        yield f'program/{seed + i}', {'wat': program(seed + i)}, {'wat': program(seed + i, PROMISE, IMPORTS)}
    for case in smith(options, seed, 20 * count if shutil.which('wasm2wat') else 0):
        text = with_promise(base64.b64decode(case['wasm']))
        yield case['name'], {'wasm': case['wasm']}, {'wat': text} if text else None


def measure(options, module):
    """What loading costs, all gas used, and the finished module; None if the module can't be loaded."""
    case = json.loads(finish(options.oracle, [compact({'name': '', 'context': {'prepaid_gas': PLENTY}, **module})])[0])
    if 'expect' not in case:
        return None
    e, profile = case['expect'], case['expect']['profile']
    loading = profile.get('contract_loading_base', 0) + profile.get('contract_loading_bytes', 0)
    if not loading or e['used_gas'] == PLENTY or (e['error'] and e['error']['kind'] == 'LinkError'):
        return None
    return loading, e, {'wasm': case['wasm']}


class Sweep:
    def __init__(self, options, rng):
        self.options, self.rng = options, rng
        self.programs, self.passed_over = 0, 0

    def each_gas(self, name, module, start, end, loading, variant):
        """One case for each step. The odd units make the rounding visible."""
        for k in range(start, end):
            gas = max(0, loading + k * STEP + self.rng.choice((0, 0, 1, 2, STEP - 1)))
            case = {'name': f'gas-sweep/{name}/{variant}/{k}', 'protocol_version': 88, 'method': 'main',
                    'context': {'prepaid_gas': gas}, **module}
            if variant == 'limit':
                case['context']['prepaid_gas'] = PLENTY
                case['limits'] = {'max_gas_burnt': gas}
            yield compact(case)

    def cases(self, seed, count):
        taken, wanted = {True: 0, False: 0}, {True: count - count // 2, False: count // 2}
        for name, plain, promised in sources(self.options, seed, count):
            own = name.startswith('program/')
            if taken[own] == wanted[own]:
                continue  # the other kind is still missing
            measured = measure(self.options, plain)
            if not measured:
                continue
            loading, e, module = measured
            steps = (e['used_gas'] - loading) // STEP + 2
            if steps > self.options.steps or (steps < 8 and not own):
                self.passed_over += 1
                continue
            taken[own] += 1
            self.programs += 1
            yield from self.each_gas(name, module, -3, steps, loading, 'plain')
            if taken[own] % 8 == 0:
                yield from self.each_gas(name, module, -3, steps, loading, 'limit')
            base = promised and self.before_program(promised)
            if base:
                module = {'wasm': base[1]}
                yield from self.each_gas(name, module, -4, steps + 3, base[0], 'promised')
            if taken == wanted:
                return

    def before_program(self, module):
        """All gas used when the promise is made and the program itself begins, and the module; None if it can't."""
        cut = measure(self.options, {'wat': module['wat'].replace(PROMISE, PROMISE + '(unreachable)\n')})
        whole = measure(self.options, module)
        if not cut or not whole or not any('FunctionCallWeight' in action for action in whole[1]['actions']):
            return None
        return cut[1]['used_gas'], whole[2]['wasm']


def main():
    parser = arguments(__doc__)
    parser.add_argument('--seed', type=int, help='the first seed (default: the clock)')
    parser.add_argument('--steps', type=int, default=300)
    parser.add_argument('count', nargs='?', type=int, default=200, metavar='K')
    options = parser.parse_args()
    check_programs(options)
    seed = options.seed if options.seed is not None else int(time.time()) * 10**5
    print(f'seed {seed}')
    sweep, comparison = Sweep(options, random.Random(seed)), Comparison(options)
    comparison.run(sweep.cases(seed, options.count), chunk=500)
    print(f'{sweep.programs} programs ({sweep.passed_over} passed over: too long, or nothing happens)')
    return comparison.report()


if __name__ == '__main__':
    sys.exit(main())
