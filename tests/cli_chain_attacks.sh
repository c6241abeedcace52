#!/bin/sh
# Proofs that were forged against earlier verifiers: each is refused at both levels, with its own code.
#
#     BUILD=build tests/cli_chain_attacks.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh

# refused NAME CODE PLACE
refused() {
    xz -dc "tests/attacks/$1.proof.xz" >"$folder/$1.proof"
    for level in '' --light; do
        run 1 verify $level "$folder/$1.proof"
        has "$1.proof: refused ($2): $3"
    done
}

refused forged FORGED 'block 1 (height 101): incoming receipt 0, which block 0 has sent'
refused mint FORGED 'block 1 (height 101): incoming receipt 1, which block 0 has sent'
refused back HEIGHT 'block 2 (height 0): height'
refused t_same_block_id SAME_ID 'block 0 (height 100): given receipt 0'
refused t_old_chunk_2 OLD_CHUNK 'block 0 (height 100): transactions'
refused t_wrong_shard WRONG_SHARD 'block 0 (height 100): incoming receipt 0: receiver'
refused g_hash_evil_2 CODE_HASH 'block 0 (height 100): incoming receipt 0: code of the global contract'
refused r_sysfc SYSTEM 'block 0 (height 100): incoming receipt 0: predecessor system'
refused t_val_dup TWICE 'block 0 (height 100): validators'

echo "$passed passed, $failed failed"
[ $failed = 0 ]
