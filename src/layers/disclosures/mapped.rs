//! What a layer tells where it shows nothing: that nothing is there, only if the layer is declared complete and the
//! errors of the positions cannot bring anything so near. And what it counts where it shows something: at least that.

use super::{Asked, Reason, Statement};
use crate::earth::Length;
use crate::measures::Along;
use crate::model::{Receptor, ReceptorKind};

/// An answer, and what has to be said with it.
pub(super) struct Told<T> {
    /// `None` if it is not known.
    pub answer: Option<T>,
    note: Option<String>,
    reason: Reason,
}

impl<T> Told<T> {
    fn known(answer: T, note: Option<String>) -> Self {
        Self { answer: Some(answer), note, reason: Reason::Noted }
    }

    fn open((note, reason): (String, Reason)) -> Self {
        Self { answer: None, note: Some(note), reason }
    }

    /// Without a layer; what is then to be said is not said here.
    fn without_layer() -> Self {
        Self { answer: None, note: None, reason: Reason::Noted }
    }
}

impl Told<bool> {
    /// Puts the answer into a statement.
    pub fn answer(self, statement: Statement) -> Statement {
        statement.flag(self.answer).noted(self.note, self.reason)
    }
}

impl Told<f64> {
    /// Puts the number into a statement.
    pub fn number(self, statement: Statement, decimals: u8, unit: &'static str) -> Statement {
        statement.number(self.answer, decimals, unit).noted(self.note, self.reason)
    }
}

impl Asked<'_> {
    /// A number of what is mapped of a kind at a place, such as `within 10 km`: zero is not known unless the layer is
    /// declared complete, and without that a number is the least that there is.
    pub(super) fn counted(
        &self,
        kind: ReceptorKind,
        number: Option<f64>,
        place: &str,
    ) -> Told<f64> {
        match number {
            None => Told::without_layer(),
            Some(number) if number > 0.0 => Told::known(number, self.at_least(kind)),
            Some(zero) => match self.gaps(kind, place) {
                Some(gaps) => Told::open((gaps, Reason::Noted)),
                None => Told::known(zero, None),
            },
        }
    }

    /// The same within a distance of the site: zero is not known, either, if the errors of the positions may bring the nearest
    /// so near.
    pub(super) fn counted_within(
        &self,
        kind: ReceptorKind,
        number: Option<f64>,
        km: f64,
    ) -> Told<f64> {
        let told = self.counted(kind, number, &within(km));
        let doubt =
            || self.nearest_doubt(kind, km).map(|words| Told::open((words, Reason::Position)));
        let is_none = told.answer == Some(0.0);
        is_none.then(doubt).flatten().unwrap_or(told)
    }

    /// That the nearest of a kind, which is mapped beyond a distance, may lie within it; `None` if it cannot.
    fn nearest_doubt(&self, kind: ReceptorKind, km: f64) -> Option<String> {
        let position = &self.context.scheme.position;
        let nearest = self.scored.quantities.environment.nearby.get(&kind)?.first()?;
        let accuracy = self.context.receptors.get(nearest.index)?.accuracy;
        let away = nearest.distance.km();
        let error = position.radius(self.site.accuracy).km() + accuracy.map_or(0.0, Length::km);
        let may_be_within = away > km && away - error <= km;
        let itself = accuracy.filter(|of| of.km() >= 0.05);
        let itself = itself.map(|of| format!(", its position is known to {:.1} km", of.km()));
        may_be_within.then(|| {
            format!(
                "none is mapped {}; the nearest is {away:.1} km away{}, and the site's position is {}",
                within(km),
                itself.unwrap_or_default(),
                position.told(self.site.accuracy)
            )
        })
    }

    /// Whether a chosen sensitive area lies within a distance.
    pub(super) fn is_within(&self, km: f64, chosen: impl Fn(&Receptor) -> bool) -> Told<bool> {
        match self.areas_within(km, &chosen) {
            None => Told::without_layer(),
            Some(0) => self.doubt(km, chosen).map_or_else(|| Told::known(false, None), Told::open),
            Some(_) => Told::known(true, None),
        }
    }

    /// How many chosen sensitive areas lie within a distance.
    pub(super) fn many_within(&self, km: f64, chosen: impl Fn(&Receptor) -> bool) -> Told<f64> {
        match self.areas_within(km, &chosen) {
            None => Told::without_layer(),
            Some(0) => self.doubt(km, chosen).map_or_else(|| Told::known(0.0, None), Told::open),
            Some(many) => Told::known(f64::from(many), self.at_least(SENSITIVE)),
        }
    }

    /// A share or an area that sensitive areas within a distance cover.
    pub(super) fn covered_within(&self, km: f64, number: Option<f64>) -> Told<f64> {
        match number {
            None => Told::without_layer(),
            Some(number) if number > 0.0 => Told::known(number, self.at_least(SENSITIVE)),
            Some(zero) => {
                self.doubt(km, |_| true).map_or_else(|| Told::known(zero, None), Told::open)
            }
        }
    }

    fn areas_within(&self, km: f64, chosen: impl Fn(&Receptor) -> bool) -> Option<u32> {
        let is = |one: &&Along| {
            let area = self.context.receptors.get(one.index);
            one.distance.km() <= km && area.is_some_and(&chosen)
        };
        u32::try_from(self.around.areas.as_ref()?.iter().filter(is).count()).ok()
    }

    /// Why it is not known that no chosen area lies within a distance at which none is mapped; `None` if it is known.
    fn doubt(&self, km: f64, chosen: impl Fn(&Receptor) -> bool) -> Option<(String, Reason)> {
        if let Some(gaps) = self.gaps(SENSITIVE, &within(km)) {
            return Some((gaps, Reason::Noted));
        }
        let position = &self.context.scheme.position;
        let error = position.radius(self.site.accuracy).km();
        let areas = self.around.possible.iter();
        let areas = areas.filter_map(|one| Some((one, self.context.receptors.get(one.index)?)));
        let (one, area) = areas.filter(|(_, area)| chosen(area)).find(|(one, area)| {
            area.outline_error().is_none_or(|of| one.distance.km() - of.km() - error <= km)
        })?;
        let away = one.distance.km();
        let away = match away {
            0.0 => "may lie at the place".to_owned(),
            _ => format!("is {away:.1} km away"),
        };
        let site = position.told(self.site.accuracy);
        let outline = match area.outline_error() {
            None => ", and its size is not given".to_owned(),
            Some(error) if error.km() < 0.05 => String::new(),
            Some(error) => format!(", its outline is known to {:.1} km", error.km()),
        };
        let words = format!(
            "none is mapped {}; the nearest that may be so near {away}{outline}, and the site's position is {site}",
            within(km)
        );
        Some((words, Reason::Position))
    }

    /// What there is to say where a layer shows nothing: that it may have gaps.
    fn gaps(&self, kind: ReceptorKind, place: &str) -> Option<String> {
        let incomplete = self.incomplete(kind)?;
        Some(format!("none is mapped {place}; {incomplete}"))
    }

    /// What there is to say with a number that a layer with gaps gives.
    pub(super) fn at_least(&self, kind: ReceptorKind) -> Option<String> {
        Some(format!("at least: {}", self.incomplete(kind)?))
    }

    /// What there is to say with a distance to the nearest of a layer with gaps.
    pub(super) fn at_most(&self, kind: ReceptorKind) -> Option<String> {
        Some(format!("at most: {}", self.incomplete(kind)?))
    }

    fn incomplete(&self, kind: ReceptorKind) -> Option<String> {
        let complete = self.origins.complete.contains(&kind);
        (!complete).then(|| format!("the layer of {} is not declared complete", in_words(kind)))
    }
}

const SENSITIVE: ReceptorKind = ReceptorKind::SensitiveAreas;

/// A kind of receptor in words, to follow `layer of`.
pub(super) fn in_words(kind: ReceptorKind) -> String {
    kind.word().replace('_', " ")
}

/// `within 10 km`, or `at the place`.
pub(super) fn within(km: f64) -> String {
    if km > 0.0 { format!("within {km} km") } else { "at the place".to_owned() }
}
