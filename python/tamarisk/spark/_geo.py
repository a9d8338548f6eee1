"""The geometry of GeoParquet 1.1 for points: its key, its boxes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tamarisk import UsageError

#: The covering column: a box for each row.
BBOX = pa.field("bbox", pa.struct([pa.field(side, pa.float64(), False) for side in ("xmin", "ymin", "xmax", "ymax")]))

#: OGC:CRS84 as PROJJSON.
CRS84: dict[str, Any] = {
    "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json",
    "type": "GeographicCRS",
    "name": "WGS 84 (CRS84)",
    "datum_ensemble": {
        "name": "World Geodetic System 1984 ensemble",
        "members": [
            {"name": "World Geodetic System 1984 (Transit)", "id": {"authority": "EPSG", "code": 1166}},
            {"name": "World Geodetic System 1984 (G730)", "id": {"authority": "EPSG", "code": 1152}},
            {"name": "World Geodetic System 1984 (G873)", "id": {"authority": "EPSG", "code": 1153}},
            {"name": "World Geodetic System 1984 (G1150)", "id": {"authority": "EPSG", "code": 1154}},
            {"name": "World Geodetic System 1984 (G1674)", "id": {"authority": "EPSG", "code": 1155}},
            {"name": "World Geodetic System 1984 (G1762)", "id": {"authority": "EPSG", "code": 1156}},
            {"name": "World Geodetic System 1984 (G2139)", "id": {"authority": "EPSG", "code": 1309}},
        ],
        "ellipsoid": {"name": "WGS 84", "semi_major_axis": 6378137, "inverse_flattening": 298.257223563},
        "accuracy": "2.0",
        "id": {"authority": "EPSG", "code": 6326},
    },
    "coordinate_system": {
        "subtype": "ellipsoidal",
        "axis": [
            {"name": "Geodetic longitude", "abbreviation": "Lon", "direction": "east", "unit": "degree"},
            {"name": "Geodetic latitude", "abbreviation": "Lat", "direction": "north", "unit": "degree"},
        ],
    },
    "scope": "Not known.",
    "area": "World.",
    "bbox": {"south_latitude": -90, "west_longitude": -180, "north_latitude": 90, "east_longitude": 180},
    "id": {"authority": "OGC", "code": "CRS84"},
}


def geo_key(box: tuple[float, ...]) -> dict[str, Any]:
    """The key `geo` of a file of points within a box (xmin, ymin, xmax, ymax)."""
    covering = {"bbox": {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}}
    column = {"encoding": "WKB", "geometry_types": ["Point"], "crs": CRS84, "bbox": list(box), "covering": covering}
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def boxes(points: pa.Array) -> tuple[pa.Array, tuple[float, ...]]:
    """The box of each point of a column of WKB, and that of all of them.

    Raises `UsageError` for anything but points of two numbers in little-endian order, which scored sites have.
    """
    head = pc.binary_slice(points, 0, 5).cast(pa.binary())
    fits = pc.and_(pc.equal(pc.binary_length(points), 21), pc.equal(head, b"\x01\x01\x00\x00\x00"))
    if pc.sum(fits).as_py() != len(points):
        raise UsageError("the column geometry has something else than points as WKB", hint="write what score() gives")
    x, y = (numbers(pc.binary_slice(points, at, at + 8)) for at in (5, 13))
    around = (pc.min(x).as_py(), pc.min(y).as_py(), pc.max(x).as_py(), pc.max(y).as_py())
    return pa.StructArray.from_arrays([x, y, x, y], fields=list(BBOX.type)), around


def numbers(column: pa.Array) -> pa.Array:
    """Eight bytes each, as numbers."""
    data = column.cast(pa.binary(8)).buffers()[1]
    return pa.Array.from_buffers(pa.float64(), len(column), [None, data])
