#!/bin/sh
# Starts pygeoapi and tipg over a PostGIS with the points of a GeoJSON file, for `make serve-bench PEERS=1`:
# `sh scripts/serve_peers.sh FILE` prints their names, versions and addresses, and ends them when its input is closed.
set -eu
cd "$(dirname "$0")/.."
peers=benches/serve/peers
venv=target/venv-serve-peers

{
    sh scripts/python_setup.sh
    sh scripts/postgis_setup.sh
    if ! command -v ogr2ogr >/dev/null 2>&1; then
        as_root=""
        [ "$(id -u)" -eq 0 ] || as_root="sudo"
        if ! command -v apt-get >/dev/null 2>&1; then
            echo "ogr2ogr of GDAL is needed, with its PostgreSQL driver" >&2
            exit 1
        fi
        $as_root apt-get update -qq
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gdal-bin
    fi
    if ! cmp -s "$peers/requirements.txt" "$venv/requirements.txt"; then
        rm -rf "$venv"
        "${PYTHON:-python3}" -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$peers/requirements.txt"
        cp "$peers/requirements.txt" "$venv/requirements.txt"
    fi
} >&2
exec "$venv/bin/python" "$peers/run.py" "$1"
