"""The tools, one a file."""

from .check import Check
from .corridor import Corridor
from .explain import Explain
from .hindcast import Hindcast
from .near import Near
from .rank import Rank
from .risk import Risk
from .score import Score
from .surface import Surface

ALGORITHMS = (Score, Surface, Near, Risk, Rank, Corridor, Explain, Check, Hindcast)
