"""PostGIS in and out: sites and incidents from a real database score as their files do, and come back to it whole."""

import sys
from pathlib import Path

import geopandas
import pandas
import pytest
import sqlalchemy

import tamarisk

sys.path.insert(0, str(Path(__file__).parent))
import server
from blocks import blocks, run
from cases import AS_OF, INCIDENTS, ROOT, SITES

UTM = 32642
# What a database has as dates and numbers; all else is text.
COLUMNS = ["id", "name", "country", "position_accuracy_km"]


def points(table, crs):
    place = geopandas.points_from_xy(table["lon"], table["lat"])
    made = geopandas.GeoDataFrame(table.drop(columns=["lon", "lat"]), geometry=place, crs="EPSG:4326")
    return made.to_crs(crs).rename_geometry("geom")


@pytest.fixture(scope="module")
def database():
    """The demo's sites in degrees and in meters, and its incidents with dates that are dates and moments."""
    with server.running() as address:
        made = sqlalchemy.create_engine(address)
        with made.begin() as connection:
            connection.execute(sqlalchemy.text("create extension postgis"))
        sites = pandas.read_csv(SITES)[[*COLUMNS, "lon", "lat"]]
        incidents = pandas.read_csv(INCIDENTS)
        incidents["date"] = pandas.to_datetime(incidents["date"]).dt.date
        points(sites, "EPSG:4326").to_postgis("mines", made, index=False)
        points(sites, f"EPSG:{UTM}").to_postgis("mines_in_meters", made, index=False)
        points(incidents, "EPSG:4326").to_postgis("incidents", made, index=False, dtype={"date": sqlalchemy.Date()})
        yield made
        made.dispose()


def read(database, query):
    return geopandas.read_postgis(query, database, geom_col="geom")


def asked(database, query):
    with database.connect() as connection:
        return connection.execute(sqlalchemy.text(query)).all()


@pytest.fixture(scope="module")
def of_files(tmp_path_factory):
    """The scores of the same columns of the files."""
    path = tmp_path_factory.mktemp("files") / "sites.csv"
    pandas.read_csv(SITES)[[*COLUMNS, "lon", "lat"]].to_csv(path, index=False)
    return tamarisk.score(path, INCIDENTS, as_of=AS_OF).sites.to_pandas()


def test_the_server_is_what_it_should_be(database):
    assert asked(database, "select postgis_lib_version()")[0][0] >= "3"
    assert asked(database, "select count(*) from mines") == [(45,)]
    assert asked(database, "select distinct st_srid(geom) from mines_in_meters") == [(UTM,)]
    assert asked(database, "select pg_typeof(date)::text from incidents limit 1") == [("date",)]


@pytest.mark.parametrize("table", ["mines", "mines_in_meters"])
def test_in_scored_and_out(table, database, of_files):
    sites = read(database, f"select * from {table}")
    incidents = read(database, "select * from incidents")
    result = tamarisk.score(sites, incidents, as_of=AS_OF)
    counts = result.receipt["counts"]
    assert (counts["sites"]["read"], counts["incidents"]["read"]) == (45, 169)
    result.sites.to_geopandas().to_crs("EPSG:4326").to_postgis("risk", database, if_exists="replace", index=False)
    rows = asked(
        database,
        "select id, security_score, security_band, nearest_incident_km, st_x(geometry), st_y(geometry), st_srid(geometry)"
        " from risk order by id",
    )
    files = of_files.sort_values("id")
    assert len(rows) == len(files) == 45
    for row, (_, site) in zip(rows, files.iterrows()):
        assert row[0] == site["id"]
        assert row[2] == site["security_band"]
        assert [row[1], row[3]] == pytest.approx([site["security_score"], site["nearest_incident_km"]], abs=1e-9)
        assert [row[4], row[5]] == pytest.approx([site["lon"], site["lat"]], abs=1e-7)
        assert row[6] == 4326


def test_the_database_can_ask_of_the_result(database):
    """Rings and lines are geometries that PostGIS works with."""
    result = tamarisk.score(read(database, "select * from mines"), read(database, "select * from incidents"), as_of=AS_OF)
    for layer in (result.rings, result.links, result.incidents):
        layer.to_geopandas().to_crs("EPSG:4326").to_postgis(f"risk_{layer.name}", database, if_exists="replace", index=False)
        assert asked(database, f"select count(*) from risk_{layer.name} where st_isvalid(geometry)") == [(len(layer),)]
    within = asked(
        database,
        "select count(*) from mines m join risk_rings r on st_covers(r.geometry, m.geom) and r.site_id = m.id",
    )
    assert within == [(len(result.rings),)]


def test_a_query_selects(database, of_files):
    sites = read(database, "select * from mines where id in ('PK-S001', 'PK-S002')")
    incidents = read(database, "select * from incidents")
    table = tamarisk.score(sites, incidents, as_of=AS_OF).sites.to_pandas().set_index("id")
    files = of_files.set_index("id")
    assert sorted(table.index) == ["PK-S001", "PK-S002"]
    assert table["security_score"].to_dict() == files.loc[list(table.index), "security_score"].to_dict()


def test_a_null_geometry_is_set_aside(database):
    sites = read(database, "select id, name, country, case when id = 'PK-S002' then null else geom end as geom from mines")
    result = tamarisk.score(sites, read(database, "select * from incidents"), as_of=AS_OF)
    counts = result.receipt["counts"]["sites"]
    assert (counts["read"], counts["scored"], counts["set_aside"]) == (45, 44, 1)


GUIDE = ROOT / "docs" / "PYTHON.md"


@pytest.mark.parametrize(
    "block", [block for block in blocks(GUIDE) if "postgis" in block.needs], ids=lambda block: f"line {block.line}"
)
def test_the_guide(block, database):
    """The guide's block, with the address of this server in place of its own."""
    address = database.url.render_as_string(hide_password=False)
    assert "postgresql+psycopg://localhost/risk" in block.code
    code = block.code.replace("postgresql+psycopg://localhost/risk", address)
    run(block._replace(code=code, needs=("geoalchemy2", "psycopg")), {"__name__": "guide"}, GUIDE)
    assert asked(database, "select count(*) from mines_risk") == [(45,)]
    assert asked(database, "select distinct st_srid(geometry) from mines_risk") == [(4326,)]
