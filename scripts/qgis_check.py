"""Opens every layer of an output folder in QGIS itself, offscreen, and says what is wrong with it.

    /usr/bin/python3 scripts/qgis_check.py out/demo [MORE FOLDERS]

Wants the Debian packages qgis, python3-qgis and gdal-bin (`make qgis-check` installs them). For each
*.geojson of a folder it compares what QGIS and GDAL see with the file's own text and with the types that
docs/FORMATS.md promises: one sublayer, its kind of geometry, its CRS, its columns and their types, its
features, its values, its extent, valid geometry, everything in the message log, and conversion to
GeoPackage and FlatGeobuf. PYOGRIO may name a Python that has geopandas and pyogrio; they then read the
layers too, and rasterio the surface. The styled outputs (*.qgz, *.gpkg, *.fgb, *.qml) are looked at by
qgis_styled.py, which draws pictures into out/qgis/pictures (PICTURES may name another folder). Exits with 1 where
anything is wrong.
"""

import json
import math
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

RUNTIME = tempfile.mkdtemp(prefix="qgis-check-")
os.chmod(RUNTIME, 0o700)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LC_ALL"] = "C.UTF-8"
os.environ["XDG_RUNTIME_DIR"] = RUNTIME
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = RUNTIME

from osgeo import gdal  # noqa: E402
from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import NULL, QDate, QVariant  # noqa: E402

import qgis_styled  # noqa: E402

FORMATS = Path(__file__).resolve().parent.parent / "docs" / "FORMATS.md"

GEOMETRY = {
    "sites": QgsWkbTypes.Point,
    "sites_over_time": QgsWkbTypes.Point,
    "incidents": QgsWkbTypes.Point,
    "rings": QgsWkbTypes.MultiPolygon,
    "contours": QgsWkbTypes.MultiPolygon,
    "footprints": QgsWkbTypes.MultiPolygon,
    "links": QgsWkbTypes.MultiLineString,
    "footprint_lines": QgsWkbTypes.MultiLineString,
    "receptors": QgsWkbTypes.Point,
    "receptor_lines": QgsWkbTypes.MultiLineString,
    "receptor_areas": QgsWkbTypes.MultiPolygon,
    "borders": QgsWkbTypes.MultiLineString,
    "land": QgsWkbTypes.MultiPolygon,
    "towns": QgsWkbTypes.Point,
    "province_names": QgsWkbTypes.Point,
    "provinces": QgsWkbTypes.MultiLineString,
    "rivers": QgsWkbTypes.MultiLineString,
    "lakes": QgsWkbTypes.MultiPolygon,
}

TYPES = {
    "text": {QVariant.String},
    "number": {QVariant.Double},
    "whole number": {QVariant.Int, QVariant.LongLong},
    "date": {QVariant.Date},
    "true or false": {QVariant.Bool},
}

# Columns whose names follow the scheme's radii and days, as the documented ones of the default scheme do.
PATTERNS = {
    r"(incidents|fatalities)_[\d_]+km(_\d+d)?": "whole number",
    r"sensitive_share_[\d_]+km": "number",
    r"river_length_[\d_]+km": "number",
    r"(people|accidents)_[\d_]+km": "whole number",
}

# Half a unit of the last decimal that is written.
LAST_DECIMAL = 0.5e-7


class Complaints:
    """What is wrong, and how much was looked at."""

    def __init__(self):
        self.all = []
        self.looked = 0
        self.where = ""

    def expect(self, good, text):
        self.looked += 1
        if not good:
            self.add(text)

    def add(self, text):
        self.all.append(text)
        print(f"WRONG {self.where}: {text}")


def documented():
    """{layer: {column: type}} of docs/FORMATS.md."""
    layers, drawn, current = {}, {}, None
    for line in FORMATS.read_text(encoding="utf-8").splitlines():
        if title := re.fullmatch(r"### `(\w+)\.geojson`( with draws)?", line):
            current = (drawn if title[2] else layers).setdefault(title[1], {})
        elif line.startswith("## "):
            current = None
        elif current is not None and (row := re.match(r"\| `([^`]+)` \| ([^|]+?) \|", line)):
            current[row[1]] = row[2]
    # Columns over draws come after what is missing from the record, or last.
    for name, columns in drawn.items():
        known = list(layers[name].items())
        at = next((at + 1 for at, (key, _) in enumerate(known) if key == "security_record_gap"), len(known))
        layers[name] = dict(known[:at] + list(columns.items()) + known[at:])
    return layers


def positions(coordinates):
    """Every position of a geometry's coordinates."""
    if coordinates and isinstance(coordinates[0], (int, float)):
        yield coordinates
    else:
        for part in coordinates:
            yield from positions(part)


def kind_of(values):
    """The type of a site's or incident's own column, which is not documented: by its values in the file."""
    values = [v for v in values if v is not None]
    if values and all(isinstance(v, bool) for v in values):
        return "true or false"
    if values and all(isinstance(v, int) and not isinstance(v, bool) for v in values):
        return "whole number"
    if values and all(isinstance(v, float) for v in values):
        return "number"
    # GDAL takes a text column for dates where every text is one.
    if values and all(isinstance(v, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", v) for v in values):
        return "date"
    return "text"


def promised(layer, column, values, formats):
    """The type that a column must have in QGIS."""
    kind = formats.get(layer, {}).get(column)
    if kind is None:
        kind = next((k for p, k in PATTERNS.items() if re.fullmatch(p, column)), None)
    own = {"sites": "site_", "incidents": "incident_"}.get(layer)
    if kind is None and own and column.startswith(own):
        kind = kind_of(values)
    if kind is not None and all(value is None for value in values):
        # Nothing says what an empty column holds; QGIS shows it as text.
        return "text"
    return kind


def check_members(complaints, name, collection):
    """The collection's own members."""
    complaints.expect(collection.get("type") == "FeatureCollection", "is no FeatureCollection")
    complaints.expect(collection.get("name") == name, f"its name is {collection.get('name')!r}")
    complaints.expect("crs" not in collection, "has a crs member")
    features = collection["features"]
    ids = [feature.get("id") for feature in features]
    complaints.expect(all(isinstance(i, str) and i for i in ids), "a feature has no text id")
    complaints.expect(len(set(ids)) == len(ids), "two features have one id")
    keys = {tuple(feature["properties"]) for feature in features}
    complaints.expect(len(keys) <= 1, "features differ in their keys or the order of these")
    for key in next(iter(keys), ()):
        complaints.expect(key.lower() not in ("id", "fid", "ogc_fid", "geom"), f"a column is called {key}")
    folded = [key.lower() for key in next(iter(keys), ())]
    complaints.expect(len(set(folded)) == len(folded), "two columns differ in case alone")
    flat = all(
        not isinstance(v, (dict, list)) and v != "" for f in features for v in f["properties"].values()
    )
    complaints.expect(flat, "a value is empty, a list or an object")


def check_fields(complaints, name, layer, features, formats):
    """Columns: names, order, types and values."""
    fields = [(field.name(), field.type()) for field in layer.fields()]
    if not features:
        return
    keys = list(features[0]["properties"])
    complaints.expect([n for n, _ in fields] == ["id", *keys], f"its columns are {[n for n, _ in fields]}")
    if name in formats:
        listed = [key for key in keys if key in formats[name]]
        due = [key for key in formats[name] if key in keys]
        complaints.expect(listed == due, "its columns are in another order than docs/FORMATS.md has them")
    types = dict(fields)
    for key in keys:
        values = [feature["properties"].get(key) for feature in features]
        kind = promised(name, key, values, formats)
        complaints.expect(kind is not None, f"{key}: is not in docs/FORMATS.md")
        if kind is not None:
            seen = QVariant.typeToName(types.get(key, QVariant.Invalid))
            complaints.expect(types.get(key) in TYPES[kind], f"{key}: is {seen} in QGIS, should be {kind}")
    for seen, feature in zip(layer.getFeatures(), features):
        complaints.expect(seen["id"] == feature["id"], f"feature {feature['id']}: its id is {seen['id']}")
        for key, value in feature["properties"].items():
            got = seen[key]
            if isinstance(got, QDate):
                got = got.toString("yyyy-MM-dd")
            same = (got == NULL) if value is None else (got == value)
            complaints.expect(same, f"feature {feature['id']}: {key} is {got!r}, should be {value!r}")


def check_geometry(complaints, name, layer, collection):
    """Features, extent, and that each shape is valid and not empty."""
    features = collection["features"]
    count = sum(1 for _ in layer.getFeatures())
    complaints.expect(layer.featureCount() == len(features), f"featureCount is {layer.featureCount()}")
    complaints.expect(count == len(features), f"{count} features came, should be {len(features)}")
    for feature in layer.getFeatures():
        geometry = feature.geometry()
        # A link between two things at one place has no line.
        empty = geometry.isEmpty() and not (name == "links" and feature["distance_km"] == 0.0)
        complaints.expect(not geometry.isNull() and not empty, f"feature {feature['id']}: has no geometry")
        complaints.expect(geometry.isGeosValid(), f"feature {feature['id']}: its geometry is not valid")
    if not features:
        complaints.expect("bbox" not in collection, "has a bbox, but no features")
        return
    every = [p for feature in features for p in positions(feature["geometry"]["coordinates"])]
    lons, lats = [p[0] for p in every], [p[1] for p in every]
    inside = all(-180 <= x <= 180 for x in lons) and all(-90 <= y <= 90 for y in lats)
    complaints.expect(inside, "a position is off the globe")
    due = (min(lons), min(lats), max(lons), max(lats))
    extent = layer.extent()
    got = (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
    near = all(math.isclose(a, b, rel_tol=0, abs_tol=LAST_DECIMAL) for a, b in zip(got, due))
    complaints.expect(near, f"its extent is {got}, should be {due}")
    west, south, east, north = collection.get("bbox", [math.nan] * 4)
    if west <= east:
        complaints.expect((west, south, east, north) == due, f"its bbox is {collection['bbox']}, should be {due}")
    else:
        # RFC 7946, 5.2: west of a box over the seam is greater than east; QGIS sees the whole turn.
        complaints.expect((south, north) == (due[1], due[3]), f"its bbox is {collection.get('bbox')}")
        within = all(x >= west or x <= east for x in lons)
        complaints.expect(within, f"its bbox {collection.get('bbox')} leaves something out")
        complaints.expect(west in lons and east in lons, f"its bbox {collection.get('bbox')} is too wide")


def run(complaints, what, *command):
    """Runs a program that must succeed and have nothing to say."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = done.stderr.strip()
    # As words of their own: values tell of terrorism.
    if re.search(r"\b(warning|error)", done.stdout, re.IGNORECASE):
        said += done.stdout
    complaints.expect(done.returncode == 0 and not said, f"{what}: {said[:400] or done.returncode}")
    return done.stdout


GEOPANDAS = """
import sys, warnings
warnings.simplefilter("error")
import geopandas, pyogrio
path = sys.argv[1]
frame = geopandas.read_file(path, engine="pyogrio")
info = pyogrio.read_info(path)
assert len(frame) == info["features"] == int(sys.argv[2]), (len(frame), info["features"])
assert frame.crs.to_epsg() == 4326, frame.crs
assert len(pyogrio.list_layers(path)) == 1
assert bool(frame.is_valid.all()) if len(frame) else True
"""


def check_tools(complaints, path, name, collection):
    """ogrinfo, conversion, geopandas."""
    count = len(collection["features"])
    said = run(complaints, "ogrinfo", "ogrinfo", "-ro", "-al", "-so", str(path))
    complaints.expect(f"Feature Count: {count}\n" in said, "ogrinfo counts otherwise")
    complaints.expect(f"Layer name: {name}\n" in said, "ogrinfo gives the layer another name")
    for driver, ending in (("GPKG", "gpkg"), ("FlatGeobuf", "fgb")):
        target = Path(RUNTIME) / f"{name}.{ending}"
        target.unlink(missing_ok=True)
        run(complaints, f"to {driver}", "ogr2ogr", "-f", driver, str(target), str(path))
    if python := os.environ.get("PYOGRIO"):
        run(complaints, "geopandas", python, "-c", GEOPANDAS, str(path), str(count))


FRAMES = """
import json, sys, warnings
warnings.simplefilter("error")
import geopandas, pyogrio
path, folder = sys.argv[1], sys.argv[2]
for name, kind in pyogrio.list_layers(path):
    # The styles are a table without geometry; the ground in the file of a series stands in no other.
    if kind is None or name in ("borders", "land"):
        continue
    frame = geopandas.read_file(path, layer=name, engine="pyogrio")
    assert frame.crs.to_epsg() == 4326, frame.crs
    with open(f"{folder}/{name}.geojson", encoding="utf-8") as file:
        features = json.load(file)["features"]
    assert sorted(frame["id"]) == sorted(f["id"] for f in features), name
    rows = frame.set_index("id")
    for feature in features:
        for key, value in feature["properties"].items():
            if isinstance(value, (float, bool)):
                assert rows.at[feature["id"], key] == value, (feature["id"], key)
"""


def check_frames(complaints, path):
    """geopandas reads another format as it reads the GeoJSON."""
    if python := os.environ.get("PYOGRIO"):
        run(complaints, "geopandas", python, "-c", FRAMES, str(path), str(path.parent))


SURFACE = """
import json, sys, warnings
warnings.simplefilter("error")
import numpy, rasterio
from rasterio.features import rasterize
folder = sys.argv[1]
with rasterio.open(f"{folder}/surface.tif") as surface:
    assert surface.crs.to_epsg() == 4326, surface.crs
    assert (surface.count, surface.dtypes, surface.nodata) == (1, ("float32",), -9999.0), surface.profile
    assert surface.overviews(1) or max(surface.shape) <= 256, surface.shape
    scores = surface.read(1, masked=True)
    place = surface.transform
assert scores.count() == 0 or (scores.min() >= 0 and scores.max() <= 100), (scores.min(), scores.max())
with open(f"{folder}/contours.geojson", encoding="utf-8") as file:
    features = json.load(file)["features"]
assert bool(features) == (scores.count() > 0), len(features)
drawn = numpy.zeros(scores.shape, dtype="uint8")
# An image over the seam goes on past 180 degrees, the polygons begin anew.
for turn in (0, 360):
    turned = rasterio.Affine(place.a, place.b, place.c - turn, place.d, place.e, place.f)
    shapes = [(feature["geometry"], number) for number, feature in enumerate(features, 1)]
    if shapes:
        drawn = numpy.maximum(drawn, rasterize(shapes, out_shape=scores.shape, transform=turned))
covered = numpy.zeros(scores.shape, dtype=bool)
for number, feature in enumerate(features, 1):
    low, high = (feature["properties"][key] for key in ("score_from", "score_to"))
    due = ((scores >= low) & ((scores < high) | (high == 100.0))).filled(False)
    assert (due == (drawn == number)).all(), (feature["id"], int((due != (drawn == number)).sum()))
    covered |= due
assert (covered == ~numpy.ma.getmaskarray(scores)).all()
print(scores.count(), "cells in", len(features), "bands")
"""


def check_surface(complaints, folder):
    """GDAL reads the surface without a word, and its cells lie in the polygons of their bands."""
    run(complaints, "gdalinfo", "gdalinfo", "-mm", str(folder / "surface.tif"))
    if python := os.environ.get("PYOGRIO"):
        said = run(complaints, "rasterio", python, "-c", SURFACE, str(folder))
        print(f"  {complaints.where}: {said.strip()}")


def check_layer(complaints, path, formats):
    """Everything about one file."""
    name = path.stem
    text = path.read_text(encoding="utf-8")
    try:
        collection = json.loads(text)
    except json.JSONDecodeError as error:
        complaints.add(f"is no JSON: {error}")
        return
    check_members(complaints, name, collection)
    sublayers = QgsProviderRegistry.instance().querySublayers(str(path))
    complaints.expect(len(sublayers) == 1, f"has {len(sublayers)} sublayers")
    layer = QgsVectorLayer(str(path), name, "ogr")
    complaints.expect(layer.isValid(), "is not valid in QGIS")
    if not layer.isValid():
        return
    wgs84 = QgsCoordinateReferenceSystem("EPSG:4326")
    complaints.expect(name in GEOMETRY, "is a layer that this check does not know")
    # Of a GeoJSON without features GDAL tells neither CRS nor geometry nor columns.
    if collection["features"]:
        complaints.expect(layer.crs() == wgs84, f"its CRS is {layer.crs().authid() or 'none'}")
        seen = QgsWkbTypes.displayString(layer.wkbType())
        due = GEOMETRY.get(name, layer.wkbType())
        complaints.expect(layer.wkbType() == due, f"is {seen}, should be {QgsWkbTypes.displayString(due)}")
    check_fields(complaints, name, layer, collection["features"], formats)
    check_geometry(complaints, name, layer, collection)
    check_tools(complaints, path, name, collection)
    print(f"  {complaints.where}: {len(collection['features'])} features, {len(layer.fields())} columns")


def main(folders):
    if not folders:
        sys.exit(__doc__)
    formats = documented()
    complaints = Complaints()
    gdal.SetErrorHandler(lambda level, number, text: complaints.add(f"GDAL: {text}") if level >= 2 else None)
    application = QgsApplication([], False)
    application.initQgis()
    log = QgsApplication.messageLog()
    log.messageReceived.connect(lambda text, tag, level: complaints.add(f"QGIS log, {tag}: {text}"))
    for folder in map(Path, folders):
        layers = sorted(folder.glob("*.geojson"))
        complaints.where = str(folder)
        complaints.expect(bool(layers), "holds no layer")
        for path in layers:
            complaints.where = str(path)
            check_layer(complaints, path, formats)
        pictures = Path(os.environ.get("PICTURES", "out/qgis/pictures"))
        qgis_styled.check_folder(complaints, folder, formats, run, pictures)
        # The base map stands in no GeoJSON.
        tables = [path for path in folder.glob("*.gpkg") if path.name != "basemap.gpkg"]
        for path in [*folder.glob("*.fgb"), *tables]:
            complaints.where = str(path)
            check_frames(complaints, path)
        if (folder / "surface.tif").exists():
            complaints.where = str(folder / "surface.tif")
            check_surface(complaints, folder)
    print(f"{complaints.looked} things looked at, {len(complaints.all)} wrong")
    sys.stdout.flush()
    # Leaving QGIS the ordinary way crashes where Python still holds layers.
    os._exit(1 if complaints.all else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
