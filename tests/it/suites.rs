//! Test material from outside, which stands beside the repository and need not be there.

use std::path::PathBuf;

/// A folder of `../shared`; where there is none, one line says what was left out.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("left out: no {}", path.display());
    None
}
