//! Static maps, for documents and for places without a browser: pictures of all sites, and an atlas with a page for each.
//! They are drawn as shapes and texts in embedded fonts, from which resvg renders pixels and `pdf` writes pages, so
//! that they do not depend on the machine and are the same on each run.

mod atlas;
mod base;
mod canvas;
mod close;
mod flow;
mod font;
mod furniture;
mod hatch;
mod header;
mod labels;
mod legend;
mod map;
mod marker;
mod nearby;
mod overview;
mod pdf;
mod png;
mod shading;
mod sheet;
mod sprite;
mod stamp;
mod undrawn;

pub use atlas::{order as atlas_order, write as write_atlas};
pub use sprite::{PIXELS, Place, sprite};
pub use stamp::picture as logo;
pub use undrawn::undrawn;

use crate::layers::report::{Page, Paper};
use crate::layers::style::{Color, GROUND, SECURITY_INCIDENT, Theme};
use canvas::Canvas;
use map::Map;
use rayon::prelude::*;
use resvg::tiny_skia::Pixmap;
use sheet::Sheet;
use std::io;
use std::sync::Arc;

const GRATICULE: Color = Color::rgb(90, 110, 125).with_alpha(40);
const INCIDENT: Color = SECURITY_INCIDENT.with_alpha(190);
const LINK: Color = Color::rgb(140, 74, 60).with_alpha(120);
const BORDER_DASHES: Option<[f64; 2]> = Some([9.0, 6.0]);
const TEXT: Color = Color::rgb(30, 34, 38);
const QUIET: Color = Color::rgb(84, 92, 98);
const PAPER: Color = Color::rgb(255, 255, 255);

/// Draws the maps of all sites by some scores as PNG, one for each. They share the ground, which is drawn once.
///
/// # Errors
/// A logo or a picture that cannot be drawn; the first stands for all where they share what failed.
pub fn pictures(page: &Page<'_>, themes: &[Theme], paper: Paper) -> Vec<io::Result<Vec<u8>>> {
    let Some(first) = themes.first() else { return Vec::new() };
    let sheet = Sheet::of(paper);
    // The heads of all have the same lines.
    let top = overview::head(page, *first, sheet, None).height();
    let map = overview::map(page, sheet.between(top), themes);
    let mut below = Canvas::new(sheet.pixels(), PAPER);
    ground(&mut below, &map);
    let shared = below.picture(sheet.ratio()).and_then(|below| Ok((below, logo_of(page)?)));
    let (below, logo) = match shared {
        Ok(shared) => shared,
        Err(error) => return vec![Err(error)],
    };
    let picture = |theme: &Theme| {
        let above = overview::above(page, *theme, &map, sheet, logo.clone());
        png::opaque(&above.picture_on(below.clone(), sheet.ratio())?)
    };
    themes.par_iter().map(picture).collect()
}

/// Whether any site has a score.
pub fn has(page: &Page<'_>, theme: Theme) -> bool {
    overview::counts(page, theme).iter().skip(1).any(|count| *count > 0)
}

/// The score of the main map: security, or environment if no site has a security score.
pub fn main_theme(page: &Page<'_>) -> Theme {
    if has(page, Theme::Security) || !has(page, Theme::Environment) {
        Theme::Security
    } else {
        Theme::Environment
    }
}

/// The logo of a page as pixels.
fn logo_of(page: &Page<'_>) -> io::Result<Option<Arc<Pixmap>>> {
    page.heading.logo.as_ref().map(stamp::picture).transpose().map_err(io::Error::other)
}

/// Draws the base map.
fn ground(canvas: &mut Canvas, map: &Map) {
    let (view, ground) = (&map.view, &map.ground);
    // The Earth ends at the poles and half a turn away.
    let corners = [(-180.0, 90.0), (180.0, 90.0), (180.0, -90.0), (-180.0, -90.0)];
    let earth = corners.map(|(east, lat)| map.placed(view.at(east, lat)));
    canvas.areas(&[earth.to_vec()], GROUND.sea);
    canvas.areas(&map.all_placed(&ground.land), GROUND.land);
    base::draw(canvas, map);
    canvas.lines(&map.all_placed(&ground.coasts), 1.3, GROUND.coast, None);
    canvas.lines(&map.all_placed(&ground.borders), 2.0, GROUND.border, None);
    canvas.lines(&map.all_placed(&ground.disputed), 2.0, GROUND.border, BORDER_DASHES);
}
