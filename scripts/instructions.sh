#!/bin/sh
# Counts the processor's instructions on small cases, which hardly differ between runs and machines, and fails if one takes over
# 5 % more than benches/instructions.csv says. BLESS=1 writes the counts there. TAMARISK names another program.
set -eu
cd "$(dirname "$0")/.."
known=benches/instructions.csv
tamarisk=${TAMARISK:-target/release/tamarisk}

if ! command -v valgrind >/dev/null 2>&1; then
    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "valgrind is missing: install it from the packages of your system" >&2
        exit 1
    fi
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends valgrind >/dev/null
fi

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
# Points in clusters (Park and Miller 1988 for random numbers), the same on every machine.
points() {
    awk -v count="$1" -v seed="$2" -v columns="$3" 'BEGIN {
        srand_ = seed
        for (i = 0; i < 40; i++) { x[i] = 10 + 26 * next_(); y[i] = 14 * next_() - 7 }
        print "id,longitude,latitude" (columns ? ",event_date,event_type,fatalities" : "")
        for (i = 0; i < count; i++) {
            c = int(40 * next_() * next_()); r = 1.5 * next_() * next_(); a = 6.2831853 * next_()
            printf "P%d,%.5f,%.5f", i, x[c] + r * cos(a), y[c] + r * sin(a)
            if (columns) printf ",20%02d-%02d-%02d,Battles,%d", 15 + int(9 * next_()), 1 + int(12 * next_()), 1 + int(28 * next_()), int(9 * next_() * next_())
            printf "\n"
        }
    }
    function next_() { srand_ = (srand_ * 16807) % 2147483647; return srand_ / 2147483647 }'
}
points 2000 7 "" >"$made/sites.csv"
points 50000 11 yes >"$made/incidents.csv"

# Counts the instructions of a run in millions: on one thread, since several wait for each other in loops of unlike length,
# and with the instructions of every processor, since valgrind does not know all others.
counted() {
    name=$1
    shift
    if ! valgrind --tool=callgrind --callgrind-out-file=/dev/null "$tamarisk" --threads 1 --registers baseline "$@" \
        >/dev/null 2>"$made/said"; then
        cat "$made/said" >&2
        exit 1
    fi
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$made/said" | awk -v name="$name" '{ printf "%s,%.0f\n", name, $1 / 1e6 }' \
        >>"$made/counted.csv"
}

echo "case,million" >"$made/counted.csv"
counted layers score --demo -q -o "$made/out"
counted report score --demo --layers sites --report -q -o "$made/out"
counted surface score --demo --layers sites --surface --cell 6km -q -o "$made/out"
counted masses score --sites "$made/sites.csv" --incidents "$made/incidents.csv" --coverage all --layers sites -q -o "$made/out"
counted convert convert "$made/incidents.csv" "$made/points.geojson"
counted near near --demo --at 66.98,30.18 --within 100km

if [ "${BLESS:-}" = 1 ]; then
    cp "$made/counted.csv" "$known"
fi
awk -F, 'FNR == 1 { next }
    NR == FNR { known[$1] = $2; next }
    {
        change = known[$1] ? 100 * ($2 / known[$1] - 1) : 0
        printf "%-8s %6d million instructions, %+.1f %%\n", $1, $2, change
        if (!known[$1] || change > 5) { slower = slower " " $1 }
    }
    END {
        if (slower) {
            print "over 5 % more than benches/instructions.csv says:" slower "; if it has to be, BLESS=1 make instructions writes the counts"
            exit 1
        }
    }' "$known" "$made/counted.csv"
