"""Which columns of a DataFrame mean what, and what they are called in the scored rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tamarisk import UsageError, _tamarisk

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.column import Column
    from pyspark.sql.types import StructType

#: Fields that say where a record is.
PLACE = ("lon", "lat", "geometry")

#: The field of ids of each role.
ID = {"sites": "site_id", "incidents": "incident_id"}

#: Words that mean "nothing is known" in a text, as in docs/FORMATS.md, in lower case.
MISSING = (
    *("", "-", "--", "---", "–", "—", "−", ".", "..", "...", "…", "n/a", "na", "n.a.", "n.a", "#n/a", "#na"),
    *("none", "null", "nil", "unknown", "nan", "not available", "no data"),
)


@dataclass(frozen=True)
class Columns:
    """The columns of a role in a DataFrame."""

    role: str
    #: All columns with their Arrow types, as the reader gets them.
    schema: pa.Schema
    #: The columns of each field: `{"site_id": ["MINE_ID"], "lon": ["X"]}`.
    bound: dict[str, list[str]]

    @classmethod
    def of(cls, frame: DataFrame, role: str, options: dict[str, Any]) -> Columns:
        """Binds the columns of a DataFrame by the rules of every other source.

        Raises `UsageError` if no column holds ids: rows of Spark have no order from which one could be made.
        """
        schema = arrow_schema(frame)
        bound = _tamarisk._bound(schema.empty_table(), role, options)
        if ID[role] not in bound:
            raise UsageError(
                f"the {role} have no column of ids; columns: {', '.join(frame.columns)}",
                hint=f'name it: columns={{"{role}.id": "COLUMN"}}; rows of Spark have no order to make ids from',
            )
        columns = cls(role, schema, bound)
        kind = schema.field(columns.id).type
        if not (is_text(kind) or is_integer(kind)):
            raise UsageError(
                f"the ids of the {role} are of type {kind} (column {columns.id})",
                hint="cast them to string or bigint, so that equal ids are equal texts",
            )
        return columns

    @property
    def id(self) -> str:
        """The column of ids."""
        return self.bound[ID[self.role]][0]

    @property
    def group(self) -> str | None:
        """The column that links parts of a site."""
        return self.bound.get("group", [None])[0]

    def own(self, taken: list[str], keep: list[str] | None) -> list[tuple[str, str]]:
        """The own columns of sites, as (name in the scored rows, column): `site_` and the column's name.

        Names that differ only in case, or from a taken one, get a number, as in files. `keep` chooses columns.
        """
        place = {name for field in PLACE for name in self.bound.get(field, [])}
        unknown = sorted(set(keep or ()) - set(self.schema.names))
        if unknown:
            raise UsageError(
                f"keep names no column of the sites: {', '.join(unknown)}",
                hint=f"columns: {', '.join(self.schema.names)}",
            )
        used = {name.lower() for name in taken}
        own = []
        for column in self.schema.names:
            if column in place:
                continue
            name = distinct(column, used)
            if keep is None or column in keep:
                own.append((name, column))
        return own


def distinct(column: str, used: set[str]) -> str:
    """The name of an own column: prefixed, on one line, and unique whatever the case."""
    tidy = "".join("_" if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in column.strip())
    base = f"site_{tidy or 'column'}"
    name, number = base, 2
    while name.lower() in used:
        name, number = f"{base}_{number}", number + 1
    used.add(name.lower())
    return name


def arrow_schema(frame: DataFrame) -> pa.Schema:
    """The Arrow schema in which Spark hands over the rows of a DataFrame."""
    return arrow_schema_of(frame.schema)


def is_text(kind: pa.DataType) -> bool:
    """Whether a type is text."""
    import pyarrow.types as types

    return types.is_string(kind) or types.is_large_string(kind)


def is_integer(kind: pa.DataType) -> bool:
    """Whether a type is a whole number."""
    import pyarrow.types as types

    return types.is_integer(kind)


def column(name: str) -> Column:
    """A column by its exact name, whatever characters are in it."""
    from pyspark.sql import functions as F

    return F.col("`" + name.replace("`", "``") + "`")


def text_of(name: str) -> Column:
    """The value of a column as text, null where it says that nothing is known."""
    from pyspark.sql import functions as F

    text = column(name).cast("string")
    return F.when(~F.lower(F.trim(text)).isin(*MISSING), text)


def key_of(columns: Columns) -> Column:
    """What keeps the parts of a site together: the group, or the id of a site without one.

    A letter before it keeps a group apart from a site whose id is the same.
    """
    from pyspark.sql import functions as F

    alone = F.concat(F.lit("i"), column(columns.id).cast("string"))
    if columns.group is None:
        return alone
    return F.coalesce(F.concat(F.lit("g"), F.trim(text_of(columns.group))), alone)


def as_read(frame: DataFrame) -> DataFrame:
    """The DataFrame with Spark's own geometries (4.1 and later) as well-known binary, and without the covering of
    boxes that GeoParquet keeps beside a geometry."""
    from pyspark.sql import functions as F

    for field in frame.schema.fields:
        kind = field.dataType.typeName()
        if kind.startswith(("geometry", "geography")):
            frame = frame.withColumn(field.name, F.call_function("st_asbinary", column(field.name)))
        elif (
            field.name == "bbox" and kind == "struct" and {"xmin", "ymin", "xmax", "ymax"} <= set(field.dataType.names)
        ):
            frame = frame.drop(field.name)
    return frame


def arrow_schema_of(schema: StructType) -> pa.Schema:
    """The Arrow schema of a Spark schema."""
    from pyspark.sql.pandas.types import to_arrow_schema

    return to_arrow_schema(schema)
