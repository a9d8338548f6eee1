"""Layers: features with a table, handed out in whatever form is asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from tamarisk import _inputs, _integers, _tamarisk
from tamarisk._errors import UsageError
from tamarisk._needs import needs

if TYPE_CHECKING:
    import geopandas
    import pandas
    import polars
    import pyarrow


class Column(NamedTuple):
    """A column of a layer."""

    name: str
    """Its name in files and tables."""
    kind: str
    """``"text"``, ``"number"``, ``"flag"`` or ``"date"``."""
    unit: str | None
    """The unit of its numbers, such as ``"km"``."""
    about: str
    """What it says."""


class Layer:
    """A layer of a result: features of one geometry kind in longitude and latitude on WGS84, with a table.

    A layer is a table of Arrow for everything that knows the Arrow PyCapsule interface: ``pyarrow.table(layer)``,
    ``polars.DataFrame(layer)``, ``duckdb.sql("select * from layer")``. The columns are ``id``, those of
    ``docs/FORMATS.md``, and last ``geometry`` (well-known binary, ``geoarrow.wkb``). Values are rounded as in files.
    A layer can itself be a source of another call.
    """

    def __init__(self, native: _tamarisk.Layer, candidates: _integers.Candidates) -> None:
        self._native = native
        self._candidates = candidates

    def __reduce__(self) -> tuple[Callable[..., Layer], tuple[Any, ...]]:
        native = self._native
        return _restored, (native.name, native.geometry, native.batches(True).ipc(), tuple(self._candidates))

    @property
    def name(self) -> str:
        """The base of the name of its file, such as ``"sites"``."""
        return self._native.name

    @property
    def geometry_type(self) -> str:
        """``"point"``, ``"line"`` or ``"polygon"``."""
        return self._native.geometry

    @property
    def columns(self) -> list[str]:
        """The names of its columns, without ``id`` and ``geometry``."""
        return [name for name, _, _, _ in self._native.columns]

    @property
    def described(self) -> list[Column]:
        """Its columns with kind, unit and description."""
        return [Column(*column) for column in self._native.columns]

    def __len__(self) -> int:
        return len(self._native)

    def __bool__(self) -> bool:
        return True

    def __arrow_c_schema__(self) -> object:
        """The schema as a capsule of ``ArrowSchema``."""
        return self._native.schema().__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The features as a capsule of ``ArrowArrayStream``."""
        return self._native.batches(True).__arrow_c_stream__(requested_schema)

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        """A FeatureCollection of GeoJSON as a dict."""
        return json.loads(self._native.geojson())  # type: ignore[no-any-return]

    def to_arrow(self) -> pyarrow.Table:
        """The features as a table of pyarrow."""
        return needs("pyarrow", "geopandas").table(self)

    def to_geopandas(self, crs: Any = "EPSG:4326") -> geopandas.GeoDataFrame:
        """The features as a GeoDataFrame, longitude first.

        Whole numbers are integers: counts, and ids and own columns that were given so (Int64 where values are missing).

        Args:
            crs: Its reference system. EPSG:4326 and OGC:CRS84 are the same numbers here; GeoPandas joins frames only if
                both name the same one.
        """
        table = _integers.whole(self.to_arrow(), self._candidates)
        made = needs("geopandas", "geopandas").GeoDataFrame.from_arrow(table)
        frame: geopandas.GeoDataFrame = _integers.with_gaps(made, table)
        name = _inputs.name_of_crs(crs)
        if name is not None and _inputs.is_degrees(name):
            return frame.set_crs(name, allow_override=True)
        try:
            return frame.to_crs(crs)
        except (RuntimeError, ValueError) as error:
            # Those of pyproj for a system that it does not know.
            raise UsageError(f"crs={crs!r}: {error}", 'a code such as crs="EPSG:32642"', "crs-unknown") from error

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a DataFrame without geometry; for points with ``lon`` and ``lat`` in degrees.

        Whole numbers are integers: counts, and ids and own columns that were given so (Int64 where values are missing).
        """
        pyarrow = needs("pyarrow", "geopandas")
        needs("pandas", "geopandas")
        table = _integers.whole(pyarrow.table(self._native.batches(False)), self._candidates)
        frame: pandas.DataFrame = _integers.with_gaps(table.to_pandas(), table)
        return frame

    def to_polars(self) -> polars.DataFrame:
        """The features as a DataFrame of polars; the geometry is well-known binary."""
        frame: polars.DataFrame = needs("polars", "all").DataFrame(self._native.batches(True))
        return frame

    def write(self, path: str | os.PathLike[str], *, replace: bool = False) -> None:
        """Write a file in the format of its extension: ``.geojson``, ``.fgb`` or ``.parquet`` (GeoParquet).

        A GeoJSON or FlatGeobuf file of the same layer is written over, any other file only with ``replace``.

        Raises:
            UsageError: The extension is of no format that is written.
            InputOutputError: The file cannot be written, or another one is there.
        """
        self._native.write(os.fspath(path), replace)

    def __repr__(self) -> str:
        return f"<Layer {self.name}: {len(self)} {self.geometry_type}s, {len(self._native.columns)} columns>"

    def _repr_html_(self) -> str:
        from tamarisk import _html

        return _html.layer(self)


def _restored(name: str, geometry: str, rows: bytes, candidates: tuple[Any, ...]) -> Layer:
    """A layer that was pickled."""
    native = _tamarisk._restored(name, geometry, _tamarisk.Batches.of_ipc(rows))
    return Layer(native, _integers.Candidates(*candidates))
