//! Third-party test data: samples and suites that are part of the repository (`tests/data/README.md` names their
//! origin), and large published data next to it.

use std::path::PathBuf;

/// A suite that others wrote, or a file or folder of it.
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

/// A folder of `../shared`, which a clone need not have. Tests that read it are `#[ignore]`d, so that none of them
/// passes without having looked at anything; `make test` runs them where the folder is (`scripts/large_tests.sh`).
pub fn shared(folder: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(folder);
    assert!(path.is_dir(), "this test reads {}, which is not there", path.display());
    path
}
