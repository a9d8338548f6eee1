import random

import pytest

from cases import AS_OF, INCIDENTS, LINKED, RECEPTORS, SITES


@pytest.fixture(scope="session")
def scored():
    """The built-in example, scored from its files."""
    import tamarisk

    return tamarisk.score([SITES, LINKED], INCIDENTS, RECEPTORS, as_of=AS_OF)


@pytest.fixture(scope="session")
def engine():
    """An engine of the built-in example, sites and all."""
    import tamarisk

    return tamarisk.Engine(INCIDENTS, RECEPTORS, sites=[SITES, LINKED], as_of=AS_OF)


@pytest.fixture(scope="session")
def large(tmp_path_factory):
    """A made case that takes some seconds: the paths of its sites and its incidents."""
    folder = tmp_path_factory.mktemp("large")
    draw = random.Random(7)
    types = ["Battles", "Protests", "Riots", "Violence against civilians"]
    incidents = folder / "incidents.csv"
    with incidents.open("w") as file:
        file.write("id,date,lon,lat,event_type,fatalities,country\n")
        file.writelines(
            f"i{n},20{draw.randrange(10, 25)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02},"
            f"{draw.uniform(61, 76):.4f},{draw.uniform(25, 36):.4f},{draw.choice(types)},{draw.randrange(4)},PAK\n"
            for n in range(400_000)
        )
    sites = folder / "sites.csv"
    with sites.open("w") as file:
        file.write("id,name,lon,lat,country\n")
        file.writelines(
            f"s{n},Site {n},{draw.uniform(62, 75):.5f},{draw.uniform(26, 35):.5f},PAK\n" for n in range(20_000)
        )
    return sites, incidents
