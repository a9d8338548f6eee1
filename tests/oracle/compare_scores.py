"""Compares a run's sites.geojson, and what `tamarisk explain` says, with the naive method.

    python compare_scores.py --sites F --incidents F --as-of DATE --out OUTDIR
        [--bbox W,S,E,N] [--borders F] [--receptors KIND=FILE]... [--complete KINDS]
        [--raster NAME=FILE]... [--scheme F]
        [--coverage WHERE | --map incidents.covers=WHERE] [--stale last]
        [--tamarisk PATH [--explain N]]

`--sites`, `--incidents` and `--receptors` may be given more than once.
"""

import argparse
import json
import math
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import compare_environment
import compare_receptors
import coverage
import method
import rasters
import read
import surroundings
from countries import Countries
from table import Table

HERE = Path(__file__).parent
# The program's own borders are only the last resort: with them a wrong border would go unseen.
BORDERS = [HERE.parents[2] / "shared/data/natural-earth/ne_50m_admin_0_countries.geojson", HERE.parents[1] / "data/borders/countries.geojson"]
SCORE_TOLERANCE = 0.06
KM_TOLERANCE = 0.001
SHAPE_KM_TOLERANCE = 0.005  # edges densified to 10 km and then geodesic stand off by a few meters


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", required=True, action="append")
    parser.add_argument("--incidents", required=True, action="append")
    parser.add_argument("--as-of", required=True, type=date.fromisoformat)
    parser.add_argument("--out", required=True, type=Path, help="folder of the run")
    parser.add_argument("--bbox", help="W,S,E,N: only sites in this box, edges included")
    parser.add_argument("--borders", default=next((b for b in BORDERS if b.exists()), None), help="Natural Earth countries; the default is the copy in ../shared, else the program's own")
    parser.add_argument("--receptors", action="append", default=[], metavar="KIND=FILE")
    parser.add_argument("--raster", action="append", default=[], metavar="NAME=FILE")
    parser.add_argument("--complete", help="kinds of receptors, as the run was given them")
    parser.add_argument("--scheme", help="a scheme file, as the run was given it")
    parser.add_argument("--coverage", help="as the run was given it")
    parser.add_argument("--map", help="incidents.covers=WHERE, as the run was given it")
    parser.add_argument("--stale", choices=("no-data", "last"), default="no-data")
    parser.add_argument("--tamarisk", help="the program, for `explain`")
    parser.add_argument("--explain", type=int, default=20, help="sites to explain at most (default 20)")
    return parser.parse_args()


def selected(sites, bbox):
    """Sites in the box, edges included; a part outside stays with a site of its group inside."""
    if bbox is None:
        return sites
    w, s, e, n = map(float, bbox.split(","))
    across = lambda lon: w <= lon <= e if w <= e else lon >= w or lon <= e
    inside = lambda x: across(x["lon"]) and s <= x["lat"] <= n
    groups = {x["group"] for x in sites if inside(x) and x["group"]}
    return [x for x in sites if inside(x) or x["group"] in groups]


def heads(sites):
    """Sites with a feature of their own: of a group the first mine, or the first part of any kind."""
    first = {}
    for s in sites:
        if s["group"]:
            head = first.setdefault(s["group"], s)
            if s["part"] == "mine" and head["part"] != "mine":
                first[s["group"]] = s
    return [s for s in sites if not s["group"] or first[s["group"]] is s]


def group_of(site, sites):
    """The linked assets of a site: its group, or itself."""
    return [s for s in sites if s["group"] == site["group"]] if site["group"] else [site]


def parts_of(group, scheme):
    return [{"lon": s["lon"], "lat": s["lat"], "r90": s["r90"], "shape": s["shape"], "weight": scheme.parts[s["part"]]} for s in group]


def compare_rings(table, where, got, want, covered):
    for key, value in want.items():
        if key.startswith(("incidents_", "fatalities_")):
            required = key.endswith("km") or key.startswith("incidents_")
            if required or key in got:
                table.same(f"{key.split('_')[0]} in {'windows' if key.endswith('d') else 'rings'}", where, got.get(key, "(absent)"), value)
    table.near("security_trend", where, got.get("security_trend", "(absent)"), want["trend"] if covered else None, 0.006)
    table.near("nearest_incident_km", where, got.get("nearest_incident_km", "(absent)"), want["nearest_km"], KM_TOLERANCE)
    name = got.get("nearest_incident_id", "(absent)")
    ties = want["nearest_ties"]
    if ties:
        table.true("nearest_incident_id", where, name in ties, f"{name!r} is not among the nearest: {sorted(ties)[:5]}")
        if name in ties:
            table.same("nearest_incident_date", where, got.get("nearest_incident_date"), ties[name].isoformat())
    else:
        table.same("nearest_incident_id", where, name, None)


def compare_drivers(table, where, got, scored):
    """driver_1..3 by size; the text of a driver is the program's own, its numbers are not."""
    top = sorted(scored["contributions"].values(), key=lambda c: -c["share"]) if scored else []
    for n in (1, 2, 3):
        if f"driver_{n}" not in got:
            table.fail("driver columns", where, f"no driver_{n}")
            continue
        share, km = got.get(f"driver_{n}_share"), got.get(f"driver_{n}_km")
        if n > len(top):
            table.same("driver beyond the last", where, (got[f"driver_{n}"], share, km), (None, None, None))
            continue
        want = top[n - 1]["share"]
        table.near("driver share", where, share, want, 0.0051)
        # Equal contributions have no order: any incident of the same share will do.
        kms = [c["distance_km"] for c in top if abs(c["share"] - want) <= 1e-9]
        nearest = min(kms, key=lambda k: abs(k - km)) if isinstance(km, (int, float)) else kms[0]
        table.near("driver km", where, km, nearest, KM_TOLERANCE)


def compare_until(table, where, got, until, ended):
    """Until when incidents were collected at a site, and whether that is too long ago."""
    table.same("security_data_until", where, got.get("security_data_until", "(absent)"), None if until is None else date.fromordinal(until).isoformat())
    table.same("security_data_ended", where, got.get("security_data_ended", "(absent)"), None if until is None else ended)


def compare_flag(table, where, got, measures, seen):
    """in_conflict_area: violence in the last year nearby, or a band of high and over; empty where a lack is not seen, or one farther away may have been near."""
    want = measures["violent"] >= 1 or got.get("security_band") in method.BANDS[3:]
    flag = got.get("in_conflict_area", "(absent)")
    seen = seen and not measures["violence_possible"]
    if seen is None and not want:
        table.true("in_conflict_area", where, flag in (False, None), f"{flag!r}")
    else:
        table.same("in_conflict_area", where, flag, want if seen or want else None)


def compare_security(table, where, got, scored, covered, many):
    written = got.get("security_score", "(absent)")
    if not covered:
        table.same("no data: security_score", where, written, None)
        table.same("no data: security_band", where, got.get("security_band"), method.NO_DATA)
        table.same("no data: drivers", where, got.get("driver_1"), None)
        return
    table.near("security_score", where, written, scored["score"], SCORE_TOLERANCE)
    table.same("security_band", where, got.get("security_band"), method.band(written) if isinstance(written, float) else "(no score)")
    lam, intensity = scored["intensity"], got.get("security_intensity", "(absent)")
    if isinstance(intensity, (int, float)) and lam > 0:
        # Four significant digits, and sums over many incidents by groups are off by up to 3e-4.
        table.near("security_intensity, relative", where, intensity / lam, 1.0, 5.1e-4 + (3e-4 if many else 0.0))
    else:
        table.same("security_intensity, relative", where, intensity, lam)
    compare_drivers(table, where, got, scored)


def compare_together(table, where, got):
    """What follows from the two scores as they are written."""
    s, e = got.get("security_score"), got.get("environment_score")
    table.same("environment_band", where, got.get("environment_band"), method.band(e))
    table.same("risk_cell", where, got.get("risk_cell"), method.risk_cell(s, e))
    table.near("overall_score", where, got.get("overall_score", "(absent)"), method.overall(s, e), 0.11)
    table.same("overall_band", where, got.get("overall_band"), method.band(got.get("overall_score")))


def compare_country(table, where, got, row, site, world):
    """Near a border the two border files may differ: within 3 km that is counted apart."""
    names = row["names"] if row else {None}
    name = got.get("country", "(absent)")
    agrees = (name.lower() if isinstance(name, str) else name) in names
    close = not agrees and world.border_km(site["lon"], site["lat"]) < 3.0
    if close:
        print(f"note: {where}: country {name!r}, here {row['called'] if row else None!r}, within 3 km of the border")
    else:
        table.true("country", where, agrees, f"{name!r}, expected {row['called'] if row else None!r}")
    return agrees


def explain(args, site):
    command = [args.tamarisk, "explain", site["id"], "--as-of", args.as_of.isoformat(), "--json", "--stale", args.stale]
    for option, values in (("--sites", args.sites), ("--incidents", args.incidents), ("--receptors", args.receptors), ("--raster", args.raster)):
        for value in values:
            command += [option, value]
    for option, value in (("--complete", args.complete), ("--scheme", args.scheme), ("--coverage", args.coverage), ("--map", args.map)):
        command += [option, value] if value else []
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    return done.returncode, done.stdout, done.stderr


def compare_explained(table, where, answer, scored, covered, until, ended):
    """Every contribution, unrounded, and that they sum to the score."""
    security = answer["security"]
    table.same("explain: data_until", where, security["data_until"], None if until is None else date.fromordinal(until).isoformat())
    table.same("explain: data_ended", where, security["data_ended"], None if until is None else ended)
    if not covered:
        table.same("explain: no data", where, security["score"], None)
        return
    table.near("explain: score", where, security["score"], scored["score"], 1e-6)
    if security["score"] is None:
        return
    table.near("explain: intensity, relative", where, security["intensity"] / scored["intensity"] if scored["intensity"] else security["intensity"], 1.0 if scored["intensity"] else 0.0, 1e-8)
    listed = security["contributions"]
    total = math.fsum(c["contribution"] for c in listed)
    table.near("explain: contributions sum to the score", where, total, security["score"], 1e-6)
    by_id = {}
    for c in listed:
        table.true("explain: each incident once", where, c["id"] not in by_id, f"{c['id']!r} twice")
        by_id[c["id"]] = c
    for identity, want in scored["contributions"].items():
        got = by_id.get(identity)
        spot = f"{where}, incident {identity}"
        if got is None:
            table.fail("explain: incident listed", spot, f"missing, contributes {want['contribution']:.3g}")
            continue
        table.near("explain: contribution", spot, got["contribution"], want["contribution"], 1e-6)
        table.near("explain: distance_km", spot, got["distance_km"], want["distance_km"], 1e-6 if not math.isnan(want["bearing_deg"]) else SHAPE_KM_TOLERANCE)
        table.same("explain: age_days", spot, got["age_days"], want["age_days"])
        # At the same place a bearing means nothing, and from a line nothing is defined.
        if want["distance_km"] > 1e-6 and not math.isnan(want["bearing_deg"]):
            turn = (got["bearing_deg"] - want["bearing_deg"] + 180.0) % 360.0 - 180.0
            table.near("explain: bearing_deg", spot, turn, 0.0, 1e-6 + 1e-6 / want["distance_km"])
    for identity, c in by_id.items():
        if identity not in scored["contributions"] and c["contribution"] != 0:
            table.fail("explain: incident listed", f"{where}, incident {identity}", f"contributes {c['contribution']!r}, expected none")


def compare_incidents(table, args, records, scheme):
    """incidents.geojson: each incident with its accuracy, age and weight; it is left out past 10,000."""
    path = args.out / "incidents.geojson"
    if not path.exists():
        return
    written = {f["id"]: f["properties"] for f in json.loads(path.read_text(encoding="utf-8"))["features"]}
    past = [r for r in records if r["last"] <= args.as_of.toordinal()]
    for r in past:
        where, got = f"incident {r['id']}", written.get(r["id"])
        if got is None:
            table.fail("incident expected", where, "not in incidents.geojson")
            continue
        table.same("incident: domain", where, got["domain"], r["domain"])
        table.same("incident: used", where, got["used"], not r["vague"] and r["domain"] in ("security", "accident", "earthquake"))
        if r["vague"]:
            continue
        table.near("incident: position_accuracy_km", where, got["position_accuracy_km"], r["stated_r90"], 1e-9)
        table.same("incident: date", where, got["date"], date.fromordinal(r["last"]).isoformat())
        if r["domain"] != "security":
            continue
        severity = float(method.severity(scheme.types[r["type"]], r["fatalities"], scheme.fatality_factor))
        decay = method.decay(args.as_of.toordinal() - r["last"], scheme.half_life_d)
        table.same("incident: security_type", where, got["security_type"], r["type"])
        for key, want in (("severity", severity), ("decay", decay), ("weight", severity * decay)):
            table.near(f"incident: {key}", where, got[key], want, 5.1e-4 * max(want, 1e-3) + 5e-4)


def compare_receipt(table, args, covers):
    """The receipt's list of what each file covers: places, the first day, the last, whether it is current."""
    told = json.loads((args.out / "receipt.json").read_text(encoding="utf-8"))["coverage"]
    for domain, over in covers.items():
        day = over.day
        want = {}
        for name, spans in over.sources.items():
            for s in spans:
                if s.until(day) is not None and isinstance(s.place, str):
                    end = date.fromordinal(s.until(day)).isoformat()
                    key = (name, end, not over.ended(s.until(day)))
                    places, first = want.get(key, (set(), s.start))
                    want[key] = (places | {s.place}, min(first, s.start))
        if any(not isinstance(s.place, str) for s in over.spans):
            continue
        got = {}
        for e in told[domain]:
            table.true("receipt: a period holds a day", str(args.out), e["from"] <= e["until"], f"{e['from']} to {e['until']} of {e['file']}")
            key = (e["file"], e["until"], e["current"])
            places, first = got.get(key, (set(), e["from"]))
            got[key] = (places | ({e["places"]} if isinstance(e["places"], str) else set(e["places"])), min(first, e["from"]))
        want = {k: (places, date.fromordinal(first).isoformat()) for k, (places, first) in want.items()}
        table.same(f"receipt: coverage of {domain}", str(args.out), got, want)


def main():
    args = arguments()
    if args.borders is None:
        sys.exit("no borders: give --borders FILE (Natural Earth countries)")
    table = Table()
    everything = [s for path in args.sites for s in read.read_sites(path)]
    sites = selected(everything, args.bbox)
    scheme = method.Scheme.read(surroundings.scheme_file(args.scheme)) if args.scheme else method.DEFAULT
    files = {Path(path).name: read.read_records(path) for path in args.incidents}
    records = [r for file in files.values() for r in file]
    of = lambda domain: read.incidents_of([r for r in records if r["domain"] == domain], scheme)
    incidents, accidents = of("security"), of("accident")
    quakes = [{**r, "day": r["last"]} for r in records if r["domain"] == "earthquake"]
    if incidents is None:
        sys.exit(f"{args.incidents}: no security incidents")
    world = Countries(args.borders)
    for name in {r["country"] for r in records if r["country"]}:
        if world.named(name) is None:
            print(f"note: country {name!r} is not known here")
    said = args.coverage or (args.map or "").removeprefix("incidents.covers=")
    said = coverage.declared(said, world) if said else None
    day = args.as_of.toordinal()
    covers = {
        domain: coverage.Coverage({n: [r for r in file if r["domain"] == domain] for n, file in files.items()}, day, world, said, scheme.grace_d[domain])
        for domain in ("security", "accident")
    }
    n = surroundings.numbers(args.scheme)
    receptors = {}
    for kind, path in (pair.split("=", 1) for pair in args.receptors):
        receptors.setdefault(kind, []).extend(read.read_receptors(path, n, kind))
    grids = {name: rasters.Raster(path) for name, path in (pair.split("=", 1) for pair in args.raster)}
    environs = compare_environment.World(n, receptors, (args.complete or "").split(","), accidents, quakes, said is not None, args.as_of, grids)

    layer = json.loads((args.out / "sites.geojson").read_text(encoding="utf-8"))
    written = {f["id"]: f for f in layer["features"]}
    sites = heads(sites)
    table.same("features in sites.geojson", str(args.out), len(layer["features"]), len(sites))
    for extra in sorted(set(written) - {s["id"] for s in sites}):
        table.fail("site expected", extra, "not among the selected sites")

    covered_count, to_explain, pressed = 0, [], []
    for site in sites:
        where = f"{site['id']} {site['name']}"
        feature = written.get(site["id"])
        if feature is None:
            table.fail("site expected", where, "not in sites.geojson")
            continue
        got = feature["properties"]
        table.near("longitude", where, feature["geometry"]["coordinates"][0], site["lon"], 1e-7) if site["shape"] is None else None
        table.near("latitude", where, feature["geometry"]["coordinates"][1], site["lat"], 1e-7) if site["shape"] is None else None
        table.near("position_accuracy_km", where, got.get("position_accuracy_km", "(absent)"), site["r90"], 1e-9)
        row = world.of_site(site["lon"], site["lat"], site["country"], site["r90"])
        until = covers["security"].until(site)
        ended = until is not None and covers["security"].ended(until)
        # The day of the security score, and of all that is counted over security incidents.
        of_day = until if ended and args.stale == "last" else day
        on = date.fromordinal(of_day)
        covered = until is not None and (not ended or args.stale == "last")
        agrees = compare_country(table, where, got, row, site, world)
        group = group_of(site, everything)
        parts = parts_of(group, scheme)
        scored = method.security(parts, incidents, on, scheme) if covered else None
        if site["shape"] is None and agrees:
            measures = method.ring_measures(site["lon"], site["lat"], incidents, on, covers["security"].record(site, of_day), site["r90"])
            # Where no source covers the site, a count without an incident is not known, and not 0; nor are its deaths. So
            # is one of a window that begins after the last day that is covered.
            if not covered:
                def open_(k):
                    window = re.search(r"_(\d+)d$", k)
                    return until is None or window is not None and day - until >= int(window.group(1))

                empty = [k.partition("_")[2] for k, n in measures.items() if k.startswith("incidents_") and not n and open_(k)]
                measures.update({f"{what}_{k}": None for k in empty for what in ("incidents", "fatalities") if f"{what}_{k}" in measures})
            compare_rings(table, where, got, measures, covered)
            compare_flag(table, where, got, measures, covered and covers["security"].seen(site, of_day, 365, method.WINDOW_KM))
        if agrees:  # a border that differs decides whether there is a score at all
            covered_count += covered
            compare_until(table, where, got, until, ended)
            compare_security(table, where, got, scored, covered, len(incidents) >= 256)
            table.near("security_coverage", where, got.get("security_coverage", "(absent)"), covers["security"].share(site, of_day), 0.02)
        compare_together(table, where, got)
        lies = None
        if site["shape"] is None:
            rasters.compare(table, where, got, site, grids, n)
        if agrees and site["shape"] is None:
            accidents_until = covers["accident"].until(site)
            kept = accidents_until is not None and not covers["accident"].ended(accidents_until)
            lies = compare_environment.compare(table, where, got, site, group, parts, kept, environs)
            pressed.append((site, lies[1]["pressure"]["at_least"] and lies[1]["pressure"]["at_least"] / 100.0))
        if args.tamarisk and agrees:
            to_explain.append((site, where, lies, scored, covered, until, ended))
    if receptors and len(pressed) == len(sites):  # a site of a doubtful country or of a shape may be the one that counts
        compare_receptors.compare(table, args.out, pressed, receptors, n)
    compare_incidents(table, args, records, scheme)
    compare_receipt(table, args, covers)
    to_explain.sort(key=lambda item: not item[4])  # sites with a score first
    for site, where, lies, *expected in to_explain[: args.explain]:
        code, out, err = explain(args, site)
        if code != 0:
            table.fail("explain: runs", where, f"exit {code}: {err.strip()[:200]}")
        else:
            table.ok("explain: runs")
            answer = json.loads(out)
            compare_explained(table, where, answer, *expected)
            if lies is not None:
                compare_environment.compare_explained(table, where, answer, lies)
    vague = sum(r["vague"] for r in records)
    print(f"{len(sites)} sites ({covered_count} with a security score), {len(incidents)} security incidents, {vague} set aside as placed only by country, as of {args.as_of}")
    return table.report()


if __name__ == "__main__":
    sys.exit(main())
