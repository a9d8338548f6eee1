"""Places and lines as people hold them: pairs, shapes of shapely, series and frames of shapes."""

import geopandas
import numpy
import pytest
import shapely

import tamarisk
from cases import AS_OF, INCIDENTS, SITES

PLACE = (66.9, 30.1)
POINT = shapely.Point(PLACE)
SERIES = geopandas.GeoSeries([POINT], crs="EPSG:4326")
PLACES = {
    "a list": list(PLACE),
    "an array": numpy.array(PLACE),
    "a Point": POINT,
    "a Point with a height": shapely.Point(66.9, 30.1, 1500.0),
    "a GeoSeries": SERIES,
    "a GeoSeries in meters": SERIES.to_crs("EPSG:32642"),
    "a GeoDataFrame": SERIES.to_frame("place"),
}


@pytest.mark.parametrize("given", PLACES)
@pytest.mark.parametrize("question", ["risk", "near"])
def test_a_place(question, given, engine):
    ours, theirs = (getattr(engine, question)(at) for at in (PLACES[given], PLACE))
    if "meters" in given:
        assert (ours["lon"], ours["lat"]) == pytest.approx(PLACE, abs=1e-7)
    else:
        assert ours.json == theirs.json


FAULTS = {
    "a line": (shapely.LineString([PLACE, (67, 30)]), "LineString", "representative_point"),
    "an empty point": (shapely.Point(), "without a position", "representative_point"),
    "two rows": (geopandas.GeoSeries([POINT, POINT], crs="EPSG:4326"), "2 rows", "rank"),
    "no system": (geopandas.GeoSeries([POINT]), "no reference system", "set_crs"),
    "three numbers": ((1, 2, 3), "longitude", "longitude comes first"),
    "a frame": (geopandas.GeoDataFrame({"id": ["a"]}), "no geometry", "set_geometry"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("question", ["risk", "near"])
def test_what_is_no_place(question, fault, engine):
    given, word, hint = FAULTS[fault]
    with pytest.raises(tamarisk.UsageError) as refused:
        getattr(engine, question)(given)
    assert word in refused.value.message and hint in refused.value.hint
    assert "at" in refused.value.message


PAIRS = [(66.9, 30.1), (62.05, 29.12), (67.5, 30.5)]
CANDIDATES = {
    "pairs": PAIRS,
    "an array": numpy.array(PAIRS),
    "Points": [shapely.Point(pair) for pair in PAIRS],
    "pairs and Points": [PAIRS[0], *map(shapely.Point, PAIRS[1:])],
    "a GeoSeries": geopandas.GeoSeries(map(shapely.Point, PAIRS), crs="EPSG:4326"),
    "a GeoDataFrame": geopandas.GeoDataFrame(geometry=list(map(shapely.Point, PAIRS)), crs="EPSG:4326"),
}


@pytest.mark.parametrize("given", CANDIDATES)
def test_candidates(given, engine):
    ranked = engine.rank(CANDIDATES[given], by="security")["candidates"]
    places = [(one["lon"], one["lat"]) for one in ranked]
    assert sorted(places) == sorted(PAIRS)
    scores = [engine.risk(place)["security"]["score"] for place in places]
    assert scores == sorted(scores) == pytest.approx([one["security"] for one in ranked])


def test_one_candidate_and_lists_of_several_kinds(engine):
    assert len(engine.rank(PLACE)["candidates"]) == len(engine.rank(POINT)["candidates"]) == 1
    assert len(engine.rank([POINT, SITES])["candidates"]) == 46


@pytest.mark.parametrize("given", [None, []])
def test_no_candidates_and_no_routes(given, engine):
    for question in (engine.rank, engine.corridor):
        with pytest.raises(tamarisk.UsageError, match="are given"):
            question(given)


def test_places_are_sites():
    assert len(tamarisk.score(PAIRS, INCIDENTS, as_of=AS_OF)) == 3
    assert len(tamarisk.score([shapely.box(66, 30, 67, 31)], INCIDENTS, as_of=AS_OF).footprints) == 1


LINE = shapely.LineString([(66.9, 30.1), (67.5, 30.5)])


@pytest.mark.parametrize("given", [LINE, [LINE], geopandas.GeoSeries([LINE], crs="EPSG:4326"), numpy.array([LINE])])
def test_routes(given, engine):
    frame = geopandas.GeoDataFrame({"id": ["a"]}, geometry=[LINE], crs="EPSG:4326")
    ours, theirs = (engine.corridor(routes)["routes"] for routes in (given, frame))
    assert len(ours) == 1
    assert (ours[0]["mean"], ours[0]["length_km"]) == (theirs[0]["mean"], theirs[0]["length_km"])


@pytest.mark.parametrize("given", [PLACE, SITES, geopandas.GeoDataFrame({"id": ["a"], "name": ["b"]})[["id"]]])
def test_routes_that_are_none(given, engine):
    with pytest.raises(tamarisk.TamariskError) as refused:
        engine.corridor(given)
    told = f"{refused.value.message} {refused.value.hint}"
    assert "routes" in refused.value.message and "sites" not in told and refused.value.hint


def test_a_box_of_a_surface_is_called_bounds(engine):
    for asked in ({"cell": "10m"}, {"bounds": (66, 30, 66.001, 30.001), "cell": "100 km"}):
        with pytest.raises(tamarisk.UsageError) as refused:
            engine.surface(**asked)
        assert "bounds=" in refused.value.hint and "bbox" not in f"{refused.value.message} {refused.value.hint}"
