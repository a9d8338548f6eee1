"""Compares what `tamarisk convert` writes with what it was given, value by value, both as GDAL reads them.

Usage: convert.py TAMARISK FOLDER

Records with texts outside ASCII, integers past 2^53, days, missing values and one kind of geometry are written by GDAL and
pyarrow in every format that the program reads, converted to every format that it writes, and read back by GDAL.
"""

import pathlib
import shutil
import subprocess
import sys

import geopandas as gpd
import pandas as pd
from shapely import from_wkt
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

TAMARISK, FOLDER = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]) / "convert"

# The ending, the driver of GDAL and its options, and whether types are kept.
INPUTS = [
    ("geojson", "GeoJSON", {}, True),
    ("geojsons", "GeoJSONSeq", {}, True),
    ("gpkg", "GPKG", {}, True),
    ("fgb", "FlatGeobuf", {}, True),
    ("sqlite", "SQLite", {"SPATIALITE": "YES"}, True),
    ("shp", "ESRI Shapefile", {"ENCODING": "UTF-8"}, True),
    ("kml", "KML", {}, False),
    ("gml", "GML", {}, False),
    ("csv", "CSV", {"GEOMETRY": "AS_WKT"}, False),
    ("parquet", None, {}, True),
    ("mercator.gpkg", "GPKG", {}, True),
    ("xlsx", "table", {}, True),
    ("ods", "table", {}, True),
]
OUTPUTS = ["geojson", "csv", "fgb", "gpkg", "parquet"]


def frames():
    """Frames by name, each of one kind of geometry."""
    texts = ["Köprü Tepe", 'Ste-Anne, "nord"\nریک', "007", None]
    table = pd.DataFrame({
        "key": ["a", "b", "c", "d"],
        "text": texts,
        "whole": pd.array([1, -2, None, 4], dtype="Int64"),
        "number": [0.125, -1.5, 3.0, None],
        "day": ["2024-02-29", "1999-12-31", None, "2000-01-01"],
    })
    points = [Point(66.9237465, 30.5), Point(-170.25, -3), Point(0.5, 0.25), Point(179.5, 80)]
    lines = [LineString([(n, 1), (n + 1, 2.5), (n + 2, 1)]) for n in range(4)]
    ring = [(0, 0), (4, 0), (4, 4), (0, 4)]
    hole = [(1, 1), (1, 2), (2, 2), (2, 1)]
    two = MultiPolygon([Polygon([(6, 0), (7, 0), (7, 1)]), Polygon([(8, 0), (9, 0), (9, 1)])])
    areas = [Polygon(ring, [hole]), two, Polygon([(10, 0), (11, 0), (11, 1)]), Polygon([(12, 0), (13, 0), (13, 1)])]
    for name, shapes in (("points", points), ("lines", lines), ("areas", areas)):
        yield name, gpd.GeoDataFrame(table.copy(), geometry=shapes, crs=4326)


def source(name, frame, ending, driver, options):
    """The file in a format."""
    path = FOLDER / "in" / ending.replace(".", "-") / f"{name}.{ending.split('.')[-1]}"
    path.parent.mkdir(parents=True, exist_ok=True)
    if ending.startswith("mercator"):
        frame = frame.to_crs(3857)
    if driver is None:
        frame.to_parquet(path)
    elif driver == "table":
        table = pd.DataFrame(frame.drop(columns="geometry"))
        table["lon"], table["lat"] = frame.geometry.x, frame.geometry.y
        table.to_excel(path, index=False, engine="openpyxl" if ending == "xlsx" else "odf")
    else:
        frame.to_file(path, driver=driver, engine="pyogrio", **options)
    return path


def read(path):
    """What GDAL reads of an output, and GeoPandas of GeoParquet: records by their key."""
    if path.suffix == ".parquet":
        frame = gpd.read_parquet(path)
        assert frame.crs == "OGC:CRS84", f"{path}: {frame.crs}"
        return {row["key"]: row for _, row in frame.iterrows()}
    if path.suffix == ".csv":
        table = pd.read_csv(path, dtype=str, keep_default_na=False).replace({"": None})
        if "geometry" in table:
            shapes = [from_wkt(text) for text in table.pop("geometry")]
        else:
            shapes = [Point(float(x), float(y)) for x, y in zip(table.pop("longitude"), table.pop("latitude"))]
        frame = gpd.GeoDataFrame(table, geometry=shapes, crs=4326)
    else:
        frame = gpd.read_file(path, engine="pyogrio")
    assert frame.crs == 4326, f"{path}: {frame.crs}"
    return {row["key"]: row for _, row in frame.iterrows()}


def same(left, right, typed):
    """Whether two values are the same; of formats without types, whether the text spells it."""
    if pd.isna(left) or pd.isna(right):
        return bool(pd.isna(left) and pd.isna(right))
    if hasattr(right, "date") and not isinstance(right, str):
        right = str(right.date())
    if isinstance(left, str) or isinstance(right, str):
        if str(left) == str(right):
            return True
        try:
            return not typed and float(left) == float(right)
        except ValueError:
            return False
    return float(left) == float(right)


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    (FOLDER / "out").mkdir(parents=True)
    compared = failed = 0
    for name, frame in frames():
        for ending, driver, options, typed in INPUTS:
            if driver == "table" and name != "points":
                continue
            path = source(name, frame, ending, driver, options)
            for out in OUTPUTS:
                target = FOLDER / "out" / f"{name}-{ending.replace('.', '-')}.{out}"
                done = subprocess.run([TAMARISK, "convert", path, target], capture_output=True, text=True)
                compared += 1
                if done.returncode != 0:
                    wrong = [done.stderr.strip()]
                else:
                    wrong = list(differences(frame, read(target), typed and out != "csv"))
                failed += bool(wrong)
                if wrong:
                    print(f"{name}: {ending} to {out}: {len(wrong)} differ; the first: {wrong[0]}")
    print(f"{compared} conversions compared with their source, {failed} differ")
    raise SystemExit(failed > 0)


def differences(frame, found, typed):
    """What differs, in words."""
    if len(found) != len(frame):
        yield f"{len(found)} records instead of {len(frame)}"
        return
    for _, row in frame.iterrows():
        other = found[row["key"]]
        if not row["geometry"].normalize().equals_exact(unpacked(row, other["geometry"]), 1e-9):
            yield f"{row['key']}: geometry {other['geometry']} instead of {row['geometry']}"
        for column in ("text", "whole", "number", "day"):
            if not same(row[column], other[column], typed):
                yield f"{row['key']}: {column} is {other[column]!r} instead of {row[column]!r}"


def unpacked(row, geometry):
    """A geometry of one part that a table of several holds as one of several."""
    is_single = len(getattr(geometry, "geoms", [])) == 1 and not hasattr(row["geometry"], "geoms")
    return (geometry.geoms[0] if is_single else geometry).normalize()


main()
