#!/bin/sh
# Opens reports of runs and of batches in headless Chromium and says what is wrong with them: the built-in case,
# names that try to be markup, sites over the seam and at the poles, no data, no site, one site, twenty
# thousand sites, and masses of incidents; the built-in case month by month, a batch of which a region fails, and a large one. Prints the
# built-in case on several papers and looks where its points are.
#
#     sh scripts/report_check.sh [OUT]     pictures and reports go to OUT, out/report by default
set -eu
cd "$(dirname "$0")/.."
out=${1:-out/report}
tools=$(sh scripts/browser_setup.sh poppler-utils)
rm -rf "$out"
mkdir -p "$out"
made=tests/qgis
tamarisk() { target/release/tamarisk "$@" --quiet >/dev/null 2>&1; }
tamarisk demo -o "$out/demo"
tamarisk demo --uncertainty 200 -o "$out/sure"
tamarisk score -s "$made/sites.geojson" -i "$made/incidents.csv" --coverage all --report -o "$out/edges"
tamarisk score -s "$made/sites.geojson" -i "$made/nobody.csv" --report -o "$out/no-data"
tamarisk score -s "$made/sites.geojson" -i "$made/nobody.csv" --bbox 1,1,2,2 --report -o "$out/no-site"
node scripts/report_check_made.mjs "$out"
tamarisk score -s "$out/hostile-sites.csv" -i "$out/hostile-incidents.csv" --coverage all --report --group-by owner \
    -o "$out/hostile"
tamarisk score -s "$out/one.csv" -i "$out/hostile-incidents.csv" --coverage all --report -o "$out/one"
tamarisk score -s "$out/many.csv" -i "$out/hostile-incidents.csv" --coverage all --layers sites --report -o "$out/many"
tamarisk score -s "$out/hostile-sites.csv" -i "$out/masses.csv" --coverage all --layers sites --report -o "$out/masses"
tamarisk batch examples/batch.toml -o "$out/batch"
# It ends with the code of the region that fails.
tamarisk batch "$out/hostile.toml" -o "$out/batch-hostile" || true
tamarisk batch "$out/many.toml" -o "$out/batch-many"
NODE_PATH="$tools/node_modules" node scripts/report_check.mjs "$out" "$PWD/$tools/node_modules"
