//! The layers `footprints` and `footprint_lines`: the shapes of sites and linked parts that are
//! polygons or lines. They are two files, because a file has one kind of geometry; points are only
//! in `sites`.

use super::{Layer, Table};
use crate::earth::{Shape, lines_as_written, polygons_as_written};
use crate::model::Site;
use std::borrow::Cow;

/// The sites with polygons; `further` adds columns by the index of the site.
pub fn footprints<'a>(sites: &'a [Site], further: Table<'a, usize>) -> Layer<'a> {
    let drawn: Vec<_> = (0..)
        .zip(sites)
        .filter_map(|(index, site)| match &site.shape {
            Shape::Polygons(polygons) => Some((index, site, polygons)),
            _ => None,
        })
        .collect();
    Layer::polygons("footprints", columns(sites).and(further), drawn.len(), move |at| {
        let (index, site, polygons) = drawn.get(at)?;
        let drawn = polygons_as_written(polygons).map_or(Cow::Borrowed(*polygons), Cow::Owned);
        Some((site.id.clone(), drawn, *index))
    })
}

/// The sites with lines; `further` adds columns by the index of the site.
pub fn footprint_lines<'a>(sites: &'a [Site], further: Table<'a, usize>) -> Layer<'a> {
    let drawn: Vec<_> = (0..)
        .zip(sites)
        .filter_map(|(index, site)| match &site.shape {
            Shape::Lines(lines) => Some((index, site, lines)),
            _ => None,
        })
        .collect();
    Layer::lines("footprint_lines", columns(sites).and(further), drawn.len(), move |at| {
        let (index, site, lines) = drawn.get(at)?;
        let drawn = lines_as_written(lines).map_or(Cow::Borrowed(*lines), Cow::Owned);
        Some((site.id.clone(), drawn, *index))
    })
}

fn columns(sites: &[Site]) -> Table<'_, usize> {
    let site = move |index: &usize| sites.get(*index);
    Table::new()
        .text("site_id", "The site's id", move |row| Some(site(row)?.id.as_str()))
        .text("name", "The site's name", move |row| Some(site(row)?.name.as_str()))
        .text("part", "Part of a linked site: mine, camp, road or port", move |row| {
            Some(site(row)?.part.word())
        })
        .text("group", "Key that links the parts of one site", move |row| site(row)?.group.clone())
}
