//! The content of a batch's report, as plain values: for each region under each scheme its frames, and the
//! scores of each site from frame to frame.

use super::ROWS;
use super::batch_map::BatchMap;
use super::crossings::Crossing;
use crate::layers::style::band_label;
use crate::layers::{ScoreInterval, State};
use crate::scoring::{Band, Scheme};
use serde::Serialize;
use std::collections::HashMap;

/// Most sites times frames on the page, about four megabytes.
const CELLS: usize = 200_000;

/// Most crossings on the page.
const CROSSINGS: usize = 10_000;

/// All values of the page.
#[derive(Debug, Serialize)]
pub struct BatchReport<'a> {
    /// The plan's name.
    pub name: &'a str,
    /// The program's version.
    pub version: &'static str,
    /// Whether each frame has its own `report.html`.
    pub reports: bool,
    /// The names of the regions.
    pub regions: Vec<&'a str>,
    /// The schemes.
    pub schemes: Vec<SchemeWords<'a>>,
    /// Each region under each scheme, in the plan's order.
    pub series: Vec<Series>,
    /// The map of all sites.
    pub map: BatchMap,
    /// Whether the frames tell how sure scores are.
    #[serde(skip)]
    pub sure: bool,
}

/// A scheme as the page shows it.
#[derive(Debug, Serialize)]
pub struct SchemeWords<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its description.
    pub description: &'a str,
    /// The lower edges of its bands above the lowest.
    pub edges: [f64; 4],
    /// The legend label of each band, from no data to very high.
    pub labels: [String; 6],
    /// The radius in km within which incidents around a site are counted; `None` if the scheme has no ring.
    pub counted_km: Option<f64>,
}

impl<'a> SchemeWords<'a> {
    /// The page's texts for a scheme.
    pub fn of(scheme: &'a Scheme) -> Self {
        Self {
            name: &scheme.name,
            description: &scheme.description,
            edges: scheme.bands.edges,
            labels: Band::ALL.map(|band| band_label(band, &scheme.bands)),
            counted_km: counted_km(scheme),
        }
    }
}

/// The radius of the ring whose incidents a batch counts, in km: the window radius if there is such a ring,
/// else the widest; `None` if the scheme has no ring.
pub fn counted_km(scheme: &Scheme) -> Option<f64> {
    let buffers = &scheme.buffers;
    let window = buffers.rings_km.iter().find(|km| **km == buffers.window_radius_km);
    window.or(buffers.rings_km.last()).copied()
}

/// The frames of a region under a scheme, and its sites from frame to frame.
#[derive(Debug, Default, Serialize)]
pub struct Series {
    /// Index into the regions.
    pub region: usize,
    /// Index into the schemes.
    pub scheme: usize,
    /// The frames, in the order of their dates.
    pub frames: Vec<FrameFacts>,
    /// The number of sites in any frame.
    pub sites: usize,
    /// The numbers of sites whose band at the last date with a score is higher, and lower, than at the first:
    /// security, then environment. With intervals, only of scores that differ beyond them.
    pub turned: [[usize; 2]; 2],
    /// The sites with the highest peak score of either kind, the highest first; as many as the page holds.
    pub trends: Vec<Trend>,
    /// The sites that crossed a band from frame to frame, the earliest first; on the page the latest of them.
    pub crossings: Vec<Crossing>,
    /// The number of all crossings.
    pub crossed: usize,
}

/// The facts of a frame.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FrameFacts {
    /// The date at which ages are computed.
    pub as_of: Option<String>,
    /// Its folder relative to the batch's, with slashes.
    pub folder: String,
    /// The number of sites.
    pub sites: usize,
    /// The number of sites in each band, from no data to very high: security, then environment.
    pub bands: [[usize; 6]; 2],
    /// The site with the highest security score: id, name and score. The first in the file of several.
    pub worst: Option<(String, String, f64)>,
    /// The number of used security incidents.
    pub incidents: Option<u64>,
    /// Why the frame failed, and a hint.
    pub error: Option<(String, Option<String>)>,
}

impl FrameFacts {
    /// Adds the counts over the frame's sites.
    #[must_use]
    pub fn with(mut self, states: &[State]) -> Self {
        let counts = |band: fn(&State) -> &str| {
            Band::ALL.map(|of| states.iter().filter(|state| band(state) == of.word()).count())
        };
        self.sites = states.len();
        self.bands = [counts(|state| &state.security.1), counts(|state| &state.environment.1)];
        let scored = states.iter().filter_map(|state| Some((state.security.0?, state)));
        let worst = scored.reduce(|worst, next| if next.0 > worst.0 { next } else { worst });
        self.worst = worst.map(|(score, state)| (state.id.clone(), state.name.clone(), score));
        self
    }
}

/// A site from frame to frame. Every list has one entry per frame, `None` if the frame failed or lacks the
/// site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// The site's id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Longitude and latitude, in degrees, at the first date.
    pub at: [f64; 2],
    /// Security scores as written; `None` also for no data.
    pub security: Vec<Option<f64>>,
    /// Their bands, 0 to 5.
    pub security_band: Vec<Option<u8>>,
    /// Environment scores as written.
    pub environment: Vec<Option<f64>>,
    /// Their bands, 0 to 5.
    pub environment_band: Vec<Option<u8>>,
    /// What is known alone gives at least these environment scores.
    pub environment_at_least: Vec<Option<f64>>,
    /// Security incidents around it up to the frame's date.
    pub incidents: Vec<Option<u32>>,
    /// How sure the security scores are, if the frames tell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security_sure: Option<TrendSure>,
    /// How sure the environment scores are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment_sure: Option<TrendSure>,
}

/// How sure the scores of a site are from frame to frame.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrendSure {
    /// Their intervals; one entry per frame.
    pub intervals: Vec<Option<[f64; 2]>>,
    /// Whether the last score differs from the first beyond what the data leave open.
    pub changed: bool,
}

impl TrendSure {
    /// Those of some scores; `None` if none has an interval.
    fn of(scores: &[Option<ScoreInterval>]) -> Option<Self> {
        let mut known = scores.iter().flatten();
        let first = known.next()?;
        let intervals = scores.iter().map(|of| Some((*of)?.interval)).collect();
        let changed = known.next_back().is_some_and(|last| last.differs(*first));
        Some(Self { intervals, changed })
    }
}

/// A site while its frames are read.
struct Growing {
    trend: Trend,
    security: Vec<Option<ScoreInterval>>,
    environment: Vec<Option<ScoreInterval>>,
}

impl Growing {
    fn of(state: &State, frames: usize) -> Self {
        let none = || vec![None; frames];
        Self { trend: Trend::of(state, frames), security: none(), environment: none() }
    }

    fn set(&mut self, frame: usize, state: &State) {
        self.trend.set(frame, state);
        put(&mut self.security, frame, state.sure_security());
        put(&mut self.environment, frame, state.sure_environment());
    }

    fn finish(self) -> Trend {
        Trend {
            security_sure: TrendSure::of(&self.security),
            environment_sure: TrendSure::of(&self.environment),
            ..self.trend
        }
    }
}

impl Trend {
    fn of(state: &State, frames: usize) -> Self {
        Self {
            id: state.id.clone(),
            name: state.name.clone(),
            at: [state.position.lon(), state.position.lat()],
            security: vec![None; frames],
            security_band: vec![None; frames],
            environment: vec![None; frames],
            environment_band: vec![None; frames],
            environment_at_least: vec![None; frames],
            incidents: vec![None; frames],
            security_sure: None,
            environment_sure: None,
        }
    }

    fn set(&mut self, frame: usize, state: &State) {
        put(&mut self.security, frame, state.security.0);
        put(&mut self.security_band, frame, number(&state.security.1));
        put(&mut self.environment, frame, state.environment.0);
        put(&mut self.environment_band, frame, number(&state.environment.1));
        put(&mut self.environment_at_least, frame, state.environment_at_least);
        put(&mut self.incidents, frame, state.incidents);
    }

    /// The highest score of either kind; −1 if there is none.
    fn highest(&self) -> f64 {
        self.security.iter().chain(&self.environment).flatten().copied().fold(-1.0, f64::max)
    }
}

impl Series {
    /// The series of a region under a scheme, given as indices: its frames, and the sites of each, `None` if
    /// it failed. `all` is the number of frames of the whole batch, which share the page's capacity.
    pub fn of(
        (region, scheme): (usize, usize),
        frames: Vec<FrameFacts>,
        states: &[Option<Vec<State>>],
        all: usize,
    ) -> Self {
        let mut growing: Vec<Growing> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for (at, states) in states.iter().enumerate() {
            for state in states.iter().flatten() {
                let place = *known.entry(&state.id).or_insert_with(|| {
                    growing.push(Growing::of(state, frames.len()));
                    growing.len() - 1
                });
                if let Some(site) = growing.get_mut(place) {
                    site.set(at, state);
                }
            }
        }
        let mut trends: Vec<Trend> = growing.into_iter().map(Growing::finish).collect();
        let sites = trends.len();
        let turned = [
            turned(&trends, |of| (&of.security_band, of.security_sure.as_ref())),
            turned(&trends, |of| (&of.environment_band, of.environment_sure.as_ref())),
        ];
        // The sort is stable: ties stay in file order.
        trends.sort_by(|a, b| b.highest().total_cmp(&a.highest()));
        trends.truncate((CELLS / all.max(1)).clamp(1, ROWS));
        Self { region, scheme, frames, sites, turned, trends, ..Self::default() }
    }

    /// Adds the crossings from frame to frame.
    #[must_use]
    pub fn with(self, crossings: Vec<Crossing>) -> Self {
        Self { crossed: crossings.len(), crossings, ..self }
    }

    /// The series as the page of `many` series holds it: the latest crossings alone, if they are too many.
    #[must_use]
    pub fn on_page(mut self, many: usize) -> Self {
        let most = CROSSINGS / many.max(1);
        self.crossings.drain(..self.crossings.len().saturating_sub(most));
        self
    }
}

/// The bands of a site from frame to frame, and how sure their scores are.
type BandsOf = fn(&Trend) -> (&Vec<Option<u8>>, Option<&TrendSure>);

/// The numbers of sites that moved to a higher and to a lower band, without those whose score did not change beyond what the
/// data leave open.
fn turned(trends: &[Trend], of: BandsOf) -> [usize; 2] {
    let ends = trends.iter().map(of).filter_map(|(bands, sure)| {
        if sure.is_some_and(|sure| !sure.changed) {
            return None;
        }
        let mut known = bands.iter().copied().flatten().filter(|band| *band > 0);
        let first = known.next()?;
        Some((first, known.next_back()?))
    });
    ends.fold([0, 0], |[up, down], (first, last)| {
        [up + usize::from(last > first), down + usize::from(last < first)]
    })
}

fn put<T>(list: &mut [Option<T>], at: usize, value: Option<T>) {
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
}

/// The number of a band from its word.
pub(super) fn number(word: &str) -> Option<u8> {
    Band::ALL.into_iter().find(|band| band.word() == word).map(Band::number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::Position;

    fn state(id: &str, score: Option<f64>) -> State {
        State {
            id: id.into(),
            name: id.to_uppercase(),
            position: Position::from_degrees(0.0, 0.0).expect("a position"),
            security: (score, if score.is_some() { "high" } else { "no data" }.into()),
            environment: (None, "no data".into()),
            security_interval: None,
            environment_interval: None,
            environment_at_least: None,
            environment_coverage: Some(0.0),
            incidents: Some(3),
        }
    }

    #[test]
    fn a_site_has_an_entry_for_every_frame_also_for_those_that_are_without_it() {
        let states = [
            Some(vec![state("a", Some(61.0))]),
            None,
            Some(vec![state("b", Some(70.0)), state("a", None)]),
        ];
        let series = Series::of((0, 0), vec![FrameFacts::default(); 3], &states, 3);
        assert_eq!(series.sites, 2);
        let [b, a] = series.trends.as_slice() else { panic!("two sites") };
        assert_eq!((&*b.id, &*a.name), ("b", "A"), "the highest first");
        assert_eq!(a.security, [Some(61.0), None, None]);
        assert_eq!(a.security_band, [Some(4), None, Some(0)]);
        assert_eq!(b.incidents, [None, None, Some(3)]);
        assert_eq!(series.turned, [[0, 0], [0, 0]], "a single score is no turn");
    }

    #[test]
    fn a_site_turns_by_its_first_and_its_last_score() {
        let state = |band: &str| State { security: (Some(1.0), band.into()), ..state("a", None) };
        let states = ["low", "high", "medium"].map(|band| Some(vec![state(band)]));
        let series = Series::of((0, 0), vec![FrameFacts::default(); 3], &states, 3);
        assert_eq!(series.turned, [[1, 0], [0, 0]]);
    }

    #[test]
    fn a_turn_within_what_the_data_leave_open_is_none() {
        let state = |score: f64, band: &str, interval: [f64; 2]| State {
            security: (Some(score), band.into()),
            security_interval: Some(interval),
            ..state("a", None)
        };
        let series = |last: [f64; 2]| {
            let first = state(39.0, "low", [30.0, 45.0]);
            let states = [Some(vec![first]), Some(vec![state(50.0, "medium", last)])];
            Series::of((0, 0), vec![FrameFacts::default(); 2], &states, 2)
        };
        let (wide, narrow) = (series([38.0, 60.0]), series([40.0, 60.0]));
        assert_eq!((wide.turned, narrow.turned), ([[0, 0], [0, 0]], [[1, 0], [0, 0]]));
        let sure = narrow.trends.first().and_then(|trend| trend.security_sure.clone());
        let intervals = vec![Some([30.0, 45.0]), Some([40.0, 60.0])];
        assert_eq!(sure, Some(TrendSure { intervals, changed: true }));
    }

    #[test]
    fn what_the_page_holds_is_shared_by_all_frames() {
        let many: Vec<State> =
            (0..100).map(|n| state(&n.to_string(), Some(f64::from(n)))).collect();
        let series = Series::of((0, 0), vec![FrameFacts::default()], &[Some(many)], CELLS / 10);
        assert_eq!((series.sites, series.trends.len()), (100, 10));
        assert_eq!(series.trends.first().map(|trend| &*trend.id), Some("99"));
    }
}
