"""What cannot be scored is refused in plain words, before anything is computed where that can be."""

import pytest

import tamarisk.spark
from made import AS_OF
from tamarisk import DataError, UsageError


def hint_of(error):
    return error.value.hint or ""


@pytest.mark.parametrize("role", ["sites", "incidents"])
def test_an_id_twice_is_refused_with_the_id(frames, role):
    twice = {**frames, role: frames[role].union(frames[role].limit(1))}
    with pytest.raises(DataError, match=f"ids of the {role} occur twice") as error:
        tamarisk.spark.score(twice["sites"], twice["incidents"], as_of=AS_OF)
    assert "(2 times)" in str(error.value) and "dropDuplicates" in hint_of(error)


def test_a_row_without_an_id_is_refused(frames):
    nameless = frames["sites"].selectExpr("nullif(site_id, 's00003') site_id", "lon", "lat")
    with pytest.raises(DataError, match="1 of 400 sites have no id"):
        tamarisk.spark.score(nameless, frames["incidents"], as_of=AS_OF)


def test_columns_are_bound_as_in_files_or_refused(frames, tmp_path):
    renamed = frames["sites"].withColumnRenamed("site_id", "Vorrat").drop("group", "part")
    with pytest.raises(UsageError, match="no column of ids") as error:
        tamarisk.spark.score(renamed, frames["incidents"], as_of=AS_OF)
    assert '"sites.id"' in hint_of(error)
    frame = tamarisk.spark.score(
        renamed, frames["incidents"], as_of=AS_OF, columns={"sites.id": "Vorrat"}, plan="broadcast"
    )
    assert frame.count() == 400
    with pytest.raises(UsageError, match="nowhere"):
        tamarisk.spark.score(frames["sites"], frames["incidents"], as_of=AS_OF, columns={"sites.lon": "nowhere"})


def test_memory_is_estimated_before_and_refused_with_what_would_fit(frames):
    for plan in ("broadcast", "halo", "auto"):
        with pytest.raises(UsageError, match="for Python on each executor") as error:
            tamarisk.spark.score(frames["sites"], frames["incidents"], as_of=AS_OF, plan=plan, executor_memory="64m")
        assert "executor_memory=" in hint_of(error)
    with pytest.raises(UsageError, match="no size"):
        tamarisk.spark.score(frames["sites"], frames["incidents"], executor_memory="much")


def test_the_plan_is_explained_and_printed(frames, capsys):
    text = tamarisk.spark.explain_plan(frames["sites"], frames["incidents"], as_of=AS_OF)
    assert text.startswith("plan: broadcast, all incidents fit on each executor")
    assert "400 sites, 6,000 incidents" in text and "2 executors" in text
    tamarisk.spark.score(frames["sites"], frames["incidents"], as_of=AS_OF)
    assert capsys.readouterr().err.strip() == text
    halo = tamarisk.spark.explain_plan(frames["sites"], frames["incidents"], as_of=AS_OF, plan="halo")
    assert halo.startswith("plan: halo, as asked") and "copies of each incident" in halo
    with pytest.raises(UsageError, match="no plan 'fast'"):
        tamarisk.spark.score(frames["sites"], frames["incidents"], plan="fast")


def test_an_error_on_an_executor_shows_its_message_first(spark, frames):
    import pyspark
    from pyspark.errors import PythonException

    # Longitude and latitude are swapped, and the country says so: the reader refuses the rows.
    swapped = spark.createDataFrame(
        [(f"s{n}", 29.0 + n / 10, 66.0 + n / 10, "PAK") for n in range(20)],
        "site_id string, lon double, lat double, country string",
    )
    frame = tamarisk.spark.score(swapped, frames["incidents"], as_of=AS_OF, plan="broadcast")
    with pytest.raises(PythonException) as error:
        frame.collect()
    text = str(error.value)
    assert "tamarisk" in text and "swapped" in text, text
    if int(pyspark.__version__.split(".")[0]) >= 4:
        assert "Traceback" not in text.split("swapped")[0]


def test_an_executor_without_the_package_says_what_to_do(spark):
    from pyspark.errors import PythonException

    from tamarisk.spark._run import on_executors

    # A module that is not there stands for a package that is not.
    frame = spark.range(3).mapInArrow(on_executors("_absent.work", None), "id bigint")
    with pytest.raises(PythonException, match="--py-files is not enough"):
        frame.collect()


def test_what_is_set_aside_is_listed_with_its_reason(spark, frames):
    sites = frames["sites"].select("site_id", "lon", "lat")
    beyond = spark.createDataFrame([("beyond", 10.0, 95.0)], sites.schema)
    rows = tamarisk.spark.findings(sites.union(beyond), frames["incidents"]).where("verdict = 'set aside'").collect()
    assert [(row.role, row.id) for row in rows] == [("sites", "beyond")] and "95" in rows[0].value
    text = tamarisk.spark.explain_plan(sites.union(beyond), frames["incidents"], as_of=AS_OF)
    assert "set aside: 1 of 401 sites, 0 of 6,000 incidents" in text
    frame = tamarisk.spark.score(sites.union(beyond), frames["incidents"], as_of=AS_OF, plan="broadcast")
    assert frame.count() == 400
