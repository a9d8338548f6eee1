"""Writes rasters with GDAL in every way that is read, and compares what the program makes of them with rasterio.

Usage: rasters.py write FOLDER              the small files of tests/data/raster
       rasters.py compare TAMARISK FOLDER   values around sites, against all cells as rasterio reads them
"""

import json
import math
import pathlib
import subprocess
import sys

import numpy as np
import rasterio
from pyproj import Geod, Transformer
from rasterio.transform import Affine, from_origin

WIDTH, HEIGHT, NO_DATA = 40, 35, 200

# Name, type, options of GDAL.
ENCODINGS = [
    ("plain", "uint8", {}),
    ("strips_deflate", "int16", {"compress": "deflate", "predictor": 2, "blockysize": 4}),
    ("tiles_deflate", "float32", {"compress": "deflate", "predictor": 3, "tiled": True, "blockxsize": 16, "blockysize": 16}),
    ("tiles_double", "float64", {"compress": "deflate", "predictor": 3, "tiled": True, "blockxsize": 16, "blockysize": 16}),
    ("lzw", "uint16", {"compress": "lzw", "predictor": 2, "tiled": True, "blockxsize": 16, "blockysize": 16}),
    ("lzw_plain", "int32", {"compress": "lzw"}),
    ("zstd", "float32", {"compress": "zstd", "predictor": 2, "tiled": True, "blockxsize": 32, "blockysize": 16}),
    ("packbits", "uint8", {"compress": "packbits"}),
    ("big", "uint32", {"compress": "deflate", "bigtiff": "yes"}),
    ("big_endian", "float32", {"compress": "deflate", "predictor": 3, "endianness": "big"}),
    ("big_endian_int", "int32", {"compress": "lzw", "predictor": 2, "endianness": "big"}),
    ("bands_together", "int16", {"count": 3, "interleave": "pixel", "compress": "deflate", "predictor": 2}),
    ("bands_apart", "int16", {"count": 3, "interleave": "band", "compress": "deflate"}),
    ("rgb", "uint8", {"count": 4, "photometric": "rgb", "compress": "deflate", "predictor": 2}),
    ("palette", "uint8", {"compress": "deflate"}),
    ("scaled", "int16", {"compress": "deflate"}),
    ("sparse", "uint8", {"tiled": True, "blockxsize": 16, "blockysize": 16, "sparse_ok": True}),
    ("int64", "int64", {"compress": "deflate"}),
    ("int8", "int8", {"compress": "deflate"}),
]


def values():
    """The values of tests/it/rasters.rs: whole numbers to 99, and no data in between."""
    row, column = np.mgrid[0:HEIGHT, 0:WIDTH]
    number = (row * WIDTH + column) % 100
    number[(row * 7 + column * 3) % 11 == 0] = NO_DATA
    return number


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    where = {"transform": from_origin(10.0, 50.0, 0.1, 0.1), "crs": "EPSG:4326"}
    for name, dtype, options in ENCODINGS:
        options = dict(options)
        count, cells = options.pop("count", 1), values()
        no_data = NO_DATA
        if dtype == "int8":
            no_data = -5
            cells[cells == NO_DATA] = no_data
        if name == "scaled":
            cells = np.where(cells == NO_DATA, NO_DATA, cells * 10 + 300)
        if name == "sparse":
            cells[:, :16] = NO_DATA
        shape = {"width": WIDTH, "height": HEIGHT, "count": count, "dtype": dtype, "nodata": no_data}
        with rasterio.open(folder / f"{name}.tif", "w", driver="GTiff", **shape, **where, **options) as raster:
            for band in range(1, count + 1):
                raster.write((cells if band == 1 else cells // 2).astype(dtype), band)
            if name == "scaled":
                raster.scales, raster.offsets = [0.1], [-30.0]
            if name == "palette":
                raster.write_colormap(1, {number: (number, 0, 0, 255) for number in range(256)})
    # Where a raster lies: by a matrix, by centers of cells, by a system without a code, by none.
    def place(name, transform, crs, **tags):
        shape = {"width": WIDTH, "height": HEIGHT, "count": 1, "dtype": "uint8", "nodata": NO_DATA, "compress": "deflate"}
        with rasterio.open(folder / f"{name}.tif", "w", driver="GTiff", transform=transform, crs=crs, **shape) as raster:
            raster.update_tags(**tags)
            raster.write(values().astype("uint8"), 1)

    place("turned", Affine(0.08, 0.02, 10.0, 0.03, -0.07, 50.0), "EPSG:4326")
    place("points", from_origin(10.0, 50.0, 0.1, 0.1), "EPSG:4326", AREA_OR_POINT="Point")
    place("utm", from_origin(500_000, 5_500_000, 1000, 1000), "EPSG:32632")
    place("mollweide", from_origin(800_000, 5_900_000, 10_000, 10_000), "ESRI:54009")
    place("nad83", from_origin(-100.0, 50.0, 0.1, 0.1), "EPSG:4269")
    place("nowhere", from_origin(10.0, 50.0, 0.1, 0.1), None)


def cells_of(path):
    """Longitude, latitude, value (NaN without) and area of every cell."""
    with rasterio.open(path) as raster:
        read = raster.read(1, masked=True).astype("float64").filled(np.nan)
        row, column = np.mgrid[0 : raster.height, 0 : raster.width]
        way = Transformer.from_crs(raster.crs, "EPSG:4326", always_xy=True)

        def at(c, r):
            x, y = raster.transform * (c, r)
            return way.transform(x, y)

        lon, lat = at(column + 0.5, row + 0.5)
        geod = Geod(ellps="WGS84")
        corners = [at(column + dc, row + dr) for dc, dr in [(0, 0), (1, 0), (1, 1), (0, 1)]]
        area = np.empty(read.shape)
        for index in np.ndindex(read.shape):
            ring = [(x[index], y[index]) for x, y in corners]
            area[index] = abs(geod.polygon_area_perimeter(*zip(*ring))[0])
        return lon, lat, read * raster.scales[0] + raster.offsets[0], area


def around(cells, lon, lat, radius):
    """Mean, maximum and share over 0 within a radius."""
    lons, lats, read, area = cells
    _, _, distance = Geod(ellps="WGS84").inv(np.full(lons.shape, lon), np.full(lons.shape, lat), lons, lats)
    known = (distance <= radius) & ~np.isnan(read)
    if not known.any():
        return None
    weight = area[known]
    over = weight[read[known] > 0].sum() / weight.sum()
    return (read[known] * weight).sum() / weight.sum(), read[known].max(), over


def compare(program, folder):
    folder.mkdir(parents=True, exist_ok=True)
    write(folder)
    wrong = seen = 0
    for path in sorted(folder.glob("*.tif")):
        if path.stem == "nowhere":
            continue
        cells = cells_of(path)
        places = [(cells[0][r, c], cells[1][r, c]) for r, c in [(1, 1), (17, 20), (20, 5), (30, 37), (34, 0)]]
        rows = "".join(f"s{n},{lon:.4f},{lat:.4f}\n" for n, (lon, lat) in enumerate(places))
        (folder / "sites.csv").write_text("id,lon,lat\n" + rows)
        out = folder / "out"
        subprocess.run(
            [program, "score", "-q", "-s", folder / "sites.csv", "--raster", f"x={path}", "--layers", "sites", "--replace", "-o", out],
            check=True,
        )
        for feature in json.loads((out / "sites.geojson").read_text())["features"]:
            told, (lon, lat) = feature["properties"], feature["geometry"]["coordinates"]
            expected = around(cells, lon, lat, 10_000)
            given = [told[f"raster_x_{what}_10km"] for what in ("mean", "max", "over")]
            if expected is None:
                continue
            seen += 1
            # Written with four decimals, shares with three.
            near = [math.isclose(a, b, abs_tol=tolerance) for a, b, tolerance in zip(given, expected, (2e-3, 1e-4, 1e-3))]
            if not all(near):
                wrong += 1
                print(f"{path.name} {feature['id']}: {given} and not {expected}")
    print(f"{seen} sites on rasters compared with rasterio, {wrong} differ")
    sys.exit(1 if wrong or seen < 60 else 0)


if sys.argv[1] == "write":
    write(pathlib.Path(sys.argv[2]))
else:
    compare(pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]))
