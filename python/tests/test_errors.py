"""Errors: of which class, with which code and hint, in Python's words; they survive being sent to another process."""

import copy
import pickle
import traceback
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import geopandas
import pandas
import pytest

import tamarisk
from cases import INCIDENTS, LINKED, RECEPTORS, SITES

CLASSES = {
    tamarisk.TamariskError: (Exception,),
    tamarisk.UsageError: (tamarisk.TamariskError, ValueError),
    tamarisk.DataError: (tamarisk.TamariskError, ValueError),
    tamarisk.InputOutputError: (tamarisk.TamariskError, OSError),
}


def case(sites=SITES, incidents=INCIDENTS, receptors=None, **keywords):
    return lambda: tamarisk.score(sites, incidents, receptors, **keywords)


def asked(question):
    return lambda: question(tamarisk.Engine(INCIDENTS, sites=SITES))


USAGE, DATA, IO = tamarisk.UsageError, tamarisk.DataError, tamarisk.InputOutputError

# What is done, the class and the code of its error, and a word that the message or the hint has.
FAULTS = {
    "no such file": (case(sites="nope.csv"), IO, "file-missing", "nope.csv"),
    "a folder": (case(sites=SITES.parent), tamarisk.TamariskError, None, "balochistan"),
    "no such scheme": (case(scheme="defualt"), USAGE, "setting-invalid", "default"),
    "no such day": (case(as_of="31.01.2026"), USAGE, "setting-invalid", "YYYY-MM-DD"),
    "a box of three": (case(bbox=(1, 2, 3)), USAGE, "setting-invalid", "bbox"),
    "a box of words": (case(bbox="somewhere"), USAGE, None, "bbox"),
    "no such country": (case(coverage="XYZ"), USAGE, "setting-invalid", "XYZ"),
    "no such kind": (case(receptors={"foo": RECEPTORS["rivers"]}), USAGE, "setting-invalid", "rivers"),
    "no such complete kind": (case(complete=("foo",)), USAGE, "setting-invalid", "rivers"),
    "no condition": (case(where="a ~ b"), USAGE, "setting-invalid", "where"),
    "a map of nothing": (case(columns="lat=Y"), USAGE, "map-invalid", "lat=Y"),
    "a column that is not there": (case(columns={"sites.lat": "Y"}), USAGE, "column-missing", "Y"),
    "incidents as sites": (case(sites=INCIDENTS, incidents=SITES), DATA, "column-missing", "date"),
    "threads of none": (case(threads=0), USAGE, None, "threads"),
    "draws of none": (case(uncertainty=-1), USAGE, None, "uncertainty"),
    "bytes": (case(sites=b"id,lon,lat\na,1,2\n"), USAGE, None, "path"),
    "a number": (case(sites=7), USAGE, None, "int"),
    "nothing": (case(sites=None), USAGE, None, "sites"),
    "no such site": (asked(lambda engine: engine.explain("nope")), USAGE, "site-unknown", "nope"),
    "a place beyond the world": (asked(lambda engine: engine.risk((300, 29))), USAGE, None, "300"),
    "a length of no unit": (asked(lambda engine: engine.near((66, 29), within="50 parsec")), USAGE, None, "parsec"),
    "no such thing to list": (asked(lambda engine: engine.near((66, 29), kinds=["foo"])), USAGE, None, "foo"),
    "routes that are points": (asked(lambda engine: engine.corridor(SITES)), tamarisk.TamariskError, "route-missing", ""),
    "nowhere to write": (
        lambda: tamarisk.demo().write("/dev/null/out"), IO, None, "/dev/null",
    ),
    "layers that are none": (lambda: tamarisk.demo().write("x", layers=["foo"]), USAGE, None, "foo"),
    "a format that is none": (lambda: tamarisk.demo().write("x", formats=("shp",)), USAGE, None, "shp"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_error_is_of_its_class(fault, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    does, kind, code, word = FAULTS[fault]
    with pytest.raises(tamarisk.TamariskError) as raised:
        does()
    error = raised.value
    assert isinstance(error, kind), type(error)
    if code is not None:
        assert error.code == code
    told = f"{error.message} {error.hint or ''}"
    assert word in told
    assert str(error).startswith(error.message)
    # Options are the program's words; Python has arguments.
    assert "--" not in told, told
    assert not list(tmp_path.iterdir())


def test_a_hint_is_shown_with_the_error():
    with pytest.raises(tamarisk.UsageError) as raised:
        tamarisk.score(SITES, INCIDENTS, scheme="defualt")
    shown = "".join(traceback.format_exception(raised.value))
    assert raised.value.hint and raised.value.hint in shown
    assert "tamarisk.UsageError" in shown


def test_errors_are_also_those_of_python():
    with pytest.raises(ValueError):
        tamarisk.score(SITES, INCIDENTS, as_of="never")
    with pytest.raises(OSError):
        tamarisk.score("nope.csv", INCIDENTS)


def test_arguments_that_do_not_exist():
    with pytest.raises(TypeError):
        tamarisk.score(SITES, INCIDENTS, as_off="2024-01-01")


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_the_tree(kind):
    for parent in CLASSES[kind]:
        assert issubclass(kind, parent)
    assert kind.__module__ == "tamarisk"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("fault", ["no such file", "no such scheme", "a column that is not there"])
def test_errors_pickle(fault, protocol):
    with pytest.raises(tamarisk.TamariskError) as raised:
        FAULTS[fault][0]()
    error = raised.value
    for again in (pickle.loads(pickle.dumps(error, protocol)), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert (again.message, again.hint, again.code) == (error.message, error.hint, error.code)
        assert str(again) == str(error)
        assert getattr(again, "__notes__", None) == getattr(error, "__notes__", None)


def in_a_worker(path):
    return len(tamarisk.score(path, INCIDENTS).sites)


def test_errors_come_back_from_a_worker():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        with pytest.raises(tamarisk.InputOutputError) as raised:
            pool.submit(in_a_worker, "nope.csv").result(timeout=60)
    assert raised.value.code == "file-missing" and raised.value.hint


def test_one_bad_source_of_many():
    with pytest.raises(tamarisk.UsageError):
        tamarisk.score(SITES, INCIDENTS, {"rivers": [RECEPTORS["rivers"], 5]})


def test_a_geodataframe_of_no_geometry():
    with pytest.raises(tamarisk.TamariskError) as raised:
        tamarisk.score(geopandas.read_file(LINKED).drop(columns="geometry"), INCIDENTS)
    assert raised.value.hint is None or "--" not in raised.value.hint
    frame = geopandas.GeoDataFrame({"id": ["a"]})
    with pytest.raises(tamarisk.TamariskError):
        tamarisk.score(frame, INCIDENTS)


def test_columns_of_two_names():
    twice = pandas.DataFrame([["a", 66.0, 67.0, 30.0]], columns=["id", "lon", "lon", "lat"])
    with pytest.raises(tamarisk.TamariskError) as raised:
        tamarisk.score(twice, INCIDENTS)
    assert "lon" in str(raised.value)
