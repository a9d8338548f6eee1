"""Random filters over random features, as the reference implementation of CQL2 (the package cql2) answers them:
`compare_filters.py OUT [COUNT [SEED]]` writes features, and filters as text and JSON with the features that each selects.
The test `serve::filter::tests::oracle` reads the file named in TAMARISK_FILTERS and answers each filter, too.

What the two understand differently is left out: chains of powers (one reads them from the left), a sign before a power,
fractions that begin with their point, geometries over the antimeridian (it knows none). IN with casei or accenti it
cannot evaluate, so it is asked for each value by itself."""

import json
import random
import re
import sys

import cql2

NAMES = ["Bern", "bern", "Chișinău", "Chisinau", "København", "Zürich", "ZURICH", "a b", "it's", "100%", "", "Straße"]
DAYS = ["2025-12-31", "2026-01-31", "2026-02-01", "2026-03-15"]
MOMENTS = [day + time for day in DAYS for time in ("T00:00:00Z", "T12:30:00Z")]


def feature(rng, index):
    def maybe(value):
        return None if rng.random() < 0.15 else value

    x, y = rng.randint(-60, 60), rng.randint(-40, 40)
    w, h = rng.randint(1, 20), rng.randint(1, 20)
    geometry = rng.choice(
        [
            {"type": "Point", "coordinates": [x, y]},
            {"type": "LineString", "coordinates": [[x, y], [x + w, y + h], [x + w, y - h]]},
            {"type": "Polygon", "coordinates": [[[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]]},
        ]
    )
    return {
        "type": "Feature",
        "id": str(index),
        "geometry": geometry,
        "properties": {
            "n": maybe(rng.randint(-5, 5)),
            "m": maybe(rng.randint(-40, 40) / 8),
            "k": rng.randint(0, 9),
            "s": maybe(rng.choice(NAMES)),
            "t": rng.choice(NAMES),
            "b": maybe(rng.random() < 0.5),
            "day": maybe(rng.choice(DAYS)),
            "at": maybe(rng.choice(MOMENTS)),
            "until": maybe(rng.choice(MOMENTS)),
        },
    }


def number(rng, depth):
    roll = rng.random()
    if depth == 0 or roll < 0.5:
        return rng.choice(["n", "m", "k", str(rng.randint(0, 9)), f"{rng.randint(1, 40) / 8}", f"-{rng.randint(1, 5)}"])
    if roll < 0.6:
        return f"({number(rng, depth - 1)})"
    if roll < 0.65:
        return f"{rng.choice(['n', 'k'])}^2"
    operator = rng.choice(["+", "-", "*", "+", "-", "*", "/", "%", " div "])
    right = number(rng, depth - 1) if operator in "+-*" else str(rng.choice([2, 4, 8]))
    return f"({number(rng, depth - 1)} {operator} {right})"


def text(value):
    return "'" + value.replace("'", "''") + "'"


def words(rng):
    column = rng.choice(["s", "t"])
    fold = rng.choice(["{}", "{}", "casei({})", "accenti({})", "accenti(casei({}))"])
    roll = rng.random()
    left = fold.format(column)
    value = fold.format(text(rng.choice(NAMES)))
    if roll < 0.5:
        return f"{left} {rng.choice(['=', '<>', '<', '>', '<=', '>='])} {value}"
    if roll < 0.6:
        return f"{left} {rng.choice(['=', '<>', '<', '>='])} {fold.format('t')}"
    negated = rng.choice(["", "NOT "])
    if roll < 0.8:
        values = ", ".join(fold.format(text(rng.choice(NAMES))) for _ in range(rng.randint(1, 4)))
        return f"{left} {negated}IN ({values})" if fold == "{}" else f"[{negated}{left}|{values}]"
    pattern = rng.choice(["B%", "%n", "_ern", "%i%", "%", "b%n", "Ch%", "z_rich", "1%", "Z%h"])
    return f"{left} {negated}LIKE {fold.format(text(pattern))}"


FOLDED_IN = re.compile(r"\[(NOT )?([^|\]]*)\|([^\]]*)\]")


def as_list(written):
    """Writes IN with folded values, which words() marks by square brackets."""
    return FOLDED_IN.sub(lambda of: f"{of[2]} {of[1] or ''}IN ({of[3]})", written)


def one_by_one(written):
    """The same as comparisons with each value."""

    def either(of):
        values = re.split(r", (?=casei|accenti)", of[3])
        return f"{of[1] or ''}({' OR '.join(f'{of[2]} = {value}' for value in values)})"

    return FOLDED_IN.sub(either, written)


def times(rng):
    compare = rng.choice(["=", "<>", "<", ">", "<=", ">="])
    roll = rng.random()
    if roll < 0.25:
        return f"day {compare} DATE('{rng.choice(DAYS)}')"
    if roll < 0.5:
        return f"at {compare} TIMESTAMP('{rng.choice(MOMENTS)}')"
    if roll < 0.6:
        return f"at {compare} until"
    function = rng.choice(["t_after", "t_before", "t_disjoint", "t_equals", "t_intersects"])
    first, last = sorted(rng.sample(DAYS, 2))
    begin, end = sorted(rng.sample(MOMENTS, 2))
    if roll < 0.8:
        other = rng.choice([f"DATE('{first}')", f"INTERVAL('{first}', '{last}')"])
        return f"{function}(day, {other})"
    return f"{function}(at, {rng.choice([f'''TIMESTAMP('{begin}')''', f'''INTERVAL('{begin}', '{end}')'''])})"


def places(rng):
    x, y = rng.randint(-70, 50), rng.randint(-50, 30)
    w, h = rng.randint(1, 60), rng.randint(1, 40)
    other = rng.choice(
        [
            f"BBOX({x}, {y}, {x + w}, {y + h})",
            f"POINT({x} {y})",
            f"LINESTRING({x} {y}, {x + w} {y + h})",
            f"POLYGON(({x} {y}, {x + w} {y}, {x + w} {y + h}, {x} {y}))",
            f"MULTIPOINT({x} {y}, {x + w} {y + h})",
        ]
    )
    function = rng.choice(["s_intersects", "s_intersects", "s_disjoint", "s_within", "s_touches", "s_overlaps", "s_crosses", "s_equals"])
    return f"{function}(geometry, {other})"


def condition(rng, depth):
    roll = rng.random()
    if depth > 0 and roll < 0.45:
        joined = f" {rng.choice(['AND', 'OR'])} ".join(condition(rng, depth - 1) for _ in range(rng.randint(2, 3)))
        return f"({joined})"
    if depth > 0 and roll < 0.55:
        return f"NOT ({condition(rng, depth - 1)})"
    kind = rng.randrange(9)
    if kind < 2:
        return f"{number(rng, 2)} {rng.choice(['=', '<>', '<', '>', '<=', '>='])} {number(rng, 2)}"
    if kind == 2:
        low, high = sorted([rng.randint(-6, 6), rng.randint(-6, 6)])
        return f"{rng.choice(['n', 'm', 'k', '(n + k)'])} {rng.choice(['', 'NOT '])}BETWEEN {low} AND {high}"
    if kind == 3:
        values = ", ".join(str(rng.randint(-5, 9)) for _ in range(rng.randint(1, 5)))
        return f"{rng.choice(['n', 'k'])} {rng.choice(['', 'NOT '])}IN ({values})"
    if kind == 4:
        return f"{rng.choice(['n', 'm', 's', 'b', 'day', 'at'])} IS {rng.choice(['', 'NOT '])}NULL"
    if kind == 5:
        return rng.choice(["b", "b = true", "b = false", "true", "false"])
    return [words, times, places][kind - 6](rng)


def main():
    out, count, seed = sys.argv[1], int((sys.argv[2:] or ["10000"])[0]), int((sys.argv[3:] or ["1"])[0])
    rng = random.Random(seed)
    features = [feature(rng, index) for index in range(60)]
    filters = []
    for _ in range(count):
        marked = condition(rng, rng.randint(0, 3))
        written = as_list(marked)
        parsed, asked = cql2.parse_text(written), cql2.parse_text(one_by_one(marked))

        def selected(one):
            # What is unknown is an exception there.
            try:
                return asked.matches(one)
            except Exception:
                return False

        selects = [index for index, one in enumerate(features) if selected(one)]
        filters.append({"text": written, "json": parsed.to_json(), "selects": selects})
    with open(out, "w") as file:
        json.dump({"features": {"type": "FeatureCollection", "features": features}, "filters": filters}, file)
    chosen = [len(one["selects"]) for one in filters]
    some = sum(1 for one in chosen if 0 < one < len(features))
    print(f"{count} filters over {len(features)} features, {some} of which select some and leave out some")


if __name__ == "__main__":
    main()
