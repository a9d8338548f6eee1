"""Layers of QGIS as files that the program reads: longitude and latitude, names of attributes as they are.

Layers with geometry become GeoJSON, tables CSV. Positions of points are written in full; other shapes to 1e-12
degrees.
"""

import csv
import json
import math
import re

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime

# Longitude, then latitude, as QGIS has it.
DEGREES = "EPSG:4326"
DECIMALS = 12

# What GeoPackages and the like number their rows by; no attribute of the user's.
ROW_IDS = {"fid", "ogc_fid"}

# What would mean something else in the name of a file, or to the program: FILE:LAYER, KIND=FILE, lists.
SPECIAL = re.compile(r"[^\w .()-]|^\.+", re.UNICODE)


def write(source, folder, context, feedback):
    """Writes a feature source into a folder and returns the path. Only its selected features come, if the user wants so."""
    name = SPECIAL.sub("_", source.sourceName()).strip(" .")[:80] or "layer"
    flat = source.wkbType() == QgsWkbTypes.Type.NoGeometry
    path = unused(folder, name, "csv" if flat else "geojson")
    feedback.setProgressText(f"Writing {source.sourceName()} for Tamarisk")
    features = counted(source, feedback)
    names = {field.name(): at for at, field in enumerate(source.fields()) if field.name().lower() not in ROW_IDS}
    with open(path, "w", encoding="utf-8", newline="") as file:
        if flat:
            write_table(file, names, features)
        else:
            write_features(file, names, features, to_degrees(source, context))
    return str(path)


def write_point(point, folder, name="place"):
    """Writes one position in degrees as a layer of one point and returns the path."""
    path = unused(folder, name, "geojson")
    geometry = {"type": "Point", "coordinates": [point.x(), point.y()]}
    feature = {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
    path.write_text(json.dumps(feature), encoding="utf-8")
    return str(path)


def unused(folder, stem, ending):
    """A path in a folder that no file has yet."""
    path, number = folder / f"{stem}.{ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem} {number}.{ending}"
    return path


def counted(source, feedback):
    """The features of a source; ends when the user cancels."""
    total = source.featureCount()
    # The program itself says what is wrong with a shape, and goes on.
    flag = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    for number, feature in enumerate(source.getFeatures(QgsFeatureRequest(), flag)):
        if feedback.isCanceled():
            return
        if total > 0 and number % 1000 == 0:
            feedback.setProgress(100 * number / total)
        yield feature


def to_degrees(source, context):
    """The transformation of a source's positions, or None if they are in degrees or nothing says what they are."""
    degrees = QgsCoordinateReferenceSystem(DEGREES)
    given = source.sourceCrs()
    if not given.isValid() or given == degrees:
        return None
    return QgsCoordinateTransform(given, degrees, context.transformContext())


def write_table(file, names, features):
    """Rows of CSV; `names` has the position of each attribute."""
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(names)
    for feature in features:
        values = feature.attributes()
        rows.writerow([cell(values[at]) for at in names.values()])


def write_features(file, names, features, transform):
    """GeoJSON, a feature on each line."""
    file.write('{"type":"FeatureCollection","features":[')
    comma = "\n"
    for feature in features:
        values = feature.attributes()
        properties = {name: plain(values[at]) for name, at in names.items()}
        properties = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
        shape = geometry(feature, transform)
        file.write(f'{comma}{{"type":"Feature","properties":{properties},"geometry":{shape}}}')
        comma = ",\n"
    file.write("\n]}\n")


def geometry(feature, transform):
    """The geometry of a feature as GeoJSON in degrees."""
    if not feature.hasGeometry():
        return "null"
    shape = feature.geometry()
    if transform is not None:
        try:
            shape.transform(transform)
        except QgsCsException as error:
            raise QgsProcessingException(f"Feature {feature.id()} cannot be put into degrees: {error}") from error
    if shape.wkbType() == QgsWkbTypes.Type.Point and not shape.isEmpty():
        point = shape.asPoint()
        return json.dumps({"type": "Point", "coordinates": [point.x(), point.y()]})
    return shape.asJson(DECIMALS)


def plain(value):
    """An attribute's value as JSON has it."""
    if value is None or value == NULL:
        return None
    if isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (QDate, QDateTime, QTime)):
        return value.toString(Qt.DateFormat.ISODate) or None
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    # Bytes, colors and the like say nothing to the program.
    return None


def cell(value):
    """An attribute's value as CSV has it."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value
