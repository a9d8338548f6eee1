//! What of the base map fits the scale of a still map: borders of provinces, rivers and lakes below the sites, and the
//! names of towns and provinces where room is left.

use super::canvas::Canvas;
use super::labels;
use super::map::Map;
use super::{font, labels::Area};
use crate::layers::report::{Level, PlaceName, Places, Step};
use crate::layers::style::GROUND;

const TOWN: f64 = 14.0;
const PROVINCE: f64 = 15.0;
const DASHES: Option<[f64; 2]> = Some([9.0, 3.5]);

/// Most names of each kind.
const MOST: usize = 40;

/// Draws lakes, rivers and borders of provinces.
pub(super) fn draw(canvas: &mut Canvas, map: &Map) {
    let level = Level::still(&map.view);
    for Step { lakes, .. } in &level.steps {
        canvas.areas(&map.all_placed(lakes), GROUND.sea);
        canvas.lines(&map.all_placed(lakes), 1.0, GROUND.river, None);
    }
    for Step { rivers, provinces, .. } in &level.steps {
        canvas.lines(&map.all_placed(rivers), 1.3, GROUND.river, None);
        canvas.lines(&map.all_placed(provinces), 1.2, GROUND.province, DASHES);
    }
}

/// Writes the names of towns and provinces that have room, and adds their areas to those that are taken.
pub(super) fn names(canvas: &mut Canvas, map: &Map, taken: &mut Vec<Area>) {
    let Places { towns, provinces } = Places::of(&map.view);
    // A unit of the view is a pixel.
    let drawn = |PlaceName(name, .., from): &&PlaceName| *from <= 0.0 && font::has(name);
    let mut left = MOST;
    for PlaceName(name, x, y, _) in towns.iter().filter(drawn) {
        let ((x, y), width) = (map.placed((*x, *y)), font::width(name, TOWN));
        let starts = [x + 6.0, x - 6.0 - width];
        let found = starts.into_iter().find_map(|start| {
            let area = [start.min(x) - 5.0, y - 9.0, (start + width).max(x) + 5.0, y + 9.0];
            labels::is_free(&area, map.area, taken.iter()).then_some((start, area))
        });
        if let Some((start, area)) = found.filter(|_| left > 0) {
            canvas.disc((x, y), 2.4, GROUND.town);
            canvas.text_haloed(name, (start, y + 0.35 * TOWN), TOWN, GROUND.town);
            taken.push(area);
            left -= 1;
        }
    }
    left = MOST;
    for PlaceName(name, x, y, _) in provinces.iter().filter(drawn) {
        let (x, y) = map.placed((*x, *y));
        let half = font::width(name, PROVINCE) / 2.0 + 4.0;
        let area = [x - half, y - PROVINCE, x + half, y + 0.6 * PROVINCE];
        if left > 0 && labels::is_free(&area, map.area, taken.iter()) {
            canvas.text_spaced(name, (x, y), PROVINCE, 1.0, GROUND.name);
            taken.push(area);
            left -= 1;
        }
    }
}
