"""The layers of receptors seen from the sites, from the method's text; part of compare_scores.py."""

import json

import surroundings
from shapes import distance_to_shape

LAYERS = ("receptors", "receptor_lines", "receptor_areas")
# The part of the scheme that says how far a kind is looked for, and how its weight falls with distance.
OF_KIND = {"sensitive_areas": "sensitive_areas", "rivers": "water_nearby", "water_bodies": "water_nearby", "settlements": "people"}


def seen(kind, receptor, sites, n):
    """(kilometers, site, what it adds) of the sites that have the receptor in their reach, the nearest first.

    `sites` are (site, pressure): at least so much, 0 to 1, or None where nothing is known of it.
    """
    found = []
    for site, pressure in sites:
        if kind == "water_stress":
            held = receptor["shape"] is not None and distance_to_shape(site["lon"], site["lat"], receptor["shape"]) == 0.0
            d, left = (0.0, 1.0) if held else (None, 0.0)
        else:
            d = surroundings.edge_km(site["lon"], site["lat"], receptor)
            told = n["environment"].get(OF_KIND.get(kind), {})
            within = told.get("reach_km", n["buffers"]["window_radius_km"])
            left = surroundings.zone(d, told["decay_km"], n) if told else None
            d = d if d <= within else None
        if d is not None:
            found.append((d, site, None if pressure is None or left is None else pressure * left))
    return sorted(found, key=lambda x: x[0])


def compare(table, out, sites, receptors, n):
    """Every receptor in reach, once: how many sites have it in reach, the nearest, the pressure they sum up to."""
    written = {}
    for layer in LAYERS:
        path = out / f"{layer}.geojson"
        if path.exists():
            for f in json.loads(path.read_text(encoding="utf-8"))["features"]:
                # An id that another kind has too is written with a number behind it.
                written[(f["properties"]["kind"], f["properties"]["receptor_id"].split("#")[0])] = f["properties"]
    for kind in (*OF_KIND, "tailings", "water_stress"):
        for r in receptors.get(kind, []):
            if kind in ("sensitive_areas", "water_bodies") and surroundings.rough(r, n):
                continue
            where = f"{kind} {r['id']} {r['name']}"
            found, got = seen(kind, r, sites, n), written.get((kind, r["id"]))
            table.same("receptors in reach are written", where, got is not None, bool(found))
            if not found or got is None:
                continue
            table.same("receptors: sites_within", where, got["sites_within"], len(found))
            table.near("receptors: nearest_site_km", where, got["nearest_site_km"], found[0][0], 0.005)
            nearest = {s["id"] for d, s, _ in found if d <= found[0][0] + 1e-6}
            table.true("receptors: nearest_site", where, got["nearest_site"] in nearest, f"{got['nearest_site']!r}, expected one of {nearest}")
            adds = [(x, s["id"]) for _, s, x in found if x is not None]
            table.near("receptors: cumulative_pressure", where, got["cumulative_pressure"], sum(x for x, _ in adds) if adds else None, 0.001)
            most = {s for x, s in adds if x >= max(adds)[0] - 1e-4} | ({None} if not adds or max(adds)[0] < 1e-9 else set())
            table.true("receptors: highest_pressure_site", where, got["highest_pressure_site"] in most, f"{got['highest_pressure_site']!r}, expected one of {most}")
