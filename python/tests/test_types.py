"""Types: the stub says what the extension has, the package is typed throughout, and a sample of use checks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import tamarisk

SAMPLE = '''
import datetime
from pathlib import Path

import geopandas
import pandas
import pyarrow

import tamarisk

sites = pandas.DataFrame({"id": ["a"], "lon": [66.0], "lat": [30.0]})
result: tamarisk.Result = tamarisk.score(sites, Path("incidents.csv"), {"rivers": ["rivers.geojson"]}, as_of=datetime.date.today())
layer: tamarisk.Layer = result.sites
frame: geopandas.GeoDataFrame = layer.to_geopandas()
table: pyarrow.Table = layer.to_arrow()
plain: pandas.DataFrame = layer.to_pandas()
count: int = len(layer)
engine = tamarisk.Engine("incidents.csv", sites=[sites, "more.csv"], bbox=(60.0, 24.0, 70.0, 38.0), threads=2)
near: dict = engine.near((66.0, 30.0), within="50 km", kinds=["incident"])
try:
    paths: list = result.write("out", formats=("geojson", "parquet"), gpkg=True)
except tamarisk.DataError as error:
    hint: str | None = error.hint

def told(stage: str, done: int, total: int | None) -> None: ...

tamarisk.score("sites.csv", "incidents.csv", progress=told)
'''

# Each is a mistake that a checker is to find.
MISTAKES = (
    'import tamarisk\ntamarisk.score("sites.csv", "incidents.csv", as_off="2024-01-01")\n',
    'import tamarisk\ntamarisk.score("sites.csv", "incidents.csv", threads="two")\n',
    'import tamarisk\ntamarisk.demo().sitez\n',
)


def run(*args, cwd, env=None):
    return subprocess.run(
        [sys.executable, "-m", *map(str, args)], cwd=cwd, env=env, capture_output=True, text=True, timeout=280
    )


def pyright(*args, cwd):
    """Pyright with this environment, which it looks for on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return run("pyright", *args, cwd=cwd, env={**os.environ, "PATH": path})


def test_the_stub_is_true(tmp_path):
    ran = run("mypy.stubtest", "tamarisk._tamarisk", cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_public_name_has_types(tmp_path):
    ran = pyright("--verifytypes", "tamarisk", "--ignoreexternal", cwd=tmp_path)
    assert "Type completeness score: 100%" in ran.stdout, ran.stdout + ran.stderr


def test_use_checks(tmp_path):
    (tmp_path / "sample.py").write_text(SAMPLE)
    ran = pyright("sample.py", cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    ran = run("mypy", "--ignore-missing-imports", "sample.py", cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_mistakes_are_found(tmp_path):
    for at, mistake in enumerate(MISTAKES):
        (tmp_path / f"mistake_{at}.py").write_text(mistake)
    ran = pyright(".", cwd=tmp_path)
    for at in range(len(MISTAKES)):
        assert f"mistake_{at}.py:2" in ran.stdout, ran.stdout


def test_our_own_code_checks(tmp_path):
    """The package itself, without the part for Spark, whose library is not here."""
    package = tmp_path / "tamarisk"
    shutil.copytree(tamarisk.__path__[0], package, ignore=shutil.ignore_patterns("spark*", "__pycache__"))
    ran = run("mypy", "--ignore-missing-imports", "--check-untyped-defs", "tamarisk", cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
