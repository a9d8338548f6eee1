"""The wheel: alone, for every Python from 3.10; installed anywhere, it imports quickly and brings nothing in."""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

import tamarisk
from cases import ROOT, python

# TAMARISK_WHEEL names the wheel; without it, the newest that `make wheel` has left.
WHEELS = sorted((ROOT / "target" / "wheels").glob("tamarisk-*.whl"), key=lambda path: path.stat().st_mtime)
WHEEL = Path(os.environ["TAMARISK_WHEEL"]) if "TAMARISK_WHEEL" in os.environ else (WHEELS or [None])[-1]
needs_wheel = pytest.mark.skipif(WHEEL is None, reason="no wheel: run `make wheel`")


def run(*args, cwd, **env):
    """Runs a program in an environment that knows of no other Python."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    ran = subprocess.run(list(map(str, args)), cwd=cwd, env={**kept, **env}, capture_output=True, text=True, timeout=200)
    assert ran.returncode == 0, f"{args}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


@needs_wheel
def test_what_the_wheel_holds():
    assert re.fullmatch(r"tamarisk-[^-]+-cp310-abi3-[^-]+\.whl", WHEEL.name), WHEEL.name
    with zipfile.ZipFile(WHEEL) as wheel:
        names = wheel.namelist()
        info = next(name for name in names if name.endswith(".dist-info/METADATA"))
        about = wheel.read(info).decode()
    assert not [line for line in about.splitlines() if line.startswith("Requires-Dist") and "extra ==" not in line]
    assert "Requires-Python: >=3.10" in about
    assert {"tamarisk/py.typed", "tamarisk/_tamarisk.pyi", "tamarisk/__init__.py", "tamarisk/__main__.py"} <= set(names)
    assert len([name for name in names if re.search(r"\.(so|pyd|dylib|dll)$", name)]) == 1
    assert not [name for name in names if "/tests" in name or name.endswith((".rs", ".pyc"))]
    assert [name for name in names if "LICENSE" in name.upper()]


@needs_wheel
def test_the_wheel_is_as_its_names_say(tmp_path):
    """Checked by the tools of those who keep PyPI."""
    pytest.importorskip("twine")
    pytest.importorskip("abi3audit")
    told = run(sys.executable, "-m", "twine", "check", "--strict", WHEEL, cwd=tmp_path)
    assert "PASSED" in told
    run(sys.executable, "-m", "abi3audit", "--strict", WHEEL, cwd=tmp_path)


TRIAL = """
import sys, tamarisk
result = tamarisk.demo()
print(len(result.sites), tamarisk.__version__)
result.write(sys.argv[1])
assert not {"numpy", "pandas", "pyarrow"} & set(sys.modules)
"""


@needs_wheel
def test_an_empty_environment(tmp_path):
    """No other package, no index: it installs, scores, and is the program."""
    venv.create(tmp_path / "venv", with_pip=True)
    bin = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    run(bin / "python", "-m", "pip", "install", "--no-index", "--disable-pip-version-check", WHEEL, cwd=tmp_path)
    listed = json.loads(run(bin / "python", "-m", "pip", "list", "--format=json", cwd=tmp_path))
    assert {package["name"] for package in listed} - {"pip", "setuptools"} == {"tamarisk"}
    told = run(bin / "python", "-c", TRIAL, tmp_path / "out", cwd=tmp_path)
    assert told.split() == ["45", tamarisk.__version__]
    assert (tmp_path / "out" / "sites.geojson").stat().st_size > 10_000
    version = run(bin / "tamarisk", "--version", cwd=tmp_path)
    assert version == run(bin / "python", "-m", "tamarisk", "--version", cwd=tmp_path)
    assert version.split()[1] == tamarisk.__version__
    # What needs a library says which, and how it is got.
    told = run(
        bin / "python", "-c",
        "import tamarisk\nfor way in ('to_geopandas', 'to_pandas', 'to_arrow'):\n"
        "    try: getattr(tamarisk.demo().sites, way)()\n"
        "    except ImportError as error: print(error)",
        cwd=tmp_path,
    )
    lines = told.strip().splitlines()
    assert len(lines) == 3 and "geopandas" in lines[0] and "pip install" in lines[0], told


@needs_wheel
def test_a_folder_of_packages(tmp_path):
    """`pip install -t`: nothing beside the folder is looked for."""
    folder = tmp_path / "packages"
    run(sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--disable-pip-version-check",
        "-t", folder, WHEEL, cwd=tmp_path)
    told = run(sys.executable, "-S", "-c", TRIAL, tmp_path / "out", cwd=tmp_path, PYTHONPATH=str(folder))
    assert told.split()[0] == "45"
    told = run(sys.executable, "-S", "-m", "tamarisk", "--version", cwd=tmp_path, PYTHONPATH=str(folder))
    assert told.startswith("tamarisk ")


def pythons():
    """Other interpreters on this machine that run."""
    for minor in range(10, 16):
        found = shutil.which(f"python3.{minor}")
        if minor != sys.version_info[1] and found:
            asked = subprocess.run([found, "-c", "print(1)"], capture_output=True, text=True)
            if asked.stdout.strip() == "1":
                yield found


@needs_wheel
@pytest.mark.parametrize("interpreter", list(pythons()) or [pytest.param(None, marks=pytest.mark.skip("only one here"))])
def test_other_versions_of_python(interpreter, tmp_path):
    with zipfile.ZipFile(WHEEL) as wheel:
        wheel.extractall(tmp_path / "packages")
    told = run(interpreter, "-S", "-c", TRIAL, tmp_path / "out", cwd=tmp_path, PYTHONPATH=str(tmp_path / "packages"))
    assert told.split()[0] == "45"
    error = (
        "import pickle, tamarisk\ntry: tamarisk.score('nope.csv', [])\n"
        "except tamarisk.TamariskError as error: print(pickle.loads(pickle.dumps(error)).hint); print(str(error))"
    )
    told = run(interpreter, "-S", "-c", error, cwd=tmp_path, PYTHONPATH=str(tmp_path / "packages"))
    assert "nope.csv" in told and len(told.splitlines()) >= 2


def test_the_import_is_light(tmp_path):
    """Nothing heavy comes in, no thread starts, no handler of signals is changed; it takes a fraction of a second."""
    told = python(
        """
import signal, sys, threading, time
before = set(sys.modules)
began = time.perf_counter()
import tamarisk
took = time.perf_counter() - began
heavy = {"numpy", "pandas", "geopandas", "pyarrow", "polars", "duckdb", "pyproj", "shapely", "tqdm", "pyspark",
         "multiprocessing", "asyncio", "IPython", "importlib.metadata", "typing_extensions"}
print(sorted(heavy & (set(sys.modules) - before)))
print(threading.active_count(), len(__import__("os").listdir("/proc/self/task")) if sys.platform == "linux" else 1)
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
print(took)
""",
        cwd=tmp_path,
    ).splitlines()
    assert told[:3] == ["[]", "1 1", "True"]
    assert float(told[3]) < 1.0


def test_every_name_is_documented():
    for name in tamarisk.__all__:
        thing = getattr(tamarisk, name)
        assert name.startswith("__") or (thing.__doc__ or "").strip(), name
    for owner in (tamarisk.Engine, tamarisk.Result, tamarisk.Layer):
        for name in dir(owner):
            if not name.startswith("_"):
                assert (getattr(owner, name).__doc__ or "").strip(), f"{owner.__name__}.{name}"
