//! What the run was: its inputs by hash, the scheme, and what every record was used for.

use serde::Serialize;

/// What the run was.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Facts {
    /// The program's version.
    pub version: String,
    /// The hash of the scheme's numbers.
    pub scheme_hash: String,
    /// For each domain and file, where and when incidents were collected.
    pub coverage: Vec<(String, String)>,
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
    /// How many incidents were used for what: domain, use, how many.
    pub uses: Vec<(String, String, usize)>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputFacts {
    /// `sites`, `incidents` or `receptors`.
    pub role: String,
    /// Its name.
    pub file: String,
    /// What its columns were recognized as.
    pub layout: String,
    /// What its bytes were taken for.
    pub format: String,
    /// BLAKE3 of its bytes.
    pub hash: String,
    /// Records in it.
    pub read: u64,
    /// Those set aside while reading.
    pub set_aside: u64,
}
