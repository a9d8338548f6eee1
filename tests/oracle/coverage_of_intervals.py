"""Do intervals hold the truth? Events whose places are known are coded as roughly as a source codes others.

    python coverage_of_intervals.py [--tamarisk PATH] --incidents UCDP.csv --towns GEONAMES.csv --sites F...
        [--work DIR] [--least 0.8]

UCDP's precise events (where_prec 1) are taken as the truth. Each is given one of UCDP's codes, by the shares of the
codes in the file, and the point that a coder would give it: its own place (1, 3 km), a town within 25 km (2, 25 km),
the point of its district (3, 50 km), or of its province (4, 220 km), as the file itself has these points. `tamarisk score --uncertainty` reads the
coded events; the truth is the score of the events at their own places. Two experiments:

    places             the coded events are all the events
    places and counts  each event was reported n times, n from a Poisson distribution of mean 1; the truth is the mean

Printed are the shares of sites whose nominal 90 % interval holds the true score, over all days and on the worst of
them, and the same for draws of places alone by the oracle, which would be the whole of the first experiment's
error: the incidents of one published place move together, or each apart. Without the program the oracle's own draws
stand in its place. Exits 1 where the program's share
is below `--least` in any experiment.
"""

import csv
import json
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import numpy as np

import case
import method
import read
import shapes
import uncertainty
from countries import Countries

R90 = {1: 3.0, 2: 25.0, 3: 50.0, 4: 220.0}
TOWN_KM = 25.0
GRID = 300
COLUMNS = ("id", "date", "lon", "lat", "position_accuracy_km", "country", "domain", "event_type", "fatalities")


def coded(rows, towns, rng):
    """The precise events as a source would code them: their rows, codes and points."""
    codes = Counter(int(r["where_prec"]) for r in rows if int(r["where_prec"]) in R90)
    kinds = sorted(codes)
    shares = np.array([codes[k] for k in kinds], float)
    common = lambda prec, unit: {name: Counter(points).most_common(1)[0][0] for name, points in points_of(rows, prec, unit).items()}
    district, province = common(3, "adm_2"), common(4, "adm_1")
    precise = [r for r in rows if int(r["where_prec"]) == 1]
    out = []
    for r, code in zip(precise, rng.choice(kinds, len(precise), p=shares / shares.sum())):
        here = (float(r["longitude"]), float(r["latitude"]))
        point = here
        if code == 2:
            near = towns[np.hypot((towns[:, 0] - here[0]) * np.cos(np.radians(here[1])), towns[:, 1] - here[1]) < 0.3]
            km = shapes.distances(*here, near[:, 0], near[:, 1])[0]
            around = near[km <= TOWN_KM]
            point = tuple(around[rng.integers(len(around))]) if len(around) else None
        elif code == 3:
            point = district.get((r["adm_1"], r["adm_2"]))
        elif code == 4:
            point = province.get((r["adm_1"], ""))
        # A unit of which the file has no point: the event keeps its place.
        out.append((r, 1, here) if point is None else (r, int(code), point))
    return out


def points_of(rows, prec, unit):
    found = defaultdict(list)
    for r in rows:
        if int(r["where_prec"]) == prec and r[unit]:
            found[(r["adm_1"], r["adm_2"] if unit == "adm_2" else "")].append((float(r["longitude"]), float(r["latitude"])))
    return found


def write(path, events):
    """Events as a file of the program's own columns: (row, accuracy, point, name)."""
    with open(path, "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f)
        out.writerow(COLUMNS)
        for r, r90, (lon, lat), name in events:
            kind = "Violence against civilians" if r["type_of_violence"] == "3" else "Battles"
            out.writerow([name, r["date_end"][:10], lon, lat, r90, r["country"], "security", kind, int(float(r["best"]))])


def write_sites(path, sites, grid):
    with open(path, "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f)
        out.writerow(["id", "name", "lon", "lat", "position_accuracy_km", "country"])
        for k, (lon, lat) in enumerate([*((s["lon"], s["lat"]) for s in sites), *grid]):
            out.writerow([f"P{k}", f"Place {k}", lon, lat, 0, "Pakistan"])


def inside(world, name, n, rng):
    """Random places within a country, uniform on the sphere."""
    row = world.named(name)
    west, south, east, north = row["geometry"].bounds
    out = []
    while len(out) < n:
        lon = rng.uniform(west, east)
        lat = np.degrees(np.arcsin(rng.uniform(np.sin(np.radians(south)), np.sin(np.radians(north)))))
        if world.at(lon, lat) is row:
            out.append((round(lon, 5), round(float(lat), 5)))
    return out


def held(truth, low, high, slack=0.0):
    """Which intervals hold a truth that is above 0 (a score of 0 has no width)."""
    told = truth > 0.0
    return (truth[told] >= low[told] - slack) & (truth[told] <= high[told] + slack)


def main():
    parser = case.options(__doc__)
    parser.add_argument("--tamarisk")
    parser.add_argument("--towns", required=True)
    parser.add_argument("--work", type=Path, default=Path("target/oracle/coverage-of-intervals"))
    parser.add_argument("--least", type=float, default=0.8)
    parser.add_argument("--repeats", type=int, default=4, help="how often counts are drawn for each day")
    parser.add_argument("--days", default="2006-12-31,2008-12-31,2010-12-31,2012-12-31,2014-12-31,2016-12-31,2018-12-31,2020-12-31")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(14)
    rows = [r for r in read.rows_of(args.incidents[0]) if r["latitude"]]
    towns = np.array([(float(r["lon"]), float(r["lat"])) for r in read.rows_of(args.towns)])
    events = coded(rows, towns, rng)
    print("codes given:", dict(sorted(Counter(code for _, code, _ in events).items())))
    named = lambda r, k: f"{r['id'].strip()}-{k}"
    own = args.work / "true.csv"
    write(own, [(r, 0, (float(r["longitude"]), float(r["latitude"])), named(r, 0)) for r, _, _ in events])
    as_coded = args.work / "coded.csv"
    write(as_coded, [(r, R90[code], point, named(r, 0)) for r, code, point in events])
    everything = [s for path in args.sites for s in read.read_sites(path)]
    sites = args.work / "sites.csv"
    write_sites(sites, everything, inside(Countries(args.borders), "Pakistan", GRID, rng))
    truth_of = case.Case(options_for(args, sites, own))
    held_by, widths, off = defaultdict(list), defaultdict(list), defaultdict(list)

    def ask(name, path, at, truth):
        """One experiment on one day: which intervals of the program, and of the oracle's own draws, hold the truth."""
        inputs = case.Case(options_for(args, sites, path))
        low, high, score = intervals(args, sites, path, at) if args.tamarisk else alone(inputs, at)
        held_by[name].append(held(truth, low, high, 0.05))
        widths[name].append(high - low)
        off[name].append((score - truth)[~np.isnan(truth)])
        if name == "places":
            for way, shared in (("shared", True), ("each apart", False)):
                groups = uncertainty.Groups(counts=False, deaths=False, sites=False, shared=shared)
                s = 100.0 * method.squash(uncertainty.intensities(inputs, inputs.days(at, "no-data"), draws=1000, groups=groups))
                held_by[way].append(held(truth, *np.quantile(s, [0.05, 0.95], axis=0)))

    for at in map(date.fromisoformat, args.days.split(",")):
        exact = uncertainty.told(truth_of, truth_of.days(at, "no-data"))
        truth = np.array([np.nan if t is None else t["score"] for t in exact])
        ask("places", as_coded, at, truth)
        for _ in range(args.repeats):
            by_chance = args.work / "coded-by-chance.csv"
            times = rng.poisson(1.0, len(events))
            write(by_chance, [(r, R90[code], point, named(r, k)) for (r, code, point), n in zip(events, times) for k in range(n)])
            ask("places and counts", by_chance, at, truth)
    share = {name: float(np.concatenate(v).mean()) for name, v in held_by.items()}
    print(f"{'experiment':<18} {'cases':>6}  held  lowest  median width  RMSE of the score")
    for name in ("places", "places and counts"):
        cases = np.concatenate(held_by[name])
        lowest = min(v.mean() for v in held_by[name])
        print(f"{name:<18} {len(cases):>6} {share[name]:.3f}   {lowest:.3f} {np.nanmedian(np.concatenate(widths[name])):13.1f} {np.sqrt((np.concatenate(off[name]) ** 2).mean()):18.2f}")
    print(f"places alone, drawn here: shared by published places {share['shared']:.3f}, each incident apart {share['each apart']:.3f}")
    least = min(share["places"], share["places and counts"])
    print(f"at least {args.least:.2f} was asked for: {'held' if least >= args.least else 'NOT held'}")
    return 0 if least >= args.least else 1


def options_for(args, sites, incidents):
    return case.options("").parse_args(["--sites", str(sites), "--incidents", str(incidents), "--borders", str(args.borders), "--coverage", "PAK:1989-01-01/2021-12-31"])


def alone(inputs, at):
    """The oracle's own in their place: percentiles of 1,000 draws of everything, and scores."""
    days = inputs.days(at, "no-data")
    s = 100.0 * method.squash(uncertainty.intensities(inputs, days, draws=1000))
    return (*np.quantile(s, [0.05, 0.95], axis=0), np.array([np.nan if t is None else t["score"] for t in uncertainty.told(inputs, days)]))


def intervals(args, sites, incidents, at):
    """The program's percentiles and scores, NaN for a site without a score."""
    out = args.work / "run"
    command = [args.tamarisk, "score", "-q", "--sites", str(sites), "--incidents", str(incidents), "--as-of", at.isoformat(), "--coverage", "PAK:1989-01-01/2021-12-31"]
    subprocess.run([*command, "--uncertainty", "--layers", "sites", "-o", str(out), "--replace"], check=True, timeout=1200)
    features = json.loads((out / "sites.geojson").read_text(encoding="utf-8"))["features"]
    by_id = {f["id"]: f["properties"] for f in features}
    ordered = [by_id[f"P{k}"] for k in range(len(by_id))]
    return (np.array([np.nan if p[c] is None else p[c] for p in ordered], float) for c in ("security_score_p05", "security_score_p95", "security_score"))


if __name__ == "__main__":
    sys.exit(main())
