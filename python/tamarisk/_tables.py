"""Tables of Arrow from what users have: GeoDataFrames, DataFrames, tables with a reference system."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tamarisk._errors import UsageError

_DEGREES = "OGC:CRS84"


def table(given: Any, name: str, role: str, crs: str | None, columns: Any) -> Any:
    """An object with ``__arrow_c_stream__`` whose coordinates are degrees on WGS84.

    Raises:
        UsageError: It is no table, or its reference system is not known or needs pyproj.
    """
    if _is_geodataframe(given):
        return _of_geodataframe(given, name, crs)
    if _is_of(given, "pandas", "DataFrame"):
        given = _of_dataframe(given, name)
    elif not hasattr(given, "__arrow_c_stream__"):
        arrow = getattr(given, "arrow", None)
        given = arrow() if callable(arrow) else _refuse(given, name)
    from tamarisk import _crs

    return _crs.in_degrees(given, name, role, crs, columns)


def _is_of(given: Any, module: str, name: str) -> bool:
    """Whether an object is of a class of a package, without importing the package."""
    return any(of.__name__ == name and of.__module__.partition(".")[0] == module for of in type(given).__mro__)


def _is_geodataframe(given: Any) -> bool:
    return _is_of(given, "geopandas", "GeoDataFrame")


def _of_geodataframe(frame: Any, name: str, crs: str | None) -> Any:
    try:
        own = frame.crs
    except AttributeError as error:
        raise UsageError(
            f"{name}: the GeoDataFrame has no geometry", "set_geometry(COLUMN)", "column-missing"
        ) from error
    if own is None:
        if crs is None:
            raise UsageError(
                f"{name}: the GeoDataFrame has no reference system",
                'say what its coordinates are: frame.set_crs("EPSG:4326"), or crs="EPSG:32642"',
                "crs-unknown",
            )
        frame = _set_crs(frame, crs, name)
    if frame.crs != _DEGREES:
        frame = frame.to_crs(_DEGREES)
    others = [label for label in frame.columns if label != frame.geometry.name and _is_geometry(frame[label])]
    if others:
        frame = frame.drop(columns=others)
    return _arrow(lambda: frame.to_arrow(index=False, geometry_encoding="WKB"), name, "GeoDataFrame")


def _set_crs(frame: Any, crs: str, name: str) -> Any:
    try:
        return frame.set_crs(crs)
    except RuntimeError as error:
        # The error of pyproj for a system that it does not know.
        raise UsageError(f'{name}: crs="{crs}": {error}', 'a code such as crs="EPSG:32642"', "crs-unknown") from error


def _is_geometry(column: Any) -> bool:
    return str(getattr(column, "dtype", "")) == "geometry"


def _of_dataframe(frame: Any, name: str) -> Any:
    from tamarisk._needs import needs

    pyarrow = needs("pyarrow", "geopandas")
    return _arrow(lambda: pyarrow.Table.from_pandas(frame, preserve_index=False), name, "DataFrame")


def _arrow(make: Callable[[], Any], name: str, what: str) -> Any:
    """A table of Arrow made of a frame whose columns may not allow it."""
    from tamarisk._needs import needs

    needs("pyarrow", "geopandas")
    try:
        return make()
    except (ValueError, TypeError) as error:
        # The errors of pyarrow are of these; their text names the column.
        raise UsageError(
            f"{name}: the {what} cannot be a table of Arrow: {' '.join(str(part) for part in error.args)}",
            "give each column one type and its own name; with geometries: "
            "geopandas.GeoDataFrame(frame, geometry=COLUMN, crs=CRS)",
            "column-unclear",
        ) from error


def _refuse(given: Any, name: str) -> Any:
    kind = type(given)
    hint = "a path, a GeoDataFrame, a DataFrame, or a table of Arrow, polars or DuckDB"
    if kind.__name__ == "LazyFrame":
        hint = "collect it first: frame.collect()"
    elif kind.__name__ == "GeoSeries":
        hint = "make it a GeoDataFrame first: series.to_frame()"
    elif kind.__module__.startswith("pyspark"):
        hint = "tamarisk.spark.score takes DataFrames of Spark; or collect it: frame.toArrow()"
    raise UsageError(f"{name}: a {kind.__module__}.{kind.__qualname__} is no source", hint, "format-unsupported")


def declared_crs(metadata: Any) -> Any:
    """The reference system in the metadata of a geometry field of GeoArrow: None where there is none."""
    if not metadata:
        return None
    try:
        return json.loads(metadata).get("crs")
    except (ValueError, AttributeError):
        return None
