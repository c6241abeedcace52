"""Random programs in the text format for gas_sweep.py: short, and with everything that begins or ends a stretch of
instructions that is charged at once. They end by themselves within a few hundred steps, mostly."""
import random

HOST = ('(import "env" "block_index" (func $block_index (result i64)))\n'
        '(import "env" "storage_usage" (func $storage_usage (result i64)))\n'
        '(import "env" "log_utf8" (func $log (param i64 i64)))\n'
        '(import "env" "sha256" (func $sha256 (param i64 i64 i64)))\n'
        '(import "env" "register_len" (func $register_len (param i64) (result i64)))\n'
        '(import "env" "storage_write" (func $storage_write (param i64 i64 i64 i64 i64) (result i64)))\n')
FUNCTIONS = 3
BINARY = ('add', 'sub', 'mul', 'and', 'or', 'xor', 'shl', 'shr_u', 'rotl', 'lt_s', 'eq', 'ge_u')


class Program:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.loops = 0  # counters, one for each loop, so that none runs on
        self.bulk = self.rng.random() < 0.5

    def value(self, depth=0):
        """An i32."""
        pick, sub = self.rng.randrange(13 if depth < 3 else 4), lambda: self.value(depth + 1)
        if pick < 2:
            return f'(i32.const {self.rng.choice((0, 1, 2, 3, 7, 8, 255, -1))})'
        if pick < 4:
            return f'(local.get {self.rng.randrange(2)})'
        if pick < 6:
            return f'(i32.{self.rng.choice(BINARY)} {sub()} {sub()})'
        return (lambda: f'(i32.load{self.rng.choice(("", "8_u", "16_s"))} offset={self.rng.randrange(64)} '
                        f'(i32.and (i32.const 1023) {sub()}))',
                lambda: f'(i32.div_{self.rng.choice("su")} {sub()} (i32.or (i32.const {self.rng.choice((0, 1, 1))}) '
                        f'{sub()}))',
                lambda: f'(i32.trunc_f32_s (f32.convert_i32_s {sub()}))',
                lambda: f'(i32.wrap_i64 (i64.rem_u (i64.extend_i32_u {sub()}) (i64.const {self.rng.choice((3, 10))})))',
                lambda: f'(if (result i32) {sub()} (then {self.body(depth + 2, 1)} {sub()}) (else {sub()}))',
                lambda: f'(block $v{depth} (result i32) (br_if $v{depth} {sub()} {sub()}))',
                lambda: f'(select {sub()} {sub()} {sub()})')[pick - 6]()

    def bulk_operation(self):
        n, at = self.rng.randrange(40), self.rng.randrange(256)
        return self.rng.choice((f'(memory.fill (i32.const {at}) {self.value(2)} (i32.const {n}))',
                                f'(memory.copy (i32.const {at}) (i32.const {at + n // 2}) (i32.const {n}))',
                                f'(memory.init $d (i32.const {at}) (i32.const 0) (i32.const {n % 17}))',
                                f'(table.copy (i32.const 0) (i32.const 1) (i32.const {n % 3}))',
                                f'(table.fill 0 (i32.const 4) (ref.func $f0) (i32.const {n % 5}))',
                                f'(drop (table.grow 0 (ref.null func) (i32.const {n})))'))

    def loop(self, depth):
        k = self.loops
        self.loops += 1
        again = f'(br_if $l{k} (i32.lt_u (local.tee $c{k} (i32.add (local.get $c{k}) (i32.const 1))) ' \
                f'(i32.const {self.rng.randint(1, 4)})))'
        body = f'(loop $l{k} {self.body(depth + 1, 3)} {again} {self.body(depth + 2, 1)})'
        return f'(local.set $c{k} (i32.const 0)) {body}'

    def table(self, depth):
        labels = ' '.join(self.rng.choice(('$a', '$b', '$c')) for _ in range(self.rng.randint(1, 5)))
        return f'(block $c (block $b (block $a (br_table {labels} {self.value(1)})) {self.body(depth + 1, 2)}) ' \
               f'{self.body(depth + 1, 1)} (br_if $c {self.value(2)}) {self.body(depth + 2, 1)})'

    def statement(self, depth):
        choices = [(6, lambda: '(nop)'),
                   (5, lambda: f'(local.set {self.rng.randrange(2)} {self.value()})'),
                   (2, lambda: f'(global.set $g (i32.add (global.get $g) {self.value(2)}))'),
                   (3, lambda: f'(i32.store{self.rng.choice(("", "8"))} (i32.and (i32.const 1023) {self.value(1)}) '
                               f'{self.value(1)})'),
                   (2, lambda: f'(drop {self.value()})'),
                   (1, lambda: f'(drop (memory.size))'),
                   (1, lambda: f'(drop (memory.grow (i32.const {self.rng.randrange(3)})))'),
                   (1, lambda: f'(drop (call $block_index))'),
                   (0.5, lambda: f'(drop (call $storage_usage))'),
                   (0.3, lambda: '(call $log (i64.const 3) (i64.const 8))'),
                   (0.3, lambda: '(call $sha256 (i64.const 5) (i64.const 8) (i64.const 1))'),
                   (0.3, lambda: '(drop (call $register_len (i64.const 1)))'),
                   (0.1, lambda: '(drop (call $storage_write (i64.const 2) (i64.const 8) (i64.const 3) (i64.const 8) '
                                 '(i64.const 2)))')]
        if self.bulk:
            choices.append((1.5, self.bulk_operation))
        if depth < 3:
            choices += [(2, lambda: f'(if {self.value()} (then {self.body(depth + 1, 3)}))'),
                        (2, lambda: f'(if {self.value()} (then {self.body(depth + 1, 2)}) (else '
                                    f'{self.body(depth + 1, 2)}))'),
                        (2, lambda: f'(block $o {self.body(depth + 1, 2)} (br_if $o {self.value()}) '
                                    f'{self.body(depth + 1, 2)})'),
                        (1, lambda: f'(block {self.body(depth + 1, 2)})'),
                        (1, lambda: f'(block $o {self.body(depth + 1, 1)} (br $o) {self.body(depth + 1, 2)})'),
                        (1, lambda: f'(loop {self.body(depth + 1, 2)})'),
                        (2, lambda: self.loop(depth)), (2, lambda: self.table(depth))]
        if self.callees:
            callee = self.rng.choice(self.callees)
            choices += [(2, lambda: f'(local.set 1 (call $f{callee} {self.value()} {self.value()}))'),
                        (1, lambda: f'(drop (call_indirect (type $t) {self.value()} {self.value()} '
                                    f'(i32.const {self.rng.choice(self.callees + [5])})))')]
        if depth and self.rng.random() < 0.04:
            choices = [(3, lambda: f'(return {self.value()})' if self.callees is not self.all else '(return)'),
                       (1, lambda: '(unreachable)')]
        return self.rng.choices([c[1] for c in choices], [c[0] for c in choices])[0]()

    def body(self, depth, most):
        return ' '.join(self.statement(depth) for _ in range(self.rng.randint(0 if depth else 2, most)))

    def function(self, name, callees, result, prelude=''):
        self.loops, self.callees = 0, callees
        body = self.body(0, 9) if not result else self.body(0, 4) + ' ' + self.value()
        counters = ' '.join(f'(local $c{k} i32)' for k in range(self.loops))
        head = '(param i32 i32) (result i32)' if result else '(export "main") (local i32 i32)'
        extra = self.rng.choice(('', '(local i64)', '(local f32 i64 i64)'))
        return f'(func ${name} {head} {counters} {extra}\n {prelude} {body})\n'

    def module(self, prelude='', imports=''):
        """The prelude is put in front of main's body. Functions call only those with a smaller number."""
        self.all = list(range(FUNCTIONS))
        functions = ''.join(self.function(f'f{i}', self.all[:i], True) for i in self.all)
        main = self.function('main', self.all, False, prelude)
        return (f'(module\n{HOST}{imports}(type $t (func (param i32 i32) (result i32)))\n(memory 1)\n'
                f'(global $g (mut i32) (i32.const 1))\n(table 10 funcref)\n(elem (i32.const 0) func $f0 $f1 $f2)\n'
                f'{functions}{main}(data $d "0123456789abcdef")\n(data (i32.const 8) "text"))')


def program(seed, prelude='', imports=''):
    return Program(seed).module(prelude, imports)
