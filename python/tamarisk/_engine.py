"""Incidents and receptors read once, and what is scored and asked on them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from tamarisk import _inputs, _losses, _places, _tamarisk
from tamarisk._answer import Answer
from tamarisk._errors import DataError, TamariskError, UsageError, warn
from tamarisk._finding import Finding
from tamarisk._integers import Types
from tamarisk._progress import Progress, told
from tamarisk._result import Result
from tamarisk._surface import Surface

if TYPE_CHECKING:
    from tamarisk._inputs import Sources


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
        own, record = self._sources(sites, "sites"), self._sources(incidents, "incidents")
        around = _inputs.receptors(receptors, self._crs, columns)
        roles = {"sites": own, "incidents": record, "receptors": around, "rasters": _inputs.rasters(rasters)}
        self._types = Types({"sites": own, "incidents": record, "receptors": [one for _, one in around]}, columns)
        with told(progress) as tell:
            self._native = _tamarisk.Engine(roles, options, _inputs.threads(threads), tell)

    def _sources(self, given: Sources, role: str, name: str | None = None) -> list[_inputs.Given]:
        return _inputs.sources(given, role, self._crs, self._columns, name)

    def __reduce__(self) -> NoReturn:
        raise UsageError(
            "an Engine cannot be sent to another process: it holds all incidents, indexed",
            "make it there, once for each process; or ask one engine from many threads; results can be sent",
        )

    def _part(self, incidents: Sources, summary: bytes, threads: int | None) -> Engine:
        """An engine for ``tamarisk.spark``: a part of all incidents, of which it has a summary, beside the receptors of
        this engine, which has no incidents."""
        part = object.__new__(Engine)
        vars(part).update(vars(self))
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
            scored = self._native.score(given, box, _inputs.threads(threads), tell)
        result = Result(scored, self._types if given is None else self._types.of(sites=given))
        for words in _losses.losses(result.receipt, _tamarisk._astray(self._native, scored)):
            warn(words)
        return result

    def risk(self, at: Any, *, name: str = "place", accuracy: Any = None) -> Answer:
        """The scores of a place that is no site, taken apart, as ``tamarisk risk --json`` prints them.

        Args:
            at: Longitude and latitude in degrees, a Point of shapely, or a GeoSeries or GeoDataFrame of one point.
            name: What to call it.
            accuracy: The radius within which it lies, ``"500m"`` or kilometers.
        """
        place = _places.place(at)
        answer = Answer(_tamarisk.risk(self._native, place, name, _inputs.length(accuracy)))
        if (other := _tamarisk._swapped(self._native, place)) is not None:
            warn(_places.swapped(place, other))
        return answer

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
            at: A place as of :meth:`risk`, or the id or name of one of the engine's sites.
            site: The id or name of one of the engine's sites.
            within: How far to look: ``"50 km"`` or kilometers.
            k: How many to list.
            kinds: Which to list: ``site``, ``incident``, or kinds of receptors.
        """
        if isinstance(at, str):
            at, site = None, at
        place = None if at is None else _places.place(at)
        kinds = _inputs.words(kinds)
        answer = Answer(_tamarisk.near(self._native, place, site, _inputs.length(within), _inputs.whole(k, "k"), kinds))
        if place is not None and (other := answer["swapped"]):
            warn(_places.swapped(place, (other["lon"], other["lat"])))
        return answer

    def rank(self, candidates: Sources, *, by: str | None = None) -> Answer:
        """Candidate sites side by side, the one with the least risk first, as ``tamarisk rank --json`` prints them.

        Args:
            candidates: A source or a list of sources; or a place, or a list of places: pairs of longitude and latitude,
                or Points of shapely.
            by: ``"overall"``, ``"security"`` or ``"environment"``; by default what all of them have.
        """
        given = _inputs.some(self._sources(candidates, "sites", "candidates"), "candidates")
        return Answer(_tamarisk.rank(self._native, given, by))

    def corridor(self, routes: Sources, *, step: Any = "1km", within: Any = "10km") -> Answer:
        """The security scores along routes, as ``tamarisk corridor --json`` prints them.

        Args:
            routes: A source of lines, or a list of sources; or a LineString of shapely, or a list of them.
            step: The length of a step.
            within: The distance within which incidents are counted.
        """
        given = _inputs.some(self._sources(routes, "sites", "routes"), "routes")
        step, within = _inputs.length(step) or "", _inputs.length(within) or ""
        try:
            return Answer(_tamarisk.corridor(self._native, given, step, within))
        except DataError as error:
            if error.code not in ("route-missing", "column-missing"):
                raise
            raise DataError(
                error.message.replace("the files hold", "routes: there is").replace(" as sites", ""),
                "a route is a LineString: of a GeoDataFrame, of shapely, or of a file of roads or tracks",
                error.code,
            ) from None

    def surface(self, bounds: Any = None, cell: Any = None) -> Surface:
        """The security score at every cell of a grid, as ``tamarisk surface`` draws it.

        Args:
            bounds: West, south, east, north in degrees; by default around the sites, else the incidents.
            cell: The side of a cell, ``"5km"`` or kilometers; by default one with up to a million cells.
        """
        box, cell = _inputs.box(bounds, "bounds"), _inputs.length(cell)
        try:
            return Surface(_tamarisk.surface(self._native, box, cell))
        except TamariskError as error:
            # The box of a surface is called so.
            message, hint = error.message.replace("bbox", "bounds"), error.hint and error.hint.replace("bbox", "bounds")
            raise type(error)(message, hint, error.code) from None

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
