"""Layers going out: to GeoPandas, pandas, Arrow, polars and DuckDB they are what the GeoJSON says."""

import datetime
import gc
import json

import duckdb
import geopandas
import numpy
import pandas
import polars
import pyarrow
import pytest
import shapely

import tamarisk
from cases import assert_same_bytes, features

LAYERS = tamarisk.Result.LAYERS


@pytest.fixture(scope="module")
def written(scored, tmp_path_factory):
    """The folder of the same result, in three formats."""
    folder = tmp_path_factory.mktemp("written")
    scored.write(folder, formats=("geojson", "fgb", "parquet"))
    return folder


def wording(value):
    """A value as GeoJSON has it."""
    if value is None or value is pandas.NaT or value is pandas.NA or (isinstance(value, float) and numpy.isnan(value)):
        return None
    if isinstance(value, (datetime.date, pandas.Timestamp)):
        return value.isoformat()[:10]
    return value.item() if isinstance(value, numpy.generic) else value


def layers_of(result):
    """The layers that have features: of others no file is written."""
    return [layer for layer in map(result.layer, LAYERS) if len(layer)]


def compared(name, ids, columns, shapes, written):
    """Values and shapes are those of a GeoJSON layer."""
    theirs = features(written / f"{name}.geojson")
    assert len(theirs) == len(ids)
    assert list(ids) == [feature["id"] for feature in theirs]
    for column, values in columns.items():
        ours = [wording(value) for value in values]
        assert ours == [feature["properties"][column] for feature in theirs], (name, column)
    if shapes is not None:
        for ours, feature in zip(shapes, theirs):
            assert shapely.equals_exact(ours, shapely.from_geojson(json.dumps(feature["geometry"])), 0.0), name


@pytest.mark.parametrize("name", LAYERS)
def test_to_geopandas(name, scored, written):
    layer = getattr(scored, name)
    frame = layer.to_geopandas()
    assert frame.crs == "EPSG:4326"
    assert len(frame) == len(layer)
    columns = {column: frame[column] for column in frame.columns if column not in ("id", "geometry")}
    assert list(columns) == layer.columns
    if len(layer):
        compared(layer.name, frame["id"], columns, frame.geometry, written)
        assert list(columns) == list(features(written / f"{layer.name}.geojson")[0]["properties"])


def test_a_layer_has_a_file_where_it_has_features(scored, written):
    files = {path.stem for path in written.glob("*.parquet")}
    assert files == {layer.name for layer in layers_of(scored)} - {"borders", "land"}
    assert {"sites", "rings", "links", "incidents", "footprint_lines", "receptors", "receptor_lines"} <= files


@pytest.mark.parametrize("name", LAYERS)
def test_to_arrow(name, scored, written):
    layer = getattr(scored, name)
    table = layer.to_arrow()
    assert isinstance(table, pyarrow.Table)
    assert table.num_rows == len(layer)
    assert table.column_names == ["id", *layer.columns, "geometry"]
    if len(layer):
        columns = {column: table[column].to_pylist() for column in layer.columns}
        shapes = shapely.from_wkb(table["geometry"].to_pylist())
        compared(layer.name, table["id"].to_pylist(), columns, shapes, written)
    for column in table.schema:
        kinds = (pyarrow.string(), pyarrow.float64(), pyarrow.bool_(), pyarrow.date32(), pyarrow.binary())
        assert column.type in kinds, column
    place = table.schema.field("geometry").metadata
    assert place[b"ARROW:extension:name"] == b"geoarrow.wkb"
    assert json.loads(place[b"ARROW:extension:metadata"])["crs"] == "OGC:CRS84"


def test_columns_are_described(scored):
    schema = scored.sites.to_arrow().schema
    about = {field.name: field.metadata or {} for field in schema}
    assert all(about[name].get(b"description") for name in ("security_score", "nearest_incident_km"))
    assert about["nearest_incident_km"][b"unit"] == b"km"


@pytest.mark.parametrize("name", ("sites", "links", "incidents"))
def test_to_pandas(name, scored, written):
    layer = getattr(scored, name)
    table = layer.to_pandas()
    assert isinstance(table, pandas.DataFrame) and not isinstance(table, geopandas.GeoDataFrame)
    assert "geometry" not in table.columns
    theirs = features(written / f"{name}.geojson")
    columns = {column: table[column] for column in table.columns if column not in ("id", "lon", "lat")}
    compared(name, table["id"], columns, None, written)
    if theirs[0]["geometry"]["type"] == "Point":
        assert [list(pair) for pair in zip(table["lon"], table["lat"])] == [
            feature["geometry"]["coordinates"] for feature in theirs
        ]


def test_types_of_pandas(scored):
    table = scored.sites.to_pandas()
    assert pandas.api.types.is_float_dtype(table["security_score"])
    assert table["security_score"].notna().any()
    assert pandas.api.types.is_bool_dtype(table["security_data_ended"])


def test_a_stream_for_polars_and_duckdb(scored, written):
    theirs = features(written / "sites.geojson")
    frame = polars.DataFrame(scored.sites)
    assert frame["id"].to_list() == [feature["id"] for feature in theirs]
    assert frame["security_score"].to_list() == [feature["properties"]["security_score"] for feature in theirs]
    sites = scored.sites
    bands = duckdb.sql("select security_band, count(*) from sites group by all order by all").fetchall()
    told = pandas.Series([feature["properties"]["security_band"] for feature in theirs]).value_counts()
    assert dict(bands) == told.to_dict()
    assert len(sites) == len(theirs)


def test_the_capsules(scored):
    """Asked again and again, with a schema, after the result is gone."""
    layer = scored.sites
    schema = pyarrow.schema(layer)
    first, second = pyarrow.table(layer), pyarrow.table(layer)
    assert first == second and first.schema == schema
    assert pyarrow.RecordBatchReader.from_stream(layer).read_all() == first
    cast = pyarrow.schema([pyarrow.field(f.name, f.type, f.nullable, f.metadata) for f in schema])
    assert pyarrow.table(layer, schema=cast).num_rows == len(layer)
    alone = tamarisk.demo().sites
    gc.collect()
    table = pyarrow.table(alone)
    del alone
    gc.collect()
    assert table["id"].to_pylist()[0] == "PK-S001"


@pytest.mark.parametrize("name", LAYERS)
def test_the_geo_interface(name, scored, written):
    layer = getattr(scored, name)
    ours = json.loads(json.dumps(layer.__geo_interface__))
    assert ours["type"] == "FeatureCollection"
    assert ours["features"] == (features(written / f"{layer.name}.geojson") if len(layer) else [])


def test_the_geo_interface_is_taken(scored):
    assert len(geopandas.GeoDataFrame.from_features(scored.sites)) == len(scored.sites)


@pytest.mark.parametrize("extension", ("geojson", "fgb", "parquet"))
def test_a_layer_alone_is_the_file_of_the_folder(extension, scored, written, tmp_path):
    for layer in layers_of(scored):
        path = tmp_path / f"{layer.name}.{extension}"
        layer.write(path)
        assert_same_bytes(path.name, path.read_bytes(), (written / path.name).read_bytes())


def test_a_layer_of_a_format_that_is_not_written(scored, tmp_path):
    with pytest.raises(tamarisk.UsageError) as refused:
        scored.sites.write(tmp_path / "sites.shp")
    assert ".geojson" in f"{refused.value} {refused.value.hint}"
    assert not list(tmp_path.iterdir())


def test_geoparquet_has_its_system(scored, written):
    frame = geopandas.read_parquet(written / "sites.parquet")
    assert frame.crs == "OGC:CRS84"
    assert sorted(frame["id"]) == sorted(scored.sites.to_pandas()["id"])
    some = geopandas.read_parquet(written / "sites.parquet", bbox=(66, 29, 68, 31))
    assert 0 < len(some) < len(frame)


@pytest.mark.parametrize("extension", ("parquet", "fgb"))
def test_rows_in_spatial_order_join_back_by_id(extension, scored, tmp_path):
    path = tmp_path / f"sites.{extension}"
    scored.sites.write(path)
    read = geopandas.read_parquet(path) if extension == "parquet" else geopandas.read_file(path)
    ours = scored.sites.to_pandas()[["id", "security_score"]]
    assert read["id"].tolist() != ours["id"].tolist()
    back = ours[["id"]].merge(read[["id", "security_score"]], on="id", validate="one_to_one")
    pandas.testing.assert_frame_equal(back, ours)


def test_there_and_back(scored):
    """A layer is a table like any other: scored sites are sites."""
    again = tamarisk.score(scored.sites, scored.incidents, as_of="2026-01-31")
    assert len(again.sites) == len(scored.sites)
    assert again.sites.to_pandas()["id"].tolist() == scored.sites.to_pandas()["id"].tolist()


def test_what_a_notebook_shows(scored):
    for layer in layers_of(scored):
        page = layer._repr_html_()
        assert str(len(layer)) in page.replace(",", "").replace(" ", "")
        assert "<table" in page
        # Lines and polygons have no map of their own.
        assert "<svg" in page or layer.geometry_type != "point"
        inert = page.replace("http://www.w3.org/2000/svg", "")
        for reference in ("http:", "https:", "//", "<script", "<link", "<img", "@import", "url("):
            assert reference not in inert, (layer.name, reference)
        assert len(page) < 300_000
    assert "45" in repr(scored.sites) and "sites" in repr(scored.sites)
    assert scored._repr_html_().count("<svg") >= 1


def test_names_are_told_as_text():
    """A name that is markup stays text in a notebook."""
    pane = pandas.DataFrame({"id": ["a"], "name": ["<script>alert(1)</script>"], "lon": [66.9], "lat": [30.1]})
    page = tamarisk.score(pane, [], coverage="all").sites._repr_html_()
    assert "<script" not in page and "&lt;script" in page


def test_columns_and_names(scored, written):
    assert scored.sites.name == "sites"
    assert scored.sites.columns[:2] == ["name", "country"]
    assert "security_score" in scored.sites.columns
    described = {column.name: column for column in scored.sites.described}
    assert list(described) == scored.sites.columns
    assert described["nearest_incident_km"].unit == "km" and described["nearest_incident_km"].kind == "number"
    with pytest.raises(KeyError, match="sites"):
        scored.layer("sitez")
