"""Packages that are used only where they are asked for."""

from __future__ import annotations

import importlib
from typing import Any


def needs(module: str, extra: str) -> Any:
    """A module of another package.

    Raises:
        ImportError: It is not installed; the message says how to get it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise ImportError(
            f'{package} is needed for this; install it, or all such packages: pip install "tamarisk[{extra}]"',
            name=module,
        ) from error


def is_of(given: Any, module: str, name: str) -> bool:
    """Whether an object is of a class of a package or of one derived from it, without importing the package."""
    return any(of.__name__ == name and of.__module__.partition(".")[0] == module for of in type(given).__mro__)
