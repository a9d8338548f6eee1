"""Errors as Spark carries them from an executor to the driver."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tamarisk import TamariskError


@contextmanager
def message_first() -> Iterator[None]:
    """Lets Spark show the message of an error of ours without the traceback of its worker before it.

    Spark 4 leaves the traceback out if this variable is set in the worker; it starts a new worker after an error.
    """
    try:
        yield
    except TamariskError:
        os.environ["SPARK_HIDE_TRACEBACK"] = "1"
        raise
