#!/bin/sh
# Installs Python 3.10 or newer with venv where it is missing. PYTHON names another interpreter than python3.
set -eu

"${PYTHON:-python3}" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && exit 0
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
if [ -n "${PYTHON:-}" ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "${PYTHON:-python3}: Python 3.10 or newer with venv is needed" >&2
    exit 1
fi
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv
