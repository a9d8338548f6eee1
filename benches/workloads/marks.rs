//! docs/PERFORMANCE.md, whose tables stand between marks.

use std::path::PathBuf;

/// The document.
pub struct Performance {
    path: PathBuf,
    text: String,
}

impl Performance {
    pub fn open() -> Self {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/PERFORMANCE.md");
        let text = std::fs::read_to_string(&path).expect("docs/PERFORMANCE.md is there");
        Self { path, text }
    }

    /// Replaces what is between the marks of a name.
    pub fn put(&mut self, mark: &str, table: &str) {
        let (from, to) = (format!("<!-- {mark} -->"), format!("<!-- /{mark} -->"));
        let place = self.text.find(&from).zip(self.text.find(&to));
        let (start, end) = place.unwrap_or_else(|| panic!("{} has no {from}", self.path.display()));
        self.text.replace_range(start + from.len()..end, &format!("\n\n{table}\n"));
    }

    pub fn write(self) {
        std::fs::write(&self.path, self.text).expect("docs/PERFORMANCE.md can be written to");
        println!("written to {}", self.path.display());
    }
}
