"""The parameters that several algorithms share."""

from .options import Box, Choice, ColumnMap, Day, Extra, File, Layer, Layers, Number, Raster, Switch, Text

KINDS = {
    "rivers": "Rivers",
    "water_bodies": "Lakes and other water bodies",
    "sensitive_areas": "Protected and other sensitive areas",
    "settlements": "Settlements",
    "earthquakes": "Earthquakes",
    "faults": "Faults",
    "tailings": "Tailings dams",
    "water_stress": "Water stress",
}

RASTERS = {
    "population": "Population",
    "habitat": "Natural habitat",
    "species": "Species",
    "flood": "Floods",
    "outburst": "Outburst floods",
    "shaking": "Shaking",
}

SCHEMES = ["default", "security-only", "biodiversity"]

SITES = Layer(
    "SITES",
    "Mine sites",
    "--sites=",
    optional=False,
    tip="Points, lines or polygons, or a table with longitude and latitude. Recognized attributes: id, name, country, "
    "commodity, operator, status, group, part, position_accuracy_km and many other names for them.",
)
SITES_OPTIONAL = Layer("SITES", "Mine sites", "--sites=")

INCIDENTS = Layer(
    "INCIDENTS",
    "Incidents",
    "--incidents=",
    tip="A layer, or a table with longitude and latitude. Needs a date and an event type; deaths, country and "
    "position_accuracy_km count if they are there. Exports of ACLED, UCDP and others are recognized.",
)
INCIDENTS_NEEDED = Layer("INCIDENTS", "Incidents", "--incidents=", optional=False, tip=INCIDENTS.tip)

MORE_INCIDENTS = [
    Layers("MORE_INCIDENTS", "More layers of incidents", "--incidents=", advanced=True),
    Switch(
        "MERGE_SOURCES",
        "Count an event that several incident layers report only once",
        "--merge-sources",
        advanced=True,
    ),
]

RECEPTORS = [Layer(kind.upper(), label, f"--receptors={kind}=") for kind, label in KINDS.items()] + [
    Layers(
        "RECEPTORS",
        "Layers of receptors with an attribute receptor_type",
        "--receptors=",
        advanced=True,
    )
]

RASTER_LAYERS = [
    Raster(f"RASTER_{name.upper()}", f"{label} (GeoTIFF)", f"--raster={name}=", advanced=True) for name, label in RASTERS.items()
]

READING = [
    ColumnMap(
        "COLUMNS",
        "Column map",
        "--map=",
        advanced=True,
        tip="Which attribute holds what, if it is not recognized by its name: sites.name and Mine; incidents.date and When; "
        "incidents.date_format and %d/%m/%Y.",
    ),
    Text("DATE_FORMAT", "Format of dates that are texts, such as %d/%m/%Y", "--date-format=", advanced=True),
    Switch("DECIMAL_COMMA", "Numbers that are texts have a decimal comma", "--decimal-comma", advanced=True),
    Text("WHERE", "Read only records that meet a condition, such as admin1 = Sindh", "--where=", advanced=True),
    Day("SINCE", "Skip incidents before this day", "--since=", advanced=True),
]

EXTRA = Extra("EXTRA", "Further options of the command line", advanced=True)

SCHEME = [
    Choice(
        "SCHEME",
        "Scheme",
        "--scheme=",
        choices=SCHEMES,
        default="default",
        optional=False,
        unless="SCHEME_FILE",
    ),
    File("SCHEME_FILE", "Scheme file, instead of a built-in scheme", "--scheme=", kind="Schemes (*.toml)", advanced=True),
]

AS_OF = Day("AS_OF", "As-of date, from which the age of incidents is counted", "--as-of=")

COVERAGE = Text(
    "COVERAGE",
    "Coverage: where and when incidents were collected",
    "--coverage=",
    tip="all; or countries such as PAK,AFG, each with a period if known, PAK:1989-01-01/2021-12-31. By default the countries "
    "that the incidents name, up to the newest incident.",
)

STALE = Choice(
    "STALE",
    "Sites whose incident data end long before the as-of date",
    "--stale=",
    choices=["no-data", "last"],
    advanced=True,
)

COMPLETE = Choice(
    "COMPLETE",
    "Receptors whose layers are complete: none nearby counts as zero",
    "--complete=",
    choices=list(KINDS),
    several=True,
)

BBOX = Box("BBOX", "Score only sites in this extent", "--bbox=")

CALIBRATION = File(
    "CALIBRATION",
    "Calibration, for the probability of an event",
    "--calibration=",
    kind="Calibrations (*.toml)",
    advanced=True,
)

UNCERTAINTY = Number(
    "UNCERTAINTY",
    "Draws of the data for intervals of scores, such as 1000",
    "--uncertainty=",
    whole=True,
    least=100,
)

# Inputs of every question, and the rules of every question that scores.
INPUTS = [SITES_OPTIONAL, INCIDENTS, *RECEPTORS, *RASTER_LAYERS, *MORE_INCIDENTS, *READING]
INPUTS_OF_SITES = [SITES, *INPUTS[1:]]
RULES = [*SCHEME, AS_OF, COVERAGE, COMPLETE, STALE, CALIBRATION]
