//! The data behind the layers: sites, incidents, receptors, and the results for the sites.

use super::{ColumnsMet, coverage_words, event_name};
use crate::earth::{Length, Shape};
use crate::measures::{
    Collection, Contribution, Count, Nearby, Quantities, RasterPlan, Until, days_between,
};
use crate::model::{CountryCode, Incident, Part, Receptor, ReceptorKind, Site, bordering};
use crate::scoring::{
    Around, Calibration, Catalog, Caution, CoverageWords, Driver, IncidentName, Indicator,
    IndicatorCode, Names, OldRecord, Recent, Record, Risk, Scheme, Uncertainty, country_name,
    explanation, thousands,
};
use jiff::civil::Date;
use std::borrow::Cow;
use std::sync::OnceLock;

/// Everything a layer may show.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The sites.
    pub sites: &'a [Site],
    /// For each site, the parts linked to it.
    pub linked: &'a [Vec<Site>],
    /// The sites' own columns, computed on first use. If the sites are a chunk of a stream, the columns of
    /// all sites.
    pub met: &'a OnceLock<ColumnsMet>,
    /// Incidents, which contributions index into.
    pub incidents: &'a [Incident],
    /// Receptors, which quantities index into.
    pub receptors: &'a [Receptor],
    /// What was measured of each raster.
    pub rasters: &'a [RasterPlan],
    /// The scheme in force.
    pub scheme: &'a Scheme,
    /// What gives security scores a probability.
    pub calibration: Option<&'a Calibration>,
    /// The date at which ages are computed.
    pub as_of: Option<Date>,
    /// Where and until when security incidents were collected.
    pub collection: &'a Collection,
    /// Where and until when accidents were collected.
    pub accident_collection: &'a Collection,
    /// The earthquakes of the run.
    pub catalog: Option<Catalog>,
    /// How many draws tell how sure the scores are; `None` unless asked for.
    pub draws: Option<usize>,
}

/// A site with its measurements and its risk.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Index into the sites.
    pub site: usize,
    /// The country it lies in.
    pub country: Option<CountryCode>,
    /// The quantities measured around it. Of the receptors in reach only the nearest of each kind need be
    /// kept.
    pub quantities: Quantities,
    /// The resulting risk.
    pub risk: Risk,
    /// How sure it is; `None` unless asked for.
    pub uncertainty: Option<Box<Uncertainty>>,
}

/// An incident as it counts at a site, with its date, distance, bearing and part.
#[derive(Debug, Clone, Copy)]
pub struct CountedIncident<'a> {
    /// The incident.
    pub incident: &'a Incident,
    /// Its last day.
    pub date: Option<Date>,
    /// Distance from the site, or from the part where it counts.
    ///
    /// # Units
    /// Kilometers.
    pub km: f64,
    /// The bearing from there.
    ///
    /// # Units
    /// Degrees clockwise from north.
    pub bearing: f64,
    /// The linked part where it counts; `None` for the site itself.
    pub part: Option<&'a Site>,
}

/// A window of time of which the record of incidents spans a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortWindow {
    /// The first day of the record.
    pub since: Date,
    /// The days from it to the as-of date.
    pub recorded: u32,
    /// The days of the window.
    pub days: u32,
}

impl ShortWindow {
    /// `the incidents begin on 2023-04-21 and span 621 of the 1,095 days`
    pub fn words(self) -> String {
        let Self { since, recorded, days } = self;
        let [recorded, days] = [recorded, days].map(|days| thousands(i64::from(days)));
        format!("the incidents begin on {since} and span {recorded} of the {days} days")
    }
}

impl<'a> Context<'a> {
    /// The sites' own columns.
    pub fn own(&self) -> &'a ColumnsMet {
        self.met.get_or_init(|| ColumnsMet::of(self.sites))
    }

    /// The incident behind a contribution to the score of a site, by the site's index.
    pub fn counted(&self, site: usize, contribution: &Contribution) -> Option<CountedIncident<'a>> {
        let Contribution { nearby, part, .. } = contribution;
        let incident = self.incidents.get(nearby.index)?;
        let linked = part.checked_sub(1);
        Some(CountedIncident {
            incident,
            date: incident.date.map(|date| date.last()),
            km: nearby.distance.km(),
            bearing: nearby.bearing,
            part: linked.and_then(|part| self.linked.get(site)?.get(part)),
        })
    }

    /// A count of security incidents over all time around a site, as outputs show it. Where none were ever collected,
    /// positive counts are shown and a count of zero is `None`, since a lack of records does not mean calm.
    pub fn shown_count(&self, scored: &Scored, count: Count) -> Option<Count> {
        let known = || self.is_covered(scored) || self.collected_until(scored) != Until::Never;
        (count.incidents > 0 || known()).then_some(count)
    }

    /// A count in the last so many days, as outputs show it: a zero is also `None` if the collection ended before them.
    pub fn shown_window(&self, scored: &Scored, days: u32, count: Count) -> Option<Count> {
        let reached = || match self.collected_until(scored) {
            Until::Never => false,
            Until::Current(_) => true,
            Until::Ended(day) => self.collection.days_since(day) < i64::from(days),
        };
        (count.incidents > 0 || self.is_covered(scored) || reached()).then_some(count)
    }

    /// Whether the site has a security score, which is then as of the day on which the counts are made.
    fn is_covered(&self, scored: &Scored) -> bool {
        scored.quantities.security.covered
    }

    /// The part of the last so many days that the record of incidents at a site spans; `None` if it spans all of them,
    /// or nothing was collected there.
    pub fn short_window(&self, scored: &Scored, days: u32) -> Option<ShortWindow> {
        let site = self.sites.get(scored.site)?;
        let since = self.collection.since(site.position, scored.country)?;
        let until = self.scored_as_of(scored)?;
        let recorded = days_between(since, until) + 1;
        let recorded = u32::try_from(recorded).ok().filter(|recorded| *recorded < days)?;
        Some(ShortWindow { since, recorded, days })
    }

    /// Until when security incidents were collected at a site.
    pub fn collected_until(&self, scored: &Scored) -> Until {
        let site = self.sites.get(scored.site);
        site.map_or(Until::Never, |site| self.collection.at(site.position, scored.country))
    }

    /// The day as of which a site's security score is given: the as-of date, or an earlier day on which the collection
    /// of incidents at the site ended.
    fn scored_as_of(&self, scored: &Scored) -> Option<Date> {
        match self.collected_until(scored) {
            Until::Ended(day) if scored.risk.security.score.is_some() => Some(day),
            _ => self.as_of,
        }
    }

    /// The day on which the record of incidents begins, if it lies within the last so many days.
    pub fn record_begins_within(&self, days: u32) -> Option<Date> {
        let first = self.collection.sources().iter().map(|source| source.from).min()?;
        (days_between(first, self.as_of?) + 1 < i64::from(days)).then_some(first)
    }

    /// The probability of the calibration's event at a site; `None` without a calibration or a security score.
    pub fn event_probability(&self, scored: &Scored) -> Option<f64> {
        Some(self.calibration?.probability(scored.risk.security.intensity?))
    }

    /// That probability in a sentence, with what it was fitted to.
    pub fn event_sentence(&self, scored: &Scored) -> Option<String> {
        let probability = self.event_probability(scored)?;
        Some(self.calibration?.sentence(probability, self.scored_as_of(scored)))
    }

    /// How the coverage affects a site's security score.
    pub(super) fn coverage_words(&self, scored: &Scored) -> CoverageWords {
        let until = self.collected_until(scored);
        let has_score = scored.risk.security.score.is_some();
        let words = coverage_words(self.collection, until, scored.country, has_score);
        let border = self.sites.get(scored.site).filter(|_| until == Until::Never);
        match (words, border.and_then(|site| self.border_words(site))) {
            (CoverageWords::Uncovered(why), Some(border)) => {
                CoverageWords::Uncovered(format!("{why}; {border}"))
            }
            (words, _) => words,
        }
    }

    /// That a site outside the countries that incidents cover lies so near one of them that it may lie in it; `None` if it
    /// does not, or if its own record names a country.
    fn border_words(&self, site: &Site) -> Option<String> {
        let (country, distance) = self.near_covered(site)?;
        let near = country_name(country);
        Some(format!(
            "{near}, where they were, begins within {:.0} km: if the site is in {near}, give the sites a column country",
            distance.km().ceil(),
        ))
    }

    /// The country that incidents cover in which a site may lie, although by the borders it lies in another one; with the
    /// distance to it. `None` if its own record names a country.
    pub fn near_covered(&self, site: &Site) -> Option<(CountryCode, Length)> {
        let covered = self.collection.countries().filter(|_| site.country.is_none())?;
        let accuracy = self.scheme.position.radius(site.accuracy);
        bordering(site.position, accuracy, |code| covered.contains_key(&code))
    }

    /// Days from an incident's last day to the as-of date.
    pub fn age(&self, incident: &Incident) -> Option<i64> {
        Some(incident.date?.age_at(self.as_of?))
    }

    /// Id and name of the driver of an indicator: an accident for E5, a receptor for the others. An
    /// earthquake without a name is named by magnitude and day.
    pub fn indicator_driver(
        &self,
        code: IndicatorCode,
        nearby: &Nearby,
    ) -> Option<(&'a str, Cow<'a, str>)> {
        if code == IndicatorCode::Accidents {
            let incident = self.incidents.get(nearby.index)?;
            Some((&incident.id, Cow::Borrowed(event_name(incident))))
        } else {
            let receptor = self.receptors.get(nearby.index)?;
            Some((&receptor.id, title(receptor)))
        }
    }

    /// The indicator E5 without an accident, or with the accident that drives it.
    fn accident(&self, scored: &Scored) -> (Option<IncidentName<'a>>, Option<Date>) {
        let code = IndicatorCode::Accidents;
        let Some(one) = scored.risk.environment.indicators.iter().find(|one| one.code == code)
        else {
            return (None, None);
        };
        if let Some(incident) = one.driver.and_then(|driver| self.incidents.get(driver.index)) {
            let date = incident.date.map(|date| date.last());
            let named =
                IncidentName { what: event_name(incident), date, ..IncidentName::default() };
            return (Some(named), None);
        }
        let since = one.value.and_then(|_| {
            let site = self.sites.get(scored.site)?;
            self.accident_collection.since(site.position, scored.country)
        });
        (None, since)
    }

    /// The note of an indicator, with what its record spans.
    pub fn note(&self, scored: &Scored, indicator: &Indicator) -> Option<String> {
        let span = match indicator.code {
            IndicatorCode::Seismic => self.catalog.map(|catalog| catalog.to_string()),
            IndicatorCode::Accidents => {
                self.accident(scored).1.map(|from| format!("collected since {}", from.year()))
            }
            _ => None,
        };
        let span = span.filter(|_| indicator.value.is_some());
        let parts: Vec<String> = indicator.note.clone().into_iter().chain(span).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// What to know before believing a site's security score.
    pub fn cautions(&self, scored: &Scored) -> Vec<Caution> {
        let risk = &scored.risk.security;
        let accuracy =
            |driver: &Driver| self.incidents.get(driver.contribution.nearby.index)?.accuracy;
        let accuracies: Vec<_> = risk.drivers.iter().map(accuracy).collect();
        let (old, by_land) = (self.old_record(scored), self.collection.is_by_land());
        let record = Record { old, by_land };
        Caution::of(self.scheme, risk, &scored.quantities.security, &accuracies, record)
    }

    /// The newest incident in the country of a site, if it is old.
    pub(super) fn old_record(&self, scored: &Scored) -> Option<OldRecord> {
        let site = self.sites.get(scored.site)?;
        let newest = self.collection.newest_in(site.position, scored.country)?;
        OldRecord::of(scored.country?, newest, self.scored_as_of(scored)?)
    }

    /// The security incidents within the window radius of a site, over all time and in the window next to a year; `None`
    /// unless a ring has that radius.
    fn around(&self, scored: &Scored) -> Option<Around> {
        let buffers = &self.scheme.buffers;
        let quantities = &scored.quantities.security;
        let within = buffers.window_radius_km;
        let ring = buffers.rings_km.iter().zip(&quantities.rings).find(|(km, _)| **km == within);
        let count = self.shown_count(scored, *ring?.1)?;
        let windows = buffers.window_days.iter().zip(&quantities.windows);
        let recent = windows.min_by_key(|(days, _)| days.abs_diff(YEAR));
        Some(Around {
            within: Length::from_km(within),
            incidents: count.incidents,
            deaths: count.fatalities,
            deaths_unknown: quantities.deaths_unknown,
            recent: recent.map(|(days, count)| Recent {
                days: *days,
                incidents: count.incidents,
                since: self.short_window(scored, *days).map(|short| short.since),
            }),
        })
    }

    /// How an incident that counts at a site is named.
    fn named(&self, site: usize, driver: &Driver) -> Option<IncidentName<'a>> {
        let CountedIncident { incident, date, part, .. } =
            self.counted(site, &driver.contribution)?;
        let itself = self.sites.get(site)?;
        let accuracy = [incident.accuracy, itself.accuracy].into_iter().flatten();
        Some(IncidentName {
            what: event_name(incident),
            kind: incident.security_type,
            date,
            deaths: incident.fatalities,
            accuracy: accuracy.reduce(|one, other| if other > one { other } else { one }),
            part: measured_from(part, itself),
        })
    }

    /// That a site's accuracy is the scheme's, since nobody gave one: `taken as known to 5 km (not given)`.
    pub fn position_words(&self, site: usize) -> Option<String> {
        let site = self.sites.get(site).filter(|site| site.accuracy.is_none())?;
        let is_point = site.shape.as_point().is_some();
        is_point.then(|| self.scheme.position.told(None))
    }

    /// How well the position of a site is known that is a point.
    fn accuracy_of_point(&self, site: usize) -> Option<Length> {
        let site = self.sites.get(site).filter(|site| site.shape.as_point().is_some())?;
        Some(self.scheme.position.radius(site.accuracy))
    }

    /// A site's risk explained in a few sentences.
    pub fn explanation(&self, scored: &Scored) -> String {
        let (accident, accidents_from) = self.accident(scored);
        let drivers = &scored.risk.security.drivers;
        let names = Names {
            incidents: drivers.iter().filter_map(|one| self.named(scored.site, one)).collect(),
            accident,
            accidents_from,
            catalog: self.catalog,
            around: self.around(scored),
            cautions: self.cautions(scored),
            coverage: self.coverage_words(scored),
            uncertainty: scored.uncertainty.as_deref(),
            accuracy: self.accuracy_of_point(scored.site),
            position: self.position_words(scored.site),
        };
        explanation(self.scheme, &scored.risk, &names)
    }
}

/// Days in a year.
const YEAR: u32 = 365;

/// From what a distance to a site is measured, as in `from its camp`: a linked part by its kind, or, where that is the
/// mine itself, its outline or line; `None` for the point of the site.
pub fn measured_from(part: Option<&Site>, site: &Site) -> Option<&'static str> {
    let of = part.unwrap_or(site);
    match (part, &of.shape) {
        (Some(part), _) if part.part != Part::Mine => Some(part.part.word()),
        (_, Shape::Polygons(_)) => Some("outline"),
        (_, Shape::Lines(_)) if of.part == Part::Road => Some("road"),
        (_, Shape::Lines(_)) => Some("line"),
        (Some(_), Shape::Points(_)) => Some("other part"),
        (None, Shape::Points(_)) => None,
    }
}

/// The display name of a receptor.
pub(super) fn title(receptor: &Receptor) -> Cow<'_, str> {
    match (&receptor.name, receptor.magnitude, receptor.date) {
        (Some(name), ..) => Cow::Borrowed(name),
        (None, Some(magnitude), Some(date)) => {
            Cow::Owned(format!("magnitude {magnitude} on {}", date.last()))
        }
        (None, Some(magnitude), None) => Cow::Owned(format!("magnitude {magnitude}")),
        // Reaches of a network are numbered.
        (None, None, _) if receptor.kind == ReceptorKind::Rivers => {
            Cow::Owned(format!("river {}", receptor.id))
        }
        (None, None, _) => Cow::Borrowed(&receptor.id),
    }
}
