"""Files given as paths: what Python writes is what the program writes, to the last byte, receipt included."""

import pytest

import tamarisk
from cases import (
    AS_OF, DATA, INCIDENTS, LINKED, RECEPTORS, ROOT, SITES,
    answer, assert_same_bytes, assert_same_files, command, given,
)

RASTERS = ROOT / "tests" / "oracle" / "rasters"
BBOX = (64.0, 28.0, 68.0, 31.5)

# What is asked for, as keywords of score, as keywords of write, and as arguments of the program.
ASKED = {
    "nothing more": ({}, {}, []),
    "a day": ({"as_of": AS_OF}, {}, ["--as-of", AS_OF]),
    "every output": (
        {"as_of": AS_OF},
        {"gpkg": True, "project": True, "report": True, "png": True},
        ["--as-of", AS_OF, "--gpkg", "--project", "--report", "--png"],
    ),
    "every format": (
        {},
        {"formats": ("geojson", "fgb", "parquet")},
        ["--format", "geojson", "--format", "fgb", "--format", "parquet"],
    ),
    "tables": (
        {},
        {"formats": ("csv", "xlsx"), "disclosures": True, "group_by": "commodity x country", "weight_by": "overall_score"},
        ["--format", "csv,xlsx", "--disclosures", "--group-by", "commodity x country", "--weight-by", "overall_score"],
    ),
    "two layers": ({}, {"layers": ["sites", "links"]}, ["--layers", "sites,links"]),
    "a portfolio": (
        {}, {"group_by": ["country", "commodity"], "layers": ["sites"]},
        ["--group-by", "country,commodity", "--layers", "sites"],
    ),
    "a box": ({"bbox": BBOX}, {}, ["--bbox", ",".join(map(str, BBOX))]),
    "another scheme": ({"scheme": "security-only"}, {}, ["--scheme", "security-only"]),
    "complete layers": (
        {"complete": ("settlements", "rivers")}, {}, ["--complete", "settlements,rivers"],
    ),
    "coverage": (
        {"coverage": "PAK:2010-01-01/2025-12-31", "stale": "last"}, {},
        ["--coverage", "PAK:2010-01-01/2025-12-31", "--stale", "last"],
    ),
    "conditions": (
        {"where": "province in Balochistan", "since": "2018-01-01"}, {},
        ["--where", "province in Balochistan", "--since", "2018-01-01"],
    ),
    "two conditions": (
        {"where": ["province in Balochistan", "sites.country = Pakistan"]}, {},
        ["--where", "province in Balochistan", "--where", "sites.country = Pakistan"],
    ),
    "reports joined": ({"merge_sources": True}, {}, ["--merge-sources"]),
    "draws": ({"uncertainty": 200}, {}, ["--uncertainty", "200"]),
    "rasters": (
        {"rasters": {"species": RASTERS / "waves.tif", "coarse": RASTERS / "coarse.tif"}}, {},
        ["--raster", f"species={RASTERS / 'waves.tif'}", "--raster", f"coarse={RASTERS / 'coarse.tif'}"],
    ),
    "one thread": ({"threads": 1}, {}, ["--threads", "2"]),
}


@pytest.mark.parametrize("asked", ASKED)
def test_a_folder_is_the_programs(asked, tmp_path):
    keywords, written, args = ASKED[asked]
    result = tamarisk.score([SITES, LINKED], INCIDENTS, RECEPTORS, **keywords)
    paths = result.write(tmp_path / "ours", **written)
    ran = command("score", *given(), *args, "-q", "-o", tmp_path / "theirs")
    assert ran.returncode == 0, ran.stderr.decode()
    assert_same_files(tmp_path / "ours", tmp_path / "theirs")
    assert sorted(str(path) for path in paths) == sorted(
        str(path) for path in (tmp_path / "ours").rglob("*") if path.is_file()
    )


def test_sites_and_incidents_alone(tmp_path):
    tamarisk.score(str(SITES), str(INCIDENTS)).write(str(tmp_path / "ours"))
    answer("score", *given([SITES], [INCIDENTS], {}), "-q", "-o", tmp_path / "theirs")
    assert_same_files(tmp_path / "ours", tmp_path / "theirs")


def test_the_built_in_example(tmp_path):
    tamarisk.demo().write(tmp_path / "ours")
    answer("score", "--demo", "-q", "-o", tmp_path / "theirs")
    assert_same_files(tmp_path / "ours", tmp_path / "theirs")


def test_receptors_in_every_form(tmp_path):
    """A mapping of lists, a list of files that name their kind, and one such file."""
    kinds = {"settlements": [RECEPTORS["settlements"]], "sensitive_areas": [RECEPTORS["sensitive_areas"]]}
    typed = list(RECEPTORS[kind] for kind in ("settlements", "sensitive_areas"))
    tamarisk.score(SITES, INCIDENTS, kinds).write(tmp_path / "mapping")
    answer(
        "score", *given([SITES], [INCIDENTS], kinds), "-q", "-o", tmp_path / "mapping-theirs"
    )
    assert_same_files(tmp_path / "mapping", tmp_path / "mapping-theirs")
    for name, receptors in (("list", typed), ("one", typed[0])):
        tamarisk.score(SITES, INCIDENTS, receptors).write(tmp_path / name)
        files = receptors if isinstance(receptors, list) else [receptors]
        args = [arg for file in files for arg in ("--receptors", file)]
        answer("score", *given([SITES], [INCIDENTS], {}), *args, "-q", "-o", tmp_path / f"{name}-theirs")
        assert_same_files(tmp_path / name, tmp_path / f"{name}-theirs")


@pytest.mark.parametrize(
    "columns",
    [
        {"sites.lat": "Y", "sites.lon": "X", "incidents.date": "When"},
        "sites.lat=Y,sites.lon=X,incidents.date=When",
        "map.toml",
    ],
    ids=["mapping", "text", "file"],
)
def test_columns_of_other_names(columns, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sites = (DATA / "sites.csv").read_text().replace("lon,lat", "X,Y", 1)
    (tmp_path / "mines.csv").write_text(sites)
    incidents = (DATA / "incidents.csv").read_text().replace("id,date,", "id,When,", 1)
    (tmp_path / "record.csv").write_text(incidents)
    (tmp_path / "map.toml").write_text('[sites]\nlat = "Y"\nlon = "X"\n[incidents]\ndate = "When"\n')
    tamarisk.score("mines.csv", "record.csv", columns=columns).write("ours")
    args = given(["mines.csv"], ["record.csv"], {})
    asked = columns if isinstance(columns, str) else ",".join(f"{k}={v}" for k, v in columns.items())
    ran = command("score", *args, "--map", asked, "-q", "-o", "theirs", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr.decode()
    assert_same_files(tmp_path / "ours", tmp_path / "theirs")


def test_a_date_format(tmp_path):
    days = tmp_path / "days.csv"
    days.write_text(
        "id,date,lon,lat,event_type,country\na,31/12/2024,66.9,30.2,Battles,PAK\nb,01/02/2025,67.1,30.1,Riots,PAK\n"
    )
    tamarisk.score(SITES, days, date_format="%d/%m/%Y").write(tmp_path / "ours")
    answer("score", *given([SITES], [days], {}), "--date-format", "%d/%m/%Y", "-q", "-o", tmp_path / "theirs")
    assert_same_files(tmp_path / "ours", tmp_path / "theirs")


def test_a_layer_of_a_file(tmp_path):
    geopandas = pytest.importorskip("geopandas")
    frame = geopandas.read_file(LINKED)
    frame.to_file(tmp_path / "case.gpkg", layer="linked")
    frame.iloc[:1].to_file(tmp_path / "case.gpkg", layer="one")
    named = f"{tmp_path / 'case.gpkg'}:linked"
    tamarisk.score(named, INCIDENTS).write(tmp_path / "ours")
    answer("score", *given([named], [INCIDENTS], {}), "-q", "-o", tmp_path / "theirs")
    assert_same_files(tmp_path / "ours", tmp_path / "theirs")


def test_a_scheme_file_and_a_calibration(tmp_path):
    """Both as files; the calibration is the program's own, of hindcasts of the example."""
    scheme = tmp_path / "mine.toml"
    scheme.write_text(tamarisk.scheme("default").replace('name = "default"', 'name = "mine"', 1))
    answer(
        "hindcast", "--demo", "--from", "2018-12-31", "--to", "2022-12-31", "--within", "50km", "--calibrate",
        "--scheme", scheme, "-q", "-o", tmp_path / "fitted",
    )
    calibration = tmp_path / "fitted" / "calibration.toml"
    result = tamarisk.score([SITES, LINKED], INCIDENTS, RECEPTORS, scheme=scheme, calibration=calibration)
    result.write(tmp_path / "ours")
    answer("score", *given(), "--scheme", scheme, "--calibration", calibration, "-q", "-o", tmp_path / "theirs")
    assert_same_files(tmp_path / "ours", tmp_path / "theirs")
    assert any(column.startswith("p_event_") for column in result.sites.columns)


def test_a_surface_beside_the_layers(tmp_path):
    result = tamarisk.score([SITES, LINKED], INCIDENTS, RECEPTORS)
    result.write(tmp_path / "ours", surface=True)
    answer("score", *given(), "--surface", "-q", "-o", tmp_path / "theirs")
    assert_same_files(tmp_path / "ours", tmp_path / "theirs")
    assert (tmp_path / "ours" / "surface.tif").exists()


def test_written_twice(tmp_path):
    """A second time over its own files; not over another's, but for `replace`."""
    result = tamarisk.demo()
    result.write(tmp_path, layers=["sites"])
    result.write(tmp_path, layers=["sites"])
    sites = (tmp_path / "sites.geojson").read_bytes()
    (tmp_path / "sites.geojson").write_text("mine")
    with pytest.raises(tamarisk.TamariskError) as refused:
        result.write(tmp_path, layers=["sites"])
    assert refused.value.code == "output-in-the-way"
    assert (tmp_path / "sites.geojson").read_text() == "mine"
    result.write(tmp_path, layers=["sites"], replace=True)
    assert_same_bytes("sites.geojson", (tmp_path / "sites.geojson").read_bytes(), sites)


def test_schemes_are_the_programs():
    assert {"default", "security-only", "biodiversity"} <= set(tamarisk.schemes())
    for name in tamarisk.schemes():
        assert tamarisk.scheme(name).encode().strip() == answer("scheme", "show", name).strip()
