//! One state of the data. A request holds one from its beginning to its end, whatever is read meanwhile.

use super::choices::NEEDS;
use super::collection::{Collection, Values};
use super::problem::{Kind, Problem};
use crate::run::{self, Cancel, Ground, Grounds, LayerName, NearQuery, Watch, Which, with_layers};
use crate::{Error, Result};
use serde::Serialize;

/// One state of the data: collections, and what answers questions.
#[derive(Debug)]
pub struct Snapshot {
    /// What it is called.
    pub title: String,
    /// A hash of the data and of the version of the program, in 16 hex digits: equal for equal answers.
    pub rev: String,
    /// The day at which ages are computed.
    pub as_of: Option<String>,
    /// The name of the scheme.
    pub scheme: Option<String>,
    /// The collections.
    pub collections: Vec<Collection>,
    /// Which collections belong together.
    pub sets: Vec<Set>,
    /// What is not served, and why.
    pub notes: Vec<String>,
    /// What answers questions; `None` if only layers are known.
    pub grounds: Option<Grounds>,
}

/// The names of the collections of one region under one scheme, as far as there are such.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Set {
    /// The name of the region; empty if it has none.
    pub region: String,
    /// The name of the scheme; empty if it is not known.
    pub scheme: String,
    /// The sites.
    pub sites: Option<String>,
    /// The incidents.
    pub incidents: Option<String>,
    /// The sites at several dates.
    pub over_time: Option<String>,
    /// These dates, ascending.
    pub dates: Vec<String>,
}

/// The layers that are served, with what they hold.
pub const SERVED: [(LayerName, &str); 6] = [
    (LayerName::Sites, "Sites with their scores"),
    (LayerName::Incidents, "Incidents with their weight and age"),
    (LayerName::Links, "From each site to its main drivers and nearest receptors"),
    (LayerName::Rings, "Buffers around sites with what lies in them"),
    (LayerName::Footprints, "Sites and parts of sites with lines or areas"),
    (LayerName::Receptors, "Receptors in reach of a site, with the sites that reach them"),
];

/// The layer of the sites at several dates, and what it holds.
pub const OVER_TIME: (&str, &str) = ("sites_over_time", "Sites with their scores at several dates");

/// Sites times dates that are scored at the start, at most, for each region and scheme.
const MOST_STATES: usize = 200_000;

/// Rings that are drawn at the start, at most, for each region and scheme; each has a hundred vertices.
const MOST_RINGS: usize = 200_000;

impl Snapshot {
    /// Scores the sites of all grounds and holds their layers; if they have several dates, the sites at these, too.
    ///
    /// # Errors
    /// The reading was stopped; a layer that cannot be made.
    pub fn live(
        title: String,
        grounds: impl Into<Grounds>,
        watch: &dyn Watch,
        cancel: &Cancel,
    ) -> Result<Self> {
        let grounds = grounds.into();
        let (mut collections, mut notes) = (Vec::new(), Vec::new());
        grounds.for_each(|which, ground| {
            let prefix = grounds.prefix(which);
            notes.extend(layers(&prefix, ground, &mut collections, watch, cancel)?);
            if grounds.dates.len() < 2 {
                return Ok(());
            }
            let (name, about) = OVER_TIME;
            if grounds.states(which) > MOST_STATES {
                notes.push(format!(
                    "{prefix}{name}: it would have {} sites at {} dates, and more than {MOST_STATES} in all are not \
                     scored at the start; serve the folder that a batch wrote",
                    ground.case.sites.list.len(),
                    grounds.dates.len()
                ));
                return Ok(());
            }
            let made = grounds.over_time(which, watch, cancel, |layer| {
                Collection::of_layer(layer, &format!("{prefix}{name}"), about)
            });
            collections.push(made??);
            Ok(())
        })?;
        let sets = grounds.each().map(|(which, region, scheme)| {
            Set::of(&collections, &grounds.prefix(which), region, scheme)
        });
        let sets = sets.collect();
        let snapshot = Self {
            title,
            rev: String::new(),
            as_of: None,
            scheme: None,
            collections,
            sets,
            notes,
            grounds: None,
        };
        snapshot.with(grounds)
    }

    /// The same layers, with what answers questions.
    ///
    /// # Errors
    /// A coverage file that cannot be read.
    pub fn with(mut self, grounds: Grounds) -> Result<Self> {
        // What answers questions without being in a layer: inputs, schemes and rules.
        let mut more: Vec<String> = grounds.dates.iter().map(ToString::to_string).collect();
        grounds.for_each(|which, ground| {
            more.push(grounds.prefix(which));
            more.push(ground.case.scheme.hash());
            more.extend(ground.case.calibration.as_ref().map(crate::scoring::Calibration::hash));
            more.push(format!(
                "{:?} {:?}",
                ground.request.rules.complete, ground.request.rules.stale
            ));
            more.extend(ground.coverage_hash()?);
            more.extend(ground.case.world.inputs.iter().map(|input| input.hash.clone()));
            // The trees of neighbors are built by the first question; this one is nobody's.
            if let Some(place) = ground.case.sites.list.first().map(|site| site.position) {
                let query = NearQuery { most: Some(1), ..NearQuery::default() };
                run::near(&ground.case.world, place, None, &query, &Cancel::new())?;
            }
            Ok(())
        })?;
        let first = grounds.at(Which::default())?;
        // In the order of the plan, whatever the order of folders.
        let order = |set: &Set| {
            let place = grounds.region(&set.region).ok().zip(grounds.scheme(&set.scheme).ok());
            place.unwrap_or_default()
        };
        self.sets.sort_by_key(order);
        self.rev = rev(&self.collections, &more);
        self.as_of = first.case.as_of.map(|day| day.to_string());
        self.scheme = Some(first.case.scheme.name.clone());
        self.grounds = Some(grounds);
        Ok(self)
    }

    /// The collection with a name.
    ///
    /// # Errors
    /// There is none.
    pub fn collection(&self, name: &str) -> Result<&Collection, Problem> {
        let found = self.collections.iter().find(|collection| collection.name == name);
        found.ok_or_else(|| {
            let names: Vec<&str> = self.collections.iter().map(|one| one.name.as_str()).collect();
            let detail = format!("there is no collection {name:?}");
            let problem = Problem::new(Kind::NoSuchCollection, detail);
            problem.with("hint", format!("there are {}", names.join(", ")))
        })
    }

    /// What answers questions.
    ///
    /// # Errors
    /// Only layers are known.
    pub fn grounds(&self) -> Result<&Grounds, Problem> {
        self.grounds.as_ref().ok_or_else(|| Problem::new(Kind::NeedsInputs, NEEDS))
    }
}

/// Scores the sites of a ground and adds its layers, with a word before their names. Returns what is not served, and why.
fn layers(
    prefix: &str,
    ground: &Ground,
    collections: &mut Vec<Collection>,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Vec<String>> {
    let performed = ground.perform(watch, cancel)?;
    watch.stage("preparing layers", None);
    let mut notes = Vec::new();
    for (name, about) in SERVED {
        let mut made = Ok(());
        with_layers(&ground.case, &performed, name, |layer| {
            if name == LayerName::Rings && layer.len() > MOST_RINGS {
                notes.push(format!(
                    "{prefix}{}: there would be {} of them, and more than {MOST_RINGS} are not drawn at the start; serve \
                     the folder that a run wrote",
                    layer.name(),
                    layer.len()
                ));
                return;
            }
            // A file of footprints or receptors is written where there are any; so is a collection.
            let shown =
                !layer.is_empty() || matches!(name, LayerName::Sites | LayerName::Incidents);
            if shown && made.is_ok() {
                let called = format!("{prefix}{}", layer.name());
                made = Collection::of_layer(layer, &called, about).map(|one| collections.push(one));
            }
        })?;
        made?;
        cancel.check()?;
    }
    Ok(notes)
}

impl Set {
    /// The collections whose names have a word before those of the layers.
    pub fn of(collections: &[Collection], prefix: &str, region: &str, scheme: &str) -> Self {
        let called = |layer: &str| {
            let is = |one: &&Collection| one.name.strip_prefix(prefix) == Some(layer);
            collections.iter().find(is)
        };
        let over_time = called(OVER_TIME.0);
        let name = |of: Option<&Collection>| of.map(|one| one.name.clone());
        Self {
            region: region.to_owned(),
            scheme: scheme.to_owned(),
            sites: name(called(LayerName::Sites.word())),
            incidents: name(called(LayerName::Incidents.word())),
            over_time: name(over_time),
            dates: over_time.map(dates).unwrap_or_default(),
        }
    }
}

/// The dates at which a collection has sites, ascending.
fn dates(collection: &Collection) -> Vec<String> {
    let days = match collection.column("as_of").map(|column| &column.values) {
        Some(Values::Date(days)) => days.as_slice(),
        _ => &[],
    };
    let mut days: Vec<_> = days.iter().flatten().collect();
    days.sort_unstable();
    days.dedup();
    days.into_iter().map(ToString::to_string).collect()
}

/// A hash of the program's version, some collections and some words, in 16 hex digits.
pub fn rev(collections: &[Collection], more: &[String]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    for collection in collections {
        hasher.update(&[0]).update(collection.name.as_bytes()).update(&[0]);
        hasher.update_rayon(&collection.run(0, collection.len()));
    }
    for word in more {
        hasher.update(&[1]).update(word.as_bytes());
    }
    hasher.finalize().to_hex().chars().take(16).collect()
}

/// An error of a question as a problem.
pub fn refused(error: &Error) -> Problem {
    Problem::of(error, if error.is_data() { Kind::BadBody } else { Kind::BadValue })
}
