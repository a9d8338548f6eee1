"""What schemathesis has to know besides the description of the interface: texts of our formats, and what several
parameters have to be together. Requests that are meant to be wrong stay as they are. TAMARISK_API is the address of the
server."""

import json
import math
import os
import urllib.request

import schemathesis
from hypothesis import strategies as st

BASE = os.environ["TAMARISK_API"]
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
BOX = {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [60, 24, 70, 32]}]}


def get(path):
    with urllib.request.urlopen(BASE + path) as answer:
        return json.load(answer)


def shared_properties():
    """Those that every collection has."""
    ids = [one["id"] for one in get("/collections")["collections"]]
    of = [set(get(f"/collections/{id}/sortables")["properties"]) for id in ids]
    return sorted(set.intersection(*of))


INCIDENTS = [one["id"] for one in get("/collections/incidents/items?limit=20")["features"]]
DAYS = ["2019-02-12", "2019-02-12T00:00:00Z", "2021-06-30T12:00:00+05:00"]

FORMATS = {
    "uri": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84", EPSG + "4326", EPSG + "3857"],
    "interval": DAYS + ["2019-01-01/2022-01-01", "../2020-01-01", "2020-01-01T00:00:00Z/..", "../.."],
    "cql2": [
        "S_INTERSECTS(geometry, BBOX(60, 24, 70, 32))",
        "geometry IS NOT NULL AND NOT S_WITHIN(geometry, POLYGON((0 0, 9 0, 9 9, 0 0)))",
        "1 + 1 = 2 OR 'a' LIKE '_%'",
    ],
    "property": shared_properties(),
    "kind": ["incident", "settlements", "site"],
    "incident-id": INCIDENTS,
    "incident": ["66.5,29.6,attack,3", "62,29,attack;63,29,attack"],
}
for word, texts in FORMATS.items():
    schemathesis.openapi.format(word, st.sampled_from(texts))


def numbers(value):
    """The numbers of a list, also one that is written already."""
    try:
        return [float(one) for one in (value.split(",") if isinstance(value, str) else value)]
    except (TypeError, ValueError):
        return []


def like(value, numbers):
    return ",".join(map(str, numbers)) if isinstance(value, str) else numbers


def together(values):
    """Makes values that fit their schemas fit each other."""
    values = dict(values)
    box, at = numbers(values.get("bbox")), numbers(values.get("at"))
    if len(box) >= 4:
        low, high = box[:2], box[2:4] if len(box) < 6 else box[3:5]
        corners = [sorted(math.fmod(one, 90) for one in pair) for pair in zip(low, high)]
        values["bbox"] = like(values["bbox"], [pair[0] for pair in corners] + [pair[1] for pair in corners])
    if len(at) == 2:
        values["at"] = like(values["at"], [at[0], math.fmod(at[1], 90)])
    if values.get("filter-lang") == "cql2-json" and "filter" in values:
        values["filter"] = json.dumps(BOX)
    if values.get("f") in ("csv", "fgb"):
        values.pop("crs", None)
    return values


def is_form(case):
    return case.media_type == "application/x-www-form-urlencoded" and isinstance(case.body, dict)


@schemathesis.hook
def filter_case(context, case):
    """Leaves out forms that are wrong by a member which is not sent: a form has no empty lists and no nulls."""
    wrong = case.meta is not None and case.meta.generation.mode.is_negative
    return not (wrong and is_form(case) and any(value in ([], {}, None) for value in case.body.values()))


@schemathesis.hook
def map_case(context, case):
    if case.meta is not None and case.meta.generation.mode.is_positive:
        if isinstance(case.query, dict):
            case.query = together(case.query)
        if is_form(case):
            case.body = together(case.body)
    return case
