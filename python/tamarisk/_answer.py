"""Answers of questions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tamarisk._needs import needs

if TYPE_CHECKING:
    import pandas

# The member of an answer that is a list of rows.
_ROWS = ("neighbors", "candidates", "routes", "measures", "findings")


class Answer(dict[str, Any]):
    """The answer of a question: a dict of what the command line prints with ``--json``.

    Attributes:
        json: Those bytes themselves.
    """

    json: bytes

    def __init__(self, text: bytes) -> None:
        super().__init__(json.loads(text))
        self.json = text

    def __reduce__(self) -> tuple[type[Answer], tuple[bytes]]:
        return type(self), (self.json,)

    def _rows(self) -> tuple[str, list[dict[str, Any]]] | None:
        """The name and the rows of the table that the answer has, if it has one."""
        for name in _ROWS:
            if isinstance(self.get(name), list):
                return name, self[name]
        security = (self.get("after") or self).get("security")
        if isinstance(security, dict) and isinstance(security.get("contributions"), list):
            return "contributions", security["contributions"]
        return None

    def to_pandas(self) -> pandas.DataFrame:
        """The rows of the answer: neighbors, candidates, routes, measures, or the incidents that add to a score.

        Raises:
            TypeError: The answer has no rows.
            ImportError: pandas is not installed.
        """
        rows = self._rows()
        if rows is None:
            raise TypeError("this answer has no rows")
        pandas = needs("pandas", "geopandas")
        return pandas.json_normalize(rows[1]) if rows[1] else pandas.DataFrame()

    def _repr_html_(self) -> str:
        from tamarisk import _html

        return _html.answer(self, self._rows())
