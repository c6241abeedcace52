#!/bin/sh
# nvm tee pki: what it writes, and that `nvm tee verify` accepts each sample by the policy beside it, and nothing else.
#
#     BUILD=build tests/cli_tee_pki.sh
cd "$(dirname "$0")/.." || exit 1
. tests/cli_common.sh
subcommand=tee

seed=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
at=2026-06-17T01:05:04Z
pki=$folder/pki

# ---- usage
run 2 pki; says '--seed'
run 2 pki --seed "$seed"; says '--out'
run 2 pki --seed 0102 --out "$pki"; says '64 hexadecimal digits'
run 2 pki --seed "${seed}00" --out "$pki"; says '64 hexadecimal digits'
run 2 pki --seed "$seed" --out "$pki" --at yesterday; says 'no time'
run 2 pki --seed "$seed" --out "$pki" --at 2050-01-01T00:00:00Z; says "from 2020 to 2049"
run 2 pki --seed "$seed" --out "$pki" --at 0; says "from 2020 to 2049"
run 2 pki --seed "$seed" --out "$folder/no/such/folder"; says 'cannot make the folder'
run 2 pki --seed "$seed" --out "$pki" more
run 0 pki --help; has '--seed HEX'
if [ -e "$pki" ]; then bad "wrong usage made a folder"; else ok; fi

# ---- what it writes
run 0 pki --seed "$seed" --out "$pki" --at "$at"; silent; has 'as of 2026-06-17T01:05:04Z'
for key in "$pki"/*/*.key; do
    if [ "$(stat -c %a "$key")" = 600 ]; then ok; else bad "$key can be read by others"; fi
done

# verify CODE EVIDENCE POLICY COLLATERAL [ARGUMENT...]
verify() {
    expected=$1 evidence=$pki/$2 policy=$pki/$3 collateral=$pki/$4
    shift 4
    run "$expected" verify "$evidence" --policy "$policy" --collateral "$collateral" --at "$at" "$@"
}
for sample in tdx/quote-v4.bin tdx/quote-v5.bin sgx/quote-v3.bin sgx/quote-v4.bin sgx/quote-v5.bin; do
    platform=${sample%/*}
    verify 0 "$sample" "$platform/policy.json" "$platform/collateral.json"; has 'simulator ('"$platform"')'; has UpToDate
done
verify 0 nitro/document.cbor nitro/policy.json nitro/root.crl; has 'simulator (nitro)'
verify 0 snp/report.bin snp/policy.json snp/certificates.bin; has 'simulator (snp)'
verify 0 snp/report-v5.bin snp/policy.json snp/certificates.bin; has 'version 5'
run 0 verify "$pki/snp/report-vlek.bin" --policy "$pki/snp/policy.json" --collateral "$pki/snp/certificates-vlek.bin" \
    --collateral "$pki/snp/ark.crl" --at "$at"; has 'VLEK'

for file in tdx/quote-v4.bin sgx/quote-v3.bin nitro/document.cbor snp/report.bin; do run 0 show "$pki/$file"; has '^identity  *{"'; done

# ---- and what is refused
verify 1 tdx/quote-v4.bin sgx/policy.json tdx/collateral.json; has ': platform ('
verify 1 snp/report.bin tdx/policy.json snp/certificates.bin; has ': platform ('
verify 1 sgx/quote-v3.bin tdx/policy.json sgx/collateral.json; has ': platform ('
verify 1 nitro/document.cbor snp/policy.json nitro/root.crl; has ': platform ('
verify 1 tdx/quote-v4.bin tdx/policy.json sgx/collateral.json
verify 1 snp/report-vlek.bin snp/policy.json snp/certificates.bin
run 1 verify "$pki/tdx/quote-v4.bin" --policy "$pki/tdx/policy.json" --at "$at"; has collateral-missing
run 1 verify "$pki/tdx/quote-v4.bin" --policy "$pki/tdx/policy.json" --collateral "$pki/tdx/collateral.json" \
    --at 2027-06-17T01:05:04Z; has expired
sed '/"roots"/d; s/"allow_simulator": true,/"allow_simulator": true/' "$pki/tdx/policy.json" >"$pki/no-roots.json"
verify 1 tdx/quote-v4.bin no-roots.json tdx/collateral.json; has root-mismatch
sed '/"roots"/d; /"allow_simulator"/d; s/^  ],$/  ]/' "$pki/tdx/policy.json" >"$pki/real.json"
verify 1 tdx/quote-v4.bin real.json tdx/collateral.json; has root-mismatch

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
