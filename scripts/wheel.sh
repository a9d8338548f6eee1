#!/bin/sh
# Builds the wheel into target/wheels and fails where it is larger than 14.5 MB. That takes a profile of
# its own, which compiles everything for size; WHEEL_PROFILE=release uses again what was compiled for the tests, and is of
# any size. TAMARISK_WHEEL names a wheel that is there already: then nothing is built.
set -eu
cd "$(dirname "$0")/.."
most=14500000
profile=${WHEEL_PROFILE:-wheel}
venv=target/wheel-venv

if [ -n "${TAMARISK_WHEEL:-}" ]; then
    wheel=$TAMARISK_WHEEL
else
    if [ ! -x "$venv/bin/maturin" ]; then
        "${PYTHON:-python3}" -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check "maturin>=1.9,<2"
    fi
    rm -f target/wheels/tamarisk-*.whl
    CARGO_TARGET_DIR="$PWD/target" "$venv/bin/maturin" build --quiet --profile "$profile" --locked \
        --manifest-path python/Cargo.toml --out target/wheels
    wheel=$(ls target/wheels/tamarisk-*.whl)
fi

bytes=$(wc -c <"$wheel")
echo "$wheel: $bytes bytes"
if [ "$profile" = wheel ] && [ "$bytes" -gt "$most" ]; then
    echo "the wheel is larger than $most bytes" >&2
    exit 1
fi
