"""Eight encodings of a place in Arrow, whole, chunked, sliced, with nulls, without rows: the same layer."""

import csv
import datetime
import decimal
import json

import pyarrow
import pytest
import shapely

import tamarisk
from cases import AS_OF, INCIDENTS, SITES

CRS84 = json.dumps({"crs": "OGC:CRS84", "crs_type": "authority_code"})


def rows():
    with SITES.open(newline="", encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    return [
        (row["id"], row["name"], row["country"], float(row["lon"]), float(row["lat"])) for row in read
    ]


def extension(name):
    return {"ARROW:extension:name": name, "ARROW:extension:metadata": CRS84}


def shapes(points, of):
    return [None if point is None else of(shapely.Point(point)) for point in points]


def binary(kind):
    def column(points):
        return {"geometry": (pyarrow.array(shapes(points, shapely.to_wkb), kind), extension("geoarrow.wkb"))}

    return column


def text(points):
    return {"geometry": (pyarrow.array(shapes(points, shapely.to_wkt), pyarrow.string()), extension("geoarrow.wkt"))}


def separated(points):
    fields = pyarrow.struct([("x", pyarrow.float64()), ("y", pyarrow.float64())])
    made = [None if point is None else {"x": point[0], "y": point[1]} for point in points]
    return {"geometry": (pyarrow.array(made, fields), extension("geoarrow.point"))}


def interleaved(points):
    pair = pyarrow.list_(pyarrow.field("xy", pyarrow.float64(), nullable=False), 2)
    return {"geometry": (pyarrow.array(points, pair), extension("geoarrow.point"))}


def columns_of_numbers(points):
    return {
        name: (pyarrow.array([None if point is None else point[at] for point in points], pyarrow.float64()), None)
        for at, name in enumerate(("lon", "lat"))
    }


def spark(points):
    fields = pyarrow.struct([("srid", pyarrow.int32()), ("wkb", pyarrow.binary())])
    made = [None if point is None else {"srid": 4326, "wkb": shapely.to_wkb(shapely.Point(point))} for point in points]
    return {"geometry": (pyarrow.array(made, fields), {"geometry": "true"})}


ENCODINGS = {
    "wkb": binary(pyarrow.binary()),
    "large wkb": binary(pyarrow.large_binary()),
    "wkb view": binary(pyarrow.binary_view()),
    "wkt": text,
    "point separated": separated,
    "point interleaved": interleaved,
    "lon and lat": columns_of_numbers,
    "Spark's struct": spark,
}


def table(encoding, sites, of=lambda values: pyarrow.array(values, pyarrow.string())):
    """Sites as a table whose places are encoded so, and whose texts are made by `of`."""
    ids, names, countries = ([site[at] for site in sites] for at in range(3))
    points = [None if site[3] is None else [site[3], site[4]] for site in sites]
    arrays, fields = [], []
    for name, values in (("id", ids), ("name", names), ("country", countries)):
        arrays.append(of(values))
        fields.append(pyarrow.field(name, arrays[-1].type))
    for name, (array, metadata) in ENCODINGS[encoding](points).items():
        arrays.append(array)
        fields.append(pyarrow.field(name, array.type, metadata=metadata))
    return pyarrow.table(arrays, pyarrow.schema(fields))


def scored(sites):
    result = tamarisk.score(sites, INCIDENTS, as_of=AS_OF)
    read = next(source for source in result.receipt["inputs"] if source["role"] == "sites")
    return result.sites.__geo_interface__["features"], (read["read"], read["used"], read["set_aside"])


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """The layer of lon and lat as they stand in text."""
    path = tmp_path_factory.mktemp("reference") / "sites.csv"
    lines = [f'{site},"{name}",{country},{lon},{lat}' for site, name, country, lon, lat in rows()]
    path.write_text("\n".join(["id,name,country,lon,lat", *lines]), encoding="utf-8")
    layer, counts = scored(path)
    assert counts == (45, 45, 0)
    return layer


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_whole(encoding, reference):
    layer, counts = scored(table(encoding, rows()))
    assert counts == (45, 45, 0)
    assert layer == reference


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_chunked(encoding, reference):
    """Chunks of 1, 0, 20 and the rest."""
    whole = rows()
    chunks = [whole[:1], [], whole[1:21], whole[21:]]
    layer, counts = scored(pyarrow.concat_tables([table(encoding, chunk) for chunk in chunks]))
    assert counts == (45, 45, 0)
    assert layer == reference


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_sliced(encoding, reference):
    """A slice has an offset into its buffers, which is not to be passed over."""
    whole = rows()
    around = [("x", "x", "PAK", 60.0, 20.0)] * 5
    layer, counts = scored(table(encoding, around + whole + around).slice(5, len(whole)))
    assert counts == (45, 45, 0)
    assert layer == reference


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_nulls(encoding, reference):
    """A row without a place is set aside and told; the others are as they were."""
    whole = rows()
    holed = whole[:10] + [("none", "No place", "PAK", None, None)] + whole[10:]
    result = tamarisk.score(table(encoding, holed), INCIDENTS, as_of=AS_OF)
    layer, counts = scored(table(encoding, holed))
    assert counts == (46, 45, 1)
    assert layer == reference
    assert any(finding.place.endswith(" 10") for finding in result.findings if finding.verdict == "set aside")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("cut", ["no rows", "no batches", "all sliced off"])
def test_empty(encoding, cut):
    whole = table(encoding, rows())
    empty = {
        "no rows": table(encoding, []),
        "no batches": pyarrow.Table.from_batches([], whole.schema),
        "all sliced off": whole.slice(3, 0),
    }[cut]
    layer, counts = scored(empty)
    assert layer == []
    assert counts == (0, 0, 0)


TEXTS = {
    "large string": lambda values: pyarrow.array(values, pyarrow.large_string()),
    "string view": lambda values: pyarrow.array(values, pyarrow.string_view()),
    "dictionary": lambda values: pyarrow.array(values, pyarrow.string()).dictionary_encode(),
}


@pytest.mark.parametrize("of", TEXTS)
def test_texts(of, reference):
    layer, counts = scored(table("wkb", rows(), TEXTS[of]))
    assert counts == (45, 45, 0)
    assert layer == reference


def test_shapes_other_than_points():
    """Polygons in WKB and as text, with holes and parts, are the same shapes."""
    box = shapely.box(66.0, 29.0, 66.2, 29.2).difference(shapely.box(66.05, 29.05, 66.1, 29.1))
    several = shapely.MultiPolygon([box, shapely.box(67.0, 30.0, 67.1, 30.1)])
    line = shapely.LineString([(66.5, 29.5), (66.9, 30.1)])
    layers = []
    for encode, kind in ((shapely.to_wkb, "geoarrow.wkb"), (lambda shape: shape.wkt, "geoarrow.wkt")):
        places = pyarrow.array([encode(shape) for shape in (box, several, line)])
        fields = [pyarrow.field("id", pyarrow.string()), pyarrow.field("geometry", places.type, metadata=extension(kind))]
        made = pyarrow.table([pyarrow.array(["a", "b", "c"]), places], pyarrow.schema(fields))
        result = tamarisk.score(made, INCIDENTS, as_of=AS_OF)
        drawn = (result.sites, result.footprints, result.footprint_lines)
        layers.append([layer.__geo_interface__["features"] for layer in drawn])
    assert layers[0] == layers[1]
    assert [len(layer) for layer in layers[0]] == [3, 2, 1]


DAY = datetime.datetime(2024, 6, 1, 12, 0)
DAYS = {
    "text": (["2024-06-01"], pyarrow.string()),
    "date32": ([DAY.date()], pyarrow.date32()),
    "date64": ([DAY.date()], pyarrow.date64()),
    "seconds": ([DAY], pyarrow.timestamp("s")),
    "nanoseconds": ([DAY], pyarrow.timestamp("ns")),
    "microseconds UTC": ([DAY.replace(tzinfo=datetime.timezone.utc)], pyarrow.timestamp("us", "UTC")),
    "milliseconds Karachi": ([DAY.replace(tzinfo=datetime.timezone.utc)], pyarrow.timestamp("ms", "Asia/Karachi")),
    "a shift": ([DAY.replace(tzinfo=datetime.timezone.utc)], pyarrow.timestamp("us", "+05:00")),
}


@pytest.mark.parametrize("kind", DAYS)
def test_days(kind):
    values, of = DAYS[kind]
    incidents = pyarrow.table(
        {
            "id": ["one"],
            "date": pyarrow.array(values, of),
            "lon": [66.9],
            "lat": [30.1],
            "event_type": ["Battles"],
            "fatalities": pyarrow.array([3], pyarrow.int8()),
            "country": ["PAK"],
        }
    )
    result = tamarisk.score(SITES, incidents)
    assert str(result.receipt["as_of"]) == "2024-06-01"
    assert result.incidents.to_arrow()["date"].to_pylist() == [DAY.date()]


def test_numbers_of_every_width():
    """Integers, floats and decimals are numbers, whatever their width."""
    sites = []
    for kind, value in (
        (pyarrow.float32(), 66.5), (pyarrow.float64(), 66.5), (pyarrow.decimal128(9, 4), decimal.Decimal("66.5"))
    ):
        made = pyarrow.table(
            {"id": ["a"], "lon": pyarrow.array([value], kind), "lat": pyarrow.array([30], pyarrow.uint16())}
        )
        sites.append(tamarisk.score(made, INCIDENTS, as_of=AS_OF).sites.__geo_interface__)
    assert sites[0] == sites[1] == sites[2]


def test_a_stream_that_breaks():
    """A reader whose source fails half way: its own error, and nothing half read."""
    whole = table("wkb", rows())

    def batches():
        yield whole.to_batches()[0]
        raise RuntimeError("the source broke")

    reader = pyarrow.RecordBatchReader.from_batches(whole.schema, batches())
    with pytest.raises(Exception, match="the source broke"):
        tamarisk.score(reader, INCIDENTS, as_of=AS_OF)


def test_a_column_that_no_table_has():
    with pytest.raises(tamarisk.DataError) as refused:
        tamarisk.score(pyarrow.table({"id": ["a"], "name": ["b"]}), INCIDENTS)
    assert "lon" in str(refused.value.hint) and "--" not in str(refused.value.hint)
