"""The score at every cell of a grid."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tamarisk import _tamarisk
from tamarisk._needs import needs

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy


class Surface:
    """Security scores of a grid, as ``tamarisk surface`` draws them.

    Attributes:
        values: The scores, 0 to 100, as a two-dimensional memoryview of 32-bit floats: rows from north to south. NaN
            where there is no score. ``numpy.asarray(surface.values)`` copies nothing.
        shape: Rows and columns.
        transform: ``(a, b, c, d, e, f)`` with x = a column + b row + c and y = d column + e row + f for the corner of
            a cell, as ``affine.Affine(*transform)`` takes it.
        bounds: West, south, east, north, in degrees.
        cell: Width and height of a cell, in degrees.
        crs: The reference system, ``"OGC:CRS84"``.
    """

    def __init__(self, native: _tamarisk.Surface) -> None:
        self._native = native
        self.shape: tuple[int, int] = native.shape
        self.values: memoryview[float] = memoryview(native.values()).cast("B").cast("f", self.shape)
        self.bounds: tuple[float, float, float, float] = tuple(native.bounds)  # type: ignore[assignment]
        self.cell: tuple[float, float] = tuple(native.cell)  # type: ignore[assignment]
        self.crs = "OGC:CRS84"

    def __reduce__(self) -> tuple[Callable[..., Surface], tuple[Any, ...]]:
        west, _, _, north = self.bounds
        native = self._native
        return _restored, (native.values(), self.shape, (west, north), self.cell, native.side, native.reach)

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        west, _, _, north = self.bounds
        width, height = self.cell
        return (width, 0.0, west, 0.0, -height, north)

    def to_numpy(self) -> numpy.ndarray[Any, Any]:
        """The values as an array that can be changed."""
        array: numpy.ndarray[Any, Any] = needs("numpy", "geopandas").array(self.values)
        return array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        numpy = needs("numpy", "geopandas")
        if copy is False:
            return numpy.asarray(self.values, dtype=dtype)
        return numpy.array(self.values, dtype=dtype)

    def write(self, path: str | os.PathLike[str], *, replace: bool = False) -> None:
        """Write a cloud-optimized GeoTIFF.

        Raises:
            InputOutputError: It cannot be written, or a file of another kind is there and ``replace`` is False.
        """
        self._native.write(os.fspath(path), replace)

    def __repr__(self) -> str:
        rows, columns = self.shape
        return f"<Surface {columns} by {rows} cells within {', '.join(f'{edge:g}' for edge in self.bounds)}>"


def _restored(*of: Any) -> Surface:
    """A surface that was pickled."""
    return Surface(_tamarisk._surface(*of))
