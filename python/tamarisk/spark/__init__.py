"""Scores on Apache Spark, for data that one machine cannot hold: PySpark 3.5 to 4, without any jar.

    import tamarisk.spark

    scored = tamarisk.spark.score(sites, incidents, as_of="2025-12-31")
    tamarisk.spark.write(scored, "/shared/scored")

The rows are those of one machine, value for value, whatever the number of executors and partitions. Spark needs the
package `tamarisk` on every executor (docs/SCALE.md says how) and pyarrow.
"""

from ._findings import findings
from ._score import explain_plan, score
from ._write import write

__all__ = ["explain_plan", "findings", "score", "write"]
