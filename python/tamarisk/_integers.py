"""Whole numbers of layers, which files have with a decimal point and ids as text, as integers of pandas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from tamarisk import _tamarisk
from tamarisk._errors import TamariskError
from tamarisk._needs import needs

if TYPE_CHECKING:
    import pandas
    import pyarrow

    from tamarisk._inputs import Given

_ID = {"sites": "site_id", "incidents": "incident_id", "receptors": "receptor_id"}
"""The field of ids of each role."""

_OF_ROLE = {
    "sites": {
        "id": "sites",
        "nearest_incident_id": "incidents",
        **{f"driver_{rank}": "incidents" for rank in (1, 2, 3)},
        **{f"driver_{rank}_part": "sites" for rank in (1, 2, 3)},
    },
    "rings": {"site_id": "sites"},
    "links": {"site_id": "sites"},
    "footprints": {"id": "sites", "site_id": "sites"},
    "footprint_lines": {"id": "sites", "site_id": "sites"},
    "incidents": {"id": "incidents"},
    **{name: {"receptor_id": "receptors"} for name in ("receptors", "receptor_lines", "receptor_areas")},
}
"""The columns of each layer that hold ids, with the role whose ids they are."""

_OWN = {"sites": ("sites", "site_"), "incidents": ("incidents", "incident_")}
"""The role whose own columns a layer has, and how their names begin."""

_TEXTS = (".csv", ".tsv", ".txt")
"""Files whose values have no type: integers are what can be one, as pandas reads them."""

_WHOLE = r"^(0|-?[1-9][0-9]{0,17})$"


class Candidates(NamedTuple):
    """The columns of a layer that are integers where all their values are."""

    ids: frozenset[str] = frozenset()
    """Columns of ids."""
    own: str | None = None
    """How the names of the records' own columns begin."""
    floats: frozenset[str] = frozenset()
    """Own columns that were given as floating-point numbers, and stay it."""


class Types:
    """Of which types the columns are that sources have."""

    def __init__(self, sources: Mapping[str, Iterable[Given]], columns: Any = None) -> None:
        self._sources = {role: list(given) for role, given in sources.items()}
        self._columns = columns

    def of(self, **sources: Iterable[Given]) -> Types:
        """The same with the sources of some roles in the place of others."""
        return Types({**self._sources, **sources}, self._columns)

    def candidates(self, layer: str) -> Candidates:
        """The columns of a layer that are integers where all their values are."""
        ids = _OF_ROLE.get(layer, {})
        whole = {role for role in set(ids.values()) if self._has_integer_ids(role)}
        role, own = _OWN.get(layer, ("", None))
        floats = {f"{own}{name}" for name in self._floats(role)} if own else set()
        return Candidates(frozenset(name for name, of in ids.items() if of in whole), own, frozenset(floats))

    def _has_integer_ids(self, role: str) -> bool:
        """Whether no source has its ids as text."""
        given = self._sources.get(role, [])
        return bool(given) and all(
            one.lower().endswith(_TEXTS) if isinstance(one, str) else self._are_numbers(one[1], role) for one in given
        )

    def _are_numbers(self, table: _tamarisk.Batches, role: str) -> bool:
        kinds = {field: kind for (field, _, _), kind in zip(table.fields(), table.kinds(), strict=True)}
        try:
            bound = _tamarisk._bound(table, role, {"columns": self._columns})
        except TamariskError:
            return False
        ids = bound.get(_ID[role], [])
        return bool(ids) and all(kinds.get(column) in ("integer", "float") for column in ids)

    def _floats(self, role: str) -> Iterable[str]:
        for one in self._sources.get(role, []):
            if not isinstance(one, str):
                kinds = zip(one[1].fields(), one[1].kinds(), strict=True)
                yield from (field for (field, _, _), kind in kinds if kind == "float")


def whole(table: pyarrow.Table, candidates: Candidates) -> pyarrow.Table:
    """A layer's table with the columns as integers of which all values are."""
    for at, field in enumerate(table.schema):
        column = _whole(table.column(at), field, candidates)
        if column is not None:
            table = table.set_column(at, field.with_type(column.type), column)
    return table


def _whole(column: Any, field: pyarrow.Field, candidates: Candidates) -> Any:
    pyarrow, compute = needs("pyarrow", "geopandas"), needs("pyarrow.compute", "geopandas")
    told, has_values = (field.metadata or {}).get(b"decimals"), column.null_count < len(column)
    if field.type == pyarrow.float64():
        own = candidates.own is not None and field.name.startswith(candidates.own)
        if told == b"0" or (own and told is None and field.name not in candidates.floats):
            is_whole = compute.equal(compute.floor(column), column)
            is_exact = compute.less(compute.abs(column), 2**53)
            fits = compute.all(compute.and_(is_whole, is_exact)).as_py() is not False
            return column.cast(pyarrow.int64()) if fits and (has_values or told == b"0") else None
    if field.name in candidates.ids and has_values:
        fits = compute.all(compute.match_substring_regex(column, _WHOLE)).as_py()
        return column.cast(pyarrow.int64()) if fits else None
    return None


def with_gaps(frame: pandas.DataFrame, table: pyarrow.Table) -> pandas.DataFrame:
    """A frame made of a table, with nullable integers where columns of integers have gaps."""
    pyarrow, pandas = needs("pyarrow", "geopandas"), needs("pandas", "geopandas")
    for field, column in zip(table.schema, table.columns, strict=True):
        if field.type == pyarrow.int64() and column.null_count:
            frame[field.name] = column.to_pandas(types_mapper={field.type: pandas.Int64Dtype()}.get)
    return frame
