"""Run by QGIS itself (`qgis --code`): saves its window with the project that it was started with, and the page of the
project's print layout, then ends. WINDOW and PAGE are the files."""

import os

from qgis.core import QgsLayoutExporter, QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface

#: Milliseconds for the project to be opened, and for the window to take its size.
OPENED, DRAWN = 4000, 3000


def draw():
    iface.mapCanvas().waitWhileRendering()
    saved = iface.mainWindow().grab().save(os.environ["WINDOW"])
    layout = QgsProject.instance().layoutManager().printLayouts()[0]
    page = QgsLayoutExporter(layout).renderPageToImage(0, dpi=110).save(os.environ["PAGE"])
    # QGIS would ask whether to save the project.
    os._exit(0 if saved and page else 1)


def begin():
    window = iface.mainWindow()
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() == "Browser":
            dock.hide()
    window.showNormal()
    window.resize(1280, 820)
    QTimer.singleShot(DRAWN, draw)


QTimer.singleShot(OPENED, begin)
