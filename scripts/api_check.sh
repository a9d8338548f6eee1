#!/bin/sh
# Has schemathesis ask `tamarisk serve` what its description of the interface allows and what it does not, has GDAL and
# OWSLib read every layer, and says where answers differ from the description or from the files:
# `sh scripts/api_check.sh [EXAMPLES]`, 200 for each path by default.
# TAMARISK names another program than the built one.
set -eu
cd "$(dirname "$0")/.."
examples=${1:-200}
tests=$PWD/tests/api
venv=$PWD/target/venv-api
out=$PWD/target/api-check

if ! cmp -s "$tests/requirements.txt" "$venv/requirements.txt"; then
    rm -rf "$venv"
    "${PYTHON:-python3}" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$tests/requirements.txt"
    cp "$tests/requirements.txt" "$venv/requirements.txt"
fi

mkdir -p "$out"
"${TAMARISK:-target/release/tamarisk}" serve --demo --listen 127.0.0.1:0 --log errors 2>"$out/server.log" &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
    base=$(sed -n 's/^serving on \(http[^ ]*\).*/\1/p' "$out/server.log")
    [ -z "$base" ] || break
    sleep 0.2
done
[ -n "$base" ] || { cat "$out/server.log" >&2; exit 1; }

failed=0
printf '\n== Clients\n'
"${TAMARISK:-target/release/tamarisk}" score --demo -o "$out/layers" --quiet
"$venv/bin/python" "$tests/clients.py" "$base" "$out/layers" || failed=1
for version in 3.0 3.1; do
    printf '\n== OpenAPI %s\n' "$version"
    curl --silent --fail --output "$out/api-$version.json" "$base/api?f=$version"
    "$venv/bin/openapi-spec-validator" "$out/api-$version.json" || failed=1
    # What it keeps between runs goes below target.
    (cd "$out" && TAMARISK_API=$base SCHEMATHESIS_HOOKS=hooks PYTHONPATH=$tests "$venv/bin/schemathesis" \
        --config-file "$tests/schemathesis.toml" run "$base/api?f=$version" \
        --checks all --max-examples "$examples" --workers 1 --seed 1 --no-color) || failed=1
done
kill -0 "$server" 2>/dev/null || { echo "the server ended"; failed=1; }
exit "$failed"
