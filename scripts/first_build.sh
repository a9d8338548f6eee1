#!/bin/sh
# What a build from nothing costs: the processor time of `cargo build --release` into a folder of its own, with sources
# that are already here. Fails past 1.2 times what is recorded. Not part of CI, which would pay for it each time.
set -eu
cd "$(dirname "$0")/.."

# Seconds of user and system time on two cores (x86-64, rustc 1.95, gcc 12) that other work shared. About half is
# PROJ, a quarter the program itself. Whoever changes what is built measures it anew on a quiet machine.
recorded=${FIRST_BUILD_SECONDS:-1020}

cargo=${CARGO:-cargo}
"$cargo" fetch --locked --quiet
target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
"$cargo" build --release --locked --timings --target-dir "$target"
# The last line of `times` is what children took, as 12m3.45s; in a pipe it would be that of the pipe.
times > "$target/times"
spent=$(tail -1 "$target/times" | awk '{
    for (i = 1; i <= 2; i++) { split($i, part, /[ms]/); sum += part[1] * 60 + part[2] }
    printf "%d", sum
}')
mkdir -p out
cp "$target"/cargo-timings/cargo-timing.html out/first-build.html
printf 'a first build took %s s of processor time, %s s are recorded; out/first-build.html has each crate\n' "$spent" "$recorded"
test "$spent" -le $((recorded * 12 / 10))
