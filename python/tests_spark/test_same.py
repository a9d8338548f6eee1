"""What Spark makes is what one machine makes, line for line."""

import os
import signal

import pytest

import tamarisk.spark
from made import AS_OF, LONE, assert_same, collected, lines

PLANS = ["broadcast", "halo"]


@pytest.fixture(scope="module")
def alone(world, tmp_path_factory):
    """The lines of one machine."""
    return lines(world.one_machine(), tmp_path_factory.mktemp("alone"))


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("partitions", [1, 7])
def test_both_plans_give_the_lines_of_one_machine(frames, alone, tmp_path, plan, partitions):
    # Parts of a site are spread: partitions are filled in turn.
    sites = frames["sites"].repartition(partitions)
    incidents = frames["incidents"].repartition(partitions)
    frame = tamarisk.spark.score(sites, incidents, as_of=AS_OF, plan=plan)
    assert_same(collected(frame, tmp_path), alone)


@pytest.mark.parametrize("plan", PLANS)
def test_a_worker_that_is_killed_costs_no_row(frames, alone, tmp_path, plan, monkeypatch):
    flag = str(tmp_path / "killed")
    module = {"broadcast": "_broadcast", "halo": "_halo"}[plan]
    work = getattr(tamarisk.spark, module, None) or __import__(f"tamarisk.spark.{module}", fromlist=["x"])
    start = work.on_executors
    signal_kill = int(signal.SIGKILL)

    def killing(task, job):
        run = start(task, job)
        if not task.endswith((".broadcast", ".scored")):
            return run

        def first_dies(batches):
            import os

            for batch in run(batches):
                try:
                    os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    pass
                else:
                    os.kill(os.getpid(), signal_kill)
                yield batch

        return first_dies

    monkeypatch.setattr(work, "on_executors", killing)
    frame = tamarisk.spark.score(frames["sites"], frames["incidents"], as_of=AS_OF, plan=plan)
    assert_same(collected(frame, tmp_path), alone)
    assert os.path.exists(flag), "no worker was killed"


@pytest.mark.parametrize("plan", PLANS)
def test_receptors_reach_every_executor(frames, world, tmp_path, plan):
    theirs = lines(world.one_machine(receptors=True), tmp_path / "alone")
    # By DataFrame, and by a file of the driver.
    settlements = frames["settlements"] if plan == "halo" else str(world.files["settlements"])
    frame = tamarisk.spark.score(
        frames["sites"], frames["incidents"], {"settlements": settlements}, as_of=AS_OF, plan=plan
    )
    ours = collected(frame, tmp_path)
    assert_same(ours, theirs)
    assert any(b'"Town ' in line for line in ours)


@pytest.mark.parametrize("plan", PLANS)
def test_without_incidents_and_without_sites(frames, world, tmp_path, plan):
    none = frames["incidents"].where("false")
    frame = tamarisk.spark.score(frames["sites"], none, as_of=AS_OF, coverage="all", plan=plan)
    assert_same(
        collected(frame, tmp_path), lines(world.one_machine(incidents=False, coverage="all"), tmp_path / "alone")
    )
    no_sites = frames["sites"].where("false")
    assert tamarisk.spark.score(no_sites, frames["incidents"], as_of=AS_OF, plan=plan).collect() == []


@pytest.mark.parametrize("plan", PLANS)
def test_the_as_of_date_comes_from_all_incidents(frames, world, tmp_path, plan):
    alone = lines(world.one_machine(as_of=None), tmp_path / "alone")
    assert_same(collected(tamarisk.spark.score(frames["sites"], frames["incidents"], plan=plan), tmp_path), alone)


@pytest.mark.parametrize("plan", PLANS)
def test_a_site_far_from_everything_has_its_nearest_incident(frames, world, tmp_path, plan):
    around = "lon between 50 and 85 and lat between 10 and 45"
    table = frames["incidents"].where(around).orderBy("incident_id").toPandas()
    alone = tamarisk.score(world.files["sites"], table, as_of=AS_OF)
    assert len(table) > 500
    frame = tamarisk.spark.score(frames["sites"], frames["incidents"].where(around), as_of=AS_OF, plan=plan)
    assert_same(collected(frame, tmp_path), lines(alone, tmp_path / "alone"))
    row = frame.where(f"id = '{LONE[0]}'").first()
    assert row.nearest_incident_km > 10_000


def test_empty_partitions_are_no_matter(frames, alone, tmp_path):
    sites = frames["sites"].repartitionByRange(6, "site_id")
    few = sites.where("site_id < 's00050' or site_id = 'z-lone'")
    whole = {line.split(b'"id":"')[1].split(b'"')[0]: line.rstrip(b",") for line in alone if b'"id":"' in line}
    ids = {row.site_id for row in few.where("group is null").collect()}
    frame = tamarisk.spark.score(few.where("group is null"), frames["incidents"], as_of=AS_OF, plan="broadcast")
    ours = [line.rstrip(b",") for line in collected(frame, tmp_path) if b'"id":"' in line]
    assert len(ours) == len(ids) > 20
    assert all(line == whole[line.split(b'"id":"')[1].split(b'"')[0]] for line in ours)


def test_own_columns_keep_their_types(frames):
    frame = tamarisk.spark.score(frames["sites"], frames["incidents"], as_of=AS_OF, plan="broadcast")
    types = dict(frame.dtypes)
    assert types["id"] == "string" and types["geometry"] == "binary" and types["security_score"] == "double"
    assert types["site_grade"] == "int" and types["site_opened"] == "date" and types["site_open"] == "boolean"
    assert types["site_name"] == "string" and types["site_operator"] == "string"
    given = {row.site_id: (row.grade, row.opened, row.open) for row in frames["sites"].collect()}
    rows = frame.select("id", "site_grade", "site_opened", "site_open").collect()
    assert len(rows) > 300
    assert all(given[row.id] == (row.site_grade, row.site_opened, row.site_open) for row in rows)
    kept = tamarisk.spark.score(frames["sites"], frames["incidents"], as_of=AS_OF, keep=["grade"])
    assert [name for name in kept.columns if name.startswith("site_")] == ["site_grade"]
