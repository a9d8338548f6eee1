"""Places and shapes that are no table: pairs of numbers, shapes of shapely, GeoSeries."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

from tamarisk._errors import UsageError
from tamarisk._needs import is_of, needs


def place(given: Any, argument: str = "at") -> list[float]:
    """Longitude and latitude of a pair of numbers, a Point, or a GeoSeries or GeoDataFrame with one.

    Raises:
        UsageError: It is nothing of these, or more than one.
    """
    if is_of(given, "geopandas", "GeoSeries") or is_of(given, "geopandas", "GeoDataFrame"):
        given = _only(given, argument)
    if is_of(given, "shapely", "BaseGeometry"):
        if given.geom_type != "Point" or given.is_empty:
            raise UsageError(
                f"{argument}: a {given.geom_type}{' without a position' if given.is_empty else ''} is no place",
                "a point of it: shape.representative_point(); or score it as a site: engine.score(GeoDataFrame)",
                "setting-invalid",
            )
        return [float(given.x), float(given.y)]
    try:
        lon, lat = given
        return [float(lon), float(lat)]
    except (TypeError, ValueError):
        raise UsageError(
            f"{argument}={given!r}: is not a longitude and a latitude in degrees",
            "longitude comes first: (62.05, 29.12); or a Point of shapely",
            "setting-invalid",
        ) from None


def _only(given: Any, argument: str) -> Any:
    """The only shape of a GeoSeries or GeoDataFrame, in degrees."""
    from tamarisk import _tables

    if len(given) != 1:
        raise UsageError(
            f"{argument}: has {len(given)} rows; a place is one",
            "frame.iloc[[0]], or all of them: engine.score(frame), engine.rank(frame)",
            "setting-invalid",
        )
    return _tables.moved(given, argument, None).geometry.iloc[0]


def swapped(at: Sequence[float], other: Sequence[float]) -> str:
    """What is said of a place that lies far from the data, where the place with its axes swapped does not."""
    return (
        f"at=({at[0]:g}, {at[1]:g}) lies far from everything that was read, and ({other[0]:g}, {other[1]:g}) amid it; "
        "longitude comes first"
    )


def is_place(given: Any) -> bool:
    """Whether something is a pair of numbers or a shape."""
    if is_of(given, "shapely", "BaseGeometry"):
        return True
    if isinstance(given, (str, bytes)) or not hasattr(given, "__len__") or hasattr(given, "__arrow_c_stream__"):
        return False
    try:
        return len(given) == 2 and all(isinstance(one, numbers.Real) for one in given)
    except TypeError:
        return False


def gathered(given: Any) -> Any:
    """What was given, with places and shapes, one or all of a list, as a table of Arrow."""
    if is_place(given):
        return _table([given])
    many = isinstance(given, (list, tuple)) or is_of(given, "numpy", "ndarray")
    return _table(list(given)) if many and len(given) and all(map(is_place, given)) else given


def _table(places: list[Any]) -> Any:
    pyarrow, shapely = needs("pyarrow", "geopandas"), None
    if any(is_of(one, "shapely", "BaseGeometry") for one in places):
        shapely = needs("shapely", "geopandas")
    if shapely is None:
        pairs = [place(one) for one in places]
        return pyarrow.table({"lon": [lon for lon, _ in pairs], "lat": [lat for _, lat in pairs]})
    shapes = [one if is_of(one, "shapely", "BaseGeometry") else shapely.Point(place(one)) for one in places]
    extension = {"ARROW:extension:name": "geoarrow.wkb"}
    field = pyarrow.field("geometry", pyarrow.binary(), metadata=extension)
    binary = pyarrow.array([shapely.to_wkb(one) for one in shapes], pyarrow.binary())
    return pyarrow.table([binary], pyarrow.schema([field]))
