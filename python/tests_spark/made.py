"""A made world, small but everywhere: clusters over the antimeridian and near a pole, a lone site, parts of sites."""

import datetime
import math
import random

import pyarrow as pa
import pyarrow.parquet as parquet

import tamarisk

AS_OF = "2025-12-31"
TYPES = ["Battles", "Explosions/Remote violence", "Violence against civilians", "Riots", "earthquake", "spill"]
CENTERS = [(67.0, 29.0), (179.5, -17.0), (-70.0, -33.0), (25.0, -12.0), (30.0, 84.0)]

#: Nothing was reported within thousands of kilometers of it.
LONE = ("z-lone", -130.0, -48.0)


def incidents(count, seed=1):
    """Incidents around the centers."""
    draw = random.Random(seed)
    places = [near(draw) for _ in range(count)]
    first = datetime.date(2018, 1, 1)
    dates = [first + datetime.timedelta(days=draw.randrange(2_900)) for _ in range(count)]
    types = draw.choices(TYPES, weights=[4, 3, 3, 2, 1, 1], k=count)
    return pa.table(
        {
            "incident_id": [f"i{n:06}" for n in range(count)],
            "lon": [lon for lon, _ in places],
            "lat": [lat for _, lat in places],
            "date": pa.array(dates, pa.date32()),
            "event_type": types,
            "magnitude": [round(draw.uniform(4, 7.5), 1) if of == "earthquake" else None for of in types],
            "fatalities": pa.array([draw.randrange(6) for _ in range(count)], pa.int32()),
            "position_accuracy_km": [draw.choice([1.0, 5.0, 25.0]) for _ in range(count)],
            "notes": [f"about {draw.randrange(1000)}" for _ in range(count)],
        }
    )


def sites(count, seed=2):
    """Sites in the order of their ids around the centers, a fifth of them parts of others, one alone, with own columns
    of several types."""
    draw = random.Random(seed)
    places = [near(draw) for _ in range(count - 1)]
    ids = [f"s{n:05}" for n in range(count - 1)] + [LONE[0]]
    places.append(LONE[1:])
    groups = [f"g{draw.randrange(count // 15)}" if draw.random() < 0.2 else None for _ in range(count - 1)] + [None]
    # Parts of a site lie near each other.
    center = {}
    places = [near(draw, center.setdefault(of, at), 0.3) if of else at for of, at in zip(groups, places, strict=True)]
    return pa.table(
        {
            "site_id": ids,
            "lon": [lon for lon, _ in places],
            "lat": [lat for _, lat in places],
            "name": [f"Mine {n}" for n in range(count)],
            "group": groups,
            "part": [draw.choice(["mine", "camp", "road"]) if of else None for of in groups],
            "grade": pa.array([draw.randrange(100) for _ in range(count)], pa.int32()),
            "opened": pa.array([datetime.date(1990 + n % 30, 5, 17) for n in range(count)], pa.date32()),
            "open": [draw.random() < 0.5 for _ in range(count)],
            "operator": [draw.choice(["A", "B", None]) for _ in range(count)],
        }
    )


def settlements(count, seed=3):
    """Settlements around the centers."""
    draw = random.Random(seed)
    places = [near(draw) for _ in range(count)]
    return pa.table(
        {
            "receptor_id": [f"r{n}" for n in range(count)],
            "lon": [lon for lon, _ in places],
            "lat": [lat for _, lat in places],
            "name": [f"Town {n}" for n in range(count)],
            "population": [draw.randrange(50, 90_000) for _ in range(count)],
        }
    )


def near(draw, center=None, spread=3.0):
    """A place around a center."""
    lon, lat = center or draw.choice(CENTERS)
    lat = max(-89.0, min(89.0, lat + draw.gauss(0, spread)))
    lon = lon + draw.gauss(0, spread) / max(0.2, math.cos(math.radians(lat)))
    return round((lon + 180) % 360 - 180, 5), round(lat, 5)


class World:
    """The files, and what one machine makes of them."""

    def __init__(self, folder, site_count=400, incident_count=6_000):
        self.folder = folder
        tables = {
            "sites": sites(site_count),
            "incidents": incidents(incident_count),
            "settlements": settlements(500),
        }
        self.files = {}
        for name, table in tables.items():
            self.files[name] = folder / f"{name}.parquet"
            parquet.write_table(table, self.files[name])

    def one_machine(self, *, incidents=True, receptors=False, **options):
        """The result of one process."""
        return tamarisk.score(
            self.files["sites"],
            self.files["incidents"] if incidents else self.none(),
            {"settlements": self.files["settlements"]} if receptors else None,
            **{"as_of": AS_OF, **options},
        )

    def none(self):
        """A file of no incidents, with all their columns."""
        path = self.folder / "none" / "incidents.parquet"
        path.parent.mkdir(exist_ok=True)
        parquet.write_table(parquet.read_table(self.files["incidents"]).slice(0, 0), path)
        return path


def lines(result, folder):
    """The lines of `sites.geojson` of one machine."""
    result.write(folder, layers=["sites"])
    return (folder / "sites.geojson").read_bytes().splitlines()


def collected(frame, folder):
    """The lines of `sites.geojson` of Spark."""
    import tamarisk.spark

    tamarisk.spark.write(frame, folder / "spark.geojson")
    return (folder / "spark.geojson").read_bytes().splitlines()


def assert_same(ours, theirs):
    """The same lines, naming the first that is not."""
    assert len(theirs) > 2, "there is nothing to compare"
    for one, other in zip(ours, theirs, strict=False):
        assert one == other
    assert len(ours) == len(theirs)
