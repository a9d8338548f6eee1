//! The map of a batch's report: one view of all its sites, and the base map under it.

use super::basemap::{Level, PlaceName};
use super::batch::Series;
use super::ground::Ground;
use super::names;
use super::view::View;
use crate::earth::Position;
use serde::Serialize;

/// The size of the map, in its own units.
const SIZE: (f64, f64) = (1200.0, 620.0);

/// The map of a batch.
#[derive(Debug, Serialize)]
pub struct BatchMap {
    /// The projection.
    pub view: View,
    /// Countries: name and position.
    pub names: Vec<PlaceName>,
    /// The base map.
    #[serde(skip)]
    pub ground: Ground,
    /// What is drawn on it.
    #[serde(skip)]
    pub level: Level,
}

impl BatchMap {
    /// A map that shows the sites of all regions.
    pub fn of(series: &[Series]) -> Self {
        let trends = series.iter().flat_map(|series| &series.trends);
        let places = trends.clone().filter_map(|of| {
            let [lon, lat] = of.at;
            Position::from_degrees(lon, lat)
        });
        let view = View::of(places, SIZE.0, SIZE.1);
        let ground = Ground::of(&view, None);
        let sites: Vec<(f64, f64)> = trends.map(|of| view.place(of.at[0], of.at[1])).collect();
        // This map is not enlarged.
        let mut names = names(&ground, &sites);
        names.retain(|PlaceName(.., from)| *from <= 0.0);
        Self { names, level: Level::still(&view), view, ground }
    }
}
