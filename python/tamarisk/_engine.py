"""Incidents and receptors read once, and what is scored and asked on them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from copy import copy
from typing import TYPE_CHECKING, Any

from tamarisk import _inputs, _losses, _tamarisk
from tamarisk._answer import Answer
from tamarisk._checked import Checked
from tamarisk._finding import Finding
from tamarisk._progress import Progress, told
from tamarisk._result import Result
from tamarisk._surface import Surface

if TYPE_CHECKING:
    from tamarisk._inputs import Source, Sources


class Engine:
    """Incidents and receptors, read and indexed once; any number of sites are scored and questions asked on them.

    An engine may be used by many threads at the same time, and after a fork.

    Args:
        incidents: Dated events: a source or a list of sources. A source is a path (``FILE`` or ``FILE:LAYER``), a
            GeoDataFrame, a DataFrame with coordinates, or anything with ``__arrow_c_stream__``.
        receptors: A mapping from kind to source or list of sources (``{"rivers": "rivers.geojson"}``), or a source
            whose records have a ``receptor_type``.
        sites: Sites of the engine itself, which questions can name and which ``score()`` scores.
        rasters: A mapping from name to file of a raster.
        scheme: A built-in scheme or the path of one.
        as_of: The day at which ages are computed; by default that of the newest incident.
        bbox: West, south, east, north in degrees: only sites within are scored.
        coverage: Where and when incidents were collected: ``"all"``, countries, or a source of polygons.
        complete: Kinds of receptors of which all there are are given.
        stale: ``"no-data"`` or ``"last"``: how places whose collection has ended are scored.
        columns: What columns mean: ``{"sites.lat": "Y", "incidents.date": "When"}``, or the path of a column map. A key
            without a role goes to all that have it.
        types: Tables of words and the types of incidents that they mean.
        crs: The reference system of coordinates that are not degrees, for sources that do not say. Files in another
            system than WGS84 are not read; read them with geopandas.
        date_format: The format of dates, as of strptime.
        encoding: The encoding of texts.
        sheet: The sheet of a workbook.
        header_row: The row of the header.
        decimal_comma: Whether numbers have a decimal comma.
        where: Conditions on the records that are wanted, such as ``"admin1 in Sindh"``.
        since: The first day of incidents that are wanted.
        merge_sources: Whether an event that several sources report counts once.
        uncertainty: The number of draws that tell how sure scores are; True for 1,000.
        vary: What varies in them; by default all.
        calibration: The path of a calibration, which gives scores a probability.
        threads: The number of threads; by default one for each core.
        progress: None, True for a bar, or a callable ``(stage, done, total)``.

    Raises:
        UsageError: An argument that means nothing.
        DataError: An input that cannot be used as a whole.
        InputOutputError: A file that cannot be read.
    """

    def __init__(
        self,
        incidents: Sources = None,
        receptors: Any = None,
        *,
        sites: Sources = None,
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
    ) -> None:
        options = _inputs.options(
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
        )
        self._crs, self._columns = _inputs.name_of_crs(crs), columns
        self._bbox = _inputs.box(bbox)
        roles = {
            "sites": self._sources(sites, "sites"),
            "incidents": self._sources(incidents, "incidents"),
            "receptors": _inputs.receptors(receptors, self._crs, columns),
            "rasters": _inputs.rasters(rasters),
        }
        with told(progress) as tell:
            self._native = _tamarisk.Engine(roles, options, _inputs.threads(threads), tell)

    def _sources(self, given: Sources, role: str) -> list[_inputs.Given]:
        return _inputs.sources(given, role, self._crs, self._columns)

    def _part(self, incidents: Sources, summary: bytes, threads: int | None) -> Engine:
        """An engine for ``tamarisk.spark``: a part of all incidents, of which it has a summary, beside the receptors of
        this engine, which has no incidents."""
        part = copy(self)
        given = self._sources(incidents, "incidents")
        part._native = self._native.part(given, summary, _inputs.threads(threads))
        return part

    def score(
        self,
        sites: Sources = None,
        *,
        bbox: Any = None,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Result:
        """Score sites.

        Args:
            sites: A source or a list of sources; by default the engine's own.
            bbox: West, south, east, north in degrees: only sites within are scored; by default the engine's box.
            threads: The number of threads; by default that of the engine.
            progress: None, True for a bar, or a callable ``(stage, done, total)``.
        """
        return self._scored(sites, bbox, threads, progress)

    def _scored(self, sites: Sources, bbox: Any, threads: int | None, progress: Progress) -> Result:
        given = None if sites is None else self._sources(sites, "sites")
        box = self._bbox if bbox is None else _inputs.box(bbox)
        with told(progress) as tell:
            result = Result(self._native.score(given, box, _inputs.threads(threads), tell))
        # The line that called `score`, of an engine or of the package.
        _losses.warn(result.receipt, stacklevel=3)
        return result

    def risk(self, at: Any, *, name: str = "place", accuracy: Any = None) -> Answer:
        """The scores of a place that is no site, taken apart, as ``tamarisk risk --json`` prints them.

        Args:
            at: Longitude and latitude in degrees.
            name: What to call it.
            accuracy: The radius within which it lies, ``"500m"`` or kilometers.
        """
        return Answer(_tamarisk.risk(self._native, _inputs.place(at), name, _inputs.length(accuracy)))

    def explain(self, site: str, *, without: str | Iterable[str] = (), add: str | Iterable[str] = ()) -> Answer:
        """The scores of one of the engine's sites taken apart, as ``tamarisk explain --json`` prints them.

        Args:
            site: Its id or name.
            without: Ids of incidents to leave out.
            add: Incidents to add: ``"LON,LAT,TYPE"``, then deaths and date if known. With either, the answer has the
                scores ``before`` and ``after``.
        """
        return Answer(_tamarisk.explain(self._native, str(site), _inputs.words(without), _inputs.words(add)))

    def near(
        self,
        at: Any = None,
        *,
        site: str | None = None,
        within: Any = None,
        k: int | None = None,
        kinds: str | Iterable[str] | None = None,
    ) -> Answer:
        """What lies near a place, nearest first, as ``tamarisk near --json`` prints it.

        Args:
            at: Longitude and latitude in degrees, or the id or name of one of the engine's sites.
            site: The id or name of one of the engine's sites.
            within: How far to look: ``"50 km"`` or kilometers.
            k: How many to list.
            kinds: Which to list: ``site``, ``incident``, or kinds of receptors.
        """
        if isinstance(at, str):
            at, site = None, at
        place = None if at is None else _inputs.place(at)
        return Answer(
            _tamarisk.near(
                self._native, place, site, _inputs.length(within), _inputs.whole(k, "k"), _inputs.words(kinds)
            )
        )

    def rank(self, candidates: Sources, *, by: str | None = None) -> Answer:
        """Candidate sites side by side, the one with the least risk first, as ``tamarisk rank --json`` prints them.

        Args:
            candidates: A source or a list of sources.
            by: ``"overall"``, ``"security"`` or ``"environment"``; by default what all of them have.
        """
        return Answer(_tamarisk.rank(self._native, self._sources(candidates, "sites"), by))

    def corridor(self, routes: Sources, *, step: Any = "1km", within: Any = "10km") -> Answer:
        """The security scores along routes, as ``tamarisk corridor --json`` prints them.

        Args:
            routes: A source of lines, or a list of sources.
            step: The length of a step.
            within: The distance within which incidents are counted.
        """
        given = self._sources(routes, "sites")
        return Answer(_tamarisk.corridor(self._native, given, _inputs.length(step) or "", _inputs.length(within) or ""))

    def surface(self, bounds: Any = None, cell: Any = None) -> Surface:
        """The security score at every cell of a grid, as ``tamarisk surface`` draws it.

        Args:
            bounds: West, south, east, north in degrees; by default around the sites, else the incidents.
            cell: The side of a cell, ``"5km"`` or kilometers; by default one with up to a million cells.
        """
        return Surface(_tamarisk.surface(self._native, _inputs.box(bounds, "bounds"), _inputs.length(cell)))

    @property
    def incidents(self) -> int:
        """The number of incidents that were read and can be used."""
        return self._native.incidents

    @property
    def receptors(self) -> int:
        """The number of receptors, with the earthquakes among the incidents."""
        return self._native.receptors

    @property
    def as_of(self) -> str | None:
        """The day at which ages are computed, YYYY-MM-DD."""
        return self._native.as_of

    @property
    def findings(self) -> list[Finding]:
        """What was set aside, repaired or is worth knowing of what the engine has read."""
        return [Finding(*one) for one in self._native.findings]

    def __repr__(self) -> str:
        sites = f"{self._native.sites} sites, " if self._native.sites else ""
        return (
            f"<Engine: {sites}{self.incidents} incidents, {self.receptors} receptors, as of {self.as_of or '-'}, "
            f"scheme {self._native.scheme}>"
        )


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
    columns = _inputs.in_sections(columns, sites, incidents, receptors, crs)
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
        return Result(_tamarisk.demo(_inputs.threads(threads), tell))


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
