"""Checks every layer of a run for RFC 7946 and the rules for layers, and the receipt for hashes and counts.

    python compare_geojson.py OUTDIR

Works on the raw text where a parser would hide the fault: 3 against 3.0, NaN, digits, key order.
"""

import argparse
import csv
import hashlib
import json
import re
import sys
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from blake3 import blake3

import environment
import method
from table import Table

TYPE_OF_LAYER = {
    "sites": "Point",
    "incidents": "Point",
    "rings": "MultiPolygon",
    "contours": "MultiPolygon",
    "links": "MultiLineString",
    "receptors": "Point",
    "receptor_lines": "MultiLineString",
    "receptor_areas": "MultiPolygon",
}
# Columns of the sources' own, which hold what the sources wrote: a text may begin like a date.
OWN = ("site_", "incident_", "source_")
FLOAT_SUFFIXES = ("_km", "_score", "_share", "_coverage", "_intensity", "_deg")
SCORE_ENDS = ("_score", "_at_least")
SCORE_KEYS = ("security_score", "environment_score", "overall_score")
SITES_CONTRACT = (
    ["name", "position_accuracy_km", "country", "risk_cell", "explanation", "environment_driver"]
    + [f"{s}_{w}" for s in ("security", "environment", "overall") for w in ("score", "band")]
    + ["position_accuracy_given", "environment_at_least", "environment_missing", "environment_coverage", "security_intensity", "security_coverage"]
    + [f"{bar}_{w}" for bar in environment.BARS for w in ("score", "at_least", "coverage", "driver", "missing")]
    + list(environment.COLUMNS.values())
    + ["sensitive_area_within_km", "world_heritage_within_km", "in_world_heritage", "water_stress_high", "in_conflict_area"]
    + ["tailings_class", "tailings_height_m", "tailings_volume_m3", "tailings_facility", "runout_p50_km", "runout_p90_km", "people_in_runout", "areas_in_runout"]
    + ["downstream_river", "river_snapped_km", "downstream_people"] + [f"downstream_{w}{k}" for w in ("settlement", "area") for k in ("", "_km")]
    + ["nearest_incident_id", "nearest_incident_km", "nearest_incident_date"]
    + [f"{w}_{r}km" for w in ("incidents", "fatalities") for r in method.RINGS_KM]
    + [f"incidents_50km_{d}d" for d in method.WINDOWS_D]
    + ["nearest_river_km", "nearest_sensitive_area_km", "people_10km", "accidents_50km"]
    + [f"driver_{n}{w}" for n in (1, 2, 3) for w in ("", "_share", "_km")]
)


class Float(float):
    """A float that remembers how it was written."""

    def __new__(cls, text):
        value = super().__new__(cls, text)
        value.text = text
        return value


class Members(dict):
    """An object that remembers names written twice."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.twice = len(pairs) != len(self)


def refuse_constant(text):
    raise ValueError(f"{text} is not JSON")


def parse(text):
    return json.loads(text, object_pairs_hook=Members, parse_float=Float, parse_constant=refuse_constant)


def positions(coordinates):
    """Every position of nested coordinates."""
    if coordinates and not isinstance(coordinates[0], list):
        yield coordinates
    else:
        for inner in coordinates:
            yield from positions(inner)


def rings(geometry):
    if geometry["type"] == "Polygon":
        yield from ((i, r) for i, r in enumerate(geometry["coordinates"]))
    if geometry["type"] == "MultiPolygon":
        yield from ((i, r) for p in geometry["coordinates"] for i, r in enumerate(p))


def check_geometry(table, where, geometry):
    """Positions, digits, winding, closure, the seam."""
    for p in positions(geometry["coordinates"]):
        table.true("positions are two numbers", where, len(p) == 2 and all(isinstance(c, (int, float)) for c in p), f"{p}")
        for c in p:
            text = getattr(c, "text", str(c))
            digits = len(text.partition(".")[2])
            table.true("at most 7 decimals", where, digits <= 7 and "e" not in text.lower(), text)
        table.true("in range", where, abs(p[0]) <= 180 and abs(p[1]) <= 90, f"{p}")
    for i, ring in rings(geometry):
        closed = len(ring) >= 4 and ring[0] == ring[-1]
        table.true("rings closed, four or more", where, closed, f"{len(ring)} positions, {ring[0]} to {ring[-1]}")
        if closed:
            ccw = shapely.LinearRing(ring).is_ccw
            table.true("right-handed", where, ccw == (i == 0), "exterior clockwise" if i == 0 else "hole counter-clockwise")
    lines = {"LineString": [geometry["coordinates"]], "MultiLineString": geometry["coordinates"]}.get(geometry["type"], [r for _, r in rings(geometry)])
    for line in lines:
        table.true("lines of two or more", where, len(line) >= 2, f"{len(line)} positions")
        x = np.array([p[0] for p in line])
        poles = any(abs(p[1]) == 90 for p in line)
        table.true("cut at the seam", where, poles or bool((np.abs(np.diff(x)) <= 180).all()), "an edge spans more than half the globe")


def check_value(table, where, key, value):
    """One property: scalar, and written as its kind asks."""
    spot = f"{where} properties.{key}"
    table.true("flat scalars", spot, not isinstance(value, (dict, list)), type(value).__name__)
    if isinstance(value, float):
        table.true("floats with a decimal point", spot, "." in value.text, value.text)
        digits = len(value.text.partition(".")[2])
        if key.endswith(SCORE_ENDS) and not key.startswith(OWN):
            table.true("scores to 0.1", spot, digits <= 1 and 0 <= value <= 100, value.text)
        elif key.endswith("_km") and not key.startswith(OWN):
            table.true("km to 0.001", spot, digits <= 3, value.text)
    elif key.endswith(FLOAT_SUFFIXES) and value is not None and not key.startswith(OWN):
        table.true("floats with a decimal point", spot, not isinstance(value, int), repr(value))
    if re.search(r"(^|_)(date|day)($|_)", key):
        table.true("no empty date", spot, value != "", "an empty string")
        if isinstance(value, str) and value and not key.startswith(OWN):
            try:
                good = re.fullmatch(r"\d{4}-\d\d-\d\d", value) and date.fromisoformat(value)
            except ValueError:
                good = False
            table.true("dates YYYY-MM-DD", spot, bool(good), value)


def check_bbox(table, name, layer, features):
    if not features:
        return
    bbox = layer.get("bbox")
    if not (isinstance(bbox, list) and len(bbox) == 4):
        table.fail("bbox member", name, repr(bbox))
        return
    xy = np.array([p[:2] for f in features for p in positions(f["geometry"]["coordinates"])], float)
    w, s, e, n = map(float, bbox)
    slack = 1e-7
    inside = (xy[:, 0] >= w - slack) & (xy[:, 0] <= e + slack) if w <= e else (xy[:, 0] >= w - slack) | (xy[:, 0] <= e + slack)
    table.true("bbox holds all", name, bool(inside.all() and (xy[:, 1] >= s - slack).all() and (xy[:, 1] <= n + slack).all()), repr(bbox))
    table.near("bbox is tight, latitude", name, max(abs(xy[:, 1].min() - s), abs(xy[:, 1].max() - n)), 0.0, slack)
    if w <= e:
        table.near("bbox is tight, longitude", name, max(abs(xy[:, 0].min() - w), abs(xy[:, 0].max() - e)), 0.0, slack)


def check_layer(table, path):
    name = path.stem
    raw = path.read_bytes()
    table.true("UTF-8 without BOM", name, not raw.startswith(b"\xef\xbb\xbf"), "a byte order mark")
    try:
        layer = parse(raw.decode("utf-8"))
    except ValueError as error:
        table.fail("JSON", name, str(error))
        return
    table.ok("JSON")
    table.same("type member", name, layer.get("type"), "FeatureCollection")
    table.same("name member is the file base", name, layer.get("name"), name)
    table.true("no crs member", name, "crs" not in layer, "has one")
    features = layer.get("features", [])
    kinds = {f["geometry"]["type"] if f.get("geometry") else None for f in features}
    table.true("one geometry type", name, len(kinds) <= 1 and None not in kinds, f"{kinds}")
    if name in TYPE_OF_LAYER and features:
        table.same("geometry type of the layer", name, kinds, {TYPE_OF_LAYER[name]})
    ids = [f.get("id") for f in features]
    table.true("text feature ids", name, all(isinstance(i, str) and i for i in ids), "one is missing or not text")
    table.same("feature ids distinct", name, len(set(map(str, ids))), len(ids))
    keys = list(features[0]["properties"]) if features else []
    written_as_float, written_as_int, kinds_of = set(), {}, {}
    for i, f in enumerate(features):
        where = f"{name} {f.get('id', i)!r}"
        table.same("feature members", where, (f.get("type"), set(f) - {"bbox"}), ("Feature", {"type", "id", "geometry", "properties"}))
        table.true("no name twice", where, not (f.twice or f["properties"].twice), "a member is written twice")
        table.same("same keys, same order", where, list(f["properties"]), keys)
        table.true("no properties.id", where, "id" not in f["properties"], "has one")
        if f.get("geometry"):
            check_geometry(table, where, f["geometry"])
        for key, value in f["properties"].items():
            check_value(table, where, key, value)
            if value is not None:
                kinds_of.setdefault(key, set()).add("number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__)
            if isinstance(value, float):
                written_as_float.add(key)
            elif isinstance(value, int) and not isinstance(value, bool):
                written_as_int[key] = where
    for key in kinds_of:
        table.true("one type a column", f"{name}.{key}", len(kinds_of[key]) == 1, f"{kinds_of[key]}")
        table.true("no integer in a float column", f"{name}.{key}", not (key in written_as_float and key in written_as_int), written_as_int.get(key, ""))
    check_bbox(table, name, layer, features)
    if name == "sites" and features:
        for key in SITES_CONTRACT:
            table.true("contract of sites.geojson", f"sites.{key}", key in keys, "absent")
        for f in features:
            p = f["properties"]
            for score in SCORE_KEYS:
                if score in p:
                    table.same("band beside its score", f"sites {f['id']}", p.get(score.replace("_score", "_band")), method.band(p[score]))


HASH = re.compile(r"(?:(blake3|sha256|sha-256|b3)[:=-])?([0-9a-f]{64})$", re.I)
FILE_KEYS = ("path", "file", "name", "output", "input")


def hashed_files(node, named=None):
    """(file name, hash, bytes) wherever a receipt says so: {"file": F, "blake3": H} or {F: H}."""
    if isinstance(node, list):
        for item in node:
            yield from hashed_files(item)
    elif isinstance(node, dict):
        name = next((node[k] for k in FILE_KEYS if isinstance(node.get(k), str)), named)
        for key, value in node.items():
            match = HASH.match(value) if isinstance(value, str) else None
            if match:
                by_name = key if "." in key else name
                if by_name:
                    yield by_name, match.group(2).lower(), node.get("bytes", node.get("size"))
            else:
                yield from hashed_files(value, key if "." in key else None)


def counts(node, path="receipt"):
    """Every object of the receipt that counts what was read."""
    if isinstance(node, dict):
        if isinstance(node.get("read"), int):
            yield path, node
        for key, value in node.items():
            yield from counts(value, f"{path}.{key}")
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from counts(item, f"{path}[{i}]")


def check_receipt(table, out):
    path = out / "receipt.json"
    if not path.exists():
        table.fail("receipt.json", str(out), "absent")
        return
    receipt = parse(path.read_text(encoding="utf-8"))
    text = path.read_text(encoding="utf-8")
    table.true("no clock in the receipt", "receipt.json", not re.search(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text), "a time of day")
    section = receipt.get("outputs", receipt)
    listed = {}
    for name, digest, size in hashed_files(section):
        target = out / Path(name).name
        if target.exists():
            listed[target.name] = (digest, size)
        elif "outputs" in receipt:
            table.fail("listed output exists", name, "not in the folder")
    for target in sorted(p for p in out.iterdir() if p.is_file() and p.name != "receipt.json"):
        if target.name not in listed:
            table.fail("output listed in the receipt", target.name, "no hash of it")
            continue
        raw = target.read_bytes()
        digest, size = listed[target.name]
        table.true("hash of an output", target.name, digest in (blake3(raw).hexdigest(), hashlib.sha256(raw).hexdigest()), digest)
        if isinstance(size, int):
            table.same("size of an output", target.name, len(raw), size)
    found = list(counts(receipt))
    table.true("counts in the receipt", "receipt.json", bool(found), 'no object has a "read" count')
    aside = 0
    for where, count in found:
        scored = count.get("scored", count.get("used"))
        away = count.get("set_aside", count.get("rejected"))
        aside += away if isinstance(away, int) else 0
        whole = isinstance(scored, int) and isinstance(away, int) and count["read"] == scored + away
        table.true("read = scored + set aside", where, whole, f"{ {k: v for k, v in count.items() if isinstance(v, int)} }")
    rejects = out / "rejects.csv"
    if rejects.exists():
        with rejects.open(newline="", encoding="utf-8") as handle:
            rows = max(0, sum(1 for _ in csv.reader(handle)) - 1)
        table.true("set aside without a row in rejects.csv", "rejects.csv", rows >= 1 or aside == 0, f"{aside} set aside, {rows} rows")
        print(f"rejects.csv: {rows} rows; receipt: {aside} set aside")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUTDIR")
    args = parser.parse_args()
    table = Table()
    layers = sorted(args.out.glob("*.geojson"))
    table.true("layers", str(args.out), any(p.name == "sites.geojson" for p in layers), "no sites.geojson")
    for path in layers:
        check_layer(table, path)
    check_receipt(table, args.out)
    leftovers = [p.name for p in args.out.iterdir() if p.name.startswith(".") or p.suffix in (".tmp", ".part")]
    table.same("nothing half-written left", str(args.out), leftovers, [])
    print(f"{len(layers)} layers: {', '.join(p.name for p in layers)}")
    return table.report()


if __name__ == "__main__":
    sys.exit(main())
