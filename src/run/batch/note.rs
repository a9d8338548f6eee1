//! Notes on frames for the user. Frames with the same note share it.

use std::path::PathBuf;

/// The subject of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// An incident file without incidents.
    NoIncidents,
    /// A date that no source of security incidents covers.
    Uncovered,
    /// Sites without an environment score.
    NoEnvironment,
    /// Styles and projects that were kept because they were edited.
    Kept,
}

/// A note on a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its subject.
    pub about: About,
    /// A sentence without a full stop.
    pub text: String,
}

/// A note, and the folders of the frames it applies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The note of the first frame.
    pub note: Note,
    /// Their folders relative to the batch's, in the order of the frames.
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
