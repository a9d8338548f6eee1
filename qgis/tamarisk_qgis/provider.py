"""The provider: its tools are always registered, whether the program is found or not."""

from pathlib import Path

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from . import settings
from .algorithms import ALGORITHMS

ICON = str(Path(__file__).parent / "icon.svg")


class Provider(QgsProcessingProvider):
    """All tools of Tamarisk in the Processing toolbox."""

    def load(self):
        """Called when the provider is added."""
        settings.add(self.icon())
        self.refreshAlgorithms()
        return True

    def unload(self):
        """Called when the provider is removed."""
        settings.remove()

    def id(self):
        return "tamarisk"

    def name(self):
        return "Tamarisk"

    def longName(self):
        return "Tamarisk: risk maps for mining"

    def icon(self):
        return QIcon(ICON)

    def svgIconPath(self):
        return ICON

    def loadAlgorithms(self):
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
