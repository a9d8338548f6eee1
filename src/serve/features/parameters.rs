//! The parameters of collections and features.

use crate::serve::params::{Kind, Param};

pub const LIMIT: Param = Param::new("limit", Kind::Limit, "Features on a page at most", "100");
pub const OFFSET: Param = Param::new(
    "offset",
    Kind::Integer { least: 0, most: 1_000_000_000, default: Some(0), capped: false },
    "Features to pass over",
    "100",
);
pub const BBOX: Param = Param::new(
    "bbox",
    Kind::Bbox,
    "Only features that meet this box: west, south, east, north in degrees, or in the axes of bbox-crs; west may be \
     greater than east",
    "60,24,70,32",
);
pub const BBOX_CRS: Param = Param::new(
    "bbox-crs",
    Kind::Text(1),
    "The reference system of bbox; longitude and latitude without it",
    "http://www.opengis.net/def/crs/EPSG/0/4326",
)
.format("uri");
pub const CRS: Param = Param::new(
    "crs",
    Kind::Text(1),
    "The reference system of the geometries: one that the collection lists, or any EPSG code in this form; longitude \
     and latitude without it",
    "http://www.opengis.net/def/crs/EPSG/0/3857",
)
.format("uri");
pub const DATETIME: Param = Param::new(
    "datetime",
    Kind::Interval,
    "Only features of this day, moment or interval, and those that do not say when they were; .. is an open end",
    "2023-01-01/..",
)
.format("interval");
pub const FILTER: Param = Param::new(
    "filter",
    Kind::Text(1),
    "Only features for which this is true, in CQL2; /collections/{collection}/queryables lists the properties",
    "fatalities>10%20AND%20date>DATE('2022-01-01')",
)
.format("cql2");
pub const FILTER_LANG: Param = Param::new(
    "filter-lang",
    Kind::Word(&["cql2-text", "cql2-json", "cql-text"]),
    "The language of filter; cql2-text without it, which drafts of the standard called cql-text",
    "cql2-text",
);
pub const FILTER_CRS: Param = Param::new(
    "filter-crs",
    Kind::Text(1),
    "The reference system of geometries in filter; longitude and latitude without it",
    "http://www.opengis.net/def/crs/EPSG/0/4326",
)
.format("uri");
pub const SORTBY: Param = Param::new(
    "sortby",
    Kind::Words(&[]),
    "Properties to sort by, each with - before it for descending order; missing values come last",
    "-security_score,name",
)
.format("property");
pub const PROPERTIES: Param = Param::new(
    "properties",
    Kind::Words(&[]),
    "Only these properties, in this order",
    "name,country",
)
.format("property");
pub const REV: Param = Param::new(
    "rev",
    Kind::Text(1),
    "The state of the data that pages belong to; links to further pages have it",
    "0123456789abcdef",
);
