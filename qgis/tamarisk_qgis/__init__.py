"""Tamarisk in QGIS: a Processing provider that runs the command line program.

The package is not called `tamarisk`, so that `import tamarisk` in QGIS's Python still means the Python package of that
name.
"""


def classFactory(iface):
    """What QGIS calls to load the plugin; `iface` is None in `qgis_process`."""
    from .plugin import Plugin

    return Plugin()
