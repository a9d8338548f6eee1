//! OpenStreetMap elements as returned by Overpass: nodes, ways and relations with their tags, located by their
//! own geometry (`out geom`), by a center (`out center`), or by the nodes and ways beside them (`out body; >;
//! out skel qt;`).

use super::esri::{nested, with_holes};
use crate::sources::formats::geojson::members::{Kind, Members, elements};
use crate::sources::formats::record::{Geometry, RawGeometry};
use std::collections::HashMap;

/// The id column, named as in overpass turbo.
pub(super) const ID: &str = "@id";

type Line = Vec<[f64; 2]>;

/// The coordinates of elements that others refer to.
#[derive(Debug, Default)]
pub(super) struct Elements {
    nodes: HashMap<i64, [f64; 2]>,
    ways: HashMap<i64, Line>,
}

/// Tags whose closed ways are still lines (wiki: Overpass turbo, Polygon Features).
const LINES: [&str; 5] = ["highway", "barrier", "waterway", "railway", "route"];

/// Whether an element has tags.
pub(super) fn has_tags(raw: &str) -> bool {
    let tags = |raw| Members::of(Members::of(raw).ok()?.get("tags")?).ok();
    tags(raw).is_some_and(|tags| !tags.list.is_empty())
}

impl Elements {
    /// Collects the coordinates of nodes and ways.
    pub fn of(list: &[&str]) -> Self {
        let mut all = Self::default();
        let elements: Vec<Members<'_>> =
            list.iter().filter_map(|raw| Members::of(raw).ok()).collect();
        let of_type = |kind: &'static str| {
            elements.iter().filter(move |one| one.text("type").as_deref() == Some(kind))
        };
        for node in of_type("node") {
            if let (Some(id), Some(at)) = (whole(node, "id"), position(node)) {
                all.nodes.insert(id, at);
            }
        }
        for way in of_type("way") {
            if let (Some(id), Some(line)) = (whole(way, "id"), all.way(way)) {
                all.ways.insert(id, line);
            }
        }
        all
    }

    /// Returns the id and the geometry of an element.
    pub fn element(&self, members: &Members<'_>) -> (String, Geometry) {
        let kind = members.text("type").unwrap_or_default();
        let id = format!("{kind}/{}", members.get("id").unwrap_or_default());
        let tags = members.get("tags").and_then(|raw| Members::of(raw).ok()).unwrap_or_default();
        let own = match kind.as_str() {
            "node" => position(members).map(|at| RawGeometry::Points(vec![at])),
            "way" => self.way(members).map(|line| of_way(line, &tags)),
            _ => self.relation(members, &tags),
        };
        let center = || {
            let center = Members::of(members.get("center")?).ok()?;
            position(&center).map(|at| RawGeometry::Points(vec![at]))
        };
        (id, own.or_else(center).map_or(Geometry::None, Geometry::Raw))
    }

    /// The line of a way; `None` if a part of it is unknown.
    fn way(&self, way: &Members<'_>) -> Option<Line> {
        let line: Option<Line> = match way.get("geometry") {
            Some(raw) => {
                let of = |raw: &str| position(&Members::of(raw).ok()?);
                elements(raw)?.into_iter().map(of).collect()
            }
            None => {
                let of = |raw: &str| self.nodes.get(&raw.trim().parse().ok()?).copied();
                elements(way.get("nodes")?)?.into_iter().map(of).collect()
            }
        };
        line.filter(|line| line.len() > 1)
    }

    /// The geometry of a relation: polygons of its outer and inner ways, or its ways as lines.
    fn relation(&self, relation: &Members<'_>, tags: &Members<'_>) -> Option<RawGeometry> {
        let (mut outer, mut inner): (Vec<Line>, Vec<Line>) = Default::default();
        for raw in elements(relation.get("members")?)? {
            let member = Members::of(raw).ok()?;
            if member.text("type").as_deref() != Some("way") {
                continue;
            }
            let own = || whole(&member, "ref").and_then(|id| self.ways.get(&id)).cloned();
            // A relation with a missing part has no geometry.
            let line = self.way(&member).or_else(own)?;
            let is_hole = member.text("role").as_deref() == Some("inner");
            if is_hole { inner.push(line) } else { outer.push(line) }
        }
        if outer.is_empty() {
            return None;
        }
        let is_area = matches!(tags.text("type").as_deref(), Some("multipolygon" | "boundary"));
        if !is_area {
            outer.extend(inner);
            return Some(RawGeometry::Lines(outer));
        }
        let (outlines, holes) = (rings_of(outer)?, rings_of(inner)?);
        Some(RawGeometry::Polygons(match holes.is_empty() {
            true => nested(outlines),
            false => with_holes(outlines, holes),
        }))
    }
}

/// The geometry of a way: a polygon if it is closed and not a road, wall or stream.
fn of_way(line: Line, tags: &Members<'_>) -> RawGeometry {
    let closed = line.len() > 3 && line.first() == line.last();
    let area = tags.text("area");
    let is_line = LINES.iter().any(|name| tags.get(name).is_some());
    // A riverbank is a water area.
    let is_bank = tags.text("waterway").is_some_and(|word| word == "riverbank" || word == "dock");
    match closed && area.as_deref() != Some("no") && (!is_line || is_bank || area.is_some()) {
        true => RawGeometry::Polygons(vec![vec![line]]),
        false => RawGeometry::Lines(vec![line]),
    }
}

/// Joins lines end to end into closed rings; `None` if one stays open.
fn rings_of(mut lines: Vec<Line>) -> Option<Vec<Line>> {
    let mut rings = Vec::new();
    while let Some(mut ring) = lines.pop() {
        while ring.first() != ring.last() {
            let end = *ring.last()?;
            let next = lines
                .iter()
                .position(|line| line.first() == Some(&end) || line.last() == Some(&end))?;
            let mut line = lines.swap_remove(next);
            if line.first() != Some(&end) {
                line.reverse();
            }
            ring.extend(line.into_iter().skip(1));
        }
        rings.push(ring);
    }
    // Restores the original order.
    rings.reverse();
    Some(rings)
}

fn whole(members: &Members<'_>, name: &str) -> Option<i64> {
    members.get(name)?.trim().parse().ok()
}

/// The position of an object with `lat` and `lon`.
fn position(members: &Members<'_>) -> Option<[f64; 2]> {
    let number = |name| {
        let raw = members.get(name)?;
        let number: f64 = raw.trim().parse().ok()?;
        (Kind::of(raw) == Kind::Number && number.is_finite()).then_some(number)
    };
    Some([number("lon")?, number("lat")?])
}
