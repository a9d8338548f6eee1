#!/bin/sh
# Works the page of `tamarisk serve` in headless Chromium as a reader would, by pointer, by keys and on a phone, and says
# what is wrong with it: on the built-in case, on a plan, on the folders of a batch and of a run with and without its inputs,
# behind a token, and with names that try to be markup.
#
#     sh scripts/page_check.sh [OUT]     pictures go to OUT, out/page by default
set -eu
cd "$(dirname "$0")/.."
out=${1:-out/page}
tools=$(sh scripts/browser_setup.sh)
rm -rf "$out"
mkdir -p "$out"
node scripts/report_check_made.mjs "$out"
target/release/tamarisk demo -o "$out/run" --quiet
target/release/tamarisk batch examples/batch.toml -o "$out/batch" --quiet
node scripts/page_check.mjs "$out" "$tools"
