#!/bin/sh
# Builds the book: the pages of docs as one searchable site in target/book. mdBook is built once, into target/tools;
# MDBOOK names another one.
set -eu
cd "$(dirname "$0")/.."
version=0.5.4
mdbook=${MDBOOK:-target/tools/bin/mdbook}
if [ -z "${MDBOOK:-}" ] && [ "$("$mdbook" --version 2>/dev/null)" != "mdbook v$version" ]; then
    "${CARGO:-cargo}" install mdbook --version "$version" --locked --no-default-features --features search \
        --root target/tools --target-dir target/tools/build
fi
"$mdbook" build docs
echo "open target/book/index.html"
