//! What a run's record of earthquakes spans.

use crate::model::{Receptor, ReceptorKind};
use std::fmt;

/// The years and the least magnitude of a catalog of earthquakes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Catalog {
    /// The first and the last year; `None` if no earthquake has a date.
    pub years: Option<(i16, i16)>,
    /// The least magnitude.
    pub least_magnitude: f64,
}

impl Catalog {
    /// The span of the earthquakes among some receptors that have at least a magnitude; `None` without any.
    pub fn of(receptors: &[Receptor], least_magnitude: f64) -> Option<Self> {
        let mut catalog: Option<Self> = None;
        for one in receptors.iter().filter(|one| one.kind == ReceptorKind::Earthquakes) {
            let Some(magnitude) = one.magnitude.filter(|m| *m >= least_magnitude) else { continue };
            let year = one.date.map(|date| date.last().year());
            let Self { years, least_magnitude } =
                catalog.unwrap_or(Self { years: None, least_magnitude: magnitude });
            catalog = Some(Self {
                years: match (years, year) {
                    (Some((first, last)), Some(year)) => Some((first.min(year), last.max(year))),
                    (None, Some(year)) => Some((year, year)),
                    (years, None) => years,
                },
                least_magnitude: least_magnitude.min(magnitude),
            });
        }
        catalog
    }
}

impl fmt::Display for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.years {
            Some((first, last)) if first == last => write!(f, "catalog of {first}")?,
            Some((first, last)) => write!(f, "catalog {first} to {last}")?,
            None => write!(f, "catalog without dates")?,
        }
        write!(f, ", magnitude {:.1} and over", self.least_magnitude)
    }
}
