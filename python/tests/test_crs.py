"""Coordinate reference systems: a table's own, one that is named, none."""

import warnings

import geopandas
import numpy
import pandas
import pyarrow
import pyproj
import pytest
import shapely

import tamarisk
from cases import AS_OF, INCIDENTS, RECEPTORS, SITES, python

UTM = "EPSG:32642"


def sites():
    table = pandas.read_csv(SITES)
    place = geopandas.points_from_xy(table["lon"], table["lat"])
    return geopandas.GeoDataFrame(table[["id", "name", "country"]], geometry=place, crs="EPSG:4326")


def scores(result):
    return result.sites.to_pandas()[["id", "security_score", "security_band", "nearest_incident_km"]]


@pytest.fixture(scope="module")
def plain():
    return tamarisk.score(sites(), INCIDENTS, as_of=AS_OF)


@pytest.mark.parametrize("crs", [UTM, "EPSG:3857", "EPSG:4326", "OGC:CRS84", "EPSG:24313", "ESRI:54009"])
def test_a_geodataframe_is_read_by_its_own(crs, plain):
    moved = sites().to_crs(crs)
    result = tamarisk.score(moved, INCIDENTS, as_of=AS_OF)
    pandas.testing.assert_frame_equal(scores(result), scores(plain))
    ours = shapely.get_coordinates(result.sites.to_geopandas().geometry)
    theirs = shapely.get_coordinates(moved.to_crs("OGC:CRS84").geometry)
    assert numpy.abs(ours - theirs).max() <= 1e-7


def test_axes_are_those_of_geopandas(plain):
    """EPSG:4326 has latitude first by the letter; frames have longitude first, and so have we."""
    assert shapely.get_coordinates(plain.sites.to_geopandas().geometry)[0].tolist() == [62.05, 29.12]


def test_none_is_never_assumed():
    bare = sites().set_crs(None, allow_override=True)
    with pytest.raises(tamarisk.UsageError) as refused:
        tamarisk.score(bare, INCIDENTS)
    assert "crs=" in refused.value.hint
    assert "--" not in refused.value.hint


def test_one_that_is_named(plain):
    bare = sites().to_crs(UTM).set_crs(None, allow_override=True)
    record = pandas.read_csv(INCIDENTS)
    place = geopandas.points_from_xy(record["lon"], record["lat"], crs="OGC:CRS84")
    record = geopandas.GeoDataFrame(record.drop(columns=["lon", "lat"]), geometry=place)
    # A GeoDataFrame that has a system keeps it: what is named is for those that have none.
    pandas.testing.assert_frame_equal(scores(tamarisk.score(bare, record, crs=UTM, as_of=AS_OF)), scores(plain))


def test_columns_of_meters(plain):
    moved = sites().to_crs(UTM)
    table = pandas.DataFrame({"id": moved["id"], "name": moved["name"], "country": moved["country"],
                              "lon": moved.geometry.x, "lat": moved.geometry.y})
    record = pandas.read_csv(INCIDENTS)
    east, north = pyproj.Transformer.from_crs("OGC:CRS84", UTM, always_xy=True).transform(record["lon"], record["lat"])
    result = tamarisk.score(table, record.assign(lon=east, lat=north), crs=UTM, as_of=AS_OF)
    ours = shapely.get_coordinates(result.sites.to_geopandas().geometry)
    assert numpy.abs(ours - shapely.get_coordinates(moved.to_crs("OGC:CRS84").geometry)).max() <= 1e-7
    assert scores(result)["security_score"].tolist() == scores(plain)["security_score"].tolist()


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_an_arrow_table_that_tells_its_own(encoding, plain):
    moved = sites().to_crs(UTM)
    told = pyarrow.table(moved.to_arrow(index=False, geometry_encoding=encoding))
    pandas.testing.assert_frame_equal(scores(tamarisk.score(told, INCIDENTS, as_of=AS_OF)), scores(plain))


def test_lines_and_polygons_of_meters():
    rivers = geopandas.read_file(RECEPTORS["rivers"])
    shapes = {"rivers": rivers, "moved": rivers.to_crs(UTM)}
    near = [
        tamarisk.score(SITES, INCIDENTS, {"rivers": shape}, as_of=AS_OF).links.to_pandas()
        for shape in shapes.values()
    ]
    rivers_only = [links[links["target_kind"] == "rivers"].reset_index(drop=True) for links in near]
    assert len(rivers_only[0]) > 10
    assert rivers_only[0]["target_id"].tolist() == rivers_only[1]["target_id"].tolist()
    assert numpy.abs(rivers_only[0]["distance_km"] - rivers_only[1]["distance_km"]).max() <= 0.001


@pytest.mark.parametrize("crs", ["EPSG:999999", "no such", ""])
def test_one_that_nobody_knows(crs):
    with pytest.raises(tamarisk.UsageError) as refused:
        tamarisk.Engine(crs=crs).score(sites().set_crs(None, allow_override=True))
    assert refused.value.code == "crs-unknown"


def test_a_path_is_not_reprojected():
    with pytest.raises(tamarisk.UsageError) as refused:
        tamarisk.score(SITES, INCIDENTS, crs=UTM)
    assert "geopandas" in refused.value.hint


def test_without_pyproj(tmp_path):
    """What has degrees is read; what has not is refused with what would help."""
    moved = pyarrow.table(sites().to_crs(UTM).to_arrow(index=False))
    with pyarrow.OSFile(str(tmp_path / "moved.arrow"), "wb") as file:
        with pyarrow.ipc.new_file(file, moved.schema) as writer:
            writer.write_table(moved)
    told = python(
        """
import sys
sys.modules["pyproj"] = None
import pyarrow, tamarisk
with pyarrow.memory_map(sys.argv[1]) as file:
    table = pyarrow.ipc.open_file(file).read_all()
try:
    tamarisk.score(table, sys.argv[2])
except tamarisk.UsageError as error:
    print("refused", error.hint)
degrees = pyarrow.table({"id": ["a"], "lon": [66.0], "lat": [30.0]})
print(len(tamarisk.score(degrees, sys.argv[2]).sites))
""",
        tmp_path / "moved.arrow",
        INCIDENTS,
        cwd=tmp_path,
    )
    refused, scored = told.strip().splitlines()
    assert refused.startswith("refused") and "pyproj" in refused
    assert scored == "1"


ORDERS = [
    ("tamarisk", "pyproj", "pyogrio"), ("tamarisk", "pyogrio", "pyproj"), ("pyproj", "tamarisk", "pyogrio"),
    ("pyproj", "pyogrio", "tamarisk"), ("pyogrio", "tamarisk", "pyproj"), ("pyogrio", "pyproj", "tamarisk"),
]


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_beside_other_libraries_in_any_order(order, tmp_path):
    """No PROJ of ours beside theirs: import and use, in every order, with a PROJ_DATA that is wrong for us alone."""
    told = python(
        f"""
import sys
for name in {order!r}:
    __import__(name)
import geopandas, pyproj, tamarisk
sites = geopandas.GeoDataFrame({{"id": ["a"]}}, geometry=geopandas.points_from_xy([311205.0], [3219984.0]), crs="{UTM}")
print(tamarisk.score(sites, sys.argv[1]).sites.to_geopandas().geometry[0].wkt)
print(pyproj.CRS("EPSG:32642").to_epsg())
""",
        INCIDENTS,
        cwd=tmp_path,
    )
    assert told.splitlines()[0].startswith("POINT (67.0") and told.splitlines()[1] == "32642"


@pytest.mark.parametrize(
    "columns",
    [{"sites.crs": UTM}, {"sites": {"crs": UTM}}, f"sites.crs={UTM}", {"sites.crs": 32642}, {"sites.crs": pyproj.CRS(UTM)}],
)
@pytest.mark.parametrize("form", ["geopandas", "pandas"])
def test_one_that_a_column_map_names(columns, form, plain):
    """It is for the tables of its role; a file of incidents stays in degrees."""
    moved = sites().to_crs(UTM).set_crs(None, allow_override=True)
    if form == "pandas":
        moved = pandas.DataFrame(moved.drop(columns="geometry")).assign(x=moved.geometry.x, y=moved.geometry.y)
    result = tamarisk.score(moved, INCIDENTS, columns=columns, as_of=AS_OF)
    pandas.testing.assert_frame_equal(scores(result), scores(plain))


def test_one_that_a_column_map_names_for_no_role(plain):
    moved = sites().to_crs(UTM).set_crs(None, allow_override=True)
    record = pandas.read_csv(INCIDENTS)
    result = tamarisk.score(moved, record, columns={"crs": UTM}, as_of=AS_OF)
    pandas.testing.assert_frame_equal(scores(result), scores(plain))


def test_one_that_a_column_map_names_for_a_file():
    with pytest.raises(tamarisk.UsageError) as refused:
        tamarisk.score(sites(), INCIDENTS, columns={"incidents.crs": UTM})
    assert "geopandas" in refused.value.hint and "incidents" in refused.value.message
    with pytest.raises(tamarisk.UsageError) as refused:
        tamarisk.score(sites(), INCIDENTS, columns={"incidentz.crs": UTM})
    assert "incidentz" in refused.value.message


def test_coordinates_that_are_no_numbers():
    frame = pandas.DataFrame({"id": ["a"], "x": ["here"], "y": [1.0]})
    with pytest.raises(tamarisk.UsageError) as refused:
        tamarisk.score(frame, pandas.read_csv(INCIDENTS), columns={"sites.crs": UTM})
    assert "'x'" in refused.value.message and "to_numeric" in refused.value.hint


def test_layers_join_what_geopandas_has(plain):
    """Frames of both names, and of another system, join and stack without a word."""
    given = sites()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        risk = plain.sites.to_geopandas()
        assert len(geopandas.sjoin(given, risk[["security_score", "geometry"]])) >= len(given)
        assert len(pandas.concat([given, risk])) == 90
        other = given.to_crs("OGC:CRS84")
        assert len(geopandas.sjoin(other, plain.sites.to_geopandas(crs=other.crs)[["geometry"]])) >= len(given)
        moved = plain.sites.to_geopandas(crs=UTM)
    assert moved.crs == UTM
    assert numpy.allclose(shapely.get_coordinates(moved.geometry), shapely.get_coordinates(given.to_crs(UTM).geometry))
    assert shapely.get_coordinates(risk.geometry).tolist() == shapely.get_coordinates(
        plain.sites.to_geopandas("OGC:CRS84").geometry).tolist()
    with pytest.raises(tamarisk.UsageError, match="EPSG:999999"):
        plain.sites.to_geopandas(crs="EPSG:999999")
