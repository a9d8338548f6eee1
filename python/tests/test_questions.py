"""Questions: each answer is the bytes that the program prints with --json."""

import csv
import json

import geopandas
import numpy
import pandas
import pytest

import tamarisk
from cases import (
    AS_OF, INCIDENTS, LINKED, RECEPTORS, SITES, answer, assert_same_bytes, assert_same_files, command, files, given,
)

CASE = [*given(), "--as-of", AS_OF, "-q"]
NEAR = [*given(), "-q"]


@pytest.fixture(scope="module")
def routes(tmp_path_factory):
    """Two ways between the same ends."""
    ways = {"north": [[66.9, 30.1], [67.5, 30.5]], "south": [[66.9, 30.1], [67.1, 30.4], [67.5, 30.5]]}
    path = tmp_path_factory.mktemp("routes") / "routes.geojson"
    made = [
        {"type": "Feature", "id": name, "properties": {"name": name},
         "geometry": {"type": "LineString", "coordinates": way}}
        for name, way in ways.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}))
    return path


def same(ours, *args):
    """An answer is the bytes that the program prints."""
    theirs = answer(*args)
    assert_same_bytes(args[0], ours.json, theirs)
    assert dict(ours) == json.loads(theirs)


def test_risk(engine):
    same(engine.risk((66.9, 30.1)), "risk", *CASE, "--at", "66.9,30.1", "--json")
    same(engine.risk((64.0, 27.5)), "risk", *CASE, "--at", "64.0,27.5", "--json")


@pytest.mark.parametrize("site", ["PK-S001", "Reko Diq", "Duki coalfield"])
def test_explain(site, engine, scored):
    same(engine.explain(site), "explain", *CASE, site, "--json")
    assert scored.explain(site) == engine.explain(site)


@pytest.mark.parametrize(
    ("asked", "args"),
    [
        ({}, []),
        ({"k": 3}, ["-k", "3"]),
        ({"within": 50}, ["--within", "50km"]),
        ({"within": "50 km"}, ["--within", "50km"]),
        ({"within": "800 m"}, ["--within", "800m"]),
        ({"within": "200 km", "k": 5, "kinds": ["incident"]}, ["--within", "200km", "-k", "5", "--kind", "incident"]),
        ({"kinds": ("site", "rivers")}, ["--kind", "site,rivers"]),
    ],
)
def test_near(asked, args, engine):
    same(engine.near((66.9, 30.1), **asked), "near", *NEAR, "--at", "66.9,30.1", *args, "--json")
    same(engine.near("PK-S001", **asked), "near", *NEAR, "--site", "PK-S001", *args, "--json")


@pytest.mark.parametrize("by", [None, "security"])
def test_rank(by, engine, tmp_path):
    args = [] if by is None else ["--by", by]
    case = [*given(sites=()), "--as-of", AS_OF, "-q"]
    alone = tamarisk.Engine(INCIDENTS, RECEPTORS, as_of=AS_OF)
    same(alone.rank(SITES, by=by), "rank", *case, SITES, *args, "--json")
    same(alone.rank([SITES], by=by), "rank", *case, SITES, *args, "--json")
    frame = geopandas.read_file(LINKED)
    ranked = alone.rank(frame, by=by)
    assert [one["rank"] for one in ranked["candidates"]] == list(range(1, len(ranked["candidates"]) + 1))


def test_corridor(engine, routes):
    case = [*given(), "--as-of", AS_OF, "-q"]
    same(engine.corridor(routes), "corridor", *case, routes, "--json")
    frame = geopandas.read_file(routes)
    of_frame = engine.corridor(frame)
    assert of_frame["routes"] == engine.corridor(routes)["routes"]


def test_hindcast_writes_the_programs_folder(tmp_path):
    asked = ["--from", "2018-12-31", "--to", "2022-12-31", "--every", "12m", "--within", "25km,50km",
             "--horizon", "365d", "--min-deaths", "0"]
    told = tamarisk.hindcast(
        [SITES, LINKED], INCIDENTS, from_="2018-12-31", to="2022-12-31", every="12m", within=("25 km", "50 km"),
        horizon=("365 d",), min_deaths=(0,), write=tmp_path / "ours",
    )
    answer("hindcast", *given(receptors={}), *asked, "-q", "-o", tmp_path / "theirs")
    assert files(tmp_path / "ours") == files(tmp_path / "theirs")
    assert len(json.loads(told.json)) > 0 and dict(told) == json.loads(told.json)


def test_surface(engine, tmp_path):
    surface = engine.surface(bounds=(65.0, 28.0, 69.0, 31.0), cell="10 km")
    surface.write(tmp_path / "ours.tif")
    answer("surface", *given(), "--as-of", AS_OF, "--bbox", "65,28,69,31", "--cell", "10km", "-q",
           "-o", tmp_path / "theirs.tif")
    assert_same_bytes("surface", (tmp_path / "ours.tif").read_bytes(), (tmp_path / "theirs.tif").read_bytes())
    values = numpy.asarray(surface.values)
    assert values.ndim == 2 and values.shape == numpy.asarray(surface.to_numpy()).shape
    assert numpy.nanmax(values) > 50
    west, south, east, north = surface.bounds
    a, b, c, d, e, f = tuple(surface.transform)[:6]
    assert (c, f) == pytest.approx((west, north)) and b == d == 0
    assert (c + a * values.shape[1], f + e * values.shape[0]) == pytest.approx((east, south))
    # A cell tells what a question about its center does, but for the accuracy of the place.
    row, column = numpy.unravel_index(numpy.nanargmax(values), values.shape)
    there = engine.risk((c + (column + 0.5) * a, f + (row + 0.5) * e))["security"]["score"]
    assert values[row, column] == pytest.approx(there, abs=3.0)


@pytest.mark.parametrize("role", [None, "sites"])
def test_check(role):
    checked = tamarisk.check(SITES, role)
    args = [] if role is None else ["--as", role]
    theirs = json.loads(answer("check", SITES, *args, "--json"))[0]
    assert (checked.read, checked.kept, checked.set_aside) == (45, 45, 0)
    assert (checked.role, checked.layout) == (theirs["role"], theirs["layout"])
    assert [(finding.place, finding.why, finding.code) for finding in checked] == [
        (finding["place"], finding["why"], finding["code"]) for finding in theirs["findings"]
    ]
    assert len(checked) == len(theirs["findings"]) > 0


def test_check_a_table_with_faults():
    sites = pandas.read_csv(SITES)
    sites.loc[4, "lat"] = 123.0
    checked = tamarisk.check(sites, "sites")
    assert (checked.read, checked.kept, checked.set_aside) == (45, 44, 1)
    aside = [finding for finding in checked if finding.verdict == "set aside"]
    assert len(aside) == 1 and aside[0].place.endswith(" 4") and "123" in f"{aside[0].value} {aside[0].why}"


def test_findings_and_receipt(scored, tmp_path):


    scored.write(tmp_path, layers=["sites"])
    with (tmp_path / "rejects.csv").open(newline="", encoding="utf-8") as file:
        theirs = list(csv.DictReader(file))
    ours = [
        {key: getattr(finding, key) or "" for key in ("file", "place", "id", "field", "value", "why", "verdict", "code")}
        for finding in scored.findings
    ]
    assert ours == theirs and ours
    receipt = json.loads((tmp_path / "receipt.json").read_text())
    assert {key: receipt[key] for key in ("as_of", "scheme", "inputs")} == {
        key: scored.receipt[key] for key in ("as_of", "scheme", "inputs")
    }


def test_answers_as_tables(engine):
    near = engine.near((66.9, 30.1), k=5)
    table = near.to_pandas()
    assert table["id"].tolist() == [one["id"] for one in near["neighbors"]]
    assert len(engine.rank(SITES).to_pandas()) == 45


def test_an_engine_is_asked_again_and_again(engine, scored):
    """One engine, other sites: the same rows as a run of those sites alone; nothing is left of the question before."""
    sites = pandas.read_csv(SITES)
    whole = engine.score([SITES, LINKED]).sites.__geo_interface__
    assert whole == engine.score([SITES, LINKED]).sites.__geo_interface__ == scored.sites.__geo_interface__
    assert engine.score().sites.__geo_interface__ == whole
    for part in (sites.iloc[:3], sites.iloc[20:]):
        alone = tamarisk.score(part, INCIDENTS, RECEPTORS, as_of=AS_OF)
        assert engine.score(part).sites.__geo_interface__ == alone.sites.__geo_interface__


def test_a_folder_of_an_engine_is_that_of_one_run(engine, tmp_path):
    engine.score([SITES, LINKED]).write(tmp_path / "ours")
    answer("score", *given(), "--as-of", AS_OF, "-q", "-o", tmp_path / "theirs")
    assert_same_files(tmp_path / "ours", tmp_path / "theirs")


def test_what_an_engine_tells(engine):
    assert str(engine.as_of) == AS_OF
    assert engine.incidents == 169
    assert engine.receptors == 1171 + 10
    assert list(engine.findings)


def test_an_engine_of_no_incidents(tmp_path):
    """As the program without --incidents: there are rows, and no score is made up."""
    scored = tamarisk.Engine(None, RECEPTORS).score(SITES)
    scored.write(tmp_path / "ours")
    answer("score", *given([SITES], []), "-q", "-o", tmp_path / "theirs")
    assert_same_files(tmp_path / "ours", tmp_path / "theirs")
    assert scored.sites.to_pandas()["security_score"].isna().all()


def test_the_command_line(tmp_path):
    assert command("--version").stdout.decode().startswith("tamarisk 0.")
    assert command("score", "--no-such").returncode == 2
    assert command("score", "-s", tmp_path / "none.csv").returncode == 4
