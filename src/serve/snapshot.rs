//! One state of the data. A request holds one from its beginning to its end, whatever is read meanwhile.

use super::collection::Collection;
use super::problem::{Kind, Problem};
use crate::run::{self, Cancel, Ground, LayerName, NearQuery, Watch, with_layers};
use crate::{Error, Result};

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
    /// What answers questions; `None` if only layers are known.
    pub ground: Option<Ground>,
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

impl Snapshot {
    /// Scores the sites of a case and holds their layers.
    ///
    /// # Errors
    /// The reading was stopped; a layer that cannot be made.
    pub fn live(title: String, ground: Ground, watch: &dyn Watch, cancel: &Cancel) -> Result<Self> {
        let performed = ground.perform(watch, cancel)?;
        // The trees of neighbors are built by the first question; this one is nobody's.
        let anywhere = ground.case.sites.list.first().map(|site| site.position);
        if let Some(place) = anywhere {
            let query = NearQuery { most: Some(1), ..NearQuery::default() };
            run::near(&ground.case.world, place, None, &query, cancel)?;
        }
        watch.stage("preparing layers", None);
        let mut collections = Vec::new();
        for (name, about) in SERVED {
            let mut made = Ok(());
            with_layers(&ground.case, &performed, name, |layer| {
                // A file of footprints or receptors is written where there are any; so is a collection.
                let shown =
                    !layer.is_empty() || matches!(name, LayerName::Sites | LayerName::Incidents);
                if shown && made.is_ok() {
                    made = Collection::of_layer(layer, about).map(|one| collections.push(one));
                }
            })?;
            made?;
            cancel.check()?;
        }
        // What answers questions without being in a layer: inputs, scheme and rules.
        let mut more =
            vec![ground.case.scheme.hash(), format!("{:?}", ground.request.rules.complete)];
        more.extend(ground.case.world.inputs.iter().map(|input| input.hash.clone()));
        Ok(Self {
            title,
            rev: rev(&collections, &more),
            as_of: ground.case.as_of.map(|day| day.to_string()),
            scheme: Some(ground.case.scheme.name.clone()),
            collections,
            ground: Some(ground),
        })
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
    pub fn ground(&self) -> Result<&Ground, Problem> {
        self.ground.as_ref().ok_or_else(|| {
            Problem::new(Kind::NeedsInputs, "the server holds layers without their inputs")
        })
    }
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
