//! The schema of a table, needed before its first feature is written: columns with their types, and geometry
//! types. It is found by scanning all features once.

use super::kind::Kind;
use crate::Result;
use crate::layers::ColumnKind;
use crate::model::Findings;
use crate::sinks::rounded::Drawn;
use crate::sources::{Feature, Features, RawGeometry, TakeFeature, Typing};
use std::collections::HashMap;
use std::sync::Arc;

/// Columns and geometries of a table.
#[derive(Debug, Clone)]
pub struct Schema {
    /// The name of the layer.
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    pub(super) typing: Typing,
    /// Columns that become the geometry and are not written themselves.
    dropped: Vec<Arc<str>>,
    pub(super) shapes: Shapes,
    /// Whether any feature has an id of its own.
    pub(super) has_id: bool,
    /// Whether any column holds a position or any feature has a geometry.
    pub(super) is_placed: bool,
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub name: Arc<str>,
    pub kind: Kind,
    /// Whether any feature has a value.
    is_seen: bool,
}

impl Schema {
    /// The schema for a format that does not need the columns beforehand.
    pub fn unseen(name: &str, features: &Features) -> Self {
        Self {
            name: layer_name(name),
            columns: Vec::new(),
            typing: features.typing(),
            dropped: features.place_columns().into_iter().cloned().collect(),
            shapes: Shapes::default(),
            has_id: true,
            is_placed: true,
        }
    }

    /// Scans all features. Position columns are kept if a record has an unusable position, so that nothing is
    /// lost.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn of(name: &str, features: &mut Features) -> Result<Self> {
        let typing = features.typing();
        let mut all = Survey::new(typing);
        // A table without records has its columns, too.
        all.columns = features.columns().map(|name| (name.clone(), None)).collect();
        // Findings about the records are reported when they are written.
        let mut unsaid = Findings::default();
        let counts = features.read(&mut unsaid, || Survey::new(typing), &mut |part| {
            all.merge(part);
            Ok(())
        })?;
        let place = features.place_columns();
        let dropped: Vec<Arc<str>> = match counts.astray {
            0 => place.into_iter().cloned().collect(),
            _ => Vec::new(),
        };
        let columns = all.columns.into_iter().filter(|(name, _)| !dropped.contains(name));
        let columns = columns.map(|(name, kind)| Column {
            name,
            kind: kind.unwrap_or(Kind::Text),
            is_seen: kind.is_some(),
        });
        Ok(Self {
            name: layer_name(name),
            columns: columns.collect(),
            typing,
            dropped,
            shapes: all.shapes,
            has_id: all.has_id,
            is_placed: features.is_placed(),
        })
    }

    /// Adds what is known of a column of which the features may have no value: a part of a table has the columns of the
    /// whole.
    pub fn assume(&mut self, name: &Arc<str>, kind: ColumnKind) {
        let kind = match kind {
            ColumnKind::Text => Kind::Text,
            ColumnKind::Number(_) => Kind::Number,
            ColumnKind::Flag => Kind::Flag,
            ColumnKind::Date => Kind::Date,
        };
        match self.columns.iter_mut().find(|column| column.name == *name) {
            Some(column) if !column.is_seen => column.kind = kind,
            Some(_) => {}
            None => self.columns.push(Column { name: Arc::clone(name), kind, is_seen: false }),
        }
    }

    /// For each column of a source, its number in the table, or `None` if it is dropped.
    pub(super) fn places(&self, columns: &[Arc<str>]) -> Vec<Option<usize>> {
        let known: HashMap<&str, usize> =
            self.columns.iter().enumerate().map(|(at, column)| (&*column.name, at)).collect();
        columns.iter().map(|name| known.get(&**name).copied()).collect()
    }

    /// Whether a source's column becomes the geometry.
    pub(super) fn drops(&self, name: &Arc<str>) -> bool {
        self.dropped.contains(name)
    }

    /// The name of the column for the features' own ids, if they have any and the name is not taken.
    pub(super) fn id_column(&self) -> Option<&'static str> {
        let taken = self.columns.iter().any(|column| column.name.eq_ignore_ascii_case("id"));
        (self.has_id && !taken).then_some("id")
    }

    /// The kind of a column by its name.
    pub(super) fn kind(&self, name: &str) -> Kind {
        let column = self.columns.iter().find(|column| *column.name == *name);
        column.map_or(Kind::Text, |column| column.kind)
    }
}

/// A name with only letters, digits and underscores, which every format accepts.
fn layer_name(name: &str) -> String {
    let tidy: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let lower = tidy.to_lowercase();
    let is_reserved = ["gpkg_", "rtree_", "sqlite_"].iter().any(|of| lower.starts_with(of));
    match tidy.chars().any(char::is_alphanumeric) {
        true if is_reserved => format!("layer_{tidy}"),
        true => tidy,
        false => "features".to_owned(),
    }
}

/// The scan of the features of a part.
struct Survey {
    typing: Typing,
    columns: Vec<(Arc<str>, Option<Kind>)>,
    shapes: Shapes,
    has_id: bool,
}

impl Survey {
    fn new(typing: Typing) -> Self {
        Self { typing, columns: Vec::new(), shapes: Shapes::default(), has_id: false }
    }

    /// Merges the scan of the next part, whose columns may be those of another layer.
    fn merge(&mut self, part: Self) {
        for (at, (name, kind)) in part.columns.into_iter().enumerate() {
            let there = self.columns.get(at).is_some_and(|(known, _)| *known == name).then_some(at);
            match there.or_else(|| self.columns.iter().position(|(known, _)| *known == name)) {
                Some(at) => {
                    if let Some((_, known)) = self.columns.get_mut(at) {
                        *known = join(*known, kind);
                    }
                }
                None => self.columns.push((name, kind)),
            }
        }
        self.shapes.merge(part.shapes);
        self.has_id |= part.has_id;
    }
}

fn join(one: Option<Kind>, other: Option<Kind>) -> Option<Kind> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.join(other)),
        (one, other) => one.or(other),
    }
}

impl TakeFeature for Survey {
    fn take(&mut self, feature: Feature<'_, '_>, columns: &[Arc<str>]) {
        let known = self.columns.len();
        self.columns.extend(columns.iter().skip(known).map(|name| (name.clone(), None)));
        for ((_, kind), cell) in self.columns.iter_mut().zip(feature.cells) {
            // A text column stays text.
            if *kind != Some(Kind::Text) {
                *kind = join(*kind, Kind::of(cell, self.typing));
            }
        }
        self.has_id |= feature.id.is_some();
        if let Some(geometry) = &feature.geometry {
            self.shapes.add(geometry);
        }
    }
}

/// The geometry types that occur.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shapes {
    /// Single points, lines and polygons, then multipart ones.
    single: [bool; 3],
    multiple: [bool; 3],
    collections: bool,
}

/// The geometry type of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShapeType {
    Point,
    MultiPoint,
    Line,
    MultiLine,
    Polygon,
    MultiPolygon,
    Collection,
    /// Mixed types.
    Any,
}

impl Shapes {
    fn add(&mut self, geometry: &RawGeometry) {
        let (at, is_single) = match geometry {
            RawGeometry::Points(points) => (0, points.len() == 1),
            RawGeometry::Lines(lines) => (1, lines.len() == 1),
            RawGeometry::Polygons(polygons) => (2, polygons.len() == 1),
            RawGeometry::Mixed(_) => {
                self.collections = true;
                return;
            }
        };
        let of = if is_single { &mut self.single } else { &mut self.multiple };
        if let Some(seen) = of.get_mut(at) {
            *seen = true;
        }
    }

    fn merge(&mut self, other: Self) {
        let join = |all: &mut [bool; 3], more: [bool; 3]| {
            all.iter_mut().zip(more).for_each(|(all, more)| *all |= more);
        };
        join(&mut self.single, other.single);
        join(&mut self.multiple, other.multiple);
        self.collections |= other.collections;
    }

    /// The type of all geometries; single geometries are promoted to multipart ones if both occur.
    pub(super) fn all(self) -> ShapeType {
        let seen = |at: usize| {
            let of = |list: [bool; 3]| list.get(at).copied().unwrap_or(false);
            (of(self.single), of(self.multiple))
        };
        const NONE: (bool, bool) = (false, false);
        match (seen(0), seen(1), seen(2), self.collections) {
            ((_, several), NONE, NONE, false) if seen(0) != NONE => {
                if several {
                    ShapeType::MultiPoint
                } else {
                    ShapeType::Point
                }
            }
            (NONE, (_, several), NONE, false) if seen(1) != NONE => {
                if several {
                    ShapeType::MultiLine
                } else {
                    ShapeType::Line
                }
            }
            (NONE, NONE, (_, several), false) if seen(2) != NONE => {
                if several {
                    ShapeType::MultiPolygon
                } else {
                    ShapeType::Polygon
                }
            }
            (NONE, NONE, NONE, true) => ShapeType::Collection,
            _ => ShapeType::Any,
        }
    }

    /// Whether every geometry is one point.
    pub(super) fn are_points(self) -> bool {
        self.all() == ShapeType::Point || self == Self::default()
    }
}

impl ShapeType {
    /// A geometry in this type, promoted to multipart if the table is.
    pub(super) fn drawn(self, geometry: RawGeometry) -> Drawn {
        match (self, drawn(geometry)) {
            (Self::MultiPoint, Drawn::Point(point)) => Drawn::Points(vec![point]),
            (Self::MultiLine, Drawn::Line(line)) => Drawn::Lines(vec![line]),
            (Self::MultiPolygon, Drawn::Polygon(rings)) => Drawn::Polygons(vec![rings]),
            (_, drawn) => drawn,
        }
    }
}

/// A geometry in its own type: single if it has one part, else multipart.
fn drawn(geometry: RawGeometry) -> Drawn {
    match geometry {
        RawGeometry::Points(points) => match points.as_slice() {
            [point] => Drawn::Point(*point),
            _ => Drawn::Points(points),
        },
        RawGeometry::Lines(mut lines) => match lines.pop() {
            Some(line) if lines.is_empty() => Drawn::Line(line),
            line => {
                lines.extend(line);
                Drawn::Lines(lines)
            }
        },
        RawGeometry::Polygons(mut polygons) => match polygons.pop() {
            Some(rings) if polygons.is_empty() => Drawn::Polygon(rings),
            rings => {
                polygons.extend(rings);
                Drawn::Polygons(polygons)
            }
        },
        RawGeometry::Mixed(members) => Drawn::Collection(members.into_iter().map(drawn).collect()),
    }
}
