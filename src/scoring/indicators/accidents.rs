//! E5, accidents and spills: what went wrong around the site before.

use super::Reading;
use crate::measures::Intensity;
use crate::scoring::Scheme;

/// The kernel sum over accidents on the log-logistic curve; the driver is an incident, not a
/// receptor.
///
/// `None` stands for a site where no accidents were collected: the indicator is missing there.
pub fn accidents(scheme: &Scheme, intensity: Option<&Intensity>) -> Reading {
    let Some(intensity) = intensity else {
        return Reading::missing(vec!["no accidents were collected here".into()]);
    };
    let value = scheme.environment.accidents.curve().at(intensity.total);
    let driver = intensity.strongest.first().map(|contribution| contribution.nearby);
    Reading::known(value, driver, Vec::new())
}
