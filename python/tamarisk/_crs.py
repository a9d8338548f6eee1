"""Tables of Arrow in other reference systems, through pyproj where it is installed."""

from __future__ import annotations

from typing import Any

from tamarisk._errors import UsageError
from tamarisk._inputs import _is_degrees
from tamarisk._tables import declared_crs

_PAIRS = (
    ("lon", "lat"),
    ("longitude", "latitude"),
    ("x", "y"),
    ("easting", "northing"),
    ("long", "lat"),
    ("lng", "lat"),
)


def in_degrees(table: Any, name: str, role: str, crs: str | None, columns: Any) -> Any:
    """The same table with coordinates in degrees on WGS84."""
    field, declared = _geometry(table)
    if field is not None and (declared is not None or crs is not None):
        system = declared if declared is not None else crs
        return table if _same(system) else _reproject(table, field, system, name)
    if field is None and crs is not None and not _is_degrees(crs):
        return _reproject_numbers(table, crs, name, role, columns)
    return table


def _geometry(table: Any) -> tuple[str | None, Any]:
    """The geometry field of a table and the reference system that it declares."""
    schema = _schema(table)
    if schema is None:
        return None, None
    for field in schema:
        metadata = field.metadata or {}
        extension = metadata.get(b"ARROW:extension:name", b"").decode()
        told = metadata.get(b"ARROW:extension:metadata", b"").decode()
        if not extension and hasattr(field.type, "extension_name"):
            extension = str(field.type.extension_name)
            told = field.type.__arrow_ext_serialize__().decode()
        if extension.startswith("geoarrow.") or extension == "ogc.wkb":
            return field.name, declared_crs(told)
    return None, None


def _schema(table: Any) -> Any:
    """The schema as pyarrow has it; None without pyarrow, where the engine itself refuses other systems."""
    try:
        import pyarrow
    except ImportError:
        return None
    if isinstance(table, (pyarrow.Table, pyarrow.RecordBatch)):
        return table.schema
    if hasattr(table, "__arrow_c_schema__"):
        return pyarrow.schema(table)
    return None


def _same(system: Any) -> bool:
    """Whether a system is longitude and latitude on WGS84."""
    if isinstance(system, str) and _is_degrees(system):
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
            'pip install "tamarisk[geopandas]", or reproject the table to OGC:CRS84 before',
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
            f"{name}: its geometry is in another system than longitude and latitude, and geopandas, which reprojects it, "
            "is not installed",
            'pip install "tamarisk[geopandas]", or reproject the table to OGC:CRS84 before',
            "crs-unusable",
        ) from None
    frame = geopandas.GeoDataFrame.from_arrow(table, geometry=field)
    if frame.crs is None:
        frame = frame.set_crs(system)
    return frame.to_crs("OGC:CRS84").to_arrow(index=False, geometry_encoding="WKB")


def _reproject_numbers(table: Any, crs: str, name: str, role: str, columns: Any) -> Any:
    """A table whose coordinates are columns of numbers."""
    from tamarisk._needs import needs

    transformer = _pyproj(crs, name)
    pyarrow = needs("pyarrow", "geopandas")
    numbers = pyarrow.table(table)
    x, y = _pair(numbers.column_names, role, columns, name)
    lon, lat = transformer.transform(
        numbers[x].cast("float64").to_numpy(zero_copy_only=False),
        numbers[y].cast("float64").to_numpy(zero_copy_only=False),
    )
    for column, values in ((x, lon), (y, lat)):
        array = pyarrow.array(values, from_pandas=True)
        numbers = numbers.set_column(numbers.column_names.index(column), column, array)
    return numbers


def _pair(names: list[str], role: str, columns: Any, name: str) -> tuple[str, str]:
    """The columns of a table that hold its coordinates: those named in a column map, else those of usual names."""
    if isinstance(columns, dict):
        within = columns.get(role)
        within = within if isinstance(within, dict) else {}
        named = [columns.get(f"{role}.{key}") or within.get(key) or columns.get(key) for key in ("lon", "lat")]
        if all(isinstance(one, str) and one in names for one in named):
            return named[0], named[1]
    plain = {one.lower(): one for one in reversed(names)}
    for x, y in _PAIRS:
        if x in plain and y in plain:
            return plain[x], plain[y]
    raise UsageError(
        f"{name}: which of its columns hold the coordinates is not told",
        'name them: columns={"lon": "X", "lat": "Y"}',
        "column-unclear",
    )
