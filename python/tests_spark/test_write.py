"""GeoParquet out and in."""

import json

import pyarrow.parquet as parquet
import pytest

import tamarisk.spark
from made import AS_OF
from tamarisk import UsageError


@pytest.fixture(scope="module")
def written(frames, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written") / "scored"
    frame = tamarisk.spark.score(frames["sites"].repartition(3), frames["incidents"], as_of=AS_OF, plan="broadcast")
    tamarisk.spark.write(frame, folder)
    return folder


def test_every_part_is_geoparquet_with_its_box(written):
    parts = sorted(written.glob("part-*.parquet"))
    assert len(parts) >= 2 and (written / "_SUCCESS").exists()
    rows = 0
    for part in parts:
        table = parquet.read_table(part)
        geo = json.loads(parquet.read_metadata(part).metadata[b"geo"])
        column = geo["columns"][geo["primary_column"]]
        assert geo["version"] == "1.1.0" and column["encoding"] == "WKB" and column["geometry_types"] == ["Point"]
        assert column["crs"]["id"] == {"authority": "OGC", "code": "CRS84"}
        assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
        boxes = table.column("bbox").to_pylist()
        assert column["bbox"] == [
            min(box["xmin"] for box in boxes),
            min(box["ymin"] for box in boxes),
            max(box["xmax"] for box in boxes),
            max(box["ymax"] for box in boxes),
        ]
        assert b"ARROW:extension:name" not in (table.schema.field("geometry").metadata or {})
        rows += len(table)
    assert rows > 300


def test_what_is_written_is_read_again_as_sites(spark, frames, written):
    once = spark.read.parquet(str(written))
    # Parts of a site have become one row; what was scored before is no column of a source.
    sites = once.selectExpr("id as site_id", "name", "geometry", "bbox")
    frame = tamarisk.spark.score(sites, frames["incidents"], as_of=AS_OF, plan="broadcast")
    assert "site_bbox" not in frame.columns
    before = {row.id: row.incidents_50km for row in once.where("linked_parts is null or linked_parts = 0").collect()}
    after = {row.id: row.incidents_50km for row in frame.collect()}
    assert len(before) > 200 and all(after[of] == before[of] for of in before)


def test_nothing_is_written_over(frames, written):
    frame = tamarisk.spark.score(frames["sites"], frames["incidents"], as_of=AS_OF, plan="broadcast")
    with pytest.raises(UsageError, match="already"):
        tamarisk.spark.write(frame, written)
    with pytest.raises(UsageError, match="not scored sites"):
        tamarisk.spark.write(frames["sites"], written.parent / "other")
