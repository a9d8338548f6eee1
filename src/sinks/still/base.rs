//! What of the base map fits the scale of the still map: borders of provinces, rivers and lakes below the sites, and the
//! names of towns and provinces where room is left.

use super::canvas::Canvas;
use super::labels::{self, Area};
use super::{Frame, font};
use crate::layers::report::{Background, PlaceName, Places, Step};
use crate::layers::style::GROUND;

const TOWN: f64 = 14.0;
const PROVINCE: f64 = 15.0;
const DASHES: Option<[f64; 2]> = Some([9.0, 3.5]);

/// Most names of each kind.
const MOST: usize = 40;

/// Draws lakes, rivers and borders of provinces.
pub(super) fn draw(canvas: &mut Canvas, background: &Background, frame: Frame) {
    let now = enlargement(frame);
    let placed = |lines: &[Vec<(f64, f64)>]| -> Vec<Vec<(f64, f64)>> {
        lines.iter().map(|line| line.iter().map(|at| frame.place(*at)).collect()).collect()
    };
    let level = background.levels.iter().find(|level| level.from <= now && now < level.until);
    let steps = level.iter().flat_map(|level| &level.steps).filter(|step| step.from <= now);
    let steps: Vec<&Step> = steps.collect();
    for Step { lakes, .. } in &steps {
        canvas.areas(&placed(lakes), GROUND.sea);
        canvas.lines(&placed(lakes), 1.0, GROUND.river, None);
    }
    for Step { rivers, provinces, .. } in &steps {
        canvas.lines(&placed(rivers), 1.3, GROUND.river, None);
        canvas.lines(&placed(provinces), 1.2, GROUND.province, DASHES);
    }
}

/// Writes the names of towns and provinces that have room, and adds their areas to those that are taken.
pub(super) fn names(canvas: &mut Canvas, places: &Places, frame: Frame, taken: &mut Vec<Area>) {
    let now = enlargement(frame);
    let drawn = |list: &'_ [PlaceName]| -> Vec<PlaceName> {
        list.iter()
            .filter(|PlaceName(name, .., from)| *from <= now && font::has(name))
            .cloned()
            .collect()
    };
    let mut left = MOST;
    for PlaceName(name, x, y, _) in drawn(&places.towns) {
        let ((x, y), width) = (frame.place((x, y)), font::width(&name, TOWN));
        let starts = [x + 6.0, x - 6.0 - width];
        let found = starts.into_iter().find_map(|start| {
            let area = [start.min(x) - 5.0, y - 9.0, (start + width).max(x) + 5.0, y + 9.0];
            labels::is_free(&area, taken.iter()).then_some((start, area))
        });
        if let Some((start, area)) = found.filter(|_| left > 0) {
            canvas.disc((x, y), 2.4, GROUND.town);
            canvas.text_haloed(&name, (start, y + 0.35 * TOWN), TOWN, GROUND.town);
            taken.push(area);
            left -= 1;
        }
    }
    let mut left = MOST;
    for PlaceName(name, x, y, _) in drawn(&places.provinces) {
        let (x, y) = frame.place((x, y));
        let half = font::width(&name, PROVINCE) / 2.0 + 4.0;
        let area = [x - half, y - PROVINCE, x + half, y + 0.6 * PROVINCE];
        if left > 0 && labels::is_free(&area, taken.iter()) {
            canvas.text_spaced(&name, (x, y), PROVINCE, 1.0, GROUND.name);
            taken.push(area);
            left -= 1;
        }
    }
}

/// The logarithm to base two of pixels for a map unit, by which the base map is sorted.
fn enlargement(frame: Frame) -> f64 {
    libm::log2(frame.scale)
}
