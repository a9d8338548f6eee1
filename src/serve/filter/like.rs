//! The patterns of LIKE.

/// A part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    One(char),
    /// Any character, `_`.
    Any,
    /// Any characters or none, `%`.
    Many,
}

/// A pattern. A backslash takes the meaning from the character after it.
#[derive(Debug)]
pub(super) struct Pattern(Vec<Part>);

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let part = match c {
                '\\' => Part::One(chars.next().unwrap_or('\\')),
                '_' => Part::Any,
                '%' => Part::Many,
                _ => Part::One(c),
            };
            if part != Part::Many || parts.last() != Some(&Part::Many) {
                parts.push(part);
            }
        }
        Self(parts)
    }

    /// Whether a whole text is of the pattern. Only the last `%` is ever tried again, so that the time is at most the
    /// product of both lengths.
    pub(super) fn matches(&self, text: &str) -> bool {
        let (mut at, mut rest) = (0, text.chars());
        let mut again: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            let mut ahead = rest.clone();
            let next = ahead.next();
            let fits = match (self.0.get(at), next) {
                (Some(Part::Many), _) => {
                    at += 1;
                    again = Some((at, rest.clone()));
                    continue;
                }
                (None, None) => return true,
                (Some(Part::Any), Some(_)) => true,
                (Some(Part::One(wanted)), Some(c)) => *wanted == c,
                _ => false,
            };
            if fits {
                at += 1;
                rest = ahead;
                continue;
            }
            // The last `%` takes one character more.
            let Some((from, held)) = &mut again else { return false };
            if held.next().is_none() {
                return false;
            }
            at = *from;
            rest = held.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_match_whole_texts() {
        for (pattern, text, matches) in [
            ("B_r%", "Bern", true),
            ("B_r%", "Bar", true),
            ("B_r%", "Br", false),
            ("%", "", true),
            ("", "", true),
            ("", "a", false),
            ("%a%b", "xaabxb", true),
            ("%a%b", "xaabxbc", false),
            ("a\\%", "a%", true),
            ("a\\%", "ab", false),
            ("_", "ø", true),
            ("%%%a", "bba", true),
            ("a\\", "a\\", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), matches, "{pattern} {text}");
        }
        let slow = "%a".repeat(4000);
        assert!(!Pattern::new(&slow).matches(&"a".repeat(3000)));
    }
}
