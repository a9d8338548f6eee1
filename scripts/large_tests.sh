#!/bin/sh
# Runs the tests that read large published data in ../shared, which are #[ignore]d, so that none of them passes without
# having looked at anything. A clone without that folder leaves them out and says so. Where the folder is, or
# TAMARISK_REQUIRE_SHARED is set, whatever of it is missing fails.
set -eu
cd "$(dirname "$0")/.."
if [ -d ../shared ] || [ -n "${TAMARISK_REQUIRE_SHARED:-}" ]; then
    "${CARGO:-cargo}" test --release --locked --test it -- --ignored
    exec "${CARGO:-cargo}" test --release --locked --lib -- --ignored ats::
fi
printf 'left out: the tests of large published data; there is no ../shared\n'
