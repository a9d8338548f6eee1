"""Where and when incidents were collected, from the method's text: countries and periods of each source.

    python coverage.py --selftest     periods, mistyped days and declared coverage, worked by hand
"""

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import date

import shapely

import shapes

EVERYWHERE = "everywhere"
GRACE_D = {"security": 92, "accident": 730}
SITE_COAST_KM = 30.0  # a site off the drawn coast belongs to the nearest country within this
NAMED_KM = 30.0  # a country that is named holds where it begins within this and the accuracy of the position
SEA_KM = 370.4  # 200 nautical miles: an incident at sea lies off the nearest coast within this
MISTYPED_D, MISTYPED_TIMES = 3652, 4  # ten years; so many times the widest gap before


@dataclass
class Span:
    """What one source says of one place: the place (a code, `EVERYWHERE` or a shape) and its days."""

    place: object
    start: int
    end: int

    def until(self, day):
        """The last day up to which the source covers the place, seen from this day; None where there is none.

        A period that begins after its end holds no day.
        """
        last = min(self.end, day)
        return last if self.start <= last else None


def newest(days):
    """The newest day of a source; days far after all others are taken for mistyped.

    Far is ten years and more, and four times as long as any of the others lies after another. Where
    the others are all of one day, or of fewer days than those after them, nothing can be said.
    """
    days = sorted(set(days))
    widest = 0
    for i in range(1, len(days)):
        gap = days[i] - days[i - 1]
        if widest and len(days) - i <= i and gap >= MISTYPED_D and gap >= MISTYPED_TIMES * widest:
            return days[i - 1]
        widest = max(widest, gap)
    return days[-1]


def declared(text, world):
    """What `--coverage` says: (place, start or None, end or None) for each place, or a list of shapes."""
    if text.endswith((".geojson", ".json")):
        features = json.load(open(text, encoding="utf-8"))["features"]
        return [(shapely.union_all([shapely.from_geojson(json.dumps(f["geometry"])) for f in features]), None, None)]
    out = []
    for item in text.split(","):
        name, _, period = item.partition(":")
        start, _, end = period.partition("/")
        place = EVERYWHERE if name == "all" else world.named(name)["code"]
        day = lambda d: None if d in ("", "..") else date.fromisoformat(d).toordinal()
        out.append((place, day(start), day(end)))
    return out


def spans_of(records, day, world, said=None):
    """What one source covers in one domain, seen from a day.

    `records` are those of the domain, also those that are too vague to be used. `said` is what the
    user declared. A source of which nothing can be used covers nothing; unless something is declared,
    what can be used must be dated up to that day.
    """
    past = [r for r in records if r["last"] <= day]
    if all(r["vague"] for r in (records if said else past)):
        return []
    end = newest([r["last"] for r in records])
    first = min((r["last"] for r in past), default=None)
    if said is not None:
        # A start that is left out is the first record of the whole source.
        opened = [(place, first if start is None else start, until) for place, start, until in said]
        return [Span(place, start, end if until is None else until) for place, start, until in opened if start is not None]
    if not records[0]["has_country"]:
        return [Span(EVERYWHERE, first, end)]
    starts = {}
    for r in past:
        for code in world.places_of_record(r):
            starts[code] = min(starts.get(code, r["last"]), r["last"])
    return [Span(code, start, end) for code, start in starts.items()]


class Coverage:
    """All sources of one domain: until when a site is covered, and what share of its surroundings."""

    def __init__(self, sources, day, world, said=None, grace=GRACE_D["security"]):
        self.day, self.world, self.grace = day, world, grace
        self.sources = {name: spans_of(records, day, world, said) for name, records in sources.items() if records}
        self.spans = [s for spans in self.sources.values() for s in spans]
        self.said = said
        # The newest record of each country, where records tell where there are any.
        self.newest = {}
        for records in sources.values() if said is None and not any(s.place == EVERYWHERE for s in self.spans) else ():
            if all(r["vague"] for r in records) or not records[0]["has_country"]:
                continue
            for r in records:
                for code in world.places_of_record(r) if r["last"] <= day else ():
                    self.newest[code] = max(self.newest.get(code, r["last"]), r["last"])

    def until(self, site):
        """The last day on which any source covers the site, or None."""
        codes = self.world.places_of_site(site)
        days = [s.until(self.day) for s in self.spans if self._holds(s.place, site, codes)]
        return max((d for d in days if d is not None), default=None)

    @staticmethod
    def _holds(place, site, codes):
        if isinstance(place, str):
            return place == EVERYWHERE or place in codes
        return bool(shapely.intersects_xy(place, site["lon"], site["lat"]))

    def record(self, site, of_day):
        """The first and the last day of the record at a site, on the day of its score.

        A source of records has begun with its first record, wherever that lies; a declared period when it says.
        """
        codes = self.world.places_of_site(site)
        begun = []
        for spans in self.sources.values():
            spans = [s for s in spans if s.until(self.day) is not None]
            there = [s for s in spans if self._holds(s.place, site, codes)]
            if there:
                begun.append(min(s.start for s in (there if self.said else spans)))
        until = self.until(site)
        return (min(begun), min(until, of_day)) if begun else (of_day + 1, of_day)

    def seen(self, site, of_day, days, radius_km=50.0):
        """Whether a lack of incidents in the last so many days is known to be one; None where borders may decide.

        They were collected on all the land within the radius, from the first of these days on, and the newest of the
        country is not five years old.
        """
        first, _ = self.record(site, of_day)
        newest = max((self.newest[c] for c in self.world.places_of_site(site) if c in self.newest), default=None)
        if first > of_day - days + 1 or newest is not None and five_years(newest, of_day):
            return False
        share = self.share(site, of_day, radius_km)
        return None if 0.985 < share < 0.9995 else share >= 0.995

    def ended(self, until, day=None):
        return (self.day if day is None else day) - until > self.grace

    def share(self, site, day, radius_km=100.0):
        """The share of the land in the buffer that lies where some source covers on this day.

        Where there is no land the site decides; where polygons tell, it is a share of the whole buffer.
        """
        there = []
        for s in self.spans:
            until = s.until(day)
            if until is None or self.ended(until, day):
                continue
            if isinstance(s.place, str) and s.place == EVERYWHERE:
                return 1.0
            there.append(self.world.shape(s.place) if isinstance(s.place, str) else s.place)
        share = lambda of: shapes.covered_share(site["lon"], site["lat"], radius_km, of) if of else 0.0
        if any(not isinstance(s.place, str) for s in self.spans):
            return share(there)
        land = share([row["geometry"] for row in self.world.rows])
        if land < 1e-6:
            codes = self.world.places_of_site(site)
            days = [s.until(day) for s in self.spans if s.place in codes]
            return float(any(u is not None and not self.ended(u, day) for u in days))
        return min(1.0, share(there) / land)


def five_years(newest, day):
    """Whether five whole years lie between two days."""
    newest, day = date.fromordinal(newest), date.fromordinal(day)
    return (day.year - newest.year, (day.month, day.day)) >= (5, (newest.month, newest.day))


def selftest():
    failures = []

    def check(what, got, want):
        print(f"{'ok  ' if got == want else 'FAIL'} {what}: {got!r}" + ("" if got == want else f" (expected {want!r})"))
        if got != want:
            failures.append(what)

    of = lambda *days: date.fromordinal(newest([date.fromisoformat(d).toordinal() for d in days])).isoformat()
    check("the newest of a plain list", of("2010-01-01", "2010-02-01", "2011-05-01"), "2011-05-01")
    check("a day short of 3,652", of("2010-01-01", "2010-02-01", "2020-01-31"), "2020-01-31")
    check("ten years after all others", of("2010-01-01", "2010-02-01", "2020-02-01"), "2010-02-01")
    # 914 days before, so 3,656 after; 1,006 days before, so 4,024 after. Both last gaps are 3,682 days.
    check("four times as long", of("2007-08-01", "2010-01-31", "2020-03-01"), "2010-01-31")
    check("less than four times as long", of("2007-05-01", "2010-01-31", "2020-03-01"), "2020-03-01")
    check("two far ones", of("2010-01-01", "2010-02-01", "2020-03-01", "2031-03-05"), "2010-02-01")
    check("as many days after as before", of("2010-01-01", "2010-02-01", "2031-03-01", "2031-03-05"), "2010-02-01")
    check("more days after than before", of("2010-01-01", "2010-02-01", "2031-03-01", "2031-03-05", "2031-03-09"), "2031-03-09")
    check("of two nothing can be said", of("2010-01-01", "2040-03-01"), "2040-03-01")
    check("nor of one day twice", of("2010-01-01", "2010-01-01", "2040-03-01"), "2040-03-01")
    print(f"{len(failures)} failed" if failures else "all agree")
    return 1 if failures else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--selftest", action="store_true", required=True)
    parser.parse_args()
    sys.exit(selftest())
