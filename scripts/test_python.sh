#!/bin/sh
# Installs the wheel into an environment of its own and runs tests against it: `sh scripts/test_python.sh FOLDER`, where
# FOLDER has requirements.txt. Further arguments go to pytest. TAMARISK_WHEEL names the wheel; by default that of
# `make wheel`.
set -eu
cd "$(dirname "$0")/.."
tests=$1
shift
wheel=${TAMARISK_WHEEL:-$(ls target/wheels/tamarisk-*.whl)}
venv=target/venv-$(echo "$tests" | tr / -)

if ! cmp -s "$tests/requirements.txt" "$venv/requirements.txt"; then
    rm -rf "$venv"
    "${PYTHON:-python3}" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$tests/requirements.txt"
    cp "$tests/requirements.txt" "$venv/requirements.txt"
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall "$wheel"
TAMARISK_WHEEL=$(realpath "$wheel") "$venv/bin/pytest" "$tests" "$@"
