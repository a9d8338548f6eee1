"""The exceptions of Tamarisk. They are plain Python, so that they pickle."""

from __future__ import annotations

import os
import sys
import warnings

__all__ = ["DataError", "InputOutputError", "TamariskError", "TamariskWarning", "UsageError"]


class TamariskError(Exception):
    """What ended a call: base of all errors of Tamarisk.

    Attributes:
        message: What is wrong, with the place and the value.
        hint: What to try, or None.
        code: A word for programs, such as ``"column-missing"``; it stays the same when messages are reworded. None
            for errors of the Python package itself that have none.
    """

    message: str
    hint: str | None
    code: str | None

    def __init__(self, message: str, hint: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code
        if hint and hasattr(self, "add_note"):
            self.add_note(f"hint: {hint}")

    def __str__(self) -> str:
        if self.hint and not hasattr(self, "add_note"):
            return f"{self.message}\nhint: {self.hint}"
        return self.message

    def __reduce__(self) -> tuple[type[TamariskError], tuple[str, str | None, str | None]]:
        return type(self), (self.message, self.hint, self.code)


class UsageError(TamariskError, ValueError):
    """What was asked for is at fault: an argument, a scheme, a column map."""


class DataError(TamariskError, ValueError):
    """A whole input is at fault: damaged, not what it was given as, in no layout that is read.

    Single records at fault raise nothing. They are findings, in ``Result.findings``.
    """


class InputOutputError(TamariskError, OSError):
    """A file cannot be read or written."""


class TamariskWarning(UserWarning):
    """Something that was given does not count, or is read in another way than it looks."""


def warn(words: str) -> None:
    """Warn at the line that called the package."""
    package, level, frame = os.path.dirname(__file__) + os.sep, 1, sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(package):
        level, frame = level + 1, frame.f_back
    warnings.warn(words, TamariskWarning, stacklevel=level)
