"""The functions that users call."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tamarisk import UsageError

from ._plan import Plan, chosen
from ._question import Question

if TYPE_CHECKING:
    from datetime import date
    from os import PathLike

    from pyspark.sql import DataFrame


def score(
    sites_df: DataFrame,
    incidents_df: DataFrame | None,
    receptors: Any = None,
    *,
    scheme: str | PathLike[str] = "default",
    as_of: str | date | None = None,
    coverage: str | PathLike[str] | None = None,
    complete: Sequence[str] = (),
    columns: Mapping[str, str] | str | PathLike[str] | None = None,
    crs: str | None = None,
    plan: str = "auto",
    keep: Sequence[str] | None = None,
    executor_memory: int | str | None = None,
) -> DataFrame:
    """Scores sites: a row for each, with the columns of the layer `sites`.

    The rows are those of one machine, value for value. Columns are bound by the same names as in files; every site
    and incident needs an id. The DataFrame has `id`, the columns of the scheme, the sites' own columns as `site_*` in
    their Spark types, and `geometry` (WKB, longitude and latitude on WGS84).

    - `incidents_df`: all of them; they count as one file. None: no incidents at all.
    - `receptors`: a mapping from kind to a DataFrame or a file on the driver, or one source with a column
      `receptor_type`, or a list of those. Every executor gets all.
    - `keep`: the own columns of sites to pass on; all by default.
    - `plan`: `"broadcast"` gives every executor all incidents; `"halo"` gives every block of space those that its
      sites need; `"auto"` takes broadcast if it fits in memory. The plan and its estimate go to standard error.
    - `executor_memory`: what Python may use on an executor, in bytes or as `"8g"`. By default
      spark.executor.pyspark.memory, spark.executor.memoryOverhead, or as much as the JVM has.

    Now: ids are counted and compared, incidents are located or gathered. When rows are asked for: sites are read and
    scored. Sites that cannot be used have no row; `findings` lists them with the reason. The parts of a site (equal
    `group`) may be in any partition; they are taken in the order of their ids.

    Raises `UsageError` if columns, options or memory do not fit, and `DataError` if ids are missing or occur twice.
    """
    planned = plan_of(
        (sites_df, incidents_df, receptors),
        dict(scheme=scheme, as_of=as_of, coverage=coverage, complete=complete or None, columns=columns, crs=crs),
        (plan, keep, executor_memory),
    )
    print(planned.text, file=sys.stderr)
    return planned.run()


def explain_plan(
    sites_df: DataFrame,
    incidents_df: DataFrame | None,
    receptors: Any = None,
    *,
    scheme: str | PathLike[str] = "default",
    as_of: str | date | None = None,
    coverage: str | PathLike[str] | None = None,
    complete: Sequence[str] = (),
    columns: Mapping[str, str] | str | PathLike[str] | None = None,
    crs: str | None = None,
    plan: str = "auto",
    keep: Sequence[str] | None = None,
    executor_memory: int | str | None = None,
) -> str:
    """The plan that `score` would take with these arguments, and what it would cost: counts, bytes, memory, time."""
    return plan_of(
        (sites_df, incidents_df, receptors),
        dict(scheme=scheme, as_of=as_of, coverage=coverage, complete=complete or None, columns=columns, crs=crs),
        (plan, keep, executor_memory),
    ).text


def plan_of(
    data: tuple[DataFrame, DataFrame | None, Any],
    options: dict[str, Any],
    how: tuple[str, Sequence[str] | None, int | str | None],
) -> Plan:
    """The plan for some data."""
    (sites, incidents, receptors), (plan, keep, memory) = data, how
    if isinstance(keep, str):
        raise UsageError(f"keep is a text: {keep!r}", hint=f"keep=[{keep!r}]")
    return chosen(Question.of(sites, incidents, receptors, options, keep, memory), plan)
