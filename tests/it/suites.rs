//! Third-party test data: samples and suites that are part of the repository (`tests/data/README.md` names their
//! origin), and large published data next to it.

use std::path::PathBuf;

/// A third-party suite, or a file or folder of it.
pub fn suite(path: &str) -> PathBuf {
    part_of_the_repository("suites", path)
}

/// A few records of a published data set, as its publisher writes them.
pub fn sample(file: &str) -> PathBuf {
    part_of_the_repository("published", file)
}

fn part_of_the_repository(folder: &str, path: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder).join(path);
    assert!(path.exists(), "no {}", path.display());
    path
}

/// A folder of `../shared`, which is optional. Tests that read it are `#[ignore]`d, so that none of them passes
/// without data; `make test` runs them if the folder exists (`scripts/large_tests.sh`).
pub fn shared(folder: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(folder);
    assert!(path.is_dir(), "this test reads {}, which is not there", path.display());
    path
}
