"""Results, layers and surfaces go to other processes and come back the same."""

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy
import pandas
import pytest

import tamarisk
from cases import AS_OF, INCIDENTS, SITES, assert_same_bytes

LAYERS = tamarisk.Result.LAYERS


def again(what):
    return pickle.loads(pickle.dumps(what))


@pytest.fixture(scope="module")
def kept(scored):
    return again(scored)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer(name, scored, tmp_path):
    layer = scored.layer(name)
    for other in (again(layer), again(again(layer)), copy.deepcopy(layer)):
        assert (other.name, other.geometry_type, len(other)) == (layer.name, layer.geometry_type, len(layer))
        assert other.described == layer.described
        assert other.to_arrow().equals(layer.to_arrow(), check_metadata=True)
        pandas.testing.assert_frame_equal(other.to_pandas(), layer.to_pandas())
        assert other.__geo_interface__ == layer.__geo_interface__
        assert other._repr_html_() == layer._repr_html_()
    if len(layer):
        for extension in ("geojson", "fgb", "parquet"):
            for folder, written in (("ours", again(layer)), ("theirs", layer)):
                (tmp_path / folder).mkdir(exist_ok=True)
                written.write(tmp_path / folder / f"{name}.{extension}")
            ours, theirs = (tmp_path / folder / f"{name}.{extension}" for folder in ("ours", "theirs"))
            assert_same_bytes(name, ours.read_bytes(), theirs.read_bytes())


def test_a_result(scored, kept):
    assert repr(kept) == repr(scored) and len(kept) == len(scored)
    assert kept.findings == scored.findings and kept.receipt == scored.receipt
    assert (kept.as_of, kept.scheme) == (scored.as_of, scored.scheme)
    assert kept._repr_html_() == scored._repr_html_()
    for name in LAYERS:
        assert kept.layer(name).to_arrow().equals(scored.layer(name).to_arrow()), name
    assert again(kept).sites.to_arrow().equals(scored.sites.to_arrow())


def test_what_a_result_leaves_behind_is_told(kept, tmp_path):
    with pytest.raises(tamarisk.UsageError) as refused:
        kept.explain("Reko Diq")
    assert "explain" in refused.value.message and refused.value.hint
    with pytest.raises(tamarisk.UsageError) as refused:
        kept.write(tmp_path / "out")
    assert "result.sites.write" in refused.value.hint and not (tmp_path / "out").exists()


def test_types_are_kept():
    mines = pandas.DataFrame({"id": [7], "lon": [66.9], "lat": [30.2], "staff": [120], "depth": [100.0]})
    result = tamarisk.score(mines, INCIDENTS)
    for layer in (again(result).sites, again(result.sites)):
        pandas.testing.assert_frame_equal(layer.to_pandas(), result.sites.to_pandas())
        assert layer.to_pandas()["id"].dtype == "int64"


def test_a_surface(engine, tmp_path):
    surface = engine.surface(bounds=(65.0, 28.0, 69.0, 31.0), cell="20 km")
    other = again(surface)
    assert (other.bounds, other.cell, other.shape, other.crs) == (surface.bounds, surface.cell, surface.shape, surface.crs)
    assert numpy.array_equal(other.to_numpy(), surface.to_numpy(), equal_nan=True)
    surface.write(tmp_path / "theirs.tif")
    other.write(tmp_path / "ours.tif")
    assert_same_bytes("surface", (tmp_path / "ours.tif").read_bytes(), (tmp_path / "theirs.tif").read_bytes())


def test_an_engine_says_what_to_do_instead(engine):
    with pytest.raises(tamarisk.UsageError) as refused:
        pickle.dumps(engine)
    assert "Engine" in refused.value.message and "process" in refused.value.hint


def scored_in_a_worker(path):
    return tamarisk.score(path, INCIDENTS, as_of=AS_OF)


def test_a_result_of_a_worker():
    here = scored_in_a_worker(SITES)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        there = pool.submit(scored_in_a_worker, SITES).result(timeout=120)
    assert there.sites.to_arrow().equals(here.sites.to_arrow())
