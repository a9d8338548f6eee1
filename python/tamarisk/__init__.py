"""Geospatial risk mapping for mining: proximity, exposure, security and environmental risk, every score explained.

    import tamarisk

    result = tamarisk.score("sites.csv", "incidents.csv", {"rivers": "rivers.geojson"})
    result.sites.to_geopandas()
    result.explain("Reko Diq")
    result.write("out")

Scores are an index of reported past events and mapped places, not a probability, and no data is never low risk.
"""

from __future__ import annotations

from tamarisk._answer import Answer
from tamarisk._checked import Checked
from tamarisk._engine import Engine
from tamarisk._errors import DataError, InputOutputError, TamariskError, TamariskWarning, UsageError
from tamarisk._finding import Finding
from tamarisk._functions import check, demo, hindcast, schemes, score
from tamarisk._functions import scheme as scheme
from tamarisk._layer import Column, Layer
from tamarisk._result import Result
from tamarisk._surface import Surface
from tamarisk._tamarisk import __version__

__all__ = [
    "Answer",
    "Checked",
    "Column",
    "DataError",
    "Engine",
    "Finding",
    "InputOutputError",
    "Layer",
    "Result",
    "Surface",
    "TamariskError",
    "TamariskWarning",
    "UsageError",
    "__version__",
    "check",
    "demo",
    "hindcast",
    "scheme",
    "schemes",
    "score",
]

# Users meet the classes here, in messages and documentation.
for _name in __all__:
    if _name != "__version__" and hasattr(globals()[_name], "__module__"):
        globals()[_name].__module__ = "tamarisk"
del _name
