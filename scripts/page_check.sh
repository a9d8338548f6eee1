#!/bin/sh
# Works the page of `tamarisk serve` in headless Chromium as a reader would, by pointer, by keys and on a phone, and says
# what is wrong with it: on the built-in case, behind a token, and with names that try to be markup.
#
#     sh scripts/page_check.sh [OUT]     pictures go to OUT, out/page by default
set -eu
cd "$(dirname "$0")/.."
out=${1:-out/page}
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
if ! command -v chromium >/dev/null 2>&1; then
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
fi
tools=target/report-check
if [ ! -d "$tools/node_modules/playwright-core" ]; then
    mkdir -p "$tools"
    npm install --prefix "$tools" --no-audit --no-fund --silent playwright-core@1 axe-core@4
fi
rm -rf "$out"
mkdir -p "$out"
node scripts/report_check_made.mjs "$out"
node scripts/page_check.mjs "$out" "$tools"
