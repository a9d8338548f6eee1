#!/bin/sh
# Compares the program with the oracle: `sh tests/oracle/run.sh [DATA]`, where DATA is the folder of
# published files. Makes every comparison, then exits 1 where any of them disagreed. Another program than the built one
# is named in TAMARISK, with CARGO=true, which builds nothing.
set -eu

data=$(cd "${1:-../shared/data}" 2>/dev/null && pwd || true)
cd "$(dirname "$0")/../.."
venv=target/oracle-venv
python=$venv/bin/python
out=target/oracle
tamarisk=${TAMARISK:-target/release/tamarisk}
oracle=tests/oracle
failed=0

if ! cmp -s "$oracle/requirements.txt" "$venv/requirements.txt"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$oracle/requirements.txt"
    cp "$oracle/requirements.txt" "$venv/requirements.txt"
fi
"${CARGO:-cargo}" build --release --locked

# What was compared, then the table; a disagreement is remembered and the rest still compared.
compare() {
    printf '\n== %s\n' "$1"
    shift
    "$python" "$@" || failed=1
}

case_of() {
    name=$1
    shift
    compare "$name: scores" "$oracle/compare_scores.py" "$@" --out "$out/$name" \
        --tamarisk "$tamarisk" --explain 60
    compare "$name: rings" "$oracle/compare_rings.py" "$out/$name"
    compare "$name: layers and receipt" "$oracle/compare_geojson.py" "$out/$name"
}

# One run of the made case of coverage: its name, its day, and the options that the run and the
# comparison have in common.
collected_of() {
    name=collected-$1
    day=$2
    shift 2
    "$tamarisk" score -q --sites "$sites" $incidents --as-of "$day" "$@" -o "$out/$name"
    compare "$name: scores" "$oracle/compare_scores.py" --sites "$sites" $incidents --as-of "$day" \
        --borders "$borders" --out "$out/$name" --tamarisk "$tamarisk" --explain 60 "$@"
    compare "$name: layers and receipt" "$oracle/compare_geojson.py" "$out/$name"
}

# One run of a made case of what lies around sites: its name, its folder, and the options in common.
around_of() {
    name=$1
    made=$oracle/$2
    shift 2
    "$tamarisk" score -q --sites "$made/sites.csv" --incidents "$made/incidents.csv" --as-of 2024-06-30 \
        "$@" -o "$out/$name"
    case_of "$name" --sites "$made/sites.csv" --incidents "$made/incidents.csv" --as-of 2024-06-30 \
        --borders "$borders" "$@"
}

# How sure scores are: the run with 4,000 draws, its day, the options in common.
sure_of() {
    name=$1
    day=$2
    shift 2
    "$tamarisk" score -q --as-of "$day" "$@" --uncertainty 4000 -o "$out/$name"
    compare "$name: intervals" "$oracle/compare_uncertainty.py" --as-of "$day" --borders "$borders" --draws 4000 \
        --out "$out/$name" "$@"
}

# What came after scores: the run, its first and last origin and the months between, radii in km, horizons in days,
# deaths, the options in common.
hindcast_of() {
    name=$1
    when="--from $2 --to $3"
    within=$5
    horizon=$6
    deaths=$7
    months=$4
    shift 7
    "$tamarisk" hindcast -q $when --every "${months}m" --within "$(echo "$within" | sed 's/[0-9]*/&km/g')" \
        --horizon "$(echo "$horizon" | sed 's/[0-9]*/&d/g')" --min-deaths "$deaths" "$@" -o "$out/$name"
    compare "$name: hindcast" "$oracle/compare_hindcast.py" $when --months "$months" --within "$within" \
        --horizon "$horizon" --min-deaths "$deaths" --borders "$borders" --out "$out/$name" "$@"
}

# The probability that a hindcast fits, and other settings that it tries: the run, its origins, the options in common.
calibration_of() {
    name=$1
    when="--from $2 --to $3"
    shift 3
    "$tamarisk" hindcast -q $when --within 25km --horizon 365d "$@" --calibrate --tune h,H -o "$out/$name"
    compare "$name: calibration" "$oracle/compare_calibration.py" $when --borders "$borders" \
        --calibration "$out/$name/calibration.toml" "$@"
}

compare "its security" "$oracle/method.py" --selftest
compare "its distances" "$oracle/shapes.py" --selftest
compare "its periods" "$oracle/coverage.py" --selftest
compare "its rivers" "$oracle/rivers.py" --selftest
compare "its environment" "$oracle/environment.py" --selftest
compare "its measures of skill" "$oracle/skill.py" --selftest
compare "its hindcasts" "$oracle/hindcast.py" --selftest
compare "its draws" "$oracle/uncertainty.py" --selftest
compare "its settings" "$oracle/sensitivity.py" --selftest

# Borders of its own where they are at hand: with the program's a wrong border would go unseen.
borders=data/borders/countries.geojson
if [ -f "$data/natural-earth/ne_50m_admin_0_countries.geojson" ]; then
    borders=$data/natural-earth/ne_50m_admin_0_countries.geojson
fi

rm -rf "$out"
mkdir -p "$out"
"$tamarisk" demo -q -o "$out/demo"
demo=data/balochistan
demo_of() {
    compare "demo: disclosures" "$oracle/compare_disclosures.py" "$@" --out "$out/demo"
}
demo_of --sites $demo/sites.csv --sites $demo/linked_assets.geojson \
    --incidents $demo/incidents.csv --as-of 2026-01-31 --borders "$borders" \
    --receptors rivers=$demo/rivers.geojson --receptors water_bodies=$demo/water_bodies.geojson \
    --receptors sensitive_areas=$demo/protected_areas.csv \
    --receptors settlements=$demo/settlements.csv
case_of demo --sites $demo/sites.csv --sites $demo/linked_assets.geojson \
    --incidents $demo/incidents.csv --as-of 2026-01-31 --borders "$borders" \
    --receptors rivers=$demo/rivers.geojson --receptors water_bodies=$demo/water_bodies.geojson \
    --receptors sensitive_areas=$demo/protected_areas.csv \
    --receptors settlements=$demo/settlements.csv

# What the other two do not have: parts, a coast, countries without incidents, deep earthquakes.
corners=$oracle/corners
"$tamarisk" score -q --sites $corners/sites.csv --incidents $corners/incidents.csv \
    --as-of 2024-06-30 -o "$out/corners"
case_of corners --sites $corners/sites.csv --incidents $corners/incidents.csv \
    --as-of 2024-06-30 --borders "$borders"

# Receptors at so many reaches, centers known too roughly, people nobody counted, earthquakes too deep, too small,
# of no magnitude and after the day; layers declared complete, and coverage.
gaps=$oracle/gaps
layers="--receptors rivers=$gaps/streams.geojson --receptors water_bodies=$gaps/lakes.csv"
layers="$layers --receptors settlements=$gaps/villages.csv --receptors sensitive_areas=$gaps/areas.csv"
layers="$layers --receptors earthquakes=$gaps/quakes.csv"
around_of gaps gaps $layers
around_of gaps-complete gaps $layers \
    --complete sensitive_areas,rivers,water_bodies,settlements,earthquakes
around_of gaps-half-complete gaps $layers --complete rivers --coverage all
around_of gaps-biodiversity gaps $layers --scheme biodiversity
around_of gaps-scheme gaps $layers --scheme $gaps/scheme.toml

# Rivers with a direction, drawn either way, with gaps and circles; dams of every class, of the site, its parts and a
# layer; World Heritage; basins.
dams=$oracle/dams
layers="--receptors rivers=$dams/rivers.geojson --receptors settlements=$dams/villages.csv"
layers="$layers --receptors sensitive_areas=$dams/areas.geojson --receptors water_stress=$dams/basins.geojson"
around_of dams dams $layers --receptors tailings=$dams/tailings.csv
"$tamarisk" score -q --sites "$dams/sites.csv" --incidents "$dams/incidents.csv" --as-of 2024-06-30 $layers \
    --receptors tailings=$dams/tailings.csv --raster species=$oracle/rasters/waves.tif \
    --raster habitat=$oracle/rasters/coarse.tif --disclosures -o "$out/disclosed"
compare "dams: disclosures" "$oracle/compare_disclosures.py" --sites "$dams/sites.csv" \
    --incidents "$dams/incidents.csv" --as-of 2024-06-30 --borders "$borders" $layers \
    --receptors tailings=$dams/tailings.csv --raster species=$oracle/rasters/waves.tif \
    --raster habitat=$oracle/rasters/coarse.tif --out "$out/disclosed"
# What is answered with no or 0 where layers are declared complete.
whole="--complete sensitive_areas,settlements,tailings"
"$tamarisk" score -q --sites "$dams/sites.csv" --incidents "$dams/incidents.csv" --as-of 2024-06-30 $layers $whole \
    --receptors tailings=$dams/tailings.csv --disclosures -o "$out/disclosed-complete"
compare "dams: disclosures of complete layers" "$oracle/compare_disclosures.py" --sites "$dams/sites.csv" \
    --incidents "$dams/incidents.csv" --as-of 2024-06-30 --borders "$borders" $layers $whole \
    --receptors tailings=$dams/tailings.csv --out "$out/disclosed-complete"
around_of dams-complete dams $layers --receptors tailings=$dams/tailings.csv \
    --complete tailings,settlements,sensitive_areas
around_of dams-alone dams --receptors tailings=$dams/tailings.csv

# Rasters, fine and coarse, with holes, a scale and an offset, and edges near some of the sites.
grids=$oracle/rasters
around_of dams-rasters dams $layers --raster waves=$grids/waves.tif --raster coarse=$grids/coarse.tif
around_of dams-raster-scores dams $layers --receptors tailings=$dams/tailings.csv \
    --raster species=$grids/waves.tif --raster habitat=$grids/coarse.tif --raster flood=$grids/coarse.tif \
    --raster outburst=$grids/waves.tif

# Where and when incidents were collected: five files with five ends, every precision of a place,
# disputed areas, territories, the sea, countries unknown, dates mistyped; then schemes.
made=$oracle/collected
sites=$made/sites.csv
incidents="--incidents $made/ucdp.csv --incidents $made/kept.csv --incidents $made/ended.csv"
incidents="$incidents --incidents $made/short.csv --incidents $made/mistyped.csv"
collected_of now 2024-06-30
collected_of last 2024-06-30 --stale last
collected_of early 2019-06-30
collected_of before 2009-01-01
collected_of declared-in-grace 2022-04-02 --coverage PAK:1989-01-01/2021-12-31,AFG
collected_of declared-past-grace 2022-04-03 --coverage PAK:1989-01-01/2021-12-31,AFG
collected_of declared-last 2024-06-30 --stale last \
    --coverage PAK:1989-01-01/2021-12-31,AFG:../2021-12-31,IRQ:../2020-06-30
collected_of declared-by-map 1995-01-01 \
    --map incidents.covers=PAK:1989-01-01/2021-12-31,IRN:1996-01-01/
collected_of everywhere 2024-06-30 --coverage all
collected_of everywhere-last 2030-01-01 --stale last --coverage all:1989-01-01/2023-05-05
collected_of area 2024-06-30 --coverage "$made/area.geojson"
for scheme in three-scales exponential linear quartic step; do
    collected_of "$scheme" 2024-06-30 --stale last --scheme "$made/$scheme.toml"
done

# Records and sites at sea and off the coasts of areas, files of two ends, periods that hold no day. Two of
# the sites lie some hundred meters off the coast that the program has.
made=$oracle/coasts
published=$borders
borders=data/borders/countries.geojson
sites=$made/sites.csv
incidents="--incidents $made/pakistan.csv --incidents $made/afghanistan.csv"
collected_of coasts-share 2024-06-30 --stale last
collected_of coasts-ended 2022-01-01 --stale last --coverage PAK:../2020-12-31,AFG:2020-06-02/
incidents="--incidents $made/disputed.csv"
collected_of coasts-areas 2024-06-30
incidents="--incidents $made/sea.csv"
collected_of coasts-sea 2024-06-30
incidents="--incidents $made/pakistan.csv"
collected_of coasts-counts 2024-06-30 --coverage PAK:2025-01-01/
collected_of coasts-no-day 2024-06-30 --coverage PAK:2022-06-01/
incidents="--incidents $made/mistyped.csv"
collected_of coasts-period 2020-03-15 --stale last
for row in 1 2 3 4 5 6 7 8; do
    sed -n "1p;$((row + 1))p" $made/at_sea.csv >"$out/at_sea.csv"
    incidents="--incidents $out/at_sea.csv"
    collected_of "coasts-sea-$row" 2024-06-30
done
borders=$published

# How sure a score is, and what came after it: sites of shapes and parts, deaths of two estimates, places of every
# accuracy, incidents on the first and the last day that count, a source that ended.
origins=$oracle/origins
made="--sites $origins/sites.csv --sites $origins/shapes.geojson"
made="$made --incidents $origins/incidents.csv --incidents $origins/ended.csv"
sure_of origins-sure 2022-12-31 $made
hindcast_of origins-hindcast 2013-12-31 2021-12-31 12 25,50 90,365 0,5 $made --scheme default \
    --scheme $origins/one-scale.toml
hindcast_of origins-half-years 2014-06-30 2020-12-31 6 25 180 0 $made
hindcast_of origins-declared 2014-12-31 2021-12-31 12 50 365 0 $made --coverage PAK:2013-01-01/2022-06-30,AFG
calibration_of origins-calibrated 2013-12-31 2021-12-31 $made

layers="--receptors rivers=$demo/rivers.geojson --receptors water_bodies=$demo/water_bodies.geojson"
layers="$layers --receptors sensitive_areas=$demo/protected_areas.csv --receptors settlements=$demo/settlements.csv"
made="--sites $demo/sites.csv --sites $demo/linked_assets.geojson --incidents $demo/incidents.csv"
sure_of demo-sure 2026-01-31 $made $layers
hindcast_of demo-hindcast 2012-12-31 2024-12-31 12 50 365 0 $made
"$tamarisk" score -q --as-of 2026-01-31 $made $layers --sensitivity -o "$out/demo-settings"
compare "demo: other settings" "$oracle/compare_sensitivity.py" --as-of 2026-01-31 $made $layers \
    --borders "$borders" --out "$out/demo-settings"

sure_of corners-sure 2024-06-30 --sites $corners/sites.csv --incidents $corners/incidents.csv
made=$oracle/collected
made="--sites $made/sites.csv --incidents $made/ucdp.csv --incidents $made/kept.csv --incidents $made/ended.csv \
    --incidents $made/short.csv --incidents $made/mistyped.csv"
sure_of collected-sure 2024-06-30 --stale last $made
hindcast_of collected-hindcast 2012-12-31 2022-12-31 12 100 365 0 $made

sites=$data/icmm-global-mining/mines.geojson
incidents=$data/ucdp-ged-pakistan/conflict_data_pak.csv
if [ -f "$sites" ] && [ -f "$incidents" ]; then
    compare "the oracle's readers" "$oracle/read.py" --selftest --data "$data"
    "$tamarisk" score -q --sites "$sites" --incidents "$incidents" --as-of 2021-12-31 \
        --bbox 60.5,23.5,77.9,37.2 -o "$out/pakistan"
    case_of pakistan --sites "$sites" --incidents "$incidents" --as-of 2021-12-31 \
        --bbox 60.5,23.5,77.9,37.2 --borders "$borders"
    sure_of pakistan-sure 2020-12-31 --sites "$data/pakistan-facts/sites.csv" --incidents "$incidents"
    "$python" $oracle/mines.py "$data" "$out/mines.csv"
    made="--sites $out/mines.csv --incidents $incidents"
    hindcast_of pakistan-hindcast 2004-12-31 2020-12-31 12 25,50 365 0 $made
    calibration_of pakistan-calibrated 2004-12-31 2020-12-31 $made
    "$tamarisk" score -q $made --as-of 2021-12-31 --calibration "$out/pakistan-calibrated/calibration.toml" \
        -o "$out/pakistan-events"
    compare "pakistan: events" "$oracle/compare_calibration.py" --out "$out/pakistan-events" \
        --calibration "$out/pakistan-calibrated/calibration.toml"
    compare "do intervals hold the truth" "$oracle/coverage_of_intervals.py" --tamarisk "$tamarisk" \
        --sites "$out/mines.csv" --incidents "$incidents" --borders "$borders" \
        --towns "$data/geonames/rg_cities1000.csv" --work "$out/coverage-of-intervals"
else
    printf '\nleft out: no published files in %s\n' "${1:-../shared/data}"
fi

# The filters of the server: another implementation selects, then the program does.
printf '\n== filters\n'
"$python" "$oracle/compare_filters.py" "$out/filters.json" || failed=1
TAMARISK_FILTERS="$PWD/$out/filters.json" "${CARGO:-cargo}" test --quiet --release --locked --lib \
    serve::filter::tests::oracle -- --ignored || failed=1

printf '\n'
if [ "$failed" -eq 0 ]; then
    echo "the program and the oracle agree"
else
    echo "the program and the oracle disagree"
fi
exit "$failed"
