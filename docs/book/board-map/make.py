"""Makes the data of the first chapter: `python3 make.py` in this folder, with openpyxl.

The twelve mines are real: those of Mali in the ICMM Global Mining Dataset, September 2025 (CC BY 4.0). The events are not:
dice place them in boxes, and every row says so. Only the columns are those of an export of ACLED.
"""

import csv
import datetime
import random

from openpyxl import Workbook
from openpyxl.styles import Font

MINES = [
    ("ICMM08479", "Loulo Gounkoto", "gold", 13.04562598, -11.39620178),
    ("ICMM08552", "Morila", "gold", 11.68052734, -6.846971233),
    ("ICMM08743", "Sadiola", "gold", 13.87032257, -11.6423891),
    ("ICMM08954", "Yatela", "gold", 14.08390102, -11.753474),
    ("ICMM13450", "Fekola", "gold", 12.5395295, -11.373326),
    ("ICMM13481", "Goulamina", "lithium", 11.3455245, -7.9599665),
    ("ICMM13482", "Gounkoto", "gold", 12.8766951, -11.3858364),
    ("ICMM13573", "Kalana", "gold", 10.56991, -8.21652),
    ("ICMM13690", "Nampala", "gold", 11.1539828, -6.2173777),
    ("ICMM13841", "Syama", "gold", 10.789806, -6.070788),
    ("ICMM13842", "Tabakoto", "gold", 12.944346, -11.193816),
    ("ICMM13913", "Yanfolila", "gold", 11.240587, -8.4385401),
]

# A region of the country, a box well inside it (west, south, east, north), and its share of the events.
BOXES = [
    ("Mopti", (-4.6, 14.0, -3.2, 15.2), 60),
    ("Segou", (-6.4, 13.2, -5.2, 14.4), 30),
    ("Gao", (-0.6, 15.6, 1.4, 17.0), 25),
    ("Sikasso", (-7.4, 10.8, -5.8, 12.0), 25),
    ("Kayes", (-11.1, 13.0, -9.6, 14.6), 20),
    ("Koulikoro", (-8.2, 12.6, -7.0, 13.6), 20),
]

# disorder_type, event_type, sub_event_type, share, deaths at most.
KINDS = [
    ("Political violence", "Battles", "Armed clash", 30, 12),
    ("Political violence", "Explosions/Remote violence", "Remote explosive/landmine/IED", 20, 5),
    ("Political violence", "Violence against civilians", "Attack", 25, 8),
    ("Political violence", "Violence against civilians", "Abduction/forced disappearance", 8, 0),
    ("Demonstrations", "Protests", "Peaceful protest", 10, 0),
    ("Strategic developments", "Strategic developments", "Looting/property destruction", 7, 0),
]

NOTES = "Made for a book. No such event took place."


def mines():
    book = Workbook()
    sheet = book.active
    sheet.title = "Mines"
    sheet.append(["ICMM ID", "Mine", "Commodity", "Country", "Latitude", "Longitude"])
    for id, name, commodity, latitude, longitude in MINES:
        sheet.append([id, name, commodity, "Mali", latitude, longitude])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.column_dimensions["B"].width = 24
    # The same bytes on any day.
    book.properties.created = book.properties.modified = datetime.datetime(2026, 1, 1)
    book.save("mines.xlsx")


def events():
    dice = random.Random(2026)
    days = (datetime.date(2025, 12, 31) - datetime.date(2024, 1, 1)).days
    dates = sorted(datetime.date(2024, 1, 1) + datetime.timedelta(dice.randint(0, days)) for _ in range(180))
    for number, date in enumerate(dates, 1):
        region, (west, south, east, north), _ = dice.choices(BOXES, [box[2] for box in BOXES])[0]
        disorder, kind, sub, _, deaths = dice.choices(KINDS, [kind[3] for kind in KINDS])[0]
        precision = dice.choices([1, 2, 3], [60, 30, 10])[0]
        yield {
            "event_id_cnty": f"MADE{number}",
            "event_date": date.isoformat(),
            "year": date.year,
            "time_precision": 1,
            "disorder_type": disorder,
            "event_type": kind,
            "sub_event_type": sub,
            "actor1": "Made group",
            "iso": 466,
            "region": "Western Africa",
            "country": "Mali",
            "admin1": region,
            "location": f"Made place {number}",
            "latitude": round(dice.uniform(south, north), 4),
            "longitude": round(dice.uniform(west, east), 4),
            "geo_precision": precision,
            "source": "Made data",
            "source_scale": "Made data",
            "notes": NOTES,
            "fatalities": dice.randint(0, deaths),
            "timestamp": 1767225600 + number,
        }


COLUMNS = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,"
    "longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
).split(",")


def export():
    rows = list(events())
    # Two faults that exports have: an event without a place, and a date whose order of day and month is not known.
    rows[40]["latitude"] = rows[40]["longitude"] = ""
    rows[90]["event_date"] = "05/01/2025"
    with open("acled_made.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


mines()
export()
