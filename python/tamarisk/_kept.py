"""What is left of a result that was sent to another process: all but what needs the incidents themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from tamarisk._errors import UsageError

if TYPE_CHECKING:
    from tamarisk import _tamarisk
    from tamarisk._integers import Candidates
    from tamarisk._layer import Layer


@dataclass(frozen=True)
class Kept:
    """The layers, findings and receipt of scored sites, in the place of ``_tamarisk.Scored``."""

    layers: dict[str, Layer]
    told: bytes
    findings: list[tuple[str, str, str | None, str | None, str | None, str, str, str]]
    verdicts: list[int]
    as_of: str | None
    scheme: str

    @classmethod
    def of(cls, scored: _tamarisk.Scored | Kept, layers: dict[str, Layer]) -> Kept:
        """What is kept of scored sites whose layers were drawn."""
        told = (scored.receipt(), scored.findings, list(scored.verdicts), scored.as_of, scored.scheme)
        return cls(layers, *told)

    def __len__(self) -> int:
        return len(self.layers["sites"])

    def layer(self, name: str) -> _tamarisk.Layer:
        """A layer by its name."""
        return self.layers[name]._native

    def candidates(self, layer: str) -> Candidates:
        """The columns of a layer that are integers where all their values are."""
        return self.layers[layer]._candidates

    def receipt(self) -> bytes:
        """The receipt as JSON."""
        return self.told

    def explain(self, site: str) -> NoReturn:
        """Nothing: what adds to a score is not in the layers."""
        raise UsageError(
            f"explain({site!r}): this result was sent from another process, without the incidents",
            "ask there: result.explain(...) is a dict that can be sent; the layer sites has the column explanation",
        )

    def write(self, folder: str, *_: Any) -> NoReturn:
        """Nothing: reports and projects are made of the incidents."""
        raise UsageError(
            f"{folder}: this result was sent from another process, without the incidents of which a folder is made",
            "write it there; or write a layer here: result.sites.write(FILE)",
        )
