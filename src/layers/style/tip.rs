//! Map tips.

/// The text of a map tip: a heading, then lines. A line without a value is left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Tip {
    /// The expression of the heading.
    pub heading: &'static str,
    /// The lines below it.
    pub lines: Vec<TipLine>,
}

/// A line of a map tip.
#[derive(Debug, Clone, PartialEq)]
pub struct TipLine {
    /// The label, in bold before the value; empty for a complete sentence.
    pub label: &'static str,
    /// The expression of the value.
    pub value: &'static str,
}

impl Tip {
    /// A tip from a heading and pairs of label and expression.
    pub fn new<const N: usize>(
        heading: &'static str,
        lines: [(&'static str, &'static str); N],
    ) -> Self {
        let lines = lines.map(|(label, value)| TipLine { label, value });
        Self { heading, lines: lines.into() }
    }
}
