"""The plugin: it registers the provider, in QGIS and in `qgis_process`."""

from qgis.core import QgsApplication

from .provider import Provider


class Plugin:
    """What QGIS loads and unloads."""

    def __init__(self):
        self.provider = None

    def initProcessing(self):
        """Called by `qgis_process`, and by `initGui`."""
        self.provider = Provider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):
        """Called by QGIS with windows."""
        self.initProcessing()

    def unload(self):
        """Takes everything back."""
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
