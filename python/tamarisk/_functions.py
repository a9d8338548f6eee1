"""The functions of the package: score, check, hindcast, the built-in case and the schemes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tamarisk import _inputs, _tamarisk
from tamarisk._answer import Answer
from tamarisk._checked import Checked
from tamarisk._engine import Engine
from tamarisk._integers import Types
from tamarisk._progress import Progress, told
from tamarisk._result import Result

if TYPE_CHECKING:
    from tamarisk._inputs import Source, Sources


def score(
    sites: Sources,
    incidents: Sources = None,
    receptors: Any = None,
    *,
    rasters: Any = None,
    scheme: str | os.PathLike[str] = "default",
    as_of: Any = None,
    bbox: Any = None,
    coverage: Any = None,
    complete: str | Iterable[str] = (),
    stale: str | None = None,
    columns: Any = None,
    types: Any = None,
    crs: Any = None,
    date_format: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    decimal_comma: bool = False,
    where: str | Iterable[str] | None = None,
    since: Any = None,
    merge_sources: bool = False,
    uncertainty: int | bool | None = None,
    vary: str | Iterable[str] = (),
    calibration: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> Result:
    """Score sites by the incidents and receptors around them.

    Args:
        sites: A source or a list of sources: a path (``FILE`` or ``FILE:LAYER``), a GeoDataFrame, a DataFrame with
            coordinates, or anything with ``__arrow_c_stream__``.
        incidents: Dated events: a source or a list of sources.
        receptors: A mapping from kind to source or list of sources, or a source whose records have a
            ``receptor_type``.
        bbox: West, south, east, north in degrees: only sites within are scored.
        threads: The number of threads; by default one for each core.
        progress: None, True for a bar, or a callable ``(stage, done, total)``.
        rasters: As of :class:`Engine`, like the other keywords.

    Raises:
        UsageError: An argument that means nothing.
        DataError: An input that cannot be used as a whole.
        InputOutputError: A file that cannot be read.
    """
    columns, sites, incidents, receptors = _inputs.in_sections(columns, sites, incidents, receptors, crs)
    engine = Engine(
        incidents,
        receptors,
        rasters=rasters,
        scheme=scheme,
        as_of=as_of,
        coverage=coverage,
        complete=complete,
        stale=stale,
        columns=columns,
        types=types,
        crs=crs,
        date_format=date_format,
        encoding=encoding,
        sheet=sheet,
        header_row=header_row,
        decimal_comma=decimal_comma,
        where=where,
        since=since,
        merge_sources=merge_sources,
        uncertainty=uncertainty,
        vary=vary,
        calibration=calibration,
        threads=threads,
        progress=progress,
    )
    return engine._scored(sites, bbox, None, progress)


def demo(*, threads: int | None = None, progress: Progress = None) -> Result:
    """Score the built-in case: mines of Balochistan and publicly reported incidents around them."""
    with told(progress) as tell:
        return Result(_tamarisk.demo(_inputs.threads(threads), tell), Types({}))


def check(
    source: Source,
    role: str | None = None,
    *,
    columns: Any = None,
    types: Any = None,
    crs: Any = None,
    date_format: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    decimal_comma: bool = False,
    where: str | Iterable[str] | None = None,
    since: Any = None,
    threads: int | None = None,
) -> Checked:
    """Say what a source holds, how many of its records can be used, and what is wrong with the others.

    Args:
        source: A path or a table.
        role: ``"sites"``, ``"incidents"``, ``"receptors"`` or a kind of receptor; by default it is found out.
        columns: As of :class:`Engine`, like the others.
    """
    options = _inputs.options(
        columns=columns,
        types=types,
        crs=crs,
        date_format=date_format,
        encoding=encoding,
        sheet=sheet,
        header_row=header_row,
        decimal_comma=decimal_comma,
        where=where,
        since=since,
    )
    given = _inputs.source(source, role or "table", role or "sites", _inputs.name_of_crs(crs), columns)
    return Checked(*_tamarisk.check(given, role, options, _inputs.threads(threads)))


def hindcast(
    sites: Sources,
    incidents: Sources,
    *,
    scheme: Any = "default",
    from_: Any = None,
    to: Any = None,
    every: str = "1y",
    within: Any = ("25km", "50km"),
    horizon: Any = 365,
    min_deaths: int | Iterable[int] = 0,
    calibrate: bool = False,
    tune: str | None = None,
    coverage: Any = None,
    write: str | os.PathLike[str] | None = None,
    replace: bool = False,
    columns: Any = None,
    types: Any = None,
    crs: Any = None,
    date_format: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    decimal_comma: bool = False,
    where: str | Iterable[str] | None = None,
    since: Any = None,
    merge_sources: bool = False,
    threads: int | None = None,
    progress: Progress = None,
) -> Answer:
    """Compare the scores of past days with what happened after them, as ``tamarisk hindcast`` does.

    Args:
        sites: A source or a list of sources.
        incidents: Dated events: a source or a list of sources.
        scheme: A scheme, or a list of schemes of which the others are compared with the first.
        from_: The first day that may be an origin.
        to: The last origin.
        every: The time between origins, such as ``"1y"``, ``"6m"`` or ``"90d"``.
        within: Radii within which incidents are told: ``"50km"`` or kilometers, or a list.
        horizon: How many days ahead are looked at: a number, ``"365d"``, or a list.
        min_deaths: The least deaths of an incident that is to be told, or a list.
        calibrate: Whether to fit a calibration.
        tune: Which settings of the scheme to try.
        coverage: Where and when incidents were collected.
        write: The folder for its files; by default none are written.
        replace: Whether any file in the way is written over.
        columns: As of :class:`Engine`, like the others.

    Returns:
        The receipt, and the rows of ``hindcast.csv`` and ``bands.csv`` as ``measures`` and ``bands``.
    """
    options = _inputs.options(
        coverage=coverage,
        columns=columns,
        types=types,
        crs=crs,
        date_format=date_format,
        encoding=encoding,
        sheet=sheet,
        header_row=header_row,
        decimal_comma=decimal_comma,
        where=where,
        since=since,
        merge_sources=merge_sources,
    )
    schemes = scheme if isinstance(scheme, (list, tuple)) else [scheme]
    asked = {
        "schemes": [os.fspath(one) for one in schemes],
        "from_": _inputs.day(from_),
        "to": _inputs.day(to),
        "every": every,
        "within": _inputs.lengths(within),
        "horizon": _inputs.days(horizon),
        "min_deaths": [min_deaths] if isinstance(min_deaths, int) else list(min_deaths),
        "calibrate": bool(calibrate),
        "tune": tune,
    }
    roles = {
        "sites": _inputs.sources(sites, "sites", _inputs.name_of_crs(crs), columns),
        "incidents": _inputs.sources(incidents, "incidents", _inputs.name_of_crs(crs), columns),
        "receptors": [],
        "rasters": [],
    }
    folder = None if write is None else os.fspath(write)
    with told(progress) as tell:
        return Answer(_tamarisk.hindcast(roles, asked, options, folder, bool(replace), _inputs.threads(threads), tell))


def schemes() -> list[str]:
    """The names of the built-in schemes."""
    return _tamarisk.schemes()


def scheme(name: str | os.PathLike[str] = "default") -> str:
    """A scheme, built in or of a file, as TOML with every key."""
    return _tamarisk.scheme(os.fspath(name))
