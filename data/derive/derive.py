"""Makes everything in `data/borders`, `data/basemap` and `data/balochistan` anew.

Needs Python 3.11.4 or newer, `npm` (packages are fetched with `npm pack`), Debian 12 (`apt-get download`) and
    pip install -r data/derive/requirements.txt

Run    python3 data/derive/derive.py --facts DIR
where DIR holds the compiled facts (sites.csv, incidents.csv, receptors.csv).
Without --facts the borders, base map and settlements are made and the files
that come from the facts are left as they are. The same input gives the same
bytes. `--out DIR` writes elsewhere, `--cache DIR` keeps the packages.
"""

import argparse
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True

import basemap
import borders
import facts
import packages
import settlements
import world

HERE = pathlib.Path(__file__).resolve().parent


def main():
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--facts", type=pathlib.Path)
    flags.add_argument("--out", type=pathlib.Path, default=HERE.parent)
    flags.add_argument("--cache", type=pathlib.Path)
    given = flags.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        cache = (given.cache or pathlib.Path(scratch)).resolve()
        packages.fetch(cache)
        countries = borders.make(cache, given.out / "borders", HERE)
        world.make(cache, given.out / "basemap")
        case = given.out / "balochistan"
        case.mkdir(parents=True, exist_ok=True)
        settlements.make(case)
        basemap.make(cache, case)
        if given.facts:
            facts.make(given.facts, case, HERE, countries)


if __name__ == "__main__":
    main()
