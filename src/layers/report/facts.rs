//! The facts of a run: its inputs by hash, the scheme, and the use of every record.

use serde::Serialize;

/// The facts of a run.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Facts {
    /// The program's version.
    pub version: String,
    /// The hash of the scheme's numbers.
    pub scheme_hash: String,
    /// The hash of its calibration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration_hash: Option<String>,
    /// For each file with its domain, where and when incidents were collected.
    pub coverage: Vec<(String, String)>,
    /// For each of these, all its countries by name, if the words name only some of them.
    pub countries: Vec<Vec<String>>,
    /// Kinds of receptors declared complete.
    pub complete: Vec<String>,
    /// The box outside which sites were left out: west, south, east, north.
    pub bbox: Option<[f64; 4]>,
    /// Sites outside that box.
    pub outside: usize,
    /// Camps, roads and other parts that are scored with another site.
    pub linked: usize,
    /// The files.
    pub inputs: Vec<InputFacts>,
    /// Files written beside the report that a reader may want.
    pub files: Vec<String>,
    /// Uses of incidents: domain, use, number.
    pub uses: Vec<(String, String, usize)>,
}

/// An input file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputFacts {
    /// `sites`, `incidents` or `receptors`.
    pub role: String,
    /// Its name.
    pub file: String,
    /// Its recognized column layout.
    pub layout: String,
    /// Its detected format.
    pub format: String,
    /// BLAKE3 of its bytes.
    pub hash: String,
    /// Records in it.
    pub read: u64,
    /// Records set aside while reading.
    pub set_aside: u64,
    /// Records that could be read and count toward no score.
    pub not_scored: u64,
}
