"""How work of ours starts on executors."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def on_executors(task: str, job: Any) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A function for `mapInArrow` that runs `task` (module.function of this package) with a job.

    Spark sends this function by value, so that it can say what is missing on an executor without the package.
    """
    sent = pickle.dumps(job)

    def run(batches):  # type: ignore[no-untyped-def]
        try:
            import importlib
            import pickle

            module, function = task.split(".")
            work = getattr(importlib.import_module(f"tamarisk.spark.{module}"), function)
        except ImportError as error:
            import sys

            place = f"{sys.executable}, Python {sys.version_info[0]}.{sys.version_info[1]}"
            raise ImportError(
                f"tamarisk cannot be imported on this executor ({place}): {error}; install its wheel and pyarrow "
                "there, in the cluster's image or by spark.archives with a packed environment: --py-files is not "
                "enough, since an extension cannot be imported from an archive"
            ) from None
        return work(pickle.loads(sent), batches)

    return run
