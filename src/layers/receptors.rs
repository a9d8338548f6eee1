//! The layers `receptors`, `receptor_lines` and `receptor_areas`: every receptor in reach of a site, with the sites
//! that reach it and their pressure on it. They are three files, because a file has one kind of geometry.

use super::{Context, Digits, Layer, Table};
use crate::earth::{Length, Position, Shape, drawn_area, lines_as_written, polygons_as_written};
use crate::index::Probe;
use crate::model::{Designation, Receptor, ReceptorKind, Site, TailingsClass};
use crate::scoring::indicators::water_stress_value;
use crate::scoring::{Exposure, Exposures};
use std::borrow::Cow;

/// A receptor in reach of a site.
#[derive(Clone, Copy)]
struct Row<'a> {
    receptor: &'a Receptor,
    exposure: &'a Exposure,
    /// How many receptors before it have its kind and its id: an earthquake may be both a receptor and an incident.
    again: usize,
}

impl Row<'_> {
    fn id(&self) -> String {
        let Receptor { kind, id, .. } = self.receptor;
        match self.again {
            0 => format!("{}:{id}", kind.word()),
            again => format!("{}:{id}:{}", kind.word(), again + 1),
        }
    }
}

/// The receptors that any site has in its reach, by kind and id: points, lines and polygons.
pub fn receptors<'a>(context: Context<'a>, exposures: &'a Exposures) -> [Layer<'a>; 3] {
    let mut all: Vec<Row<'a>> = Vec::new();
    for (index, exposure) in exposures.iter() {
        let Some(receptor) = context.receptors.get(index) else { continue };
        let same =
            |row: &&Row<'a>| (row.receptor.kind, &row.receptor.id) == (receptor.kind, &receptor.id);
        let again = all.last().filter(same).map_or(0, |row| row.again + 1);
        all.push(Row { receptor, exposure, again });
    }
    let points: Vec<_> = (all.iter())
        .filter_map(|row| match &row.receptor.shape {
            Shape::Points(points) => Some((*row, points.as_slice())),
            _ => None,
        })
        .collect();
    let lines: Vec<_> = (all.iter())
        .filter_map(|row| match &row.receptor.shape {
            Shape::Lines(lines) => Some((*row, lines)),
            _ => None,
        })
        .collect();
    let areas: Vec<_> = (all.iter())
        .filter_map(|row| match &row.receptor.shape {
            Shape::Polygons(polygons) => Some((*row, polygons)),
            _ => None,
        })
        .collect();
    [
        Layer::points("receptors", columns(context), points.len(), move |at| {
            let (row, points) = *points.get(at)?;
            Some((row.id(), nearest_of(points, context, row.exposure)?, row))
        }),
        Layer::lines("receptor_lines", columns(context), lines.len(), move |at| {
            let (row, lines) = *lines.get(at)?;
            let drawn = lines_as_written(lines).map_or(Cow::Borrowed(lines), Cow::Owned);
            Some((row.id(), drawn, row))
        }),
        Layer::polygons("receptor_areas", columns(context), areas.len(), move |at| {
            let (row, polygons) = *areas.get(at)?;
            let drawn = polygons_as_written(polygons).map_or(Cow::Borrowed(polygons), Cow::Owned);
            Some((row.id(), drawn, row))
        }),
    ]
}

/// The point of a receptor that is nearest to its nearest site; most have only one.
fn nearest_of(points: &[Position], context: Context<'_>, exposure: &Exposure) -> Option<Position> {
    let [first, rest @ ..] = points else { return None };
    let site = exposure.nearest.first().and_then(|near| context.sites.get(near.site));
    let Some(site) = site.filter(|_| !rest.is_empty()) else { return Some(*first) };
    let shape = Probe::new(&site.shape);
    let away = |point: Position| {
        let found = Probe::point(point).find(0, &shape);
        found.map_or(f64::INFINITY, |found| found.distance.meters())
    };
    points.iter().copied().min_by(|a, b| away(*a).total_cmp(&away(*b)))
}

fn columns<'a>(context: Context<'a>) -> Table<'a, Row<'a>> {
    properties(context).and(sites(context))
}

/// What a receptor is.
fn properties<'a>(context: Context<'a>) -> Table<'a, Row<'a>> {
    let stress = &context.scheme.environment.water_stress;
    Table::new()
        .text("receptor_id", "The receptor's id", |row: &Row<'a>| Some(row.receptor.id.as_str()))
        .text("kind", "Its kind: rivers, water_bodies, sensitive_areas, settlements, earthquakes, faults, tailings, water_stress", |row: &Row<'a>| {
            Some(row.receptor.kind.word())
        })
        .text("name", "Its name", |row: &Row<'a>| row.receptor.name.as_deref())
        .text("file", "The file it came from", |row: &Row<'a>| Some(&*row.receptor.file))
        .text("designation", "How strictly a sensitive area is protected: strict, managed, sustainable, other", |row: &Row<'a>| {
            row.receptor.designation.map(Designation::word)
        })
        .flag("world_heritage", "Whether a sensitive area is on the World Heritage List", |row: &Row<'a>| {
            (row.receptor.kind == ReceptorKind::SensitiveAreas).then_some(row.receptor.world_heritage)
        })
        .number("area_km2", Digits::Decimals(3), "km²", "Area of a polygon, on the ellipsoid; of a receptor known only by its center, as its source gives it", |row: &Row<'a>| {
            area_km2(row.receptor)
        })
        .number("population", Digits::Decimals(0), None, "Population of a settlement", |row: &Row<'a>| {
            row.receptor.population
        })
        .number("magnitude", Digits::Decimals(2), None, "Earthquake magnitude", |row: &Row<'a>| {
            row.receptor.magnitude
        })
        .number("depth_km", Digits::Decimals(3), "km", "Earthquake focal depth", |row: &Row<'a>| {
            row.receptor.depth_km
        })
        .date("date", "An earthquake's last day", |row: &Row<'a>| {
            row.receptor.date.map(|date| date.last())
        })
        .text("tailings_class", "Consequence class of a tailings facility; none if there is no facility", |row: &Row<'a>| {
            row.receptor.tailings.class.map(TailingsClass::word)
        })
        .number("tailings_height_m", Digits::Decimals(1), "m", "Height of its dam", |row: &Row<'a>| {
            row.receptor.tailings.height_m
        })
        .number("tailings_volume_m3", Digits::Decimals(0), "m³", "Volume of tailings that it holds", |row: &Row<'a>| {
            row.receptor.tailings.volume_m3
        })
        .number("water_stress", Digits::Decimals(4), None, "Water stress of a basin as indicator E2 has it, 0 to 1", |row: &Row<'a>| {
            water_stress_value(stress, row.receptor.water_stress?)
        })
}

/// The area of a polygon as measured, and of anything else as its source gives it.
fn area_km2(receptor: &Receptor) -> Option<f64> {
    match &receptor.shape {
        Shape::Polygons(polygons) => Some(drawn_area(polygons) / 1e6),
        _ => receptor.area_km2,
    }
}

/// Which sites have it in their reach.
fn sites<'a>(context: Context<'a>) -> Table<'a, Row<'a>> {
    let site = move |index: usize| context.sites.get(index);
    let nearest = move |row: &Row<'a>| -> Option<(&'a Site, Length)> {
        let near = row.exposure.nearest.first()?;
        Some((site(near.site)?, near.distance))
    };
    Table::new()
        .number("sites_within", Digits::Decimals(0), None, "Number of sites that have it in their reach", |row: &Row<'a>| {
            Some(crate::float::of_count(row.exposure.sites))
        })
        .text("nearest_site", "Id of the nearest site", move |row: &Row<'a>| {
            Some(nearest(row)?.0.id.as_str())
        })
        .text("nearest_site_name", "Its name", move |row: &Row<'a>| {
            Some(nearest(row)?.0.name.as_str())
        })
        .number("nearest_site_km", Digits::Decimals(3), "km", "Distance from its shape; to the edge of the circle of an area known only by its center", move |row: &Row<'a>| {
            Some(nearest(row)?.1.km())
        })
        .text("nearest_sites", "Ids of the sites that have it in their reach, the nearest ten, nearest first, and how many more there are", move |row: &Row<'a>| {
            let nearest = row.exposure.nearest.iter();
            let ids: Vec<&str> = nearest.filter_map(|near| Some(site(near.site)?.id.as_str())).collect();
            let listed = ids.join(", ");
            Some(match row.exposure.sites.saturating_sub(ids.len()) {
                0 => listed,
                more => format!("{listed} and {more} more"),
            })
        })
        .number("cumulative_pressure", Digits::Decimals(4), None, "Sum over these sites of the pressure of each, 0 to 1, times the share left at that distance; a site of unknown pressure adds nothing; missing if no pressure is known, and for earthquakes, faults and tailings dams", |row: &Row<'a>| {
            row.exposure.pressure
        })
        .text("highest_pressure_site", "Id of the site that adds most to it", move |row: &Row<'a>| {
            Some(site(row.exposure.strongest?.0)?.id.as_str())
        })
}
