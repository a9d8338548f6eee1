//! E5, accidents and spills: past accidents around the site.

use super::Reading;
use crate::measures::Intensity;
use crate::scoring::Scheme;

/// The kernel sum over accidents on the log-logistic curve. The driver is an incident, not a
/// receptor.
///
/// An `intensity` of `None` means that no accidents were collected at the site: the indicator is
/// missing there.
pub fn accidents(scheme: &Scheme, intensity: Option<&Intensity>) -> Reading {
    let Some(intensity) = intensity else {
        return Reading::missing(vec!["no accidents were collected here".into()]);
    };
    let value = scheme.environment.accidents.curve().at(intensity.total);
    let driver = intensity.strongest.first().map(|contribution| contribution.nearby);
    Reading::known(value, driver, Vec::new())
}
