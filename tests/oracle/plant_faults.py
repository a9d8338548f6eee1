"""Checks the checkers: copies a whole output, plants one fault at a time, and expects each to be seen.

    python plant_faults.py --sites F --incidents F --as-of DATE --out OUTDIR [--bbox W,S,E,N]
        [--only KIND] [what else compare_scores.py takes]

Run it on an output that the three comparisons pass. It writes only to a temporary folder. A fault that
cannot be planted, since the output has nothing of its kind, is told and counts as unseen.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent


def edit(name, change):
    """A fault made in the parsed file; `change` gets the first feature with a score and the layer."""

    def plant(folder):
        path = folder / name
        layer = json.loads(path.read_text(encoding="utf-8"))
        scored = [f for f in layer["features"] if f["properties"].get("security_score") is not None]
        change((scored or layer["features"])[0], layer)
        path.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")

    return plant


def rewrite(name, pattern, replacement):
    """A fault made in the text, for what a parser would hide."""

    def plant(folder):
        path = folder / name
        text, n = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=1)
        if n == 0:
            raise SystemExit(f"plant_faults: {pattern!r} is not in {name}")
        path.write_text(text, encoding="utf-8")

    return plant


def bump(key, by):
    def change(feature, _layer):
        feature["properties"][key] += by

    return change


def put(key, value):
    def change(feature, _layer):
        feature["properties"][key] = value

    return change


def of_site(which, change):
    """A fault at the first site of which `which` holds."""

    def plant(_feature, layer):
        site = next((f for f in layer["features"] if which(f["properties"])), None)
        if site is None:
            raise Missing
        change(site["properties"])

    return plant


class Missing(Exception):
    """The output has nothing of the kind that a fault needs."""


def day_before(p):
    p["security_data_until"] = (date.fromisoformat(p["security_data_until"]) - timedelta(days=1)).isoformat()


known = lambda p: p["security_data_until"] is not None
ended = lambda p: p["security_data_ended"] is True
current = lambda p: p["security_data_ended"] is False
never = lambda p: p["security_data_until"] is None


def forget(folder):
    """A place less in the receipt's coverage."""
    path = folder / "receipt.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    entry = next((e for e in told["coverage"]["security"] if isinstance(e["places"], list) and e["places"]), None)
    if entry is None:
        raise Missing
    entry["places"].pop()
    path.write_text(json.dumps(told), encoding="utf-8")


def no_data_scored(_feature, layer):
    for f in layer["features"]:
        if f["properties"]["security_score"] is None:
            f["properties"].update(security_score=0.0, security_band="very low")
            return
    raise Missing


def ring_of(feature):
    return feature["geometry"]["coordinates"][0][0]


def turn(feature, _layer):
    ring_of(feature).reverse()


def widen(feature, _layer):
    ring = ring_of(feature)
    ring[3] = [ring[3][0] + 0.0002, ring[3][1]]


def thin(feature, _layer):
    ring = ring_of(feature)
    feature["geometry"]["coordinates"][0][0] = ring[:-1:9] + [ring[0]]


def reorder(feature, layer):
    last = layer["features"][-1]
    last["properties"] = dict(reversed(last["properties"].items()))


# Fault, the comparison that must see it, how it is planted.
FAULTS = [
    ("a ring count one off", "scores", edit("sites.geojson", bump("incidents_50km", 1))),
    ("fatalities one off", "scores", edit("sites.geojson", bump("fatalities_100km", -1))),
    ("a window count one off", "scores", edit("sites.geojson", bump("incidents_50km_1095d", 1))),
    ("a score 0.2 off", "scores", edit("sites.geojson", bump("security_score", 0.2))),
    ("a band off", "scores", edit("sites.geojson", put("security_band", "no data"))),
    ("an intensity 1 % off", "scores", edit("sites.geojson", lambda f, _: f["properties"].update(security_intensity=f["properties"]["security_intensity"] * 1.01))),
    ("two meters off the nearest", "scores", edit("sites.geojson", bump("nearest_incident_km", 0.002))),
    ("another nearest incident", "scores", edit("sites.geojson", put("nearest_incident_id", "elsewhere"))),
    ("the nearest on another day", "scores", edit("sites.geojson", put("nearest_incident_date", "1900-01-01"))),
    ("a driver's share off", "scores", edit("sites.geojson", bump("driver_1_share", 0.02))),
    ("a driver's distance off", "scores", edit("sites.geojson", bump("driver_2_km", 0.01))),
    ("no data scored as very low", "scores", edit("sites.geojson", no_data_scored)),
    ("a cell off", "scores", edit("sites.geojson", put("risk_cell", "S1E1"))),
    ("another country", "scores", edit("sites.geojson", put("country", "Nowhere"))),
    ("data until the day before", "scores", edit("sites.geojson", of_site(known, day_before))),
    ("data until the as-of date where they ended", "scores", edit("sites.geojson", of_site(ended, lambda p: p.update(security_data_until="2024-06-30")))),
    ("data never collected given an end", "scores", edit("sites.geojson", of_site(never, lambda p: p.update(security_data_until="2020-01-01", security_data_ended=True)))),
    ("ended data called current", "scores", edit("sites.geojson", of_site(ended, lambda p: p.update(security_data_ended=False)))),
    ("current data called ended", "scores", edit("sites.geojson", of_site(current, lambda p: p.update(security_data_ended=True)))),
    ("a score where data ended, or none under --stale last", "scores", edit("sites.geojson", of_site(ended, lambda p: p.update(security_score=None if p["security_score"] is not None else 12.3)))),
    ("0 where nothing was collected", "scores", edit("sites.geojson", of_site(never, lambda p: p.update(security_score=0.0, security_band="very low", risk_cell="S1E0")))),
    ("a trend where nothing was collected", "scores", edit("sites.geojson", of_site(never, lambda p: p.update(security_trend=0.5)))),
    ("the flag of conflict false where nothing tells", "scores", edit("sites.geojson", of_site(lambda p: p["in_conflict_area"] is None, lambda p: p.update(in_conflict_area=False)))),
    ("the flag of conflict turned", "scores", edit("sites.geojson", of_site(lambda p: p["in_conflict_area"] is True, lambda p: p.update(in_conflict_area=False)))),
    ("3 % less of the surroundings covered", "scores", edit("sites.geojson", of_site(lambda p: (p["security_coverage"] or 0) > 0.1, lambda p: p.update(security_coverage=p["security_coverage"] - 0.03)))),
    ("a province known to 120 km", "scores", edit("incidents.geojson", of_site(lambda p: p["position_accuracy_km"] == 220, lambda p: p.update(position_accuracy_km=120.0)))),
    ("an incident twice as heavy", "scores", edit("incidents.geojson", of_site(lambda p: p["severity"], lambda p: p.update(severity=2 * p["severity"])))),
    ("an incident of another type", "scores", edit("incidents.geojson", of_site(lambda p: p["security_type"] == "battles", lambda p: p.update(security_type="riots")))),
    ("a vague incident used", "scores", edit("incidents.geojson", of_site(lambda p: p["used"] is False, lambda p: p.update(used=True)))),
    ("an indicator 0.002 off", "scores", edit("sites.geojson", of_site(lambda p: p["e4_water_nearby"], lambda p: p.update(e4_water_nearby=p["e4_water_nearby"] + 0.002)))),
    ("nothing known called 0", "scores", edit("sites.geojson", of_site(lambda p: p["e10_tailings"] is None, lambda p: p.update(e10_tailings=0.0)))),
    ("an environment score 0.2 off", "scores", edit("sites.geojson", of_site(lambda p: p["environment_score"], lambda p: p.update(environment_score=p["environment_score"] - 0.2)))),
    ("at least 0.2 off", "scores", edit("sites.geojson", of_site(lambda p: p["environment_at_least"], lambda p: p.update(environment_at_least=p["environment_at_least"] + 0.2)))),
    ("half of an indicator known more", "scores", edit("sites.geojson", of_site(lambda p: p["people_coverage"], lambda p: p.update(people_coverage=p["people_coverage"] - 0.075)))),
    ("a bar 0.2 off", "scores", edit("sites.geojson", of_site(lambda p: p["pressure_score"], lambda p: p.update(pressure_score=p["pressure_score"] + 0.2)))),
    ("another driver of a bar", "scores", edit("sites.geojson", of_site(lambda p: p["water_driver"], lambda p: p.update(water_driver="water_stress" if p["water_driver"] == "water_nearby" else "water_nearby")))),
    ("an unknown indicator left out", "scores", edit("sites.geojson", of_site(lambda p: p["environment_missing"], lambda p: p.update(environment_missing=None)))),
    ("a site inside World Heritage called outside", "scores", edit("sites.geojson", of_site(lambda p: p["in_world_heritage"], lambda p: p.update(in_world_heritage=False)))),
    ("World Heritage ten meters off", "scores", edit("sites.geojson", of_site(lambda p: p["world_heritage_within_km"], lambda p: p.update(world_heritage_within_km=p["world_heritage_within_km"] + 0.01)))),
    ("a run-out 1 % off", "scores", edit("sites.geojson", of_site(lambda p: p["runout_p50_km"], lambda p: p.update(runout_p50_km=p["runout_p50_km"] * 1.01)))),
    ("people upstream in a run-out", "scores", edit("sites.geojson", of_site(lambda p: p["people_in_runout"], lambda p: p.update(people_in_runout=p["people_in_runout"] + 700)))),
    ("another facility", "scores", edit("sites.geojson", of_site(lambda p: p["tailings_facility"], lambda p: p.update(tailings_facility="Empty")))),
    ("nobody downstream", "scores", edit("sites.geojson", of_site(lambda p: p["downstream_people"], lambda p: p.update(downstream_people=0.0)))),
    ("50 meters of river", "scores", edit("sites.geojson", of_site(lambda p: p["downstream_settlement_km"], lambda p: p.update(downstream_settlement_km=p["downstream_settlement_km"] + 0.05)))),
    ("a place less in the receipt", "scores", forget),
    ("another end in the receipt", "scores", rewrite("receipt.json", r'"until"\s*:\s*"(\d{4})-', r'"until":"1\1-')),
    ("a site left out", "scores", edit("sites.geojson", lambda f, layer: layer["features"].remove(f))),
    ("a ring turned over", "rings", edit("rings.geojson", turn)),
    ("a vertex 20 m out", "rings", edit("rings.geojson", widen)),
    ("a ring of ten sides", "rings", edit("rings.geojson", thin)),
    ("a ring left out", "rings", edit("rings.geojson", lambda f, layer: layer["features"].remove(f))),
    ("a crs member", "geojson", rewrite("sites.geojson", r"\{", '{"crs":{"type":"name","properties":{"name":"x"}},')),
    ("another name member", "geojson", rewrite("sites.geojson", r'"name"\s*:\s*"sites"', '"name":"places"')),
    ("a float without its point", "geojson", rewrite("sites.geojson", r'("nearest_incident_km"\s*:\s*\d+)\.\d+', r"\1")),
    ("NaN", "geojson", rewrite("sites.geojson", r'("nearest_incident_km"\s*:\s*)[\d.]+', r"\1NaN")),
    ("an empty date", "geojson", edit("sites.geojson", put("nearest_incident_date", ""))),
    ("a numeric id", "geojson", edit("sites.geojson", lambda f, _: f.update(id=7))),
    ("an id among the properties", "geojson", edit("sites.geojson", put("id", "x"))),
    ("keys in another order", "geojson", edit("sites.geojson", reorder)),
    ("an object among the properties", "geojson", edit("sites.geojson", put("explanation", {"a": 1}))),
    ("a list among the properties", "geojson", edit("sites.geojson", put("explanation", ["a"]))),
    ("eight decimals", "geojson", rewrite("sites.geojson", r'("coordinates"\s*:\s*\[\s*-?\d+)\.\d+', r"\1.12345678")),
    ("a clockwise ring", "geojson", edit("rings.geojson", turn)),
    ("no bbox", "geojson", edit("sites.geojson", lambda f, layer: layer.pop("bbox"))),
    ("a bbox too small", "geojson", edit("sites.geojson", lambda f, layer: layer["bbox"].__setitem__(2, layer["bbox"][2] - 1.0))),
    ("a geometry of another type", "geojson", edit("sites.geojson", lambda f, _: f.update(geometry={"type": "MultiPoint", "coordinates": [f["geometry"]["coordinates"]]}))),
    ("one byte more than was hashed", "geojson", lambda folder: (folder / "sites.geojson").open("a").write(" ")),
    ("a count that does not add up", "geojson", rewrite("receipt.json", r'"read"\s*:\s*(\d+)', r'"read": 1\1')),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--as-of", "--out"):
        parser.add_argument(name, required=True)
    for name in ("--sites", "--incidents"):
        parser.add_argument(name, required=True, action="append")
    parser.add_argument("--only", choices=("scores", "rings", "geojson"))
    args, others = parser.parse_known_args()
    inputs = [x for name, paths in (("--sites", args.sites), ("--incidents", args.incidents)) for p in paths for x in (name, p)]
    faults = [f for f in FAULTS if args.only in (None, f[1])]

    def run(kind, folder):
        command = [sys.executable, str(HERE / f"compare_{kind}.py")]
        if kind == "scores":
            command += [*inputs, "--as-of", args.as_of, "--out", folder, *others]
        else:
            command += [folder]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True)

    unseen = 0
    with tempfile.TemporaryDirectory() as scratch:
        for kind in sorted({f[1] for f in faults}):
            clean = run(kind, args.out)
            if clean.returncode:
                print(clean.stdout[-2000:], clean.stderr[-2000:])
                sys.exit(f"compare_{kind} does not pass on {args.out} as it is")
        for name, kind, plant in faults:
            folder = Path(scratch) / "out"
            shutil.copytree(args.out, folder)
            try:
                plant(folder)
            except (Missing, FileNotFoundError):
                shutil.rmtree(folder)
                unseen += 1
                print(f"UNSEEN {name}: nothing of its kind in this output")
                continue
            done = run(kind, folder)
            shutil.rmtree(folder)
            # A traceback is a checker that broke, not one that saw.
            reason = re.findall(r"^FAIL (.*)", done.stdout, re.M)
            # A hash differs after any edit, so alone it proves nothing about the other rules.
            telling = [r for r in reason if not r.startswith(("hash of", "size of"))] or (reason if "hashed" in name else [])
            seen = done.returncode == 1 and bool(telling)
            unseen += not seen
            print(f"{'seen  ' if seen else 'UNSEEN'} {name}: {telling[0][:110] if telling else done.stderr.strip()[-200:]}")
    print(f"{len(faults)} faults, {unseen} unseen")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
