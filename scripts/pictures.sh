#!/bin/sh
# Makes the pictures of the README and of the book anew, into docs/img: still maps by the program, reports and the page of
# `serve` in Chromium, a project in QGIS. The numbers of growth.svg are measured by `make bench-growth`.
#
#     sh scripts/pictures.sh       TAMARISK names the program, target/release/tamarisk by default
set -eu
cd "$(dirname "$0")/.."
tamarisk=$(realpath "${TAMARISK:-target/release/tamarisk}")
out=out/pictures
tools=$(sh scripts/browser_setup.sh pngquant qgis python3-qgis xvfb xauth)
rm -rf "$out"
mkdir -p "$out" docs/img

# What the README shows.
"$tamarisk" demo --report -o "$out/demo" -q
"$tamarisk" score --demo --bbox 60.8,26,70.3,31.5 --layers sites --png -o "$out/map" -q
cp "$out/map/map.png" "$out/map.png"

# What the chapters show, by their own commands and files.
board=docs/book/board-map
"$tamarisk" score -s "$board/mines.xlsx" -i "$board/acled_made.csv" --map "sites.id=ICMM ID" --all -o "$out/board-map" -q \
    --title "Mines of Mali" --subtitle "Made data: none of these events took place"
cp "$out/board-map/map.png" "$out/book-map.png"
awk '/^<!-- file: monthly.toml -->/ { found = 1 } found && /^```$/ { exit } inside { print } found && /^```toml$/ { inside = 1 }' \
    docs/book/every-month.md >"$out/monthly.toml"
"$tamarisk" batch "$out/monthly.toml" -o "$out/monthly" -q
node scripts/pictures.mjs "$out" "$tools" "$tamarisk"

# A profile of its own, so that the window is that of a fresh QGIS.
WINDOW="$PWD/$out/book-qgis.png" PAGE="$PWD/$out/book-page.png" xvfb-run -a -s "-screen 0 1280x820x24" \
    qgis --nologo --noversioncheck --profiles-path "$PWD/$out/profile" --code scripts/pictures_qgis.py \
    "$PWD/$out/board-map/risk.qgz" >"$out/qgis.log" 2>&1

for picture in map.png report.png serve.png book-map.png book-report.png book-batch.png book-qgis.png book-page.png; do
    pngquant --force --strip --speed 1 --output "docs/img/$picture" 256 "$out/$picture"
done
ls -l docs/img
