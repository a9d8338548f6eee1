"""What notebooks show: small pages that need no network. All text of data is escaped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from tamarisk import _tamarisk

if TYPE_CHECKING:
    from tamarisk._answer import Answer
    from tamarisk._checked import Checked
    from tamarisk._layer import Layer
    from tamarisk._result import Result

_BANDS = ("very low", "low", "medium", "high", "very high")
_ROWS = 8
_COLUMNS = 12
_PLACES = 1500
_WIDTH, _HEIGHT = 460, 300
_SEA, _LAND, _EDGE = "#dde8ee", "#f7f4ed", "#7d98a8"
_STYLE = (
    "font:13px/1.45 system-ui,sans-serif;color:#1f2328;background:#fff;"
    "border:1px solid #d8dee4;border-radius:6px;padding:10px 12px;max-width:100%;overflow:auto"
)
_CELL = "padding:2px 10px 2px 0;text-align:left;white-space:nowrap;border-bottom:1px solid #eaeef2"
_MUTED = "color:#59636e"


def _page(title: str, *parts: str) -> str:
    return f'<div style="{_STYLE}"><div style="font-weight:600">{escape(title)}</div>{"".join(parts)}</div>'


def _said(text: str) -> str:
    return f'<div style="{_MUTED}">{escape(text)}</div>'


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e15 else str(value)
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    cells = "".join(f'<th style="{_CELL};{_MUTED};font-weight:500">{escape(one)}</th>' for one in head)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{escape(_shown(one))}</td>' for one in row) + "</tr>" for row in rows
    )
    return (
        '<table style="border-collapse:collapse;margin-top:6px;background:none;font:inherit">'
        f"<thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"
    )


def _map(places: Sequence[tuple[float, float, str | None]]) -> str:
    """A map of points in the colors of their bands, the higher bands above."""
    places = [one for one in places if math.isfinite(one[0]) and math.isfinite(one[1])]
    if not places:
        return ""
    west, east = min(one[0] for one in places), max(one[0] for one in places)
    south, north = min(one[1] for one in places), max(one[1] for one in places)
    middle = math.cos(math.radians((south + north) / 2))
    squeeze = max(middle, 0.05)
    # Degrees of latitude for a pixel, so that all points fit with a margin.
    scale = max((east - west) * squeeze / (_WIDTH - 40), (north - south) / (_HEIGHT - 40), 0.001)
    center = ((west + east) / 2, (south + north) / 2)

    def at(lon: float, lat: float) -> tuple[float, float]:
        return (_WIDTH / 2 + (lon - center[0]) * squeeze / scale, _HEIGHT / 2 - (lat - center[1]) / scale)

    half = (_WIDTH / 2 * scale / squeeze, _HEIGHT / 2 * scale)
    box = (
        max(center[0] - half[0], -180.0),
        max(center[1] - half[1], -90.0),
        min(center[0] + half[0], 180.0),
        min(center[1] + half[1], 90.0),
    )
    ramp, _, none = _tamarisk.colors()
    color = dict(zip(_BANDS, ramp, strict=True))
    order = {band: rank for rank, band in enumerate(_BANDS, 1)}
    shapes = []
    for outline in _tamarisk.land(box):
        points, last = [], None
        for lon, lat in outline:
            x, y = at(lon, lat)
            x, y = min(max(x, -9.0), _WIDTH + 9.0), min(max(y, -9.0), _HEIGHT + 9.0)
            if last is None or abs(x - last[0]) + abs(y - last[1]) > 0.7:
                points.append(f"{x:.1f},{y:.1f}")
                last = (x, y)
        if len(points) > 2:
            shapes.append(f'<polygon points="{" ".join(points)}" fill="{_LAND}" stroke="{_EDGE}" stroke-width="0.6"/>')
    for lon, lat, band in sorted(places, key=lambda one: order.get(one[2] or "", 0)):
        x, y = at(lon, lat)
        fill = color.get(band or "", none)
        shapes.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="#444" stroke-width="0.6">'
            f"<title>{escape(band or 'no data')}</title></circle>"
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="map of {len(places)} places" '
        f'style="background:{_SEA};margin-top:8px;border-radius:4px;max-width:100%;height:auto">{"".join(shapes)}</svg>'
    )


def _legend(places: Sequence[tuple[float, float, str | None]]) -> str:
    if not any(band for _, _, band in places):
        return ""
    ramp, _, none = _tamarisk.colors()
    marks = "".join(
        '<span style="display:inline-block;margin-right:10px">'
        '<span style="display:inline-block;width:10px;height:10px;border:1px solid #444;border-radius:5px;'
        f'background:{color}"></span> {band}</span>'
        for band, color in [*zip(_BANDS, ramp, strict=True), ("no data", none)]
    )
    return f'<div style="{_MUTED}">{marks}</div>'


def layer(of: Layer) -> str:
    """The count, a map of points, and the first rows of a layer."""
    columns = of.columns[:_COLUMNS]
    rows, places = of._native.preview(_ROWS, _PLACES)
    shown = [[id_, *values[: len(columns)]] for id_, values in rows]
    more = []
    if len(of) > len(rows):
        more.append(f"{len(of) - len(rows):,} more rows")
    if len(of.columns) > len(columns):
        more.append(f"{len(of.columns) - len(columns)} more columns")
    title = f"{of.name}: {len(of):,} {of.geometry_type}s"
    return _page(
        title, _map(places), _legend(places), _table(["id", *columns], shown), _said(", ".join(more)) if more else ""
    )


def result(of: Result, verdicts: Sequence[int]) -> str:
    """What was scored, on a map, and the sites with the highest scores."""
    sites = of.sites
    _, places = sites._native.preview(0, _PLACES)
    rows, _ = sites._native.preview(len(sites) if len(sites) <= 20_000 else _ROWS, 0)
    names = sites.columns
    wanted = [
        name
        for name in ("name", "security_score", "security_band", "environment_score", "environment_band")
        if name in names
    ]
    at = [names.index(name) for name in wanted]
    first = names.index("security_score") if "security_score" in names else 0

    def score(row: tuple[str, list[Any]]) -> float:
        value = row[1][first]
        return value if isinstance(value, float) else -1.0

    worst = sorted(rows, key=score, reverse=True)[:_ROWS]
    table = _table(
        ["id", *(name.replace("_", " ") for name in wanted)], [[id_, *(values[i] for i in at)] for id_, values in worst]
    )
    aside, repaired, noted = verdicts
    return _page(
        f"{len(of):,} sites as of {of.as_of or '-'}, scheme {of.scheme}",
        _said(f"findings: {aside} set aside, {repaired} repaired, {noted} noted"),
        _map(places),
        _legend(places),
        table,
    )


def checked(of: Checked) -> str:
    """What a source holds, and its findings."""
    likely = "likely " if of.guessed else ""
    kind = f" ({of.kind})" if of.kind else ""
    rows = [[one.verdict, one.place, one.id, one.field, one.value, one.why] for one in of[:50]]
    more = _said(f"and {len(of) - len(rows)} more") if len(of) > len(rows) else ""
    table = _table(["", "place", "id", "field", "value", "why"], rows) if rows else _said("no findings")
    return _page(
        of.file,
        _said(f"{likely}{of.role}{kind}, {of.layout}, {of.format}"),
        _said(f"{of.read} read, {of.kept} usable, {of.set_aside} set aside"),
        table,
        more,
    )


def answer(of: Answer, rows: tuple[str, list[dict[str, Any]]] | None) -> str:
    """The plain members of an answer, and its first rows."""
    facts = [[name, value] for name, value in of.items() if isinstance(value, (str, int, float, bool))]
    parts = [_table(["", ""], facts)] if facts else []
    title = "answer"
    if rows is not None:
        title, list_ = rows
        keys = [key for key in (list_[0] if list_ else {}) if not isinstance(list_[0][key], (dict, list))][:_COLUMNS]
        parts.append(_table(keys, [[one.get(key) for key in keys] for one in list_[:_ROWS]]))
        if len(list_) > _ROWS:
            parts.append(_said(f"and {len(list_) - _ROWS} more"))
    explanation = of.get("explanation")
    if isinstance(explanation, str):
        parts.insert(0, _said(explanation))
    return _page(title, *parts)
