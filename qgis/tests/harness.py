"""An empty profile of QGIS with the plugin's zip installed, layers to work on, and the program to compare with."""

import importlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data" / "balochistan"
TAMARISK = os.environ["TAMARISK"]
ZIP = Path(os.environ["TAMARISK_ZIP"])
# Blanks and letters of other scripts in every path.
HOME = Path(tempfile.mkdtemp(prefix="tamarisk qgis کوئٹہ "))
PROFILE = HOME / "profiles" / "default"
PLUGINS = PROFILE / "python" / "plugins"

os.environ["XDG_RUNTIME_DIR"] = str(HOME)
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = str(HOME)
# QGIS's own modules of Python: `processing` and the installer of plugins.
PKG = next(Path(path) for path in ("/usr/share/qgis/python", "/usr/local/share/qgis/python") if Path(path).exists())
sys.path[:0] = [str(PLUGINS), str(PKG / "plugins"), str(PKG)]


def install():
    """Installs the zip as QGIS's dialog does."""
    from pyplugin_installer.unzip import unzip

    PLUGINS.mkdir(parents=True, exist_ok=True)
    unzip(str(ZIP), str(PLUGINS))
    importlib.invalidate_caches()


def program(name, text):
    """A program in a folder of its own, for what the real one does only when something is wrong. Returns its path."""
    path = HOME / name / "tamarisk"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def placed():
    """The program itself, in a folder with an odd name. Returns its path."""
    path = HOME / "bin ü" / "tamarisk"
    if not path.exists():
        path.parent.mkdir()
        shutil.copy(TAMARISK, path)
    return path


class Ended:
    """How a run of `qgis_process` ended."""

    def __init__(self, done):
        self.code = done.returncode
        self.said = done.stdout + done.stderr

    def result(self, name):
        """An output by its name."""
        found = re.findall(rf"(?m)^{name}:\t(.*)$", self.said.rpartition("Results")[2])
        assert found, f"{name} is not among the results:\n{self.said}"
        return found[-1]


def qgis_process(*words, path=None, **variables):
    """Runs `qgis_process` with a PATH that begins with a folder; without one, no program is in it."""
    command = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    clean = [folder for folder in os.environ["PATH"].split(os.pathsep) if not Path(folder, "tamarisk").exists()]
    environment = {
        **os.environ,
        "HOME": str(HOME),
        "PATH": os.pathsep.join([*([str(path)] if path else []), *clean]),
        **variables,
    }
    done = subprocess.run([command, *map(str, words)], capture_output=True, text=True, env=environment, timeout=300, check=False)
    return Ended(done)


def run(tool, path=None, variables=None, **parameters):
    """Runs a tool by `qgis_process`."""
    words = [f"{name}={value}" for name, value in parameters.items()]
    return qgis_process("run", f"tamarisk:{tool}", "--", *words, path=path, **(variables or {}))


def cli(*words):
    """What the program prints."""
    done = subprocess.run([TAMARISK, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def features(path):
    """The properties of a GeoJSON layer by id."""
    with open(path, encoding="utf-8") as file:
        return {feature["id"]: feature["properties"] for feature in json.load(file)["features"]}


def geopackage(name, source, crs=None):
    """A table with longitude and latitude as points of a GeoPackage, in another reference system if one is named."""
    path = HOME / f"{name}.gpkg"
    if not path.exists():
        options = ["-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat", "-oo", "KEEP_GEOM_COLUMNS=NO"]
        to = ["-t_srs", crs] if crs else []
        subprocess.run(
            [
                "ogr2ogr",
                "-f",
                "GPKG",
                str(path),
                str(source),
                *options,
                "-s_srs",
                "EPSG:4326",
                *(to or ["-a_srs", "EPSG:4326"]),
            ],
            check=True,
            capture_output=True,
        )
    return path


# What the program is given directly, beside the same as layers of QGIS.
FILES = [
    f"--sites={DATA / 'sites.csv'}",
    f"--incidents={DATA / 'incidents.csv'}",
    f"--receptors=rivers={DATA / 'rivers.geojson'}",
    f"--receptors=settlements={DATA / 'settlements.csv'}",
]


def layers(**more):
    """The parameters that mean the same as `FILES`."""
    return {
        "SITES": geopackage("sites", DATA / "sites.csv"),
        "INCIDENTS": geopackage("incidents", DATA / "incidents.csv"),
        "RIVERS": DATA / "rivers.geojson",
        "SETTLEMENTS": DATA / "settlements.csv",
        **more,
    }
