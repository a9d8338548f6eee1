#!/bin/sh
# Installs QGIS and GDAL's programs where they are missing, for `make qgis-check`.
set -eu

if /usr/bin/python3 -c "import qgis.core" 2>/dev/null && command -v ogr2ogr >/dev/null 2>&1; then
    exit 0
fi
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "install QGIS with its Python bindings for /usr/bin/python3, and GDAL's programs" >&2
    exit 1
fi
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends qgis python3-qgis gdal-bin python3-venv
