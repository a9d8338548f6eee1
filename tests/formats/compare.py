"""Compares what the program makes of the same records in every format with what it makes of the GeoJSON.

Usage: compare.py TAMARISK FOLDER

Sites, incidents and receptors are made here, with texts outside ASCII, numbers, dates, missing values, holes and
multipart shapes. GDAL (pyogrio) and pyarrow write them; the program scores each file in the place of its GeoJSON
twin. The layers that it writes must be the same, value for value: formats that know types keep them, and of those
that do not, texts are held against the numbers that they spell.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import zipfile

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon

TAMARISK, FOLDER = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])

# Formats: a name, the ending, the driver of GDAL and its options, and whether types are kept.
VECTOR = [
    ("geojsonseq", "geojsons", "GeoJSONSeq", {}, True),
    ("geopackage", "gpkg", "GPKG", {}, True),
    ("flatgeobuf", "fgb", "FlatGeobuf", {}, True),
    ("flatgeobuf in the order of the file", "fgb", "FlatGeobuf", {"SPATIAL_INDEX": "NO"}, True),
    ("spatialite", "sqlite", "SQLite", {"SPATIALITE": "YES"}, True),
    ("sqlite", "sqlite", "SQLite", {"SPATIALITE": "NO", "FORMAT": "WKB"}, True),
    ("shapefile", "shp", "ESRI Shapefile", {"ENCODING": "UTF-8"}, True),
    ("shapefile in latin 1", "shp", "ESRI Shapefile", {"ENCODING": "ISO-8859-1"}, True),
    ("kml", "kml", "KML", {}, False),
    ("gml", "gml", "GML", {}, False),
    ("wkt in csv", "csv", "CSV", {"GEOMETRY": "AS_WKT"}, False),
]
# What GDAL names, adds or loses in a format that is not the records' own.
ADDED = {"site_folder", "incident_folder"}
# What tells of the file itself.
OF_FILE = {"file", "place"}


def sites():
    rows = [
        ("S1", "Köprü Tepe", 64.125, 29.5, "copper", 12, 3.25, "2019-05-06"),
        ("S2", "Río Blanco", 66.75, 30.0625, "gold", None, 1.5, None),
        ("S3", "Ste-Anne, \"nord\"", 67.0, 30.5, "coal", 7, None, "2021-12-31"),
        ("S4", "Long Ridge", 65.5, 28.25, None, 1250, 0.125, "2020-02-29"),
    ]
    frame = pd.DataFrame(rows, columns=["site_id", "name", "x", "y", "commodity", "staff", "grade", "opened"])
    frame["staff"] = frame["staff"].astype("Int64")
    shapes = [Point(x, y) for x, y in zip(frame.pop("x"), frame.pop("y"))]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=4326)


def incidents():
    kinds = ["attack", "explosion", "protest", "accident"]
    rows = [
        (f"I{n}", f"2024-{1 + n % 12:02}-{1 + n % 28:02}", "Pakistan", kinds[n % 4], n % 5,
         64.0 + (n * 37 % 400) / 100, 28.5 + (n * 53 % 250) / 100)
        for n in range(60)
    ]
    frame = pd.DataFrame(rows, columns=["incident_i", "date", "country", "event_type", "deaths", "x", "y"])
    shapes = [Point(x, y) for x, y in zip(frame.pop("x"), frame.pop("y"))]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=4326)


def areas():
    ring = [(64.0, 29.0), (65.0, 29.0), (65.0, 30.0), (64.0, 30.0)]
    hole = [(64.25, 29.25), (64.25, 29.5), (64.5, 29.5), (64.5, 29.25)]
    two = MultiPolygon([Polygon([(66, 30), (66.5, 30), (66.5, 30.5)]), Polygon([(67, 30), (67.5, 30), (67.5, 30.5)])])
    frame = pd.DataFrame({"receptor_i": ["A1", "A2"], "name": ["Hole", "Two"], "rep_area": [50.5, 25.25]})
    return gpd.GeoDataFrame(frame, geometry=[Polygon(ring, [hole]), two], crs=4326)


def rivers():
    one = LineString([(64.0, 29.0), (64.5, 29.25), (65.5, 29.5)])
    two = MultiLineString([[(66.0, 29.0), (66.5, 29.5)], [(67.0, 30.0), (67.5, 30.25)]])
    frame = pd.DataFrame({"receptor_i": ["R1", "R2"], "name": ["Mara", "Wad"]})
    return gpd.GeoDataFrame(frame, geometry=[one, two], crs=4326)


ROLES = {"sites": sites(), "incidents": incidents(), "sensitive_areas": areas(), "rivers": rivers()}
MAPS = ["--map", "incidents.id=incident_i", "--map", "receptors.id=receptor_i"]


def written(role, name, ending, driver, options):
    """The file of a role in a format."""
    frame, path = ROLES[role], FOLDER / name.replace(" ", "-") / f"{role}.{ending}"
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir(parents=True)
    frame.to_file(path, driver=driver, engine="pyogrio", **options)
    return path


def others(role):
    """Files in formats that GDAL does not write here: (name, path, whether types are kept)."""
    frame = ROLES[role]
    folder = FOLDER / "others" / role
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    parquet = folder / f"{role}.parquet"
    frame.to_parquet(parquet)
    yield "geoparquet", parquet, True
    shape = folder / f"{role}.shp"
    frame.to_file(shape, driver="ESRI Shapefile", engine="pyogrio", ENCODING="UTF-8")
    packed = folder / f"{role}.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.glob(f"{role}.*")):
            if part.suffix in {".shp", ".shx", ".dbf", ".prj", ".cpg"}:
                archive.write(part, f"data/{part.name}")
    yield "zipped shapefile", packed, True
    kml = folder / f"{role}.kml"
    frame.to_file(kml, driver="KML", engine="pyogrio")
    kmz = folder / f"{role}.kmz"
    with zipfile.ZipFile(kmz, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(kml, "doc.kml")
    yield "kmz", kmz, False
    projected = folder / f"{role}-mercator.gpkg"
    frame.to_crs(3857).to_file(projected, driver="GPKG", engine="pyogrio")
    yield "geopackage in meters", projected, True
    if role in {"sites", "incidents"}:
        table = pd.DataFrame(frame.drop(columns="geometry"))
        table["lon"], table["lat"] = frame.geometry.x, frame.geometry.y
        plain = folder / f"{role}-table.parquet"
        table.to_parquet(plain)
        yield "parquet table", plain, True
        for ending, engine in (("xlsx", "openpyxl"), ("ods", "odf")):
            book = folder / f"{role}.{ending}"
            table.to_excel(book, index=False, engine=engine)
            yield ending, book, True


def layers(paths):
    """What the program writes of these files: the layers by name, and the sites' neighbors."""
    out = FOLDER / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = [TAMARISK, "score", "-q", "-o", out, "-s", paths["sites"], "-i", paths["incidents"], *MAPS]
    for role in ("sensitive_areas", "rivers"):
        command += ["--receptors", f"{role}={paths[role]}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        return None, done.stderr.strip()
    names = ("sites.geojson", "incidents.geojson", "rings.geojson", "links.geojson")
    return {name: json.loads((out / name).read_text()) for name in names}, done.stderr.strip()


def same(left, right, typed):
    """Whether two values are the same; of formats without types, whether a text spells the value."""
    if left == right:
        return True
    if isinstance(left, float) and isinstance(right, float):
        return abs(left - right) <= 1e-6 * max(1.0, abs(left))
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        return all(same(a, b, typed) for a, b in zip(left, right))
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return abs(left - right) <= 1e-6 * max(1.0, abs(left))
    if not typed and isinstance(right, str):
        try:
            return same(left, json.loads(right), True)
        except ValueError:
            return False
    return False


def in_order(features):
    """Features by their ids and what tells those of a site apart."""
    names = ("site_id", "incident_id", "ring_km", "rank")
    return sorted(features, key=lambda one: [str(one["properties"].get(name)) for name in names] + [str(one.get("id"))])


def differences(expected, found, typed):
    """What differs between layers, in words."""
    for name, layer in expected.items():
        # An index orders the features of a file by their place.
        left, right = in_order(layer["features"]), in_order(found[name]["features"])
        if len(left) != len(right):
            yield f"{name}: {len(right)} features instead of {len(left)}"
            continue
        for one, other in zip(left, right):
            who = one["properties"].get("site_id") or one["properties"].get("incident_id")
            a, b = one["geometry"], other["geometry"]
            if a["type"] != b["type"] or not same(a["coordinates"], b["coordinates"], True):
                yield f"{name}: {who}: geometry"
            for key, value in one["properties"].items():
                if key in OF_FILE:
                    continue
                if key not in other["properties"]:
                    yield f"{name}: {who}: {key} is missing"
                elif not same(value, other["properties"][key], typed):
                    yield f"{name}: {who}: {key} is {other['properties'][key]!r} instead of {value!r}"
            extra = {key for key in other["properties"] if key not in ADDED} - set(one["properties"])
            if extra:
                yield f"{name}: {who}: has {sorted(extra)} besides"


def main():
    twins = {role: written(role, "geojson", "geojson", "GeoJSON", {}) for role in ROLES}
    for role, frame in ROLES.items():
        twins[role] = FOLDER / "twins" / f"{role}.geojson"
        twins[role].parent.mkdir(parents=True, exist_ok=True)
        frame.to_file(twins[role], driver="GeoJSON", engine="pyogrio")
    expected, said = layers(twins)
    if expected is None:
        raise SystemExit(f"the GeoJSON itself is not read: {said}")
    failed = compared = 0
    for role in ROLES:
        files = [(name, written(role, name, *rest[:3]), rest[3]) for name, *rest in VECTOR]
        for name, path, typed in files + list(others(role)):
            found, said = layers({**twins, role: path})
            wrong = [said] if found is None else list(differences(expected, found, typed))
            compared += 1
            failed += bool(wrong)
            if wrong:
                print(f"{role}: {name}: {len(wrong)} differ; the first: {wrong[0]}")
    print(f"{compared} files compared with their GeoJSON, {failed} differ")
    raise SystemExit(failed > 0)


main()
