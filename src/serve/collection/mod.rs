//! A collection: the features of one layer, as their file has them, with typed columns and a tree.

mod building;
mod cells;
mod columns;
mod read;
mod seam;
mod times;

pub use columns::{Column, NONE, Values};
pub use seam::cut;
pub use times::Times;

use super::search::Names;
use super::tiles::Fields;
use bytes::Bytes;
use geo_types::Geometry;
use hashbrown::HashMap;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::sync::{Arc, OnceLock};

/// The features of a layer.
#[derive(Debug)]
pub struct Collection {
    /// Its name, which is the last part of its path.
    pub name: String,
    /// What it holds, a sentence without its full stop.
    pub about: String,
    /// Its columns, in the order of the properties.
    pub columns: Vec<Column>,
    /// The ids of the features, in their order.
    pub ids: Vec<Arc<str>>,
    /// The geometries of the features, in degrees; `None` for a feature without one.
    pub geometries: Vec<Option<Geometry<f64>>>,
    /// The GeoJSON type of all geometries; `None` if there are several or none.
    pub geometry_type: Option<&'static str>,
    /// The columns that say when a feature was, and from when to when all were; `None` without such columns.
    pub times: Option<Times>,
    /// All features as GeoJSON, one after the other with a comma and a line break between.
    bytes: Bytes,
    /// Where each feature begins, and where the last one ends with its comma and line break.
    starts: Vec<usize>,
    by_id: HashMap<Arc<str>, usize>,
    /// What a search looks at; made for the first one.
    names: OnceLock<Names>,
    /// What tiles say; made for the first one.
    fields: OnceLock<Fields>,
    /// The ids as a column; made for the first filter or order that names it.
    id: OnceLock<Column>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

/// What stands between two features.
const BETWEEN: &[u8] = b",\n";

impl Collection {
    /// The number of features.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no features.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// A feature as GeoJSON, as its file has it.
    pub fn feature(&self, index: usize) -> Bytes {
        self.run(index, index + 1)
    }

    /// The features from one to another, which is left out, with a comma and a line break between; nothing is copied.
    pub fn run(&self, first: usize, end: usize) -> Bytes {
        let at = |index: usize| self.starts.get(index).copied();
        match at(first).zip(at(end)) {
            Some((from, to)) if from < to => self.bytes.slice(from..to - BETWEEN.len()),
            _ => Bytes::new(),
        }
    }

    /// The index of the feature with an id.
    pub fn with_id(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// What a search looks at.
    pub fn names(&self) -> &Names {
        self.names.get_or_init(|| {
            let names = self.column("name");
            let name =
                |at: usize| names.and_then(|column| column.values.text(at)).map(|text| &**text);
            Names::new(self.ids.iter().enumerate().map(|(at, id)| (&**id, name(at))))
        })
    }

    /// What tiles say of the features.
    pub fn fields(&self) -> &Fields {
        self.fields.get_or_init(|| Fields::of(self))
    }

    /// The column with a name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| &*column.name == name)
    }

    /// What a filter or an order calls by a name: a column, or the ids of the features as `id` unless a column has the name.
    pub fn comparable(&self, name: &str) -> Option<&Column> {
        self.column(name).or_else(|| (name == "id").then(|| self.id_column()))
    }

    /// The ids as a column.
    fn id_column(&self) -> &Column {
        self.id.get_or_init(|| self.ids_as_column())
    }

    /// The features whose bounding boxes meet a box in degrees, in no order. A box whose west is greater than its east
    /// runs over the antimeridian.
    pub fn in_box(&self, [west, south, east, north]: [f64; 4]) -> Vec<usize> {
        let find = |west, east| {
            let envelope = AABB::from_corners([west, south], [east, north]);
            self.tree.locate_in_envelope_intersecting(envelope).map(|one| one.data)
        };
        if west <= east {
            return find(west, east).collect();
        }
        let mut all: Vec<usize> = find(west, 180.0).chain(find(-180.0, east)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// West, south, east, north of all features; `None` if none has a geometry.
    pub fn extent(&self) -> Option<[f64; 4]> {
        let envelope = rstar::ParentNode::envelope(self.tree.root());
        let ([west, south], [east, north]) = (envelope.lower(), envelope.upper());
        (west <= east).then_some([west, south, east, north])
    }

    /// The bytes that it takes in memory, roughly: those of its features and geometries.
    pub fn size(&self) -> usize {
        self.bytes.len() * 2
    }
}
