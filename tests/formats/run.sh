#!/bin/sh
# Writes the same records in every format with GDAL and pyarrow, has the program read each, and says where what
# it made of them is not what it makes of the GeoJSON: `sh tests/formats/run.sh`. Exits 1 where anything differs.
set -eu
cd "$(dirname "$0")/../.."
venv=target/formats-venv
own=tests/formats
if ! cmp -s "$own/requirements.txt" "$venv/requirements.txt"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$own/requirements.txt"
    cp "$own/requirements.txt" "$venv/requirements.txt"
fi
# TAMARISK may name a program that is built already.
[ -n "${TAMARISK:-}" ] || "${CARGO:-cargo}" build --release --locked
"$venv/bin/python" "$own/compare.py" "${TAMARISK:-target/release/tamarisk}" target/formats
"$venv/bin/python" "$own/convert.py" "${TAMARISK:-target/release/tamarisk}" target/formats
"$venv/bin/python" "$own/geoparquet.py" "${TAMARISK:-target/release/tamarisk}" target/formats
"$venv/bin/python" "$own/rasters.py" compare "${TAMARISK:-target/release/tamarisk}" target/formats/rasters
