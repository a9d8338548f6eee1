//! What a user should know of frames beside their scores. A summary tells it once for all frames of which
//! the same is to be said.

use std::path::PathBuf;

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// An incident file without an incident.
    NoIncidents,
    /// A date that no source of security incidents covers.
    Uncovered,
    /// Sites without an environment score.
    NoEnvironment,
    /// Styles and projects that were left as somebody edited them.
    Kept,
}

/// What a user should know of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub about: About,
    /// A sentence without a full stop.
    pub text: String,
}

/// A note, and the folders of the frames that it holds for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The note of the first of them.
    pub note: Note,
    /// Their folders, from that of the batch on, in the order of the frames.
    pub folders: Vec<PathBuf>,
}

/// Adds a note of a frame to those of others. What is said of the environment has numbers in it that differ
/// from region to region: of it the first is told for all.
pub(super) fn add(all: &mut Vec<Told>, note: Note, folder: PathBuf) {
    let same = |told: &&mut Told| {
        let about = note.about;
        told.note.about == about && (about == About::NoEnvironment || told.note.text == note.text)
    };
    match all.iter_mut().find(same) {
        Some(told) => told.folders.push(folder),
        None => all.push(Told { note, folders: vec![folder] }),
    }
}
