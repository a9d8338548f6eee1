//! Reads the sites of a frame from its `sites.geojson`, with only a few of their properties.

use crate::earth::Position;
use crate::layers::State;
use crate::layers::columns::{
    ENVIRONMENT_AT_LEAST, ENVIRONMENT_BAND, ENVIRONMENT_COVERAGE, ENVIRONMENT_P05, ENVIRONMENT_P95,
    ENVIRONMENT_SCORE, NAME, SECURITY_BAND, SECURITY_P05, SECURITY_P95, SECURITY_SCORE,
    ring_column,
};
use crate::run::LayerName;
use crate::sources::Source;
use crate::{Code, Error, Result};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::path::Path;

/// The sites of a frame that was written to `folder`, with the number of incidents within a radius.
///
/// # Errors
/// The file cannot be read or was not written by this program.
pub(super) fn states(folder: &Path, counted_km: Option<f64>) -> Result<Vec<State>> {
    let file = folder.join(format!("{}.geojson", LayerName::Sites.word()));
    let text = Source::path(&file).read_text()?;
    of_text(&text, &file.display(), counted_km)
}

/// The sites of a layer `sites` as its file has it, called `file` in messages.
///
/// # Errors
/// The text was not written by this program.
pub(super) fn of_text(
    text: &str,
    file: &dyn fmt::Display,
    counted_km: Option<f64>,
) -> Result<Vec<State>> {
    let sites: Sites = serde_json::from_str(text)
        .map_err(|error| Error::data(Code::FileDamaged, format!("{file}: {error}")))?;
    let ring = counted_km.map(|km| ring_column("incidents", km));
    Ok(sites.features.into_iter().filter_map(|site| site.state(ring.as_deref())).collect())
}

#[derive(Deserialize)]
struct Sites {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    id: String,
    geometry: Point,
    properties: Properties,
}

#[derive(Deserialize)]
struct Point {
    coordinates: [f64; 2],
}

#[derive(Default)]
struct Properties {
    name: Option<String>,
    security: (Option<f64>, String),
    environment: (Option<f64>, String),
    /// The ends of the intervals of both scores.
    security_interval: (Option<f64>, Option<f64>),
    environment_interval: (Option<f64>, Option<f64>),
    /// At least, and the known share.
    known: (Option<f64>, Option<f64>),
    /// The columns that count incidents within a radius, over all time and in recent windows.
    incidents: Vec<(String, Option<f64>)>,
}

impl Feature {
    fn state(self, ring: Option<&str>) -> Option<State> {
        let [lon, lat] = self.geometry.coordinates;
        let of = self.properties;
        let interval = |(low, high): (Option<f64>, Option<f64>)| Some([low?, high?]);
        let count = of.incidents.into_iter().find(|(column, _)| Some(column.as_str()) == ring);
        Some(State {
            position: Position::from_degrees(lon, lat)?,
            name: of.name.unwrap_or_else(|| self.id.clone()),
            id: self.id,
            security: of.security,
            environment: of.environment,
            security_interval: interval(of.security_interval),
            environment_interval: interval(of.environment_interval),
            environment_at_least: of.known.0,
            environment_coverage: of.known.1,
            incidents: count.and_then(|(_, count)| whole(count?)),
        })
    }
}

/// A count, which files write with a decimal point.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "asked to be a whole number within range before"
)]
fn whole(count: f64) -> Option<u32> {
    let fits = count.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&count);
    fits.then_some(count as u32)
}

// Implemented by hand, since a scheme's rings name columns: `flatten` would buffer every value.
impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(Few)
    }
}

/// A key, borrowed if it has no escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

struct Few;

impl<'de> Visitor<'de> for Few {
    type Value = Properties;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the properties of a site")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> std::result::Result<Properties, M::Error> {
        let mut few = Properties::default();
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                NAME => few.name = map.next_value()?,
                SECURITY_SCORE => few.security.0 = map.next_value()?,
                SECURITY_BAND => few.security.1 = map.next_value()?,
                ENVIRONMENT_SCORE => few.environment.0 = map.next_value()?,
                ENVIRONMENT_BAND => few.environment.1 = map.next_value()?,
                SECURITY_P05 => few.security_interval.0 = map.next_value()?,
                SECURITY_P95 => few.security_interval.1 = map.next_value()?,
                ENVIRONMENT_P05 => few.environment_interval.0 = map.next_value()?,
                ENVIRONMENT_P95 => few.environment_interval.1 = map.next_value()?,
                ENVIRONMENT_AT_LEAST => few.known.0 = map.next_value()?,
                ENVIRONMENT_COVERAGE => few.known.1 = map.next_value()?,
                column if column.starts_with("incidents_") => {
                    few.incidents.push((column.to_owned(), map.next_value()?));
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(few)
    }
}
