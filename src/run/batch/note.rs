//! Notes on frames for the user. Frames with the same note share it.

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
    /// Styles and projects that were kept since they were edited.
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

/// Adds the note of a frame, merging equal ones. Notes on missing environment scores hold numbers that differ
/// from region to region: all frames share the first.
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
