"""Progress of long calls."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeAlias

Progress: TypeAlias = "bool | Callable[[str, int, int | None], Any] | None"
"""None or False for nothing, True for a bar, or a callable ``(stage, done, total)``."""


class _Bar:
    """A bar of tqdm for each stage."""

    def __init__(self, tqdm: Any) -> None:
        self._tqdm = tqdm
        self._bar: Any = None
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if self._bar is None or stage != self._stage:
            self.close()
            self._bar = self._tqdm(total=total, desc=stage, leave=False)
            self._stage = stage
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


class _Line:
    """A line on standard error."""

    def __init__(self) -> None:
        self._wrote = False

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        of = f" {done} of {total}" if total else f" {done}" if done else ""
        sys.stderr.write(f"\r\033[K{stage}{of}")
        sys.stderr.flush()
        self._wrote = True

    def close(self) -> None:
        if self._wrote:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


class told:
    """A context with the callable that native code calls: ``with told(progress) as tell``."""

    def __init__(self, progress: Progress) -> None:
        self._teller: Any = None
        if progress is True:
            try:
                from tqdm.auto import tqdm
            except ImportError:
                self._teller = _Line() if sys.stderr.isatty() else None
            else:
                self._teller = _Bar(tqdm)
        elif progress:
            if not callable(progress):
                raise TypeError("progress must be None, True or a callable (stage, done, total)")
            self._teller = progress

    def __enter__(self) -> Callable[[str, int, int | None], Any] | None:
        teller: Callable[[str, int, int | None], Any] | None = self._teller
        return teller

    def __exit__(self, *_: object) -> None:
        if isinstance(self._teller, (_Bar, _Line)):
            self._teller.close()
