"""Frames as people have them: columns of mixed types, periods, years, several geometries, series, labels of two levels."""

import datetime
import decimal
import uuid
import warnings

import geopandas
import numpy
import pandas
import polars
import pyarrow
import pytest
import shapely

import tamarisk
from cases import AS_OF, INCIDENTS, LINKED, SITES

RECORD = pandas.DataFrame(
    {"id": ["1", "2"], "date": "2024-05-01", "lon": [66.95, 67.0], "lat": [30.25, 30.3], "country": "Pakistan",
     "event_type": "attack"}
)


def sites():
    return pandas.read_csv(SITES)[["id", "name", "country", "lon", "lat"]]


def points(frame=None):
    frame = sites() if frame is None else frame
    place = geopandas.points_from_xy(frame["lon"], frame["lat"])
    return geopandas.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=place, crs="EPSG:4326")


def score(frame):
    return tamarisk.score(frame, INCIDENTS, as_of=AS_OF)


MIXED = [5, "five", 2.5, True, None, datetime.date(2024, 3, 9), decimal.Decimal("1.10"), float("nan"),
         pandas.Timestamp("2024-03-09 12:00"), uuid.UUID(int=7), [1, 2], pandas.NA, numpy.int64(3)]


@pytest.mark.parametrize("of", [sites, points])
def test_a_column_of_several_types_is_read_as_its_csv_would_be(of, tmp_path):
    frame = of()
    frame["notes"] = pandas.Series([*MIXED, *["same"] * (len(frame) - len(MIXED))], dtype=object)
    with pytest.warns(tamarisk.TamariskWarning, match=r"sites: the column 'notes' has values of several types \(int, str") as caught:
        read = score(frame).sites.to_pandas()["site_notes"]
    assert [one.filename for one in caught] == [__file__]
    sites().assign(notes=frame["notes"]).to_csv(tmp_path / "sites.csv", index=False)
    of_text = score(tmp_path / "sites.csv").sites.to_pandas()["site_notes"]
    assert read.tolist() == of_text.tolist()
    assert read[0] == "5" and read[3] == "True" and pandas.isna(read[4])


def test_ids_of_several_types():
    frame = sites().astype({"id": object})
    frame.loc[0, "id"] = 7
    with pytest.warns(tamarisk.TamariskWarning, match="'id'"):
        ids = score(frame).sites.to_pandas()["id"]
    assert ids[0] == "7" and ids[1] == sites()["id"][1]


@pytest.mark.parametrize("of", [sites, points])
@pytest.mark.parametrize(
    ("values", "kind"),
    [(numpy.array([1 + 2j]), "complex"), ([object()], "object"), ([1, b"bytes"], "bytes"), (["a", {1, 2}], "set")],
)
def test_what_has_no_text_is_refused_by_its_column(of, values, kind):
    frame = of().iloc[: len(values)]
    frame = frame.assign(wave=pandas.Series(values))
    with pytest.raises(tamarisk.UsageError) as refused:
        score(frame)
    assert "sites: the column 'wave'" in refused.value.message and kind in refused.value.message
    assert "drop(columns='wave')" in refused.value.hint


def test_shapes_in_a_plain_frame():
    frame = pandas.DataFrame({"id": ["a"], "place": [shapely.Point(66.9, 30.1)]})
    with pytest.raises(tamarisk.UsageError) as refused:
        score(frame)
    assert "'place'" in refused.value.message and "GeoDataFrame(frame, geometry='place'" in refused.value.hint


@pytest.mark.parametrize("dtype", ["category", "string", "Sparse[str]", "string[pyarrow]"])
def test_texts_of_any_dtype(dtype):
    plain = score(sites()).sites.to_pandas()
    frame = sites()
    frame = frame.astype({"name": dtype})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", tamarisk.TamariskWarning)
        pandas.testing.assert_frame_equal(score(frame).sites.to_pandas(), plain)


def test_a_series_of_shapes_is_a_table():
    frame = points()
    of_series = score(frame.geometry).sites.to_pandas()
    of_frame = score(frame[["geometry"]]).sites.to_pandas()
    assert len(of_series) == 45
    pandas.testing.assert_frame_equal(of_series, of_frame)
    moved = score(frame.geometry.to_crs("EPSG:32642")).sites.to_pandas()
    assert moved["security_score"].tolist() == of_series["security_score"].tolist()
    with pytest.raises(tamarisk.UsageError) as refused:
        score(geopandas.GeoSeries([shapely.Point(66.9, 30.1)]))
    assert "GeoSeries has no reference system" in refused.value.message and "crs=" in refused.value.hint
    bare = frame.to_crs("EPSG:32642").geometry.set_crs(None, allow_override=True)
    assert len(tamarisk.score(bare, RECORD, crs="EPSG:32642").sites) == 45


@pytest.mark.parametrize("column", [pyarrow.chunked_array([[1.0, 2.0]]), polars.Series([1.0, 2.0])], ids=["pyarrow", "polars"])
def test_a_column_is_no_table(column):
    with pytest.raises(tamarisk.UsageError) as refused:
        score(column)
    assert "sites" in refused.value.message and "table" in refused.value.hint


def test_a_series_of_pandas_is_refused():
    with pytest.raises(tamarisk.UsageError) as refused:
        score(sites().iloc[0])
    assert "frame.iloc[[0]]" in refused.value.hint


def test_a_second_geometry_is_told():
    frame = points()
    frame["around"] = frame.geometry.buffer(0.01)
    with pytest.warns(tamarisk.TamariskWarning, match="'around'.*'geometry'") as caught:
        assert len(score(frame).sites) == 45
    assert [one.filename for one in caught] == [__file__]


@pytest.mark.parametrize(
    ("freq", "first", "last"),
    [("D", "2019-07-01", "2019-07-01"), ("W", "2019-07-01", "2019-07-07"), ("M", "2019-07-01", "2019-07-31"),
     ("Q", "2019-07-01", "2019-09-30"), ("Y", "2019-01-01", "2019-12-31"), ("h", "2019-07-01", "2019-07-01")],
)
@pytest.mark.parametrize("made", ["pandas", "geopandas", "pyarrow"])
def test_periods_are_the_days_that_they_span(freq, first, last, made):
    text = first if first == last else f"{first}/{last}"
    periods = RECORD.assign(date=pandas.PeriodIndex(["2019-07-01"] * 2, freq=freq))
    given = {
        "pandas": lambda: periods,
        "geopandas": lambda: points(periods),
        "pyarrow": lambda: pyarrow.Table.from_pandas(periods, preserve_index=False),
    }[made]()
    ours = tamarisk.score(SITES, given).incidents.to_pandas()
    theirs = tamarisk.score(SITES, RECORD.assign(date=text)).incidents.to_pandas()
    pandas.testing.assert_frame_equal(ours, theirs)
    assert str(ours["date"][0]) == last


@pytest.mark.parametrize("years", [[2019, 2021], [2019.0, 2021.0], pandas.array([2019, None], dtype="Int64")])
def test_years_are_read_as_those_of_a_csv(years, tmp_path):
    frame = RECORD.assign(date=years)
    plain = pandas.array(years, dtype="Int64")
    RECORD.assign(date=plain).to_csv(tmp_path / "incidents.csv", index=False)
    ours, theirs = tamarisk.score(SITES, frame), tamarisk.score(SITES, tmp_path / "incidents.csv")
    assert ours.as_of == theirs.as_of
    assert ours.incidents.to_pandas()["date"].tolist() == theirs.incidents.to_pandas()["date"].tolist()
    assert str(ours.incidents.to_pandas()["date"][0]) == "2019-12-31"


@pytest.mark.parametrize("of", [sites, points])
def test_labels_of_two_levels(of):
    frame = of()
    frame.columns = pandas.MultiIndex.from_product([["site"], frame.columns])
    with pytest.raises(tamarisk.UsageError) as refused:
        score(frame)
    assert "levels" in refused.value.message and "frame.columns =" in refused.value.hint


def test_frames_are_not_changed():
    frame = points()
    frame["notes"] = pandas.Series([5, "five"] * 22 + [1], dtype=object)
    frame["when"] = pandas.Period("2024-05")
    before = frame.copy()
    with pytest.warns(tamarisk.TamariskWarning):
        score(frame)
    assert frame.equals(before) and frame.dtypes.equals(before.dtypes)


def test_a_reader_is_read_once():
    """What can be read only once is, also where a column map names no role."""
    table = pyarrow.Table.from_pandas(sites().rename(columns={"lat": "Y"}), preserve_index=False)
    result = tamarisk.score(table.to_reader(), INCIDENTS, columns={"lat": "Y"}, as_of=AS_OF)
    assert len(result) == 45


def test_one_warning_for_one_column():
    frame = sites().rename(columns={"lat": "Y"})
    frame["notes"] = pandas.Series([5, "five"] * 22 + [1], dtype=object)
    with pytest.warns(tamarisk.TamariskWarning) as caught:
        tamarisk.score(frame, INCIDENTS, columns={"lat": "Y"}, as_of=AS_OF)
    assert len(caught) == 1


def test_rows_are_called_rows():
    frame = sites()
    frame.loc[3, "lat"] = 95.0
    places = {one.place for one in score(frame).findings if one.verdict == "set aside" and one.file == "sites"}
    assert places == {"row 3"}


def test_the_nearest_name_is_of_no_other_field():
    """`event_type` looks like `event_date`, and is the type."""
    with pytest.raises(tamarisk.DataError) as refused:
        tamarisk.score(SITES, RECORD.rename(columns={"date": "when"}))
    assert refused.value.hint == 'name them: columns={"incidents.date": "COLUMN"}'
    with pytest.raises(tamarisk.DataError) as refused:
        tamarisk.score(SITES, RECORD.rename(columns={"date": "evnt_date"}))
    assert refused.value.hint == 'nearest names: columns={"incidents.date": "evnt_date"}'


def test_types_are_files():
    with pytest.raises(tamarisk.UsageError) as refused:
        tamarisk.score(SITES, INCIDENTS, types={"atack": "attack"})
    assert "types" in refused.value.message and "word and type" in refused.value.hint


def test_lines_are_shapes():
    assert len(score(geopandas.read_file(LINKED).geometry).sites)
