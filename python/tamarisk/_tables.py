"""Tables of Arrow from what users have: GeoDataFrames, DataFrames, tables with a reference system."""

from __future__ import annotations

import json
from typing import Any

from tamarisk import _frames, _places
from tamarisk._errors import UsageError, warn
from tamarisk._needs import is_of, needs

_DEGREES = "OGC:CRS84"


def table(given: Any, name: str, role: str, crs: str | None, columns: Any) -> Any:
    """An object with ``__arrow_c_stream__`` whose coordinates are degrees on WGS84.

    Raises:
        UsageError: It is no table, or its reference system is not known or needs pyproj.
    """
    given = _places.gathered(given)
    if is_of(given, "geopandas", "GeoSeries"):
        given = moved(given, name, crs).to_frame("geometry")
    if is_of(given, "pandas", "DataFrame"):
        _frames.check_labels(given, name)
    if _is_geodataframe(given):
        return _of_geodataframe(given, name, crs)
    if is_of(given, "pandas", "DataFrame"):
        given = _of_dataframe(given, name)
    elif is_of(given, "pandas", "Series") or not hasattr(given, "__arrow_c_stream__"):
        arrow = getattr(given, "arrow", None)
        given = arrow() if callable(arrow) else _refuse(given, name)
    from tamarisk import _crs

    return _crs.in_degrees(given, name, role, crs, columns)


def _is_geodataframe(given: Any) -> bool:
    return is_of(given, "geopandas", "GeoDataFrame")


def _of_geodataframe(frame: Any, name: str, crs: str | None) -> Any:
    frame = moved(frame, name, crs)
    others = [label for label in frame.columns if label != frame.geometry.name and _is_geometry(frame[label])]
    if others:
        warn(
            f"{name}: the geometries {', '.join(map(repr, others))} are not read; "
            f"a table has one, here {frame.geometry.name!r} (set_geometry chooses it)"
        )
        frame = frame.drop(columns=others)
    return _frames.arrow(frame, name, lambda frame: frame.to_arrow(index=False, geometry_encoding="WKB"))


def moved(frame: Any, name: str, crs: str | None) -> Any:
    """A GeoDataFrame or GeoSeries in degrees on WGS84.

    Raises:
        UsageError: It has no geometry, or no reference system and none is named.
    """
    try:
        own = frame.crs
    except AttributeError as error:
        raise UsageError(
            f"{name}: the GeoDataFrame has no geometry", "set_geometry(COLUMN)", "column-missing"
        ) from error
    if own is None:
        if crs is None:
            raise UsageError(
                f"{name}: the {type(frame).__name__} has no reference system",
                'say what its coordinates are: frame.set_crs("EPSG:4326"), or crs="EPSG:32642"',
                "crs-unknown",
            )
        frame = _set_crs(frame, crs, name)
    return frame if frame.crs == _DEGREES else frame.to_crs(_DEGREES)


def _set_crs(frame: Any, crs: str, name: str) -> Any:
    try:
        return frame.set_crs(crs)
    except RuntimeError as error:
        # The error of pyproj for a system that it does not know.
        raise UsageError(f'{name}: crs="{crs}": {error}', 'a code such as crs="EPSG:32642"', "crs-unknown") from error


def _is_geometry(column: Any) -> bool:
    return str(getattr(column, "dtype", "")) == "geometry"


def _of_dataframe(frame: Any, name: str) -> Any:
    pyarrow = needs("pyarrow", "geopandas")
    return _frames.arrow(frame, name, lambda frame: pyarrow.Table.from_pandas(frame, preserve_index=False))


def _refuse(given: Any, name: str) -> Any:
    kind = type(given)
    hint = "a path, a GeoDataFrame, a DataFrame, or a table of Arrow, polars or DuckDB"
    if kind.__name__ == "LazyFrame":
        hint = "collect it first: frame.collect()"
    elif is_of(given, "pandas", "Series"):
        hint = "a row of a frame as a frame: frame.iloc[[0]]; a column with its place: frame[[COLUMN, 'lon', 'lat']]"
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
