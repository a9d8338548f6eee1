#!/bin/sh
# Runs the QGIS plugin as its users do: the zip installed into an empty profile, `qgis_process` without a window.
set -eu
cd "$(dirname "$0")/.."
sh scripts/qgis_setup.sh
zip=$(python3 scripts/qgis_zip.py out)
TAMARISK_ZIP="$PWD/out/${zip##*/}" TAMARISK="${TAMARISK:-$PWD/target/release/tamarisk}" \
    QT_QPA_PLATFORM=offscreen PYTHONDONTWRITEBYTECODE=1 \
    /usr/bin/python3 -W ignore::DeprecationWarning -m unittest discover -s qgis/tests -t qgis/tests "$@"
