#!/usr/bin/env python3
"""Which imports do the calls of a scenario really use? Contracts often import far more than they call.

    imports.py [--oracle PATH] [--contracts FOLDER] SCENARIO.json...

Puts a function in front of every import, which notes in a global that it was called; in front of every method one that
writes the notes to the state at the end (before a panic, too), where they can be read off the outcome. Needs wabt
(wasm2wat, wat2wasm)."""
import base64, collections, json, re, subprocess, sys, tempfile
from calls import Scenario
from common import arguments, check_programs, compact, finish

KEY = b'~imports used'
NOTES = 1024 * 65536 - 64  # near the end of the memory that every contract starts with
ENDINGS = ('panic', 'panic_utf8', 'abort')
IMPORT = re.compile(r'\(import "env" "(\w+)" \(func (\$\S+) \(type (\$\S+)\)\)\)')


def signature(text, name):
    """Parameters and results of a type, as lists."""
    found = re.search(r'\(type %s \(func(?: \(param ([^)]*)\))?(?: \(result ([^)]*)\))?\)\)' % re.escape(name), text)
    return (found[1] or '').split(), (found[2] or '').split()


def instrument(text):
    """Returns the module's text with the notes, and the names of its imports in the order of their bits."""
    names, functions, given = [], '', IMPORT.findall(text)
    if not any(name == 'storage_write' for name, _, _ in given):
        raise ValueError('the contract has no storage_write')
    write = next(function for name, function, _ in given if name == 'storage_write')
    for bit, (name, function, kind) in enumerate(given):
        params, _ = signature(text, kind)
        names.append(name)
        word, mask = f'$notes{bit // 64}', 1 << bit % 64
        note = f'(global.set {word} (i64.or (global.get {word}) (i64.const {mask})))'
        save = '(call $notes_write)' if name in ENDINGS else ''
        text = re.sub(r'\bcall %s(?![^\s)])' % re.escape(function), f'call $note{bit}', text)
        functions += f'(func $note{bit} (type {kind}) {note} {save} ' + \
                     ' '.join(f'(local.get {i})' for i in range(len(params))) + f' (call {function}))\n'
    key = ''.join(f'(i64.store8 (i32.const {NOTES + 16 + i}) (i64.const {byte}))' for i, byte in enumerate(KEY))
    functions += f'(func $notes_write {key} (i64.store (i32.const {NOTES}) (global.get $notes0)) ' \
                 f'(i64.store (i32.const {NOTES + 8}) (global.get $notes1)) ' \
                 f'(drop (call {write} (i64.const {len(KEY)}) (i64.const {NOTES + 16}) (i64.const 16) ' \
                 f'(i64.const {NOTES}) (i64.const 7777))))\n'
    for name, function in re.findall(r'\(export "([^"]*)" \(func (\$\S+)\)\)', text):
        kind = re.search(r'\(func %s \(type (\$[^\s)]+)\)' % re.escape(function), text)
        if not kind or signature(text, kind[1]) != ([], []):
            continue  # not a method
        wrapped = f'$noted_{function[1:]}_{len(functions)}'
        text = text.replace(f'(export "{name}" (func {function}))', f'(export "{name}" (func {wrapped}))')
        functions += f'(func {wrapped} (call {function}) (call $notes_write))\n'
    functions += '(global $notes0 (mut i64) (i64.const 0)) (global $notes1 (mut i64) (i64.const 0))\n'
    end = text.rstrip().rindex(')')
    return text[:end] + functions + ')', names


def rebuild(wasm):
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + '/in.wasm', 'wb') as file:
            file.write(wasm)
        text = subprocess.run(['wasm2wat', '--generate-names', folder + '/in.wasm'], capture_output=True, text=True,
                              check=True).stdout
        text, names = instrument(text)
        with open(folder + '/out.wat', 'w') as file:
            file.write(text)
        subprocess.run(['wat2wasm', folder + '/out.wat', '-o', folder + '/out.wasm'], check=True)
        with open(folder + '/out.wasm', 'rb') as file:
            return file.read(), names


def main():
    parser = arguments(__doc__)
    parser.add_argument('--contracts', metavar='FOLDER', help='where public contracts are')
    parser.add_argument('scenarios', nargs='+', metavar='SCENARIO')
    options = parser.parse_args()
    options.oracle_only = True
    check_programs(options)
    key, all_used = base64.b64encode(KEY).decode(), collections.Counter()
    for path in options.scenarios:
        scenario, plain = Scenario(path, options.contracts), Scenario(path, options.contracts)
        if scenario.skipped:
            print(f'skipped: {scenario.name}: {scenario.skipped}')
            continue
        noted, names = rebuild(base64.b64decode(scenario.wasm))
        used = collections.Counter()
        for number, call in enumerate(scenario.json['calls']):
            case = plain.case(number, call)
            done = json.loads(finish(options.oracle, [compact(case)])[0])
            # with the notes a view would write: it is run as an ordinary call
            with_notes = {**case, 'wasm': base64.b64encode(noted).decode(),
                          'context': {k: v for k, v in case['context'].items() if k != 'view_max_gas'}}
            outcome = json.loads(finish(options.oracle, [compact(with_notes)])[0])['expect']
            for k, value in outcome['state_changes']:
                if k == key and value:
                    bits = int.from_bytes(base64.b64decode(value), 'little')
                    used.update({name for bit, name in enumerate(names) if bits >> bit & 1})
            plain.follow(case, done['expect'], call)
        all_used.update(used)
        print(f'{scenario.name}: {len(scenario.json["calls"])} calls use {len(used)} of {len(names)} imports: '
              f'{" ".join(sorted(used))}')
    print(f'together {len(all_used)}: {" ".join(sorted(all_used))}')


if __name__ == '__main__':
    sys.exit(main())
