"""What a raster says at and around a place, from the text of FORMATS: every cell, one at a time, longitude and latitude only."""

import math

import numpy as np
import rasterio

from shapes import GEOD, distances


def zone_area(lat):
    """Square meters from the equator to this latitude over one degree of longitude, on the ellipsoid."""
    e = math.sqrt(GEOD.es)
    s = math.sin(math.radians(lat))
    return math.radians(1.0) * GEOD.b**2 / 2.0 * (s / (1.0 - GEOD.es * s * s) + math.atanh(e * s) / e)


class Raster:
    def __init__(self, path):
        with rasterio.open(path) as file:
            values = file.read(1, masked=True).astype(float).filled(np.nan)
            scale, offset = file.scales[0], file.offsets[0]
            self.west, self.north = file.transform.c, file.transform.f
            self.dx, self.dy = file.transform.a, -file.transform.e
        self.values = np.where(np.isfinite(values), values * scale + offset, np.nan)

    def at(self, row, column):
        """The value of a cell; of one past the edge none."""
        rows, columns = self.values.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        return np.where(inside, self.values[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)], np.nan)

    def cells(self, lon, lat, radius_km):
        """Values, areas and kilometers of the cells whose center lies within the radius; else of the cell of the place."""
        row0, column0 = math.floor((self.north - lat) / self.dy), math.floor((lon - self.west) / self.dx)
        high = math.ceil(radius_km / 110.5 / self.dy) + 2
        wide = math.ceil(radius_km / 110.5 / math.cos(math.radians(min(89.0, abs(lat) + radius_km / 110.0))) / self.dx) + 2
        row, column = np.meshgrid(np.arange(row0 - high, row0 + high + 1), np.arange(column0 - wide, column0 + wide + 1), indexing="ij")
        row, column = row.ravel(), column.ravel()
        d, _ = distances(lon, lat, self.west + (column + 0.5) * self.dx, self.north - (row + 0.5) * self.dy)
        near = d <= radius_km
        if not near.any():
            near = (row == row0) & (column == column0)
        row, column, d = row[near], column[near], d[near]
        top = self.north - row * self.dy
        area = np.array([self.dx * (zone_area(t) - zone_area(t - self.dy)) for t in top])
        return self.at(row, column), area, d

    def measures(self, lon, lat, radius_km, threshold):
        values, area, _ = self.cells(lon, lat, radius_km)
        known = np.isfinite(values)
        total = float(area[known].sum())
        here = float(self.at(*(np.array([math.floor(x)]) for x in ((self.north - lat) / self.dy, (lon - self.west) / self.dx)))[0])
        return {
            "point": None if math.isnan(here) else here,
            "mean": float((values[known] * area[known]).sum()) / total if total else None,
            "max": float(values[known].max()) if total else None,
            "over": float(area[known][values[known] > threshold].sum()) / total if total else None,
            "known": total / float(area.sum()),
        }


def indicator(raster, lon, lat, told):
    """A raster's value from 0 to 1 and the share of the circle's cells that have one; `told` is the scheme's part on it."""
    measures = raster.measures(lon, lat, told["radius_km"], told["threshold"])
    value, (low, high) = measures[told["statistic"]], told["from"]
    return (None, 0.0) if value is None else (min(max((value - low) / (high - low), 0.0), 1.0), measures["known"])


def people(raster, lon, lat, n):
    """Q over the cells of a raster of people, and the share of the cells that have a value."""
    told = n["environment"]["people"]
    values, area, d = raster.cells(lon, lat, told["raster_km"])
    known = np.isfinite(values)
    q = float((values[known] * np.exp(-n["distance"]["exponential_rate"] * d[known] / told["decay_km"])).sum())
    return q, float(area[known].sum() / area.sum())


def compare(table, where, got, site, rasters, n):
    """The columns of each raster, within the radius and over the threshold of the scheme."""
    for name, raster in rasters.items():
        told = n["environment"].get("seismic" if name == "shaking" else name, {}).get("raster", {})
        radius = told.get("radius_km", n["environment"]["people"]["raster_km"] if name == "population" else n["buffers"]["raster_km"])
        want = raster.measures(site["lon"], site["lat"], radius, told.get("threshold", 0.0))
        for key, value in want.items():
            column = f"raster_{name}_{key}" + ("" if key == "point" else f"_{radius:g}km")
            table.near(f"raster: {key}", f"{where} {name}", got.get(column, "(absent)"), value, 1e-3 * max(1.0, abs(value or 0.0)))
