"""Compares the GeoParquet layers of the built-in case with its GeoJSON layers, as GeoPandas and pyarrow read them.

Usage: geoparquet.py TAMARISK FOLDER
"""

import datetime
import json
import pathlib
import shutil
import subprocess
import sys

import geopandas as gpd
import pyarrow.parquet as pq
import pyproj
from shapely.geometry import shape

TAMARISK, FOLDER = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]) / "geoparquet"


def plain(value):
    """A value as GeoJSON has it."""
    return str(value) if isinstance(value, datetime.date) else value


def complaints(path):
    """What differs between a layer and its GeoJSON."""
    collection = json.loads(path.with_suffix(".geojson").read_text())
    due = {feature["id"]: feature for feature in collection["features"]}
    table = pq.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])["columns"]["geometry"]
    if geo["crs"] != pyproj.CRS("OGC:CRS84").to_json_dict():
        yield "the CRS is not that of PROJ"
    if b"ARROW:extension:name" in (table.field("geometry").metadata or {}):
        yield "the geometry is annotated"
    if not table.field("id").type == "string" or not all(
        table.field(name).metadata[b"description"] for name in table.column_names[1:-2]
    ):
        yield "columns are not described"
    rows = table.drop_columns(["geometry", "bbox"]).to_pylist()
    if sorted(row["id"] for row in rows) != sorted(due):
        yield "features differ"
    for row in rows:
        values = {name: plain(value) for name, value in row.items() if name != "id"}
        if values != due[row["id"]]["properties"]:
            yield f"{row['id']}: {values} instead of {due[row['id']]['properties']}"
    frame = gpd.read_parquet(path)
    if frame.crs != pyproj.CRS("OGC:CRS84"):
        yield f"GeoPandas finds the CRS {frame.crs}"
    for key, geometry, box in zip(frame["id"], frame.geometry, table["bbox"].to_pylist()):
        if not geometry.equals_exact(shape(due[key]["geometry"]), 0.0):
            yield f"{key}: {geometry}"
        if not geometry.is_empty and tuple(box.values()) != geometry.bounds:
            yield f"{key}: {box} instead of {geometry.bounds}"
    west, south, east, north = frame.total_bounds
    middle = (west, south, (west + east) / 2, north)
    part = gpd.read_parquet(path, bbox=middle)
    if sorted(part["id"]) != sorted(frame.cx[west:middle[2], south:north]["id"]):
        yield f"{len(part)} features in half of the box"


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    formats = ["--format", "geojson,parquet", "-o", FOLDER]
    subprocess.run([TAMARISK, "demo", "-q", *formats], check=True, stdout=subprocess.DEVNULL)
    layers = sorted(FOLDER.glob("*.parquet"))
    failed = 0
    for path in layers:
        for complaint in list(complaints(path))[:5]:
            failed += 1
            print(f"{path.name}: {complaint}")
    print(f"{len(layers)} layers as GeoParquet, {failed} complaints")
    sys.exit(1 if failed or len(layers) < 5 else 0)


main()
