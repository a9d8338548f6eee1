"""Tables of Arrow in other reference systems, through pyproj where it is installed."""

from __future__ import annotations

from typing import Any

from tamarisk import _tamarisk
from tamarisk._errors import UsageError
from tamarisk._inputs import is_degrees
from tamarisk._needs import needs
from tamarisk._tables import declared_crs

_PAIRS = (
    ("lon", "lat"),
    ("longitude", "latitude"),
    ("x", "y"),
    ("easting", "northing"),
    ("long", "lat"),
    ("lng", "lat"),
)


def in_degrees(given: Any, name: str, role: str, crs: str | None, columns: Any) -> Any:
    """A table with coordinates in degrees on WGS84; one that has them already is handed on as it is."""
    table = _batches(given, name)
    field, declared = _geometry(table)
    system = crs if declared is None else declared
    if system is None or _same(system):
        return table
    if field is None:
        return _reproject_numbers(table, system, name, role, columns)
    return _reproject(table, field, system, name)


def _batches(given: Any, name: str) -> _tamarisk.Batches:
    """All batches of a table. Periods of pandas are texts of their first and last day; Arrow has only their numbers."""
    try:
        table = _tamarisk.Batches(given)
    except (ValueError, TypeError, NotImplementedError) as error:
        # A column alone has such a stream too.
        of = type(given)
        raise UsageError(
            f"{name}: a {of.__module__}.{of.__qualname__} cannot be read as a table: {error}",
            "a table has named columns, such as a DataFrame",
            "format-unsupported",
        ) from error
    periods = [field for field, extension, _ in table.fields() if extension == "pandas.period"]
    if not periods:
        return table
    from tamarisk import _frames

    pyarrow = needs("pyarrow", "geopandas")
    needs("pandas", "geopandas")
    plain = pyarrow.table(table)
    for field in periods:
        texts = pyarrow.array(_frames.spans(plain[field].to_pandas()), pyarrow.string(), from_pandas=True)
        plain = plain.set_column(plain.column_names.index(field), field, texts)
    return _tamarisk.Batches(plain)


def _geometry(table: _tamarisk.Batches) -> tuple[str | None, Any]:
    """The geometry field of a table and the reference system that it declares."""
    for field, extension, metadata in table.fields():
        if extension and (extension.startswith("geoarrow.") or extension == "ogc.wkb"):
            return field, declared_crs(metadata)
    return None, None


def _same(system: Any) -> bool:
    """Whether a system is longitude and latitude on WGS84."""
    if isinstance(system, str) and is_degrees(system):
        return True
    if isinstance(system, dict):
        known = system.get("id") or {}
        if f"{known.get('authority')}:{known.get('code')}" in {"OGC:CRS84", "EPSG:4326"}:
            return True
    return False


def _pyproj(system: Any, name: str) -> Any:
    try:
        import pyproj
    except ImportError:
        word = system if isinstance(system, str) else system.get("name", "another system")
        raise UsageError(
            f"{name}: its coordinates are in {word}, and pyproj, which turns them into degrees, is not installed",
            'pip install pyproj geopandas (or "tamarisk[geopandas]"), or reproject the table to OGC:CRS84 before',
            "crs-unusable",
        ) from None
    try:
        return pyproj.Transformer.from_crs(pyproj.CRS.from_user_input(system), "OGC:CRS84", always_xy=True)
    except pyproj.exceptions.CRSError as error:
        raise UsageError(f"{name}: {error}", 'a code such as crs="EPSG:32642"', "crs-unknown") from error


def _reproject(table: Any, field: str, system: Any, name: str) -> Any:
    """A table whose geometry is in another system, through geopandas."""
    _pyproj(system, name)
    try:
        import geopandas
    except ImportError:
        raise UsageError(
            f"{name}: its geometry is in another system than longitude and latitude, "
            "and geopandas, which reprojects it, is not installed",
            'pip install pyproj geopandas (or "tamarisk[geopandas]"), or reproject the table to OGC:CRS84 before',
            "crs-unusable",
        ) from None
    frame = geopandas.GeoDataFrame.from_arrow(table, geometry=field)
    if frame.crs is None:
        frame = frame.set_crs(system)
    return frame.to_crs("OGC:CRS84").to_arrow(index=False, geometry_encoding="WKB")


def _reproject_numbers(table: Any, crs: str, name: str, role: str, columns: Any) -> Any:
    """A table whose coordinates are columns of numbers."""
    transformer = _pyproj(crs, name)
    pyarrow = needs("pyarrow", "geopandas")
    numbers = pyarrow.table(table)
    x, y = _pair(numbers.column_names, role, columns, name)
    east, north = (_numbers(numbers[column], column, name) for column in (x, y))
    if not ((abs(east) > 180) | (abs(north) > 90)).any():
        # The system is that of coordinates that are not degrees.
        return table
    lon, lat = transformer.transform(east, north)
    for column, values in ((x, lon), (y, lat)):
        array = pyarrow.array(values, from_pandas=True)
        numbers = numbers.set_column(numbers.column_names.index(column), column, array)
    return numbers


def _numbers(column: Any, label: str, name: str) -> Any:
    """A column of coordinates as floats."""
    try:
        return column.cast("float64").to_numpy(zero_copy_only=False)
    except (ValueError, TypeError, NotImplementedError) as error:
        raise UsageError(
            f"{name}: the column {label!r} of coordinates has values that are no numbers: {error}",
            f"frame[{label!r}] = pandas.to_numeric(frame[{label!r}], errors='coerce')",
            "column-unclear",
        ) from error


def _pair(names: list[str], role: str, columns: Any, name: str) -> tuple[str, str]:
    """The columns of a table that hold its coordinates: those named in a column map, else those of usual names."""
    if isinstance(columns, dict):
        within = columns.get(role)
        within = within if isinstance(within, dict) else {}
        named = [columns.get(f"{role}.{key}") or within.get(key) or columns.get(key) for key in ("lon", "lat")]
        x, y = named
        if isinstance(x, str) and isinstance(y, str) and x in names and y in names:
            return x, y
    plain = {one.lower(): one for one in reversed(names)}
    for lon, lat in _PAIRS:
        if lon in plain and lat in plain:
            return plain[lon], plain[lat]
    raise UsageError(
        f"{name}: which of its columns hold the coordinates is not told",
        'name them: columns={"lon": "X", "lat": "Y"}',
        "column-unclear",
    )
