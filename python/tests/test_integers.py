"""Whole numbers come back as integers, so that frames join on ids; files are as they were."""

import geopandas
import numpy
import pandas
import pandas.api.types as types
import pytest

import tamarisk
from cases import INCIDENTS, SITES, files

RECORD = pandas.DataFrame(
    {"id": [11, 12], "date": "2024-05-01", "lon": [66.95, 67.0], "lat": [30.25, 30.3], "country": "Pakistan",
     "event_type": "attack", "fatalities": [2, 0], "ref": [5, 6]}
)
MINES = pandas.DataFrame(
    {"id": [7, 3], "lon": [66.9, 67.1], "lat": [30.2, 30.4], "staff": [120, 80], "depth": [100.0, 250.0],
     "grade": [1.5, 2.0], "code": ["07", "08"], "year": pandas.array([1999, None], dtype="Int64")}
)


def points(frame):
    place = geopandas.points_from_xy(frame["lon"], frame["lat"])
    return geopandas.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=place, crs="EPSG:4326")


FORMS = ("to_pandas", "to_geopandas")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("of", [lambda frame: frame, points], ids=["pandas", "geopandas"])
def test_ids_and_own_columns_keep_their_type(form, of):
    result = tamarisk.score(of(MINES), of(RECORD))
    frame = getattr(result.sites, form)()
    assert frame["id"].dtype == "int64" and frame["id"].tolist() == [7, 3]
    assert frame["site_staff"].dtype == "int64"
    assert frame["site_year"].dtype == "Int64" and frame["site_year"][0] == 1999 and frame["site_year"][1] is pandas.NA
    # Floats that happen to be whole stay floats, and texts of digits texts.
    assert frame["site_depth"].dtype == frame["site_grade"].dtype == "float64"
    assert frame["site_code"].tolist() == ["07", "08"]
    merged = frame.merge(MINES[["id", "staff"]], on="id", validate="one_to_one")
    assert merged["staff"].tolist() == merged["site_staff"].tolist() == [120, 80]
    assert frame["nearest_incident_id"].isin(RECORD["id"]).all()
    record = getattr(result.incidents, form)()
    assert record["id"].dtype == record["incident_ref"].dtype == "int64"
    assert record.merge(RECORD, on="id")["ref"].tolist() == record["incident_ref"].tolist()
    for name in ("rings", "links"):
        linked = getattr(result.layer(name), form)()
        assert len(linked) and set(linked["site_id"]) <= {7, 3}, name


@pytest.mark.parametrize("form", FORMS)
def test_counts_are_integers(form):
    result = tamarisk.score(SITES, INCIDENTS, as_of="2026-01-31")
    frame = getattr(result.sites, form)()
    for column in ("incidents_25km", "fatalities_50km", "incidents_50km_365d"):
        assert types.is_integer_dtype(frame[column]), column
        arrow = result.sites.to_arrow()[column].to_pylist()
        assert [None if pandas.isna(one) else float(one) for one in frame[column]] == arrow
    assert types.is_float_dtype(frame["security_score"]) and types.is_float_dtype(frame["nearest_incident_km"])
    holed = tamarisk.score(SITES, []).sites
    assert getattr(holed, form)()["incidents_25km"].dtype == "Int64"


def test_ids_that_were_text_stay_text():
    frame = tamarisk.score(MINES.assign(id=["7", "3"]), RECORD.assign(id=["007", "008"])).sites.to_pandas()
    assert frame["id"].tolist() == ["7", "3"]
    assert frame["nearest_incident_id"].isin(["007", "008"]).all()


def test_ids_of_text_files_are_those_of_pandas(tmp_path):
    for ids in ([7, 3], ["07", "3"], ["a", "3"]):
        MINES.assign(id=ids).to_csv(tmp_path / "sites.csv", index=False)
        frame = tamarisk.score(tmp_path / "sites.csv", RECORD).sites.to_pandas()
        assert frame["id"].tolist() == ids
        theirs = pandas.read_csv(tmp_path / "sites.csv", dtype=None if ids == [7, 3] else {"id": str})
        assert len(frame.merge(theirs, on="id")) == 2


def test_large_ids_keep_every_digit():
    large = 2**53 + 1
    frame = tamarisk.score(MINES.assign(id=[large, -3]), RECORD).sites.to_pandas()
    assert frame["id"].tolist() == [large, -3]


def test_a_column_named_in_a_map():
    frame = MINES.rename(columns={"id": "mine", "staff": "id"})
    scored = tamarisk.score(frame, RECORD, columns={"sites.id": "mine"}).sites.to_pandas()
    assert scored["id"].tolist() == [7, 3] and scored["id"].dtype == "int64"


def test_integers_and_texts_in_several_sources():
    mixed = [MINES, MINES.assign(id=["x", "y"], staff=["few", "many"])]
    frame = tamarisk.score(mixed, RECORD).sites.to_pandas()
    assert frame["id"].tolist() == ["7", "3", "x", "y"]
    assert frame["site_staff"].tolist() == ["120", "80", "few", "many"]
    holed = [MINES, MINES.assign(id=[8, 9]).drop(columns="staff")]
    frame = tamarisk.score(holed, RECORD).sites.to_pandas()
    assert frame["site_staff"].dtype == "Int64" and frame["site_staff"].isna().sum() == 2


def test_files_have_the_bytes_that_they_had(tmp_path):
    """A frame writes what its CSV writes: with decimal points."""
    integers = MINES.drop(columns="code")
    integers.to_csv(tmp_path / "sites.csv", index=False)
    RECORD.to_csv(tmp_path / "incidents.csv", index=False)
    of_frames = tamarisk.score(integers, RECORD)
    of_frames.sites.to_pandas()
    of_frames.sites.write(tmp_path / "ours.geojson")
    tamarisk.score(tmp_path / "sites.csv", tmp_path / "incidents.csv").sites.write(tmp_path / "theirs.geojson")
    written = files(tmp_path)
    assert written["ours.geojson"] == written["theirs.geojson"]
    assert b'"site_staff":120.0' in written["ours.geojson"].replace(b": ", b":")
    assert b'"7"' in written["ours.geojson"]


def test_arrow_is_as_files_are():
    table = tamarisk.score(MINES, RECORD).sites.to_arrow()
    assert str(table.schema.field("id").type) == "string" and str(table.schema.field("site_staff").type) == "double"
    assert table.schema.field("incidents_25km").metadata[b"decimals"] == b"0"
    assert numpy.array(table["site_staff"]).tolist() == [120.0, 80.0]
