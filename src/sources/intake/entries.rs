//! The columns that are read: Tamarisk's names for them, and the names commonly used for the same fields.

use super::columns::{Field, Role};

use Field as F;

/// A field, its word, and its other names. Names are compared without case, blanks and punctuation.
pub(crate) type Entry = (Field, &'static str, &'static [&'static str]);

/// The fields of the place, which every role has.
pub(crate) const PLACE: &[Entry] = &[
    (
        F::Lon,
        "lon",
        &[
            "longitude",
            "lng",
            "long",
            "x",
            "lon_dd",
            "long_dd",
            "longitude_dd",
            "lon_deg",
            "decimal_longitude",
            "longitude_decimal",
            "lon_wgs84",
            "geo_lon",
            "longitude_wgs84",
            "x_coord",
            "coord_x",
            "easting",
            "point_x",
            "utm_e",
            "utm_x",
            "utm_easting",
            "coordenada_x",
            "coord_este",
        ],
    ),
    (
        F::Lat,
        "lat",
        &[
            "latitude",
            "y",
            "lat_dd",
            "latitude_dd",
            "lat_deg",
            "decimal_latitude",
            "latitude_decimal",
            "lat_wgs84",
            "geo_lat",
            "latitude_wgs84",
            "y_coord",
            "coord_y",
            "northing",
            "point_y",
            "utm_n",
            "utm_y",
            "utm_northing",
            "coordenada_y",
            "coord_norte",
        ],
    ),
    (
        F::Geometry,
        "geometry",
        &["geometry_wkt", "wkt", "wkt_geom", "geom_wkt", "geom", "the_geom", "wkt_geometry"],
    ),
    (F::Accuracy, "position_accuracy_km", &["accuracy_km", "location_accuracy_km", "r90_km"]),
    (F::RowCrs, "crs", &["crs_code", "srs", "srid", "epsg", "epsg_code", "coordinate_system"]),
];

/// Other names for a country column.
const COUNTRY: &[&str] = &[
    "country_name",
    "country_code",
    "iso3",
    "iso_a3",
    "iso2",
    "cc",
    "iso",
    "iso_code",
    "iso_n3",
    "iso_num",
    "iso_numeric",
    "country_iso",
    "country_fips",
    "fips_country",
    "fips_10",
    "fips_10_4",
    "ActionGeo_CountryCode",
];

const SITES: &[Entry] = &[
    (F::Id, "site_id", &["id", "mine_id", "asset_id", "facility_id"]),
    (F::Name, "name", &["site_name", "mine_name", "asset_name", "facility_name", "mine", "site"]),
    (F::Country, "country", COUNTRY),
    (F::Group, "group", &["site_group"]),
    (F::Part, "part", &["site_part"]),
    (F::TailingsClass, "tailings_class", &["consequence_class", "consequence_classification"]),
    (F::TailingsHeight, "tailings_height_m", &["dam_height_m"]),
    (F::TailingsVolume, "tailings_volume_m3", &["tailings_storage_m3"]),
    (F::WaterStress, "water_stress", &["water_stress_score", "bws_score"]),
    (F::WaterStressRatio, "water_stress_ratio", &["bws_raw"]),
    (F::WaterStressCategory, "water_stress_category", &["bws_label", "bws_cat"]),
    (F::WaterStressNextBasin, "water_stress_ratio_other", &[]),
    (F::WaterStressNote, "water_stress_note", &[]),
];

/// Other names for a column of deaths. "Casualties" is not one of them, because it includes the injured.
const DEATHS: &[&str] = &[
    "deaths",
    "killed",
    "total_deaths",
    "fatalities_best",
    "deaths_best",
    "deaths_total",
    "total_fatalities",
    "total_killed",
    "killed_total",
    "number_of_deaths",
    "no_of_deaths",
    "num_deaths",
    "number_of_fatalities",
    "no_of_fatalities",
    "num_fatalities",
    "number_killed",
    "number_of_killed",
    "no_killed",
    "num_killed",
    "n_killed",
    "people_killed",
    "persons_killed",
    "number_of_people_killed",
    "est_fatalities",
    "estimated_fatalities",
    "death_toll",
    "dead",
    "number_of_dead",
];

const INCIDENTS: &[Entry] = &[
    (F::Id, "incident_id", &["id", "event_id"]),
    (F::Date, "date", &["event_date", "incident_date", "date_start", "start_date", "datetime"]),
    (F::DateEnd, "date_end", &["end_date"]),
    (F::Year, "year", &["event_year"]),
    (F::Month, "month", &[]),
    (F::Day, "day", &[]),
    (F::GeoPrecision, "geo_precision", &[]),
    (F::Country, "country", COUNTRY),
    (F::Domain, "domain", &["category"]),
    (
        F::EventType,
        "event_type",
        &[
            "incident_type",
            "type",
            "type_of_event",
            "type_of_incident",
            "event_category",
            "incident_category",
        ],
    ),
    (F::SubEventType, "sub_event_type", &["sub_type", "subtype"]),
    (F::Fatalities, "fatalities", DEATHS),
    (F::FatalitiesLow, "fatalities_low", &[]),
    (F::FatalitiesHigh, "fatalities_high", &[]),
    (F::Magnitude, "magnitude", &["mag"]),
    (F::Depth, "depth_km", &["depth", "focal_depth_km"]),
];

const RECEPTORS: &[Entry] = &[
    (F::Id, "receptor_id", &["id", "wdpaid", "wdpa_pid", "osm_id"]),
    (F::Name, "name", &["river_name", "lake_name", "place_name"]),
    (F::ReceptorType, "receptor_type", &["receptor_kind", "kind"]),
    (F::Designation, "designation", &["desig_eng", "desig"]),
    (F::IucnCategory, "iucn_category", &["iucn_cat", "iucn"]),
    (F::AreaKm2, "area_km2", &["rep_area", "gis_area", "area_sqkm"]),
    (F::AreaHa, "area_ha", &["area_hectares"]),
    (F::NextDown, "next_id", &["next_down", "id_next", "downstream_id"]),
    (F::Population, "population", &["pop", "pop_max", "pop_est", "population_total"]),
    (F::Magnitude, "magnitude", &["mag"]),
    (F::Depth, "depth_km", &["depth", "focal_depth_km"]),
    (F::Date, "date", &["event_date", "datetime"]),
    (F::TailingsClass, "tailings_class", &["consequence_class", "consequence_classification"]),
    (F::TailingsHeight, "tailings_height_m", &["dam_height_m"]),
    (F::TailingsVolume, "tailings_volume_m3", &["tailings_storage_m3"]),
    (F::WaterStress, "water_stress", &["water_stress_score", "bws_score"]),
    (F::WaterStressRatio, "water_stress_ratio", &["bws_raw"]),
    (F::WaterStressCategory, "water_stress_category", &["bws_label", "bws_cat"]),
];

/// The fields of a role besides those of the place.
pub(crate) fn entries_of(role: Role) -> &'static [Entry] {
    match role {
        Role::Sites => SITES,
        Role::Incidents => INCIDENTS,
        Role::Receptors => RECEPTORS,
    }
}
