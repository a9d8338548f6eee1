#!/bin/sh
# Installs what the build needs and a fresh machine may lack: a C++ compiler, cmake and the sqlite3
# command, all for PROJ, which is built from source. Says plainly what is missing where it cannot.
set -eu

missing=""
for tool in cc c++ cmake sqlite3; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
if ! command -v "${CARGO:-cargo}" >/dev/null 2>&1; then
    echo "cargo is missing: install Rust from your distribution or from rustup, then run this again" >&2
    exit 1
fi
[ -z "$missing" ] && exit 0

echo "missing:$missing" >&2
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 && as_root="sudo"
fi
if command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" -eq 0 ] || [ -n "$as_root" ]; }; then
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends build-essential cmake sqlite3
elif command -v brew >/dev/null 2>&1; then
    case "$missing" in
        *cc*|*c++*) echo "a C++ compiler is missing: run xcode-select --install, then this again" >&2; exit 1 ;;
    esac
    brew install cmake sqlite
else
    echo "install these and run this again: a C++ compiler, cmake, the sqlite3 command" >&2
    exit 1
fi
