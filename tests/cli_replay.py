"""Blocks in the form of NEAR's indexer streams, made of the scenarios of tests/vectors/runtime.jsonl: outcomes,
receipts and states are those of the production runtime; the headers around them are made here.

    xz -dc tests/vectors/runtime.jsonl.xz | python3 tests/cli_replay.py FOLDER EVERY

writes FOLDER/SCENARIO/HEIGHT/{block,shard_0}.json for one of EVERY scenarios, and prints how many there are. Scenarios
with receipts from nowhere, missing chunks or validators' rewards are left out.
"""
import base64, hashlib, json, os, struct, sys

ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
VERSION = 84


def b58(data):
    n, text = int.from_bytes(data, 'big'), ''
    while n:
        n, digit = divmod(n, 58)
        text = ALPHABET[digit] + text
    return '1' * (len(data) - len(data.lstrip(b'\0'))) + text


def unb58(text, size=32):
    n = 0
    for c in text:
        n = n * 58 + ALPHABET.index(c)
    return n.to_bytes(size, 'big')


def sha(data):
    return hashlib.sha256(data).digest()


def u32(n): return struct.pack('<I', n)
def u64(n): return struct.pack('<Q', n)
def u128(n): return n.to_bytes(16, 'little')


def levels(leaves):
    rows = [leaves]
    while len(rows[-1]) > 1:
        row = rows[-1]
        rows.append([sha(row[i] + row[i + 1]) if i + 1 < len(row) else row[i] for i in range(0, len(row), 2)])
    return rows


def root(leaves):
    return levels(leaves)[-1][0] if leaves else bytes(32)


def path(leaves, index):
    items = []
    for row in levels(leaves)[:-1]:
        other = index ^ 1
        if other < len(row):
            items.append({'hash': b58(row[other]), 'direction': 'Right' if index % 2 == 0 else 'Left'})
        index //= 2
    return items


def chunk_header(block, previous_hash, previous):
    """The chunk of a block: roots of what the block before has executed."""
    sent = b''.join(base64.b64decode(r['borsh_base64']) for r in previous['outgoing_receipts']) if previous else b''
    count = len(previous['outgoing_receipts']) if previous else 0
    receipts = root([sha(sha(u64(0) + u32(count) + sent))])
    transactions = root([sha(base64.b64decode(t)) for t in block['transactions']])
    outcome = unb58(previous['outcome_root']) if previous else bytes(32)
    state = unb58(previous['state_root_after']) if previous else bytes(32)
    inner = bytes([3]) + previous_hash + state + outcome + bytes(32) + u64(7) + u64(block['height']) + u64(0)
    inner += u64(0) + u64(10**15) + u128(0) + receipts + transactions + u32(0)
    inner += bytes([0]) + u128(0) + u128(0) + u64(0) + struct.pack('<H', 0) + bytes([0]) + u32(0)
    return {
        'chunk_hash': b58(sha(sha(inner) + bytes(32))), 'prev_block_hash': b58(previous_hash),
        'outcome_root': b58(outcome), 'prev_state_root': b58(state), 'encoded_merkle_root': b58(bytes(32)),
        'encoded_length': 7, 'height_created': block['height'], 'height_included': block['height'], 'shard_id': 0,
        'gas_used': 0, 'gas_limit': 10**15, 'balance_burnt': '0', 'outgoing_receipts_root': b58(receipts),
        'tx_root': b58(transactions), 'validator_proposals': [], 'bandwidth_requests': {'V1': {'requests': []}},
        'congestion_info': {'delayed_receipts_gas': '0', 'buffered_receipts_gas': '0', 'receipt_bytes': 0,
                            'allowed_shard': 0},
        'signature': 'ed25519:' + b58(bytes(63) + b'\1')}


def block_header(block, chunk, previous_hash, previous_height, next_price):
    one = lambda name: root([sha(unb58(chunk[name]))])
    named = sha(unb58(chunk['chunk_hash']) + u64(block['height']))
    zero = bytes(32)
    final = named_block(block['transactions'][0]) if block['transactions'] else previous_hash
    lite = u64(block['height']) + zero + zero + one('prev_state_root') + one('outcome_root') + u64(block['timestamp'])
    lite += zero + zero
    rest = zero + one('outgoing_receipts_root') + named + one('tx_root') + zero + zero + u32(0) + u32(1) + b'\1'
    rest += u128(next_price) + u128(10**33) + u32(0) + final + previous_hash + u64(9) + u64(previous_height)
    rest += b'\0' + u32(0) + u32(VERSION) + u32(0)
    hash_ = sha(sha(sha(lite) + sha(rest)) + previous_hash)
    empty = b58(zero)
    return hash_, {
        'height': block['height'], 'prev_height': previous_height, 'epoch_id': empty, 'next_epoch_id': empty,
        'hash': b58(hash_), 'prev_hash': b58(previous_hash), 'prev_state_root': b58(one('prev_state_root')),
        'block_body_hash': empty, 'chunk_receipts_root': b58(one('outgoing_receipts_root')),
        'chunk_headers_root': b58(named), 'chunk_tx_root': b58(one('tx_root')),
        'outcome_root': b58(one('outcome_root')), 'chunks_included': 1, 'challenges_root': empty,
        'timestamp': block['timestamp'], 'timestamp_nanosec': str(block['timestamp']), 'random_value': empty,
        'validator_proposals': [], 'chunk_mask': [True], 'gas_price': str(next_price), 'block_ordinal': 9,
        'total_supply': str(10**33), 'challenges_result': [], 'last_final_block': b58(final),
        'last_ds_final_block': b58(previous_hash), 'next_bp_hash': empty, 'block_merkle_root': empty,
        'epoch_sync_data_hash': None, 'approvals': [], 'signature': 'ed25519:' + b58(bytes(63) + b'\1'),
        'latest_protocol_version': VERSION, 'chunk_endorsements': [], 'shard_split': None}


def account_change(account, cause, amount, locked, usage):
    return {'cause': cause, 'type': 'account_update',
            'change': {'account_id': account, 'amount': str(amount), 'locked': str(locked), 'code_hash': b58(bytes(32)),
                       'storage_usage': usage, 'storage_paid_at': 0}}


def local_receipt(view, id_, price):
    return {'predecessor_id': view['signer_id'], 'receiver_id': view['receiver_id'], 'receipt_id': id_, 'receipt': {
        'Action': {'signer_id': view['signer_id'], 'signer_public_key': view['public_key'], 'gas_price': str(price),
                   'output_data_receivers': [], 'input_data_ids': [], 'actions': view['actions']}}}


def account_of(key, value):
    """Name, amount, locked, usage of an account's record: in its short form, or in the one with a version."""
    number = lambda at, size: int.from_bytes(value[at:at + size], 'little')
    if key[:1] != b'\0' or not value:
        return None
    if value[:16] == bytes([255]) * 16:
        return (key[1:].decode(), number(17, 16), number(33, 16), number(49, 8))
    return (key[1:].decode(), number(0, 16), number(16, 16), number(64, 8))


def initial(state):
    accounts = [account_of(bytes.fromhex(k), bytes.fromhex(v)) for k, v in state]
    return [account_change(a[0], {'type': 'initial_state'}, *a[1:]) for a in accounts if a]


def cause_of(outcome, receipts):
    """Who changed the executor's account, if only this did: pairs of a cause and what it adds afterwards."""
    if outcome['id'] not in receipts:
        return [({'type': 'transaction_processing', 'tx_hash': outcome['id']}, 0)]
    receipt, causes = receipts[outcome['id']], []
    if 'Failure' not in outcome['status']:
        causes.append(({'type': 'receipt_processing', 'receipt_hash': outcome['id']}, 0))
    action = receipt['receipt'].get('Action')
    if action and any('FunctionCall' in a for a in action['actions']):
        burnt = sum(int(cost['gas_used']) for cost in outcome['gas_profile'])
        reward = burnt * 3 // 10 * int(action['gas_price'])
        if reward:
            causes.append(({'type': 'action_receipt_gas_reward', 'receipt_hash': outcome['id']}, reward))
    return causes


def changes_of(result, outcomes, receipts):
    """Accounts, and code. Where several have changed an account, only the last state is known: then nobody has."""
    touched, changes = {}, []
    for o in outcomes:
        touched.setdefault(o['executor_id'], []).append(cause_of(o, receipts))
    for change in result['state_changes']:
        key, value = bytes.fromhex(change['trie_key_hex']), change['value_hex']
        found = account_of(key, bytes.fromhex(value or ''))
        if found:
            causes = touched.get(found[0], [])
            causes = causes[0] if len(causes) == 1 and causes[0] else [({'type': 'migration'}, 0)]
            amount = found[1] - sum(more for _, more in causes)
            for cause, more in causes:
                amount += more
                changes.append(account_change(found[0], cause, amount, *found[2:]))
        elif key[:1] == b'\0' and value is None:
            changes.append({'cause': {'type': 'migration'}, 'type': 'account_deletion',
                            'change': {'account_id': key[1:].decode()}})
        elif key[:1] == b'\1' and value:
            code = base64.b64encode(bytes.fromhex(value)).decode()
            changes.append({'cause': {'type': 'migration'}, 'type': 'contract_code_update',
                            'change': {'account_id': key[1:].decode(), 'code_base64': code}})
    return changes


def named_block(transaction):
    """The block hash in a signed transaction."""
    data = base64.b64decode(transaction)
    at = 0 if data[0] > 1 or data[1:4] == bytes(3) else 1
    at += 4 + struct.unpack_from('<I', data, at)[0]
    at += 1 + (64 if data[at] else 32) + 8
    at += 4 + struct.unpack_from('<I', data, at)[0]
    return data[at:at + 32]


def convert(scenario, folder):
    """False: something in it cannot be said in the stream."""
    if any(b['receipts'] or not b['is_new_chunk'] or b['validator_accounts_update'] for b in scenario['blocks']):
        return False
    receipts, hash_, files, previous = {}, sha(b'genesis'), [], None
    height = scenario['blocks'][0]['height'] - 1
    first = {'height': height, 'timestamp': 1, 'transactions': [], 'gas_price': scenario['blocks'][0]['gas_price']}
    blocks = [first] + scenario['blocks']
    empty = {'outcomes': [], 'outgoing_receipts': [], 'outcome_root': b58(bytes(32)), 'state_changes': [],
             'state_root_after': scenario['genesis_root']}
    results = [empty] + scenario['results']
    views = [{'transactions': []}] + scenario['transactions_json']
    for i, block in enumerate(blocks):
        price = int(block['gas_price'])
        next_price = int(blocks[i + 1]['gas_price']) if i + 1 < len(blocks) else price
        chunk = chunk_header(block, hash_, previous)
        before = hash_
        hash_, header = block_header(block, chunk, before, block['height'] - 1, next_price)
        result, outcomes = results[i], results[i]['outcomes']
        leaves = [sha(u32(len(o['leaf_hashes_hex'])) + bytes.fromhex(''.join(o['leaf_hashes_hex']))) for o in outcomes]
        transactions, executed, own = {t['hash']: t['json'] for t in views[i]['transactions']}, [], []
        sent = [r['json'] for r in previous['outgoing_receipts']] if previous else []
        for r in sent:
            receipts[r['receipt_id']] = r
        listed = []
        for index, o in enumerate(outcomes):
            outcome = {'proof': path(leaves, index), 'block_hash': b58(hash_), 'id': o['id'], 'outcome': {
                'logs': o['logs'], 'receipt_ids': o['receipt_ids'], 'gas_burnt': o['gas_burnt'],
                'tokens_burnt': o['tokens_burnt'], 'executor_id': o['executor_id'], 'status': o['status'],
                'metadata': {'version': o['metadata_version'], 'gas_profile': o['gas_profile']}}}
            if o['id'] in transactions:
                view = transactions[o['id']]
                listed.append({'transaction': view, 'outcome': {'execution_outcome': outcome, 'receipt': None}})
                if 'SuccessReceiptId' in o['status'] and view['signer_id'] == view['receiver_id']:
                    made = local_receipt(view, o['receipt_ids'][0], price)
                    receipts[made['receipt_id']] = made
                    own.append(made)
            elif o['id'] in receipts:
                executed.append({'execution_outcome': outcome, 'receipt': receipts[o['id']]})
            else:
                return False
        if len(listed) != len(block['transactions']):
            return False
        changes = changes_of(result, outcomes, receipts)
        if i == 0:
            changes = initial(scenario['genesis_state'])
        files.append((block['height'], {'author': 'near', 'header': header, 'chunks': [chunk]},
                      {'shard_id': 0, 'chunk': {'author': 'near', 'header': chunk, 'transactions': listed,
                                                'receipts': own + sent},
                       'receipt_execution_outcomes': executed, 'state_changes': changes}))
        previous = result
    for height, block, shard in files:
        place = os.path.join(folder, '%012d' % height)
        os.makedirs(place)
        for name, what in (('block.json', block), ('shard_0.json', shard)):
            with open(os.path.join(place, name), 'w') as f:
                json.dump(what, f)
    return True


def main():
    made = 0
    for number, line in enumerate(sys.stdin):
        scenario = json.loads(line)
        if number % int(sys.argv[2]) == 0 and convert(scenario, os.path.join(sys.argv[1], scenario['name'])):
            made += 1
    print(made)


main()
