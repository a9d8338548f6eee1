"""Tables of every library: each layer is that of the same table, written as GeoParquet and read by the program."""

import duckdb
import geopandas
import geopandas.testing
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

import tamarisk
from cases import AS_OF, INCIDENTS, LINKED, RECEPTORS, SITES, answer, features

LAYERS = ("sites", "rings", "links", "incidents")


def points(frame):
    """A table with lon and lat as a GeoDataFrame."""
    place = geopandas.points_from_xy(frame["lon"], frame["lat"])
    return geopandas.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=place, crs="EPSG:4326")


def frame(path):
    """A file as pandas reads it."""
    return pandas.read_csv(path)


# Each: a table made from a pandas table, and the same written as Parquet.
def geo_frame(table, path):
    made = points(table)
    made.to_parquet(path, index=False)
    return made


def pandas_frame(table, path):
    table.to_parquet(path, index=False)
    return table


def arrow_table(table, path):
    made = pyarrow.Table.from_pandas(table, preserve_index=False)
    pyarrow.parquet.write_table(made, path)
    return made


def arrow_reader(table, path):
    return arrow_table(table, path).to_reader(max_chunksize=7)


def geo_arrow(table, path):
    return pyarrow.table(geo_frame(table, path).to_arrow(index=False))


def polars_frame(table, path):
    arrow_table(table, path)
    return polars.from_pandas(table)


def duckdb_relation(table, path):
    arrow_table(table, path)
    return duckdb.from_arrow(pyarrow.Table.from_pandas(table, preserve_index=False))


KINDS = {
    "geopandas": geo_frame,
    "pandas": pandas_frame,
    "pyarrow": arrow_table,
    "record batches": arrow_reader,
    "geopandas to_arrow": geo_arrow,
    "polars": polars_frame,
    "duckdb": duckdb_relation,
}


def compared(layer):
    """A layer's features without the name of the file, which a table has not, and with the number of the row alone."""
    for feature in layer:
        feature["properties"].pop("file", None)
        if place := feature["properties"].get("place"):
            feature["properties"]["place"] = place.split()[-1]
    return layer


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_scores_as_its_file(kind, tmp_path):
    made = KINDS[kind]
    sites = made(frame(SITES), tmp_path / "sites.parquet")
    incidents = made(frame(INCIDENTS), tmp_path / "incidents.parquet")
    settlements = made(frame(RECEPTORS["settlements"]), tmp_path / "settlements.parquet")
    result = tamarisk.score(sites, incidents, {"settlements": settlements}, as_of=AS_OF)
    result.write(tmp_path / "ours", layers=LAYERS)
    answer(
        "score", "--sites", tmp_path / "sites.parquet", "--incidents", tmp_path / "incidents.parquet",
        "--receptors", f"settlements={tmp_path / 'settlements.parquet'}", "--as-of", AS_OF,
        "--layers", ",".join(LAYERS), "-q", "-o", tmp_path / "theirs",
    )
    for layer in LAYERS:
        ours = compared(features(tmp_path / "ours" / f"{layer}.geojson"))
        theirs = compared(features(tmp_path / "theirs" / f"{layer}.geojson"))
        assert ours, layer
        assert ours == theirs, layer


def test_a_table_scores_as_its_text(tmp_path):
    """CSV, pandas and GeoPandas: what is read as text and what is typed give the same scores."""
    of_text = features_of(tamarisk.score(SITES, INCIDENTS, as_of=AS_OF))
    of_frames = features_of(tamarisk.score(frame(SITES), frame(INCIDENTS), as_of=AS_OF))
    of_points = features_of(tamarisk.score(points(frame(SITES)), points(frame(INCIDENTS)), as_of=AS_OF))
    assert of_text == of_frames == of_points


def features_of(result):
    return [
        (feature["id"], feature["geometry"], feature["properties"]["security_score"],
         feature["properties"]["explanation"])
        for feature in result.sites.__geo_interface__["features"]
    ]


def test_lists_of_tables():
    """Two halves are the whole, in any mix of files and tables."""
    sites = frame(SITES)
    whole = features_of(tamarisk.score(SITES, INCIDENTS, as_of=AS_OF))
    halves = [sites.iloc[:20], pyarrow.Table.from_pandas(sites.iloc[20:], preserve_index=False)]
    assert features_of(tamarisk.score(halves, [INCIDENTS], as_of=AS_OF)) == whole


def test_lines_and_polygons():
    """Shapes of a GeoDataFrame are those of its file."""
    shapes = geopandas.read_file(LINKED)
    rivers = geopandas.read_file(RECEPTORS["rivers"])
    of_frames = tamarisk.score(shapes, INCIDENTS, {"rivers": rivers}, as_of=AS_OF)
    of_files = tamarisk.score(LINKED, INCIDENTS, {"rivers": RECEPTORS["rivers"]}, as_of=AS_OF)
    for name in ("sites", "links", "footprint_lines"):
        ours, theirs = (
            [(feature["geometry"], feature["properties"].get("explanation"))
             for feature in result.layer(name).__geo_interface__["features"]]
            for result in (of_frames, of_files)
        )
        assert ours == theirs and ours, name


def test_an_index_is_no_column():
    """An index names rows for pandas; it is not read, whatever it holds."""
    sites = frame(SITES)
    shuffled = sites.set_axis([f"row {n}" for n in range(len(sites))])
    named = sites.set_index("operator", drop=False).rename_axis("index")
    whole = features_of(tamarisk.score(sites, INCIDENTS, as_of=AS_OF))
    assert features_of(tamarisk.score(shuffled, INCIDENTS, as_of=AS_OF)) == whole
    assert features_of(tamarisk.score(named, INCIDENTS, as_of=AS_OF)) == whole


def test_inputs_are_not_changed():
    sites, incidents = points(frame(SITES)).to_crs("EPSG:32642"), frame(INCIDENTS)
    before = sites.copy(), incidents.copy()
    tamarisk.score(sites, incidents, as_of=AS_OF)
    geopandas.testing.assert_geodataframe_equal(sites, before[0])
    pandas.testing.assert_frame_equal(incidents, before[1])


def test_a_receptors_table_that_names_its_kinds():
    both = pandas.concat(frame(RECEPTORS[kind]).astype({"id": str}) for kind in ("settlements", "sensitive_areas"))
    apart = {kind: frame(RECEPTORS[kind]) for kind in ("settlements", "sensitive_areas")}
    of_both, of_apart = (
        tamarisk.score(SITES, INCIDENTS, receptors, as_of=AS_OF).sites.to_pandas() for receptors in (both, apart)
    )
    assert of_both["environment_at_least"].notna().all()
    pandas.testing.assert_frame_equal(of_both, of_apart)


def test_a_column_of_mixed_types():
    """Numbers and texts in one column, which Arrow has no type for: read as text, or refused by the column's name."""
    sites = frame(SITES).astype({"notes": object})
    sites.loc[0, "notes"] = 5
    try:
        result = tamarisk.score(sites, INCIDENTS, as_of=AS_OF)
    except tamarisk.TamariskError as error:
        assert "notes" in f"{error.message} {error.hint}"
    else:
        assert len(result.sites) == 45


def test_counts_add_up_and_findings_name_rows():
    sites = frame(SITES)
    sites.loc[3, "lat"] = 95.0
    sites.loc[7, "lon"] = None
    result = tamarisk.score(sites, INCIDENTS, as_of=AS_OF)
    read = next(source for source in result.receipt["inputs"] if source["role"] == "sites")
    assert (read["read"], read["used"], read["set_aside"]) == (45, 43, 2)
    assert read["format"] == "Arrow table"
    aside = [finding.place for finding in result.findings if finding.verdict == "set aside" and finding.file == read["file"]]
    assert [place.split()[-1] for place in aside] == ["3", "7"], aside


def test_times_with_zones_are_days():
    """A moment with a zone is the day that it was there, as in a file of text."""
    incidents = frame(INCIDENTS)[["id", "date", "lon", "lat", "event_type", "fatalities", "country"]]
    text = features_of(tamarisk.score(SITES, incidents, as_of=AS_OF))
    for made in (
        pandas.to_datetime(incidents["date"]),
        pandas.to_datetime(incidents["date"]).dt.date,
        pandas.to_datetime(incidents["date"]).dt.tz_localize("UTC"),
    ):
        assert features_of(tamarisk.score(SITES, incidents.assign(date=made), as_of=AS_OF)) == text
