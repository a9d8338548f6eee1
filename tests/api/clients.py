"""Reads a folder of layers through `tamarisk serve` as GDAL and OWSLib do, and compares with GDAL's reading of the files:
`clients.py BASE FOLDER`."""

import glob
import json
import os
import sys

import numpy
import pyogrio
from owslib.ogcapi.features import Features

BASE, FOLDER = sys.argv[1:3]
faults = []


def fault(text):
    faults.append(text)
    print("fault:", text)


def read(source, layer, **options):
    meta, _, shapes, values = pyogrio.raw.read(source, layer=layer, **options)
    return dict(zip(meta["fields"], values)), [bytes(shape) if shape is not None else None for shape in shapes], meta


def plain(value):
    """A value without the type of its column, which for a file is that of the values that happen to be in it."""
    if value is None or value != value or (isinstance(value, numpy.datetime64) and numpy.isnat(value)):
        return None
    if isinstance(value, (bool, numpy.bool_)):
        return bool(value)
    if isinstance(value, (int, float, numpy.number)):
        return float(value)
    if isinstance(value, numpy.datetime64):
        return str(value)[:19]
    return str(value)


def family(dtype):
    dtype = str(dtype)
    return "number" if dtype.startswith(("int", "float")) else "time" if dtype.startswith("datetime") else dtype


def same_layer(name, path):
    served, of_served, about = read("OAPIF:" + BASE, name)
    file, of_file, of = read(path, None)
    if len(of_served) != len(of_file):
        return fault(f"{name}: {len(of_served)} features, in the file {len(of_file)}")
    if of_served != of_file:
        fault(f"{name}: geometries differ")
    types = 0
    for column, values in file.items():
        if column not in served:
            fault(f"{name}.{column}: missing")
            continue
        mine, theirs = [plain(value) for value in served[column]], [plain(value) for value in values]
        if mine != theirs and any(value is not None for value in theirs):
            different = next((a, b) for a, b in zip(mine, theirs) if a != b)
            fault(f"{name}.{column}: {different[0]!r}, in the file {different[1]!r}")
        # A column without a value has no type in a file.
        if any(value is not None for value in theirs):
            types += 1
            if family(served[column].dtype) != family(values.dtype):
                fault(f"{name}.{column}: {served[column].dtype}, in the file {values.dtype}")
    print(f"{name}: {len(of_file)} features, {len(file)} columns, {types} types, {about['geometry_type']}")


def same_choice(name, path, **options):
    try:
        served = len(read("OAPIF:" + BASE, name, **options)[1])
    except pyogrio.errors.FeatureError as error:
        return fault(f"{name} {options}: {error}")
    file = len(read(path, None, **options)[1])
    (print if served == file else fault)(f"{name} {options}: {served}, in the file {file}")


def main():
    print("GDAL", pyogrio.__gdal_version__)
    for path in sorted(glob.glob(FOLDER + "/*.geojson")):
        name = os.path.basename(path).removesuffix(".geojson")
        same_layer(name, path)
        same_choice(name, path, bbox=(62.0, 27.5, 67.0, 30.5))
        with open(path) as file:
            columns = json.load(file)["features"][0]["properties"]
        wheres = ["id IS NULL", "name IS NOT NULL AND id <> 'x'"] if "name" in columns else ["id IS NULL"]
        wheres += ["date >= '2022/01/01'", "date < '2020/01/01'"] if isinstance(columns.get("date"), str) else []
        wheres += ["fatalities > 5"] if "fatalities" in columns else []
        wheres += ["security_score BETWEEN 20 AND 60"] if "security_score" in columns else []
        for where in wheres:
            same_choice(name, path, where=where)
    client = Features(BASE + "/")
    names = client.feature_collections()
    for name in names:
        matched = client.collection_items(name, limit=1)["numberMatched"]
        if not client.collection_queryables(name)["properties"] or client.collection(name)["id"] != name:
            fault(f"OWSLib: {name}")
        chosen = client.collection_items(name, limit=5, filter="NOT (1 = 1)")["numberMatched"]
        if chosen != 0 or matched == 0:
            fault(f"OWSLib: {name}: {chosen} of {matched}")
    print(f"OWSLib: {len(names)} collections")
    sys.exit(f"{len(faults)} faults" if faults else 0)


if __name__ == "__main__":
    main()
