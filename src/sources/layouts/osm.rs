//! OpenStreetMap (ODbL) in its common exports: overpass turbo and Overpass responses (`@id` beside tags), the
//! QGIS plugin QuickOSM (`full_id` beside tags), Geofabrik's shapefiles (`fclass`), and the places of OSMNames.
//! Tags determine the kind of receptor (wiki: Map features); features without such a tag are not receptors.

use super::{Layout, PLAIN, Tag};
use crate::model::ReceptorKind as K;
use crate::sources::intake::columns::{Field as F, Role};

/// Tags, the most specific first: a lake in a nature reserve is a lake.
const TAGS: &[Tag] = &[
    Tag {
        column: "waterway",
        values: &[
            "river",
            "stream",
            "canal",
            "tidal_channel",
            "wadi",
            "riverbank",
            "drain",
            "ditch",
        ],
        kind: K::Rivers,
    },
    Tag {
        column: "natural",
        values: &["water", "bay", "wetland", "coastline"],
        kind: K::WaterBodies,
    },
    Tag { column: "landuse", values: &["reservoir", "basin"], kind: K::WaterBodies },
    Tag { column: "place", values: PLACES, kind: K::Settlements },
    Tag { column: "landuse", values: &["residential"], kind: K::Settlements },
    Tag {
        column: "boundary",
        values: &["protected_area", "national_park", "aboriginal_lands"],
        kind: K::SensitiveAreas,
    },
    Tag { column: "leisure", values: &["nature_reserve"], kind: K::SensitiveAreas },
    Tag { column: "man_made", values: &["tailings_pond", "tailings"], kind: K::Tailings },
];

const PLACES: &[&str] = &[
    "city",
    "town",
    "village",
    "hamlet",
    "isolated_dwelling",
    "farm",
    "suburb",
    "quarter",
    "neighbourhood",
    "borough",
    "municipality",
    "allotments",
    "national_capital",
];

pub(super) const TURBO: Layout = Layout {
    name: "OpenStreetMap",
    roles: &[Role::Receptors, Role::Sites],
    signature: &["@id"],
    fields: &[
        (F::Id, "@id"),
        (F::Name, "name"),
        (F::Population, "population"),
        (F::Designation, "protection_title"),
        (F::IucnCategory, "iucn_level"),
    ],
    kinds: TAGS,
    ..PLAIN
};

pub(super) const QUICK: Layout = Layout {
    signature: &["full_id", "osm_id", "osm_type"],
    fields: &[
        (F::Id, "full_id"),
        (F::Name, "name"),
        (F::Population, "population"),
        (F::Designation, "protection_title"),
        (F::IucnCategory, "iucn_level"),
    ],
    ..TURBO
};

pub(super) const EXTRACTS: Layout = Layout {
    name: "OpenStreetMap by Geofabrik",
    signature: &["osm_id", "code", "fclass"],
    fields: &[(F::Id, "osm_id"), (F::Name, "name"), (F::Population, "population")],
    kinds: &[
        Tag {
            column: "fclass",
            values: &["river", "stream", "canal", "riverbank", "drain"],
            kind: K::Rivers,
        },
        Tag { column: "fclass", values: &["water", "reservoir", "wetland"], kind: K::WaterBodies },
        Tag { column: "fclass", values: PLACES, kind: K::Settlements },
        Tag { column: "fclass", values: &["residential"], kind: K::Settlements },
        Tag {
            column: "fclass",
            values: &["nature_reserve", "national_park"],
            kind: K::SensitiveAreas,
        },
    ],
    ..TURBO
};

/// A gazetteer derived from OpenStreetMap; only populated places are settlements.
pub(super) const NAMES: Layout = Layout {
    name: "OSMNames",
    signature: &["osm_type", "osm_id", "class", "type", "place_rank"],
    also: &["alternative_names", "importance", "wikidata", "display_name"],
    fields: &[
        (F::Id, "osm_id"),
        (F::Name, "name"),
        (F::Lon, "lon"),
        (F::Lat, "lat"),
        (F::Country, "country_code"),
    ],
    kinds: &[
        Tag { column: "type", values: &["river", "stream", "canal"], kind: K::Rivers },
        Tag { column: "type", values: PLACES, kind: K::Settlements },
        Tag { column: "class", values: &["waterway"], kind: K::Rivers },
    ],
    ..TURBO
};
