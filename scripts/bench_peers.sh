#!/bin/sh
# Makes the environment of the programs that `make bench PEERS=1` times beside Tamarisk.
set -eu
cd "$(dirname "$0")/.."
peers=benches/workloads/peers
venv=target/venv-bench-peers

sh scripts/python_setup.sh
if ! cmp -s "$peers/requirements.txt" "$venv/requirements.txt"; then
    rm -rf "$venv"
    "${PYTHON:-python3}" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$peers/requirements.txt"
    cp "$peers/requirements.txt" "$venv/requirements.txt"
fi
