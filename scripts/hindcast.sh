#!/bin/sh
# Compares the scores of past years with what followed them: UCDP's record of Pakistan, 1989 to 2021, and the mines that three
# published lists have there. `sh scripts/hindcast.sh DATA [OPTION...]`, with any further options of `hindcast`.
set -eu
data=$(cd "${1:-../shared/data}" && pwd)
[ $# -eq 0 ] || shift
cd "$(dirname "$0")/.."
tamarisk=${TAMARISK:-target/release/tamarisk}
out=${OUT:-out/hindcast}
mkdir -p "$out/sites"

# The lists of ICMM and GEM are of the world; sites elsewhere would be set aside one by one.
"$tamarisk" convert -q --replace --as sites "$data/icmm-global-mining/mines.geojson" "$out/sites/icmm.geojson" \
    --where "sites.country = Pakistan"
# Of several mines that GEM puts at one point, one.
gem=$(ls "$data"/gem-coal-mine-tracker/*.xlsx)
"$tamarisk" convert -q --replace --as sites "$gem" "$out/sites/gem.geojson" --where "sites.Country = Pakistan" \
    --where "sites.GEM Mine ID not in M4525,M4526" --where "sites.Project Phase not in Phase II"

"$tamarisk" hindcast --sites "$data/pakistan-facts/sites.csv" --sites "$out/sites/icmm.geojson" \
    --sites "$out/sites/gem.geojson" --incidents "$data/ucdp-ged-pakistan/conflict_data_pak.csv" \
    --from 2004-12-31 --to 2020-12-31 -o "$out" "$@"
