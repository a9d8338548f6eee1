"""What a check of a source says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, overload

from tamarisk._finding import Finding


class Checked(Sequence[Finding]):
    """What a source holds, and what is wrong with it: a sequence of its findings.

    ``read`` is always ``kept + set_aside``, plus what conditions left out.
    """

    file: str
    """The name of the file or table."""
    role: str
    """``"sites"``, ``"incidents"``, ``"receptors"`` or ``"raster"``."""
    kind: str | None
    """The kind of its receptors."""
    guessed: bool
    """Whether the role is only likely."""
    layout: str
    """The known data set that it is, or how its columns are bound."""
    format: str
    """Its format."""
    columns: list[str]
    """The names of its columns."""
    read: int
    """Records in it."""
    kept: int
    """Records that can be used."""
    set_aside: int
    """Records that cannot."""
    refused: bool
    """Whether a run refuses it as a whole."""
    json: bytes
    """All of it, as ``tamarisk check --json`` has it for a file, with hints in Python's words."""

    def __init__(self, text: bytes, refused: bool) -> None:
        said: dict[str, Any] = json.loads(text)
        self.json = text
        self.refused = refused
        self.file = said["file"]
        self.role = said["role"]
        self.kind = said.get("kind")
        self.guessed = said.get("guessed", False)
        self.layout = said.get("layout", "")
        self.format = said["format"]
        self.columns = said.get("columns", [])
        self.read = said.get("read", 0)
        self.kept = said.get("kept", 0)
        self.set_aside = said.get("set_aside", 0)
        self.unknown_types: dict[str, int] = said.get("unknown_types", {})
        self._said = said
        self._findings = [
            Finding(
                self.file,
                one["place"],
                one["id"],
                one["field"],
                one["value"],
                one["why"],
                one["verdict"],
                one["code"],
            )
            for one in said.get("findings", [])
        ]

    def __len__(self) -> int:
        return len(self._findings)

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> list[Finding]: ...
    def __getitem__(self, at: int | slice) -> Finding | list[Finding]:
        return self._findings[at]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    def __bool__(self) -> bool:
        return True

    def __reduce__(self) -> tuple[type[Checked], tuple[bytes, bool]]:
        return type(self), (self.json, self.refused)

    def __repr__(self) -> str:
        likely = "likely " if self.guessed else ""
        kind = f" ({self.kind})" if self.kind else ""
        return (
            f"<Checked {self.file}: {likely}{self.role}{kind}, {self.read} read, {self.kept} kept, "
            f"{self.set_aside} set aside, {len(self)} findings>"
        )

    def _repr_html_(self) -> str:
        from tamarisk import _html

        return _html.checked(self)
