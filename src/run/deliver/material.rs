//! Builds the layers of a case.

use crate::earth::Length;
use crate::layers::columns::{ENVIRONMENT_BAND, ENVIRONMENT_SCORE, SECURITY_BAND, SECURITY_SCORE};
use crate::layers::{
    self, Digits, IncidentUse, Layer, Scored, Table, footprint_lines, footprints, incidents, links,
    rings,
};
use crate::measures::decay;
use crate::model::{Domain, Site};
use crate::run::{Case, LayerName, Performed, Sites, Use};
use crate::scoring::{Exposures, severity};
use crate::{Code, Error, Result};

/// Calls a function with each layer of a name, such as both footprint layers.
///
/// # Errors
/// A scheme whose rings cannot be drawn.
pub fn with_layers(
    case: &Case,
    performed: &Performed,
    name: LayerName,
    show: impl FnMut(&Layer<'_>),
) -> Result<()> {
    let Performed { sites, exposures } = performed;
    Material::of(case, &case.sites, sites, exposures).layers(name)?.iter().for_each(show);
    Ok(())
}

/// The data behind the layers of some sites of a case.
pub(super) struct Material<'a> {
    case: &'a Case,
    sites: &'a Sites,
    scored: &'a [Scored],
    exposures: &'a Exposures,
    shapes: Vec<Site>,
    heads: Vec<&'a Scored>,
    radii: Vec<Length>,
}

impl<'a> Material<'a> {
    /// The material for sites, their scores, and the receptors in their reach.
    pub fn of(
        case: &'a Case,
        sites: &'a Sites,
        scored: &'a [Scored],
        exposures: &'a Exposures,
    ) -> Self {
        let (shapes, heads) = shaped(sites, scored).into_iter().unzip();
        let radii = case.scheme.buffers.rings_km.iter().copied().map(Length::from_km).collect();
        Self { case, sites, scored, exposures, shapes, heads, radii }
    }

    /// The layers of a name.
    ///
    /// # Errors
    /// A scheme whose rings cannot be drawn.
    pub fn layers(&self, name: LayerName) -> Result<Vec<Layer<'_>>> {
        let context = self.case.context_of(self.sites);
        Ok(match name {
            LayerName::Sites => vec![layers::sites(context, self.scored)],
            LayerName::Links => vec![links(context, self.scored)],
            LayerName::Incidents => {
                vec![incidents(context.incidents, |at| use_of(self.case, at))]
            }
            LayerName::Receptors => layers::receptors(context, self.exposures).into(),
            LayerName::Footprints => vec![
                footprints(&self.shapes, self.scores()),
                footprint_lines(&self.shapes, self.scores()),
            ],
            LayerName::Rings => {
                let count = move |site: usize, radius: usize| {
                    let scored = self.scored.get(site)?;
                    context.shown_count(scored, *scored.quantities.security.rings.get(radius)?)
                };
                let layer = rings(context.sites, &self.radii, count);
                vec![layer.map_err(|error| {
                    Error::usage(Code::SchemeInvalid, format!("rings: {error}"))
                })?]
            }
        })
    }

    /// Score columns of the site with which a shape is scored.
    fn scores(&self) -> Table<'_, usize> {
        let bands = &self.case.scheme.bands;
        let of = |row: &usize| self.heads.get(*row).copied();
        let score = Digits::Decimals(1);
        Table::new()
            .text("scored_with", "The site whose scores these are", move |row| {
                self.sites.list.get(of(row)?.site).map(|site| site.id.as_str())
            })
            .number(
                SECURITY_SCORE,
                score,
                None,
                "Security risk of that site, 0 to 100",
                move |row| of(row)?.risk.security.score,
            )
            .text(SECURITY_BAND, "Its class", move |row| {
                Some(bands.of(of(row)?.risk.security.score).word())
            })
            .number(
                ENVIRONMENT_SCORE,
                score,
                None,
                "Environmental risk of that site, 0 to 100",
                move |row| of(row)?.risk.environment.score,
            )
            .text(ENVIRONMENT_BAND, "Its class", move |row| {
                Some(bands.of(of(row)?.risk.environment.score).word())
            })
    }
}

/// The use of an incident.
fn use_of(case: &Case, at: usize) -> Option<IncidentUse<'_>> {
    let (incident, usage) = case.world.incidents.get(at).zip(case.usage(at))?;
    let half_life = match incident.domain {
        Domain::Security => Some(case.scheme.security.recency.half_life_days),
        Domain::Accident => Some(case.scheme.environment.accidents.half_life_days),
        Domain::Earthquake | Domain::Other => None,
    };
    let age_days = case.context().age(incident);
    Some(IncidentUse {
        incident,
        age_days,
        severity: half_life.map(|_| severity(&case.scheme, incident)),
        decay: half_life.zip(age_days).filter(|(_, age)| *age >= 0).map(|(h, age)| decay(age, h)),
        unused: (usage != Use::Used).then(|| usage.word()),
    })
}

/// The sites and parts with lines or polygons, each with the site it is scored with.
fn shaped<'a>(sites: &'a Sites, scored: &'a [Scored]) -> Vec<(Site, &'a Scored)> {
    let linked = |of: &Scored| sites.linked.get(of.site).map_or(&[][..], Vec::as_slice);
    scored
        .iter()
        .filter_map(|of| Some((sites.list.get(of.site)?, of)))
        .flat_map(|(site, of)| std::iter::once(site).chain(linked(of)).map(move |part| (part, of)))
        .filter(|(part, _)| part.shape.as_point().is_none())
        .map(|(part, of)| (part.clone(), of))
        .collect()
}
