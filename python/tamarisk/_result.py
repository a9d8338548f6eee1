"""Scored sites."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tamarisk import _inputs
from tamarisk._answer import Answer
from tamarisk._finding import Finding
from tamarisk._kept import Kept
from tamarisk._layer import Layer
from tamarisk._progress import Progress, told

if TYPE_CHECKING:
    from tamarisk import _tamarisk
    from tamarisk._integers import Types


class Result:
    """Scored sites: their layers, findings, receipt, explanations and files.

    Layers are drawn when they are looked at. Each is of one geometry kind, as the files of a run are: polygons of sites
    are in ``footprints`` and lines in ``footprint_lines``; points, lines and polygons of receptors in ``receptors``,
    ``receptor_lines`` and ``receptor_areas``.

    A result can be pickled, with all its layers; one that was has no ``explain`` and no ``write``.
    """

    LAYERS = (
        "sites",
        "rings",
        "links",
        "footprints",
        "footprint_lines",
        "incidents",
        "receptors",
        "receptor_lines",
        "receptor_areas",
    )
    """The names of all layers."""

    def __init__(self, native: _tamarisk.Scored | Kept, types: Types | Kept) -> None:
        self._native = native
        self._types = types

    def __reduce__(self) -> tuple[Callable[[Kept], Result], tuple[Kept]]:
        return _restored, (Kept.of(self._native, {name: self.layer(name) for name in self.LAYERS}),)

    def __len__(self) -> int:
        """The number of scored sites."""
        return len(self._native)

    def __bool__(self) -> bool:
        return True

    def layer(self, name: str) -> Layer:
        """A layer by its name."""
        if name not in self.LAYERS:
            raise KeyError(f"no layer {name!r}; there are {', '.join(self.LAYERS)}")
        return Layer(self._native.layer(name), self._types.candidates(name))

    @property
    def sites(self) -> Layer:
        """Every site with its scores."""
        return self.layer("sites")

    @property
    def rings(self) -> Layer:
        """Geodesic buffers around the sites, with counts."""
        return self.layer("rings")

    @property
    def links(self) -> Layer:
        """Lines from each site to its main drivers and nearest receptors."""
        return self.layer("links")

    @property
    def footprints(self) -> Layer:
        """Polygons of sites and their parts."""
        return self.layer("footprints")

    @property
    def footprint_lines(self) -> Layer:
        """Lines of sites and their parts."""
        return self.layer("footprint_lines")

    @property
    def incidents(self) -> Layer:
        """Incidents with their weight and age."""
        return self.layer("incidents")

    @property
    def receptors(self) -> Layer:
        """Receptors that are points and in reach of a site."""
        return self.layer("receptors")

    @property
    def receptor_lines(self) -> Layer:
        """Receptors that are lines and in reach of a site."""
        return self.layer("receptor_lines")

    @property
    def receptor_areas(self) -> Layer:
        """Receptors that are polygons and in reach of a site."""
        return self.layer("receptor_areas")

    @property
    def findings(self) -> list[Finding]:
        """All findings: what was set aside, repaired or is worth knowing, with its place."""
        return [Finding(*one) for one in self._native.findings]

    @property
    def receipt(self) -> dict[str, Any]:
        """What was read and used, and under which scheme, as in ``receipt.json``, before anything is written."""
        return json.loads(self._native.receipt())  # type: ignore[no-any-return]

    @property
    def as_of(self) -> str | None:
        """The day at which ages are computed, YYYY-MM-DD."""
        return self._native.as_of

    @property
    def scheme(self) -> str:
        """The name of the scheme."""
        return self._native.scheme

    def explain(self, site: str) -> Answer:
        """The scores of a site taken apart, as ``tamarisk explain --json`` prints them.

        Args:
            site: Its id or name.

        Raises:
            UsageError: No site is called so.
        """
        return Answer(self._native.explain(str(site)))

    def write(
        self,
        folder: str | os.PathLike[str],
        *,
        layers: str | Iterable[str] | None = None,
        formats: str | Iterable[str] = ("geojson",),
        gpkg: bool = False,
        project: bool = False,
        report: bool = False,
        png: bool = False,
        group_by: str | Iterable[str] = (),
        weight_by: str | None = None,
        disclosures: bool = False,
        surface: Any = None,
        sensitivity: bool = False,
        replace: bool = False,
        progress: Progress = None,
    ) -> list[str]:
        """Write the files that ``tamarisk score -o`` writes, byte for byte where the sources are files.

        Args:
            folder: Where to; it is made if it is not there.
            layers: ``sites``, ``rings``, ``links``, ``footprints``, ``incidents``, ``receptors``; by default all,
                but rings, incidents and receptors only up to 10,000 features.
            formats: ``geojson``, ``fgb``, ``parquet``, ``csv``, and ``xlsx`` for ``risk.xlsx``, a workbook of all tables.
            gpkg: Whether to write ``risk.gpkg``.
            project: Whether to write ``risk.qgz`` and styles for QGIS.
            report: Whether to write ``report.html``.
            png: Whether to write ``map.png``.
            group_by: Columns of the sites by which ``portfolio.csv`` groups them; ``"operator x country"`` crosses two.
            weight_by: A column of numbers, such as value or workforce, whose sum in each band ``portfolio.csv`` tells.
            disclosures: Whether to write ``disclosures.csv``, what reporting standards ask for.
            surface: True for ``surface.tif`` with the default cell, or the side of a cell (``"5km"``, or kilometers).
            sensitivity: Whether to write the ranks under other settings of the scheme.
            replace: Whether any file in the way is written over.
            progress: None, True, or a callable ``(stage, done, total)``.

        Returns:
            The paths of the files, in the order in which they were written.

        Raises:
            InputOutputError: Something is in the way or cannot be written; the folder is then as it was.
        """
        cell = None if surface is None or isinstance(surface, bool) else _inputs.length(surface)
        wanted = {
            "layers": None if layers is None else _inputs.words(layers),
            "formats": _inputs.words(formats),
            "gpkg": bool(gpkg),
            "project": bool(project),
            "report": bool(report),
            "png": bool(png),
            "group_by": _inputs.words(group_by),
            "weight_by": weight_by,
            "disclosures": bool(disclosures),
            "surface": surface is not None and surface is not False,
            "cell": cell,
            "bounds": None,
            "sensitivity": bool(sensitivity),
        }
        path = os.fspath(folder)
        with told(progress) as tell:
            names, self._notes = self._native.write(path, wanted, bool(replace), None, tell)
        return [os.path.join(path, name) for name in names]

    @property
    def notes(self) -> Sequence[str]:
        """What the last ``write`` had to say, such as which layers are too large to be written unasked."""
        return tuple(getattr(self, "_notes", ()))

    def __repr__(self) -> str:
        aside, repaired, noted = self._native.verdicts
        return (
            f"<Result of {len(self)} sites as of {self.as_of or '-'}, scheme {self.scheme}: "
            f"{aside} set aside, {repaired} repaired, {noted} noted>"
        )

    def _repr_html_(self) -> str:
        from tamarisk import _html

        return _html.result(self, self._native.verdicts)


def _restored(kept: Kept) -> Result:
    """A result that was pickled."""
    return Result(kept, kept)
