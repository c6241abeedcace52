#!/usr/bin/env python3
"""Compares fresh random cases with the reference runner.

    run.py [--oracle PATH] [--seed S] [--kinds smith,gas,host,…] [N]
    run.py [--oracle PATH] --kinds cut --cases FILE.jsonl [N]

Draws N cases (default: 2000), shared between the kinds:
  smith     random modules, some of which call the host
  gas       the same with a random amount of gas: it runs out anywhere
  versions  the same under protocol versions 84 to 88
  mutated   random modules in which some bytes are wrong, missing, or there twice
  programs  programs.py's random programs, with bulk operations, tables and host calls, and any amount of gas
  host      random programs of host calls (needs the runner's gen_host.py and the crates' sources)
  hostgas   the same with a random amount of gas, and sometimes as view calls or under older versions
  cut       the cases of --cases FILE, which have been run before, each with less gas than it needs
The modules come from gen-smith, which is built beside the reference runner. Ends with the number of cases that agree
and differ; those that differ are kept in a file of vectors."""
import base64, glob, json, os, random, subprocess, sys, time
from common import ROOT, Comparison, arguments, check_programs, compact, stop
from programs import program

DRAWN = ('smith', 'gas', 'versions', 'mutated', 'programs', 'host', 'hostgas')
KINDS = DRAWN + ('cut',)


def smith(options, seed, count):
    """gen-smith skips seeds that give no module, so it is asked until there are enough."""
    generator = os.path.join(os.path.dirname(options.oracle), 'gen-smith')
    if not os.access(generator, os.X_OK):
        stop(f'{generator}: no such program; it is built together with the reference runner')
    while count > 0:
        wanted = min(count, 500)
        out = subprocess.run([generator, str(seed), str(wanted)], capture_output=True, text=True, check=True).stdout
        for line in out.splitlines():
            yield json.loads(line)
        seed, count = seed + wanted, count - wanted


def gas(options, seed, count):
    rng = random.Random(seed)
    for case in smith(options, seed, count):
        case['context']['prepaid_gas'] = int(10 ** rng.uniform(7.5, 12))
        if rng.random() < 0.2:
            case['limits'] = {'max_gas_burnt': int(10 ** rng.uniform(7.5, 12))}
        case['name'] += '/gas'
        yield case


def versions(options, seed, count):
    rng = random.Random(seed)
    for case in smith(options, seed, count):
        case['protocol_version'] = rng.randint(84, 88)
        case['name'] += f'/v{case["protocol_version"]}'
        yield case


def programs(options, seed, count):
    rng = random.Random(seed)
    for i in range(count):
        yield {'name': f'program/{seed + i}', 'protocol_version': rng.choice((84, 85, 86, 87, 88, 88)),
               'method': 'main', 'wat': program(seed + i),
               'context': {'prepaid_gas': int(10 ** rng.uniform(8.8, 10.5 if rng.random() < 0.7 else 14))}}


def mutate(rng, data):
    """One to four small changes of some bytes."""
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at, change = rng.randrange(8, max(9, len(data))), rng.randrange(7)
        if at >= len(data):
            break
        if change == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif change == 1:
            data[at] = rng.randrange(256)
        elif change == 2:
            data[at] = rng.choice((0, 1, 0x0b, 0x10, 0x20, 0x41, 0x7f, 0x7e, 0x70, 0x6f, 0x40, 0x80, 0xff, 0xfc))
        elif change == 3:
            del data[at:at + rng.randint(1, 4)]
        elif change == 4:
            data[at:at] = bytes(rng.randrange(256) for _ in range(rng.randint(1, 3)))
        elif change == 5:
            data[at:at] = data[at:at + rng.randint(1, 30)]
        else:
            del data[at:]
    return bytes(data)


def mutated(options, seed, count):
    rng = random.Random(seed)
    for case in smith(options, seed, count):
        case['wasm'] = base64.b64encode(mutate(rng, base64.b64decode(case['wasm']))).decode()
        case['name'] += '/mutated'
        yield case


def host(options, seed, count):
    imports = os.environ.get('IMPORTS_RS') or next(iter(glob.glob(os.path.expanduser(
        '~/.cargo/registry/src/*/near-vm-runner-0.38.0/src/imports.rs'))), None)
    generator = os.path.join(options.generators, 'gen_host.py')
    if not imports or not os.path.exists(generator):
        print('skipped: host: ' + (f'{generator} is not there (--generators)' if imports else 'no sources of '
                                   'near-vm-runner found (IMPORTS_RS)'), file=sys.stderr)
        return
    while count > 0:
        wanted = min(count, 1000)
        done = subprocess.run([sys.executable, generator, str(seed), str(wanted), '--no-sweep'], capture_output=True,
                              text=True, env={**os.environ, 'IMPORTS_RS': imports})
        if done.returncode:
            stop(f'{generator}: {done.stderr.strip()[-300:]}')
        for line in done.stdout.splitlines():
            yield json.loads(line)
        seed, count = seed + 1, count - wanted


def hostgas(options, seed, count):
    rng = random.Random(seed)
    for case in host(options, seed, count):
        case['context']['prepaid_gas'] = int(10 ** rng.uniform(9, 13.5))
        if rng.random() < 0.15:
            case['context']['view_max_gas'] = case['context']['prepaid_gas']
        if rng.random() < 0.3:
            case['protocol_version'] = rng.randint(84, 87)
        if rng.random() < 0.15:
            case['limits'] = {'max_gas_burnt': int(10 ** rng.uniform(9, 13.5))}
        case['name'] += '/gas'
        yield case


def cut(options, seed, count):
    rng = random.Random(seed)
    with open(options.cases) as file:
        cases = [line for line in file if '"expect"' in line]
    for i in range(count if cases else 0):
        case = json.loads(cases[i] if i < len(cases) else rng.choice(cases))
        needed = case.pop('expect')['used_gas']
        gas = int(needed * rng.uniform(0, 1.02)) if rng.random() < 0.8 else max(0, needed - rng.randrange(10**8))
        context = case.setdefault('context', {})
        if rng.random() < 0.2:
            case['limits'] = {**case.get('limits', {}), 'max_gas_burnt': gas}
        else:
            context['prepaid_gas'] = gas
        if 'view_max_gas' in context:
            context['view_max_gas'] = gas
        case['name'] += f'/cut-{gas}'
        yield case


def main():
    parser = arguments(__doc__)
    parser.add_argument('--seed', type=int, help='the first seed (default: the clock)')
    parser.add_argument('--kinds', default=','.join(DRAWN))
    parser.add_argument('--cases', metavar='FILE', help='finished cases for the kind "cut"')
    parser.add_argument('--generators', default=os.path.join(ROOT, '..', 'shared', 'oracle'), metavar='FOLDER',
                        help='where gen_host.py is')
    parser.add_argument('count', nargs='?', type=int, default=2000, metavar='N')
    options = parser.parse_args()
    kinds = options.kinds.split(',')
    if unknown := [k for k in kinds if k not in KINDS]:
        stop(f'no kind "{unknown[0]}"; there are {", ".join(KINDS)}')
    if 'cut' in kinds and not (options.cases and os.path.exists(options.cases)):
        stop('the kind "cut" needs --cases FILE')
    if options.count < 1:
        stop('N must be at least 1')
    check_programs(options)
    seed = options.seed if options.seed is not None else int(time.time())
    print(f'seed {seed}')
    comparison = Comparison(options)
    for i, kind in enumerate(kinds):
        share = options.count * (i + 1) // len(kinds) - options.count * i // len(kinds)
        generator = globals()[kind]
        comparison.run(compact(case) for case in generator(options, seed * 10**7 + i * 10**6, share))
    return comparison.report()


if __name__ == '__main__':
    sys.exit(main())
