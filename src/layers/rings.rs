//! The layer `rings`: around each site a buffer for each radius, with the counts within it.

use super::{BufferError, Digits, Layer, Table, buffer, buffer_around};
use crate::earth::Length;
use crate::float;
use crate::measures::Count;
use crate::model::Site;
use std::borrow::Cow;

/// A ring of a site.
struct Row<'a> {
    site: &'a Site,
    radius: Length,
    count: Option<Count>,
    area_km2: f64,
}

/// The rings around sites, those of the last radius first, so that maps, which draw in the order of the
/// file, draw small rings over large ones. `count` gives the counts within a ring by the indices of
/// site and radius; `None` if nothing was collected.
///
/// A ring contains everything within its radius of the site's whole shape, as counts do.
///
/// # Errors
/// A radius without a ring.
pub fn rings<'a>(
    sites: &'a [Site],
    radii: &'a [Length],
    count: impl Fn(usize, usize) -> Option<Count> + Send + Sync + 'a,
) -> Result<Layer<'a>, BufferError> {
    // Whether a radius has a ring does not depend on the place.
    for radius in radii {
        if let Some(site) = sites.first() {
            buffer(site.position, *radius)?;
        }
    }
    let table = Table::new()
        .text("site_id", "The site's id", |row: &Row| Some(row.site.id.as_str()))
        .text("name", "The site's name", |row: &Row| Some(row.site.name.as_str()))
        .number("radius_km", Digits::Decimals(3), "km", "Radius: distance of its corners from the site's shape", |row: &Row| {
            Some(row.radius.km())
        })
        .number(
            "incidents",
            Digits::Decimals(0),
            None,
            "Security incidents within the radius, over all time; counted by distance, not by the drawn ring",
            |row: &Row| Some(f64::from(row.count?.incidents)),
        )
        .number(
            "fatalities",
            Digits::Decimals(0),
            None,
            "Deaths reported in them, by the best estimates",
            |row: &Row| Some(float::of_whole(row.count?.fatalities)),
        )
        .number(
            "area_km2",
            Digits::Decimals(3),
            "km²",
            "The ring's area as drawn, on the ellipsoid",
            |row: &Row| Some(row.area_km2),
        );
    let make = move |index: usize| {
        let at = index % sites.len().max(1);
        let which = radii.len().checked_sub(1 + index / sites.len().max(1))?;
        let (site, radius) = (sites.get(at)?, radii.get(which)?);
        // Checked above: never `None` for one of the radii.
        let ring = buffer_around(&site.shape, *radius).ok()?;
        let row = Row { site, radius: *radius, count: count(at, which), area_km2: ring.area_km2 };
        Some((format!("{}:{radius}", site.id), Cow::Owned(ring.shape), row))
    };
    Ok(Layer::polygons("rings", table, sites.len() * radii.len(), make))
}
