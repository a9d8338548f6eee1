//! What the metadata of layers tell besides their looks: where they reach, as of when, made from which files.

use crate::earth::Grid;
use crate::layers::style::Group;
use crate::layers::{Geometry, Layer};
use crate::run::Case;
use crate::scoring::Scheme;
use crate::sinks::qgis;
use geo::BoundingRect;
use jiff::civil::Date;

/// The EPSG code of WGS84.
const WGS84: u16 = 4326;

/// What the layers of a run have in common.
pub(in crate::run) struct Origin {
    as_of: Option<Date>,
    history: Vec<String>,
}

impl Origin {
    /// That of a case: its date, its scheme, its files.
    pub(in crate::run) fn of(case: &Case) -> Self {
        let file = |input: &crate::run::world::Input| {
            let kind = input.kind.map(|kind| format!(" ({})", kind.word().replace('_', " ")));
            let mut role: Vec<char> = input.role.chars().collect();
            role.iter_mut().take(1).for_each(|first| first.make_ascii_uppercase());
            let role: String = role.into_iter().collect();
            format!("{role}{}: {}", kind.unwrap_or_default(), input.file)
        };
        let files = case.world.inputs.iter().map(file);
        let history = scheme(&case.scheme).into_iter().chain(files).collect();
        Self { as_of: case.as_of, history }
    }

    /// That of a batch up to a day.
    pub(in crate::run) fn of_frames(of: &Scheme, until: Option<Date>) -> Self {
        Self { as_of: until, history: scheme(of).into() }
    }

    /// What is told of a layer of a group, with more sentences on it.
    pub(in crate::run) fn of_layer(
        &self,
        layer: &Layer<'_>,
        group: Group,
        more: String,
    ) -> qgis::Facts {
        let facts = qgis::Facts {
            identifier: layer.name().into(),
            extent: extent(layer),
            epsg: WGS84,
            ..qgis::Facts::default()
        };
        match group {
            Group::Base => qgis::Facts {
                more,
                history: vec!["Natural Earth, simplified".into()],
                rights: "Natural Earth: public domain.".into(),
                ..facts
            },
            _ => qgis::Facts { more, ..self.derived(facts) },
        }
    }

    /// What is told of a surface.
    pub(in crate::run) fn of_surface(&self, grid: &Grid, epsg: u16, more: String) -> qgis::Facts {
        let (identifier, extent) = ("surface".into(), Some(grid.edges()));
        let facts = qgis::Facts { identifier, more, extent, epsg, ..qgis::Facts::default() };
        self.derived(facts)
    }

    fn derived(&self, facts: qgis::Facts) -> qgis::Facts {
        let rights =
            "Derived from the files named in its history, whose terms of use apply.".into();
        qgis::Facts { as_of: self.as_of, history: self.history.clone(), rights, ..facts }
    }
}

fn scheme(scheme: &Scheme) -> [String; 1] {
    [format!("Scored under the scheme {}", scheme.name)]
}

/// West, south, east and north of all features of a layer.
fn extent(layer: &Layer<'_>) -> Option<[f64; 4]> {
    let bounds = |geometry: Geometry<'_>| match geometry {
        Geometry::Point(at) => Some([at.lon(), at.lat(), at.lon(), at.lat()]),
        Geometry::Lines(lines) => lines.bounding_rect().map(edges),
        Geometry::Polygons(polygons) => polygons.bounding_rect().map(edges),
    };
    let all = (0..layer.len()).filter_map(|at| bounds(layer.geometry(at)?));
    all.reduce(|[w, s, e, n], [west, south, east, north]| {
        [w.min(west), s.min(south), e.max(east), n.max(north)]
    })
}

fn edges(rect: geo_types::Rect<f64>) -> [f64; 4] {
    [rect.min().x, rect.min().y, rect.max().x, rect.max().y]
}
