"""What the differential tests share: finding the programs, running cases through the reference runner and through
ours, keeping the cases that differ.

The reference runner is a program that reads contract cases as JSON lines and writes them back with "expect", what the
production VM made of them (docs of the form: tests/vectors). It is not part of this repository; whoever has built it
names it with --oracle or NVM_ORACLE."""
import argparse, collections, concurrent.futures, itertools, json, os, re, subprocess, sys, tempfile, threading, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STEP = 822756  # gas of one instruction
TIMEOUT = 300  # seconds for one chunk


def stop(message):
    sys.exit(f'{os.path.basename(sys.argv[0])}: {message}')


def arguments(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--oracle', default=os.environ.get('NVM_ORACLE'), metavar='PATH',
                        help='the reference runner (default: $NVM_ORACLE)')
    built = os.path.join(ROOT, os.environ.get('BUILD', 'build'), 'conformance')
    parser.add_argument('--nvm-conformance', default=built, metavar='PATH',
                        help='our side (default: build/conformance)')
    parser.add_argument('--oracle-only', action='store_true', help='run the reference runner alone')
    parser.add_argument('--keep', metavar='FILE', help='where differing cases go (default: differing.jsonl in build/)')
    parser.add_argument('--processes', type=int, default=2, metavar='N', help='how many at once (default: 2)')
    return parser


def check_programs(options):
    """Ends the program with a clear message if one is missing."""
    if not options.oracle:
        stop('no reference runner: build it and give its path with --oracle or NVM_ORACLE')
    if not os.access(options.oracle, os.X_OK):
        stop(f'{options.oracle}: no such program; the reference runner has to be built first (cargo build --release)')
    if not options.oracle_only and not os.access(options.nvm_conformance, os.X_OK):
        stop(f'{options.nvm_conformance}: no such program; build it with make, or use --oracle-only')
    if not options.keep:
        os.makedirs(os.path.join(ROOT, 'build'), exist_ok=True)
        options.keep = os.path.join(ROOT, 'build', 'differing.jsonl')


def compact(case):
    return json.dumps(case, separators=(',', ':'), ensure_ascii=False)


def finish(oracle, lines):
    """Runs cases (JSON lines) with the reference runner. Returns the finished lines, one for each case."""
    done = subprocess.run([oracle], input='\n'.join(lines) + '\n', capture_output=True, text=True, timeout=TIMEOUT)
    finished = done.stdout.splitlines()
    if done.returncode or len(finished) != len(lines):
        raise RuntimeError(f'the reference runner ended with {done.returncode} after {len(finished)} of {len(lines)} '
                           f'cases: {done.stderr.strip()[-500:]}')
    return finished


def chunks(lines, size, most_bytes=20_000_000):
    chunk, held = [], 0
    for line in lines:
        chunk.append(line)
        held += len(line)
        if len(chunk) == size or held > most_bytes:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


class Comparison:
    """Counts, and the cases that differ. `run` may be called several times; `report` prints the sum and returns the
    exit code."""

    def __init__(self, options):
        self.options, self.start = options, time.time()
        self.passed = self.failed = self.refused = self.crashed = 0
        self.errors = collections.Counter()  # by kind, what the reference runner said
        self.fields = collections.Counter()  # which fields differed
        self.lock = threading.Lock()
        self.kept = None

    def ours(self, lines):
        """Runs finished cases on our side. Returns (line number, message) of each difference; None if it crashed."""
        with tempfile.NamedTemporaryFile('w', suffix='.jsonl') as file:
            file.write('\n'.join(lines) + '\n')
            file.flush()
            try:
                done = subprocess.run([self.options.nvm_conformance, '-j', '1', file.name], capture_output=True,
                                      text=True, errors='replace', timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                return None
            prefix = file.name + ':'
            if done.returncode not in (0, 1) or not re.search(r'^\d+ passed, \d+ failed', done.stdout, re.M):
                return None
            differences = []
            for line in done.stdout.splitlines():
                match = re.match(r'(\d+): (.*)', line[len(prefix):]) if line.startswith(prefix) else None
                if match:
                    differences.append((int(match[1]), match[2]))
            if done.returncode == 1 and not differences:
                return None
            return differences

    def keep(self, line, messages):
        with self.lock:
            if not self.kept:
                self.kept = open(self.options.keep, 'w')
            self.kept.write(line + '\n')
            self.kept.flush()
            for message in messages[:5]:
                print('  ' + message[:400], file=sys.stderr)

    def compare(self, lines):
        differences = self.ours(lines)
        if differences is None and len(lines) > 1:  # find out which one it is
            for line in lines:
                self.compare([line])
            return
        if differences is None:
            self.keep(lines[0], [f'{json.loads(lines[0])["name"]}: crashed, hung, or broke off'])
            with self.lock:
                self.crashed += 1
            return
        by_line = collections.defaultdict(list)
        for number, message in differences:
            by_line[number].append(message)
        for number, messages in by_line.items():
            self.keep(lines[number - 1], messages)
        with self.lock:
            self.failed += len(by_line)
            self.passed += len(lines) - len(by_line)
            for messages in by_line.values():
                self.fields.update({message.split(': ')[1] for message in messages if ': ' in message})

    def run_chunk(self, lines):
        finished = []
        for line in finish(self.options.oracle, lines):
            case = json.loads(line)
            if 'expect' not in case:
                with self.lock:
                    self.refused += 1
                continue
            error = case['expect']['error']
            with self.lock:
                self.errors[error['kind'] if error else 'success'] += 1
            finished.append(line)
        if self.options.oracle_only:
            with self.lock:
                self.passed += len(finished)
        elif finished:
            self.compare(finished)
        return len(lines)

    def run(self, lines, chunk=200):
        """Takes an iterator of unfinished cases, a few chunks ahead of what is being run."""
        source, last = chunks(lines, chunk), time.time()
        with concurrent.futures.ThreadPoolExecutor(self.options.processes) as pool:
            waiting = {pool.submit(self.run_chunk, c) for c in itertools.islice(source, 2 * self.options.processes)}
            while waiting:
                done, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
                for future in done:
                    future.result()
                    waiting |= {pool.submit(self.run_chunk, c) for c in itertools.islice(source, 1)}
                if time.time() - last > 10:
                    last = time.time()
                    print(f'… {self.passed} equal, {self.failed + self.crashed} different', file=sys.stderr)

    def report(self):
        for kind, count in self.errors.most_common(12):
            print(f'{count:9} {kind}')
        if self.refused:
            print(f'{self.refused:9} not run: the reference runner refuses the case itself')
        if self.fields:
            print('different: ' + ', '.join(f'{field} ({count})' for field, count in self.fields.most_common()))
        if self.crashed:
            print(f'{self.crashed} crashed, hung or broke off')
        if self.kept:
            print(f'the differing cases are in {self.options.keep}')
        print(f'{time.time() - self.start:.0f} s' + (', reference runner alone' if self.options.oracle_only else ''))
        print(f'{self.passed} passed, {self.failed + self.crashed} failed')
        return 1 if self.failed or self.crashed else 0
