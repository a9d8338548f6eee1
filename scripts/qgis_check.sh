#!/bin/sh
# Opens the program's layers in every format, the project and its print layout in QGIS: the built-in case,
# sites over the seam and at the poles, names that markup has a meaning for, sites where nothing is known, no
# site at all, a batch over time, and real data where a folder of it is named. Then plants faults, which must
# be found.
#
#     sh scripts/qgis_check.sh [DATA]
set -eu
cd "$(dirname "$0")/.."

sh scripts/qgis_setup.sh
if [ -z "${PYOGRIO:-}" ]; then
    [ -x target/pyogrio/bin/python ] || python3 -m venv target/pyogrio
    target/pyogrio/bin/pip install --quiet --disable-pip-version-check geopandas pyogrio rasterio
    PYOGRIO="$PWD/target/pyogrio/bin/python"
fi
export PYOGRIO

out=out/qgis
series=out/qgis-series
rm -rf "$out" "$series"
made=tests/qgis
tamarisk() { target/release/tamarisk "$@" --format geojson,fgb --gpkg --project --quiet >/dev/null; }
tamarisk demo -o "$out/demo"
tamarisk demo --uncertainty 200 -o "$out/sure"
tamarisk score -s "$made/sites.geojson" -i "$made/incidents.csv" -r "rivers=$made/rivers.geojson" \
    -r "sensitive_areas=$made/areas.geojson" --coverage all --surface -o "$out/edges"
tamarisk score -s "$made/hostile.csv" -i "$made/incidents.csv" --coverage all -o "$out/hostile"
tamarisk score -s "$made/sites.geojson" -i "$made/nobody.csv" -o "$out/no-data"
tamarisk score -s "$made/sites.geojson" -i "$made/nobody.csv" --bbox 1,1,2,2 -o "$out/no-site"
target/release/tamarisk batch examples/batch.toml --quiet -o "$series" >/dev/null
data="${1:-}"
if [ -n "$data" ] && [ -d "$data" ]; then
    for sites in mines.geojson global-mining-dataset.xlsx; do
        tamarisk score -s "$data/icmm-global-mining/$sites" -i "$data/ucdp-ged-pakistan/conflict_data_pak.csv" \
            --bbox 60.5,23.5,77.9,37.2 --surface -o "$out/icmm-${sites##*.}"
    done
else
    echo "left out, because DATA names no folder: published data"
fi
/usr/bin/python3 scripts/qgis_check.py "$out"/* "$series"/*/default
/usr/bin/python3 scripts/qgis_faults.py "$out/demo" "$series/Chagai/default"
echo "pictures to look at: out/qgis/pictures"
