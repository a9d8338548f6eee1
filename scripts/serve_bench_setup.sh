#!/bin/sh
# Installs wrk where it is missing, for `make serve-bench`.
set -eu

command -v wrk >/dev/null 2>&1 && exit 0
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "wrk 4 is needed: install it from the packages of your system, with wrk on the path" >&2
    exit 1
fi
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk
