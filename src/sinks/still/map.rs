//! A map on an area of a sheet: its projection and its base map, in pixels. Several maps of scores share one.

use super::font;
use super::labels::Area;
use crate::layers::report::{Ground, Level, PlaceName, Places, View};

/// A map on an area of a sheet.
pub(super) struct Map {
    /// The area.
    pub area: Area,
    /// The projection, whose units are pixels from the upper left corner of the area.
    pub view: View,
    /// The base map in these units.
    pub ground: Ground,
    /// Its rivers, lakes and borders of provinces.
    pub level: Level,
    /// Its names of towns and provinces.
    pub places: Places,
    /// The area below the map for its legend, if that would hide sites on the map.
    pub below: Option<Area>,
}

impl Map {
    /// A map of a view.
    pub(super) fn of(area: Area, view: View, ground: Ground) -> Self {
        let Places { mut towns, mut provinces } = Places::of(&view);
        // A unit of the view is a pixel, at which some names have no room yet.
        let drawn = |PlaceName(name, .., from): &PlaceName| *from <= 0.0 && font::has(name);
        towns.retain(drawn);
        provinces.retain(drawn);
        let level = Level::still(&view);
        Self { area, view, ground, level, places: Places { towns, provinces }, below: None }
    }

    /// The place of a longitude and a latitude on the sheet.
    pub(super) fn at(&self, (lon, lat): (f64, f64)) -> (f64, f64) {
        self.placed(self.view.place(lon, lat))
    }

    /// The place on the sheet of a place in the units of the view.
    pub(super) fn placed(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.area[0] + x, self.area[1] + y)
    }

    /// Lines in the units of the view as lines on the sheet.
    pub(super) fn all_placed(&self, lines: &[Vec<(f64, f64)>]) -> Vec<Vec<(f64, f64)>> {
        lines.iter().map(|line| line.iter().map(|at| self.placed(*at)).collect()).collect()
    }

    /// Whether a place of the sheet is on the map.
    pub(super) fn shows(&self, (x, y): (f64, f64)) -> bool {
        let [left, top, right, bottom] = self.area;
        (left..=right).contains(&x) && (top..=bottom).contains(&y)
    }
}
