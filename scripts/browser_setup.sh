#!/bin/sh
# Installs what works pages in a browser: Chromium with any further packages that are named, and its driver with the
# checker of accessibility from npm, into the folder whose name it prints.
#
#     tools=$(sh scripts/browser_setup.sh [PACKAGE...])
set -eu
cd "$(dirname "$0")/.."
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
missing=""
for package in chromium "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
if [ -n "$missing" ]; then
    $as_root apt-get update -qq >&2
    # Names of packages hold no blanks.
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
fi
tools=target/report-check
if [ ! -d "$tools/node_modules/playwright-core" ]; then
    mkdir -p "$tools"
    npm install --prefix "$tools" --no-audit --no-fund --silent playwright-core@1 axe-core@4 >&2
fi
echo "$tools"
