"""Arguments as the extension takes them: sources, and the words of a run."""

from __future__ import annotations

import datetime
import operator
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tamarisk import _places, _tamarisk
from tamarisk._errors import UsageError

_DEGREES = "OGC:CRS84"

Source: TypeAlias = "str | os.PathLike[str] | Any"
"""A path (``FILE`` or ``FILE:LAYER``), a GeoDataFrame, a DataFrame, or anything with ``__arrow_c_stream__``."""

Sources: TypeAlias = "Source | Sequence[Source] | None"
"""A source or a list of sources."""

Given: TypeAlias = "str | tuple[str, _tamarisk.Batches]"
"""What the extension takes: a path, or a name with a table of Arrow."""


@dataclass(frozen=True)
class Ready:
    """Sources as the extension takes them."""

    given: list[Given]


@dataclass(frozen=True)
class ReadyReceptors:
    """Receptors by kind as the extension takes them."""

    given: list[tuple[str | None, Given]]


Options = dict[str, Any]


def sources(
    given: Sources, role: str, crs: str | None = None, columns: Any = None, name: str | None = None
) -> list[Given]:
    """One or several sources, each as a path or a table of Arrow, which is called by its role unless it is named."""
    if given is None:
        return []
    if isinstance(given, Ready):
        return given.given
    given, name = _places.gathered(given), name or role
    if isinstance(given, (list, tuple)):
        many = len(given) > 1
        return [source(one, f"{name} {at}" if many else name, role, crs, columns) for at, one in enumerate(given, 1)]
    return [source(given, name, role, crs, columns)]


def some(given: list[Given], name: str) -> list[Given]:
    """Sources of which there must be one."""
    if not given:
        raise UsageError(f"no {name} are given", "a path, a GeoDataFrame or another table", "input-missing")
    return given


def source(given: Source, name: str, role: str, crs: str | None = None, columns: Any = None) -> Given:
    """A source as a path or a named table of Arrow.

    Raises:
        UsageError: It is nothing that can be read, or its reference system is not known.
    """
    crs = _crs_of(columns, role) or crs
    if isinstance(given, (str, os.PathLike)):
        if crs is not None and not is_degrees(crs):
            raise UsageError(
                f'{name}: crs="{crs}" needs PROJ, which the Python package does not have',
                "read it with geopandas, which reprojects it: geopandas.read_file(FILE); "
                f'or, if other tables alone are in it, name them: columns={{"sites.crs": "{crs}"}}',
                "crs-unknown",
            )
        return _path(given, name)
    if isinstance(given, (bytes, bytearray, memoryview)):
        raise UsageError(
            f"{name}: bytes are no source", "write them into a file and give its path", "format-unsupported"
        )
    from tamarisk import _tables

    return name, _tamarisk.Batches(_tables.table(given, name, role, crs, columns))


def _crs_of(columns: Any, role: str) -> str | None:
    """The reference system that a column map names for a role: `{"sites.crs": "EPSG:32642"}`."""
    named, of_any = column_map(columns, is_whole=True)
    settings = dict(setting.partition("=")[::2] for setting in named)
    for section in (role, "receptors") if role not in ("sites", "incidents") else (role,):
        if f"{section}.crs" in settings:
            return settings[f"{section}.crs"]
    return dict(of_any).get("crs")


def _path(given: str | os.PathLike[str], name: str) -> str:
    path = os.fspath(given)
    if not isinstance(path, str):
        path = os.fsdecode(path)
    if not path:
        raise UsageError(f"{name}: the path is empty", None, "file-missing")
    return path


def is_degrees(crs: str) -> bool:
    plain = crs.upper().replace(" ", "")
    return plain in {"OGC:CRS84", "EPSG:4326", "WGS84", "URN:OGC:DEF:CRS:OGC:1.3:CRS84", "URN:OGC:DEF:CRS:EPSG::4326"}


def receptors(given: Any, crs: str | None = None, columns: Any = None) -> list[tuple[str | None, Given]]:
    """Receptors by kind, with None where each record has its own."""
    if given is None:
        return []
    if isinstance(given, ReadyReceptors):
        return given.given
    if isinstance(given, Mapping):
        return [(str(kind), one) for kind, of in given.items() for one in sources(of, str(kind), crs, columns)]
    if isinstance(given, (list, tuple)):
        pairs = [receptors(one, crs, columns) for one in given]
        return [pair for some in pairs for pair in some]
    return [(None, one) for one in sources(given, "receptors", crs, columns)]


def rasters(given: Mapping[str, str | os.PathLike[str]] | None) -> list[tuple[str, str]]:
    """Rasters by name."""
    if given is None:
        return []
    if not isinstance(given, Mapping):
        raise UsageError("rasters: is not a mapping of names to files", 'such as rasters={"water_stress": "FILE.tif"}')
    return [(str(name), _path(path, "rasters")) for name, path in given.items()]


def words(given: str | Iterable[str] | None) -> list[str]:
    """A word or several."""
    if given is None:
        return []
    return [given] if isinstance(given, str) else [str(one) for one in given]


def day(given: Any) -> str | None:
    """A date as text."""
    if isinstance(given, datetime.datetime):
        given = given.date()
    if isinstance(given, datetime.date):
        return given.isoformat()
    if given is not None and not isinstance(given, str):
        # A timestamp of numpy or pandas.
        return str(given)[:10]
    return given


def length(given: Any) -> str | None:
    """A length with its unit; a number is kilometers."""
    if given is None:
        return None
    return given.strip() if isinstance(given, str) else f"{float(given)!r}km"


def lengths(given: Any) -> list[str]:
    """One length or several."""
    many = given if isinstance(given, (list, tuple)) else [given]
    return [text for text in map(length, many) if text is not None]


def days(given: Any) -> list[str]:
    """One number of days or several; a number is days."""
    many = given if isinstance(given, (list, tuple)) else [given]
    return [one if isinstance(one, str) else f"{int(one)}d" for one in many]


def box(given: Any, argument: str = "bbox") -> list[float] | None:
    """West, south, east, north."""
    if given is None:
        return None
    try:
        west, south, east, north = given
        return [float(west), float(south), float(east), float(north)]
    except (TypeError, ValueError):
        raise UsageError(
            f"{argument}={given!r}: is not west, south, east, north in degrees",
            f"such as {argument}=(60.8, 26, 70.3, 31.5)",
            "setting-invalid",
        ) from None


def threads(given: int | None) -> int | None:
    """A number of threads."""
    return whole(given, "threads", 65_536)


def whole(given: Any, argument: str, most: int = 2**53) -> int | None:
    """A whole number from 1 on."""
    if given is None:
        return None
    try:
        number = operator.index(given)
    except TypeError:
        number = 0
    if isinstance(given, bool) or not 1 <= number <= most:
        raise UsageError(f"{argument}={given!r}: is not a whole number from 1 on", None, "setting-invalid")
    return number


def column_map(given: Any, *, is_whole: bool = False) -> tuple[list[str], list[tuple[str, str]]]:
    """A column map: settings and files as on the command line, and settings that name no role.

    Sources in other reference systems are in degrees by then, or were refused: the systems that a map names are as they
    are only where it is asked for whole.
    """
    if given is None:
        return [], []
    if isinstance(given, (str, os.PathLike)):
        key, equals, column = os.fspath(given).partition("=")
        return [f"{key}={_setting(key, column, is_whole)}" if equals else _path(given, "columns")], []
    if isinstance(given, Mapping):
        named, of_any = [], []
        for key, column in given.items():
            if isinstance(column, Mapping):
                named += [f"{key}.{inner}={_setting(inner, value, is_whole)}" for inner, value in column.items()]
            elif "." in str(key):
                named.append(f"{key}={_setting(key, column, is_whole)}")
            else:
                of_any.append((str(key), _setting(key, column, is_whole)))
        return named, of_any
    maps = [column_map(one, is_whole=is_whole) for one in given]
    return [text for named, _ in maps for text in named], [pair for _, of_any in maps for pair in of_any]


def _setting(key: Any, value: Any, is_whole: bool) -> str:
    if str(key).rpartition(".")[2] == "crs":
        name = name_of_crs(value) or ""
        return name if is_whole or is_degrees(name) else _DEGREES
    return str(value).lower() if isinstance(value, bool) else str(value)


def in_sections(
    columns: Any, sites: Sources, incidents: Sources, receptors_: Any, crs: Any = None
) -> tuple[Any, Sources, Sources, Any]:
    """A column map whose keys all name the role that they are for: those of the sources that have such a column.

    The sources come back, since some can be read only once.
    """
    if not isinstance(columns, Mapping) or not column_map(columns)[1]:
        return columns, sites, incidents, receptors_
    crs = name_of_crs(crs)
    own, record = sources(sites, "sites", crs, columns), sources(incidents, "incidents", crs, columns)
    around = receptors(receptors_, crs, columns)
    roles = {"sites": own, "incidents": record, "receptors": around, "rasters": []}
    named = {key: value for key, value in columns.items() if "." in str(key) or isinstance(value, Mapping)}
    for key, column in column_map(columns)[1]:
        for setting in _tamarisk.sections(roles, key, column):
            section, _, value = setting.partition("=")
            named[section] = value
    return named, Ready(own), Ready(record), ReadyReceptors(around)


def options(
    *,
    scheme: Any = "default",
    as_of: Any = None,
    coverage: Any = None,
    complete: Any = (),
    stale: str | None = None,
    columns: Any = None,
    types: Any = None,
    crs: Any = None,
    date_format: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    decimal_comma: bool = False,
    where: Any = None,
    since: Any = None,
    merge_sources: bool = False,
    uncertainty: int | bool | None = None,
    vary: Any = (),
    calibration: Any = None,
) -> Options:
    """The keywords of a run as the extension takes them."""
    crs = name_of_crs(crs)
    named, of_any = column_map(columns)
    if isinstance(coverage, (list, tuple)):
        coverage = ",".join(str(one) for one in coverage)
    if coverage is not None:
        coverage = source(coverage, "coverage", "coverage")
    if uncertainty is True:
        uncertainty = 1000
    return {
        "scheme": os.fspath(scheme),
        "as_of": day(as_of),
        "coverage": coverage,
        "complete": words(complete),
        "stale": stale,
        "columns": named,
        "columns_of_any": of_any,
        "types": _files(types, "types"),
        # Sources in other systems are in degrees by now, or were refused.
        "crs": crs if crs is not None and is_degrees(crs) else None,
        "date_format": date_format,
        "encoding": encoding,
        "sheet": sheet,
        "header_row": whole(header_row, "header_row"),
        "decimal_comma": bool(decimal_comma),
        "where": words(where),
        "since": day(since),
        "merge_sources": bool(merge_sources),
        "uncertainty": None if uncertainty is False else whole(uncertainty, "uncertainty"),
        "vary": words(vary),
        "calibration": None if calibration is None else os.fspath(calibration),
    }


def _files(given: Any, argument: str) -> list[str]:
    """The paths of one file or several."""
    if isinstance(given, Mapping):
        raise UsageError(
            f"{argument}: is a mapping; what words mean is read of files",
            'a CSV with the columns word and type, by its path: types="types.csv"',
            "setting-invalid",
        )
    return [os.fspath(one) for one in ([given] if isinstance(given, (str, os.PathLike)) else given or [])]


def engine_options(**keywords: Any) -> Options:
    """The options among the keywords of an engine; the others are no matter of reading and scoring."""
    others = {"bbox", "progress", "rasters", "sites", "threads"}
    return options(**{name: value for name, value in keywords.items() if name not in others})


def name_of_crs(crs: Any) -> str | None:
    """A reference system as text: a code, a PROJ string, WKT or an object of pyproj."""
    if crs is None or isinstance(crs, str):
        return crs
    if isinstance(crs, int):
        return f"EPSG:{crs}"
    text = getattr(crs, "to_string", None)
    return str(text() if callable(text) else crs)
