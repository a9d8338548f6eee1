//! A cursor that moves forward through a JSON text, value by value. It accepts the same JSON (RFC
//! 8259) as serde_json; if it finds a fault, serde_json provides the reason.

use super::bytes::plain_run;
use std::ops::Range;

/// A position in a JSON text.
#[derive(Debug, Clone)]
pub(in crate::sources::formats) struct Cursor<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// The opening brackets of the lists and objects that are open.
    open: Vec<u8>,
    /// The deepest nesting in the value skipped last.
    deepest: usize,
}

/// A string that was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources::formats) struct Text<'t> {
    /// The content between the quotes.
    pub inner: &'t str,
    /// Whether the content has escapes.
    pub escaped: bool,
}

/// A number that was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources::formats) struct Number<'t> {
    pub raw: &'t str,
    /// Whether it has an exponent.
    pub exponent: bool,
}

impl<'t> Cursor<'t> {
    /// Creates a cursor at a byte of a text.
    pub fn new(text: &'t str, at: usize) -> Self {
        Self { text, bytes: text.as_bytes(), at, open: Vec::new(), deepest: 0 }
    }

    pub fn at(&self) -> usize {
        self.at
    }

    /// The length of the whole text.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The nesting depth of lists and objects in the value skipped last.
    pub fn deepest(&self) -> usize {
        self.deepest
    }

    pub fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Returns the text between two offsets.
    pub fn slice(&self, range: Range<usize>) -> Option<&'t str> {
        self.text.get(range)
    }

    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Skips blanks, and returns the byte after them without skipping it.
    #[inline]
    pub fn after_blanks(&mut self) -> Option<u8> {
        loop {
            match self.peek()? {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Skips blanks and one byte, which must be the expected one.
    #[inline]
    pub fn expect(&mut self, byte: u8) -> Option<()> {
        if self.after_blanks()? != byte {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// Skips blanks and one byte, and returns the byte.
    #[inline]
    pub fn next(&mut self) -> Option<u8> {
        let byte = self.after_blanks()?;
        self.at += 1;
        Some(byte)
    }

    /// Skips a member name and its colon, and returns the name.
    #[inline]
    pub fn key(&mut self) -> Option<Text<'t>> {
        self.after_blanks()?;
        let key = self.string()?;
        self.expect(b':')?;
        Some(key)
    }

    /// Skips a string, and returns it.
    #[inline]
    pub fn string(&mut self) -> Option<Text<'t>> {
        let start = self.at + 1;
        let escaped = self.pass_string()?;
        Some(Text { inner: self.text.get(start..self.at - 1)?, escaped })
    }

    /// Skips a string, and returns whether it has escapes.
    #[inline]
    fn pass_string(&mut self) -> Option<bool> {
        if self.peek()? != b'"' {
            return None;
        }
        self.at += 1;
        let mut escaped = false;
        loop {
            self.at += plain_run(self.bytes.get(self.at..)?);
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(escaped);
                }
                b'\\' => {
                    escaped = true;
                    self.at += 1;
                    match self.peek()? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
                        b'u' => {
                            let digits = self.bytes.get(self.at + 1..self.at + 5)?;
                            if !digits.iter().all(u8::is_ascii_hexdigit) {
                                return None;
                            }
                            self.at += 5;
                        }
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
    }

    /// Skips any member name and its colon.
    #[inline]
    fn pass_key(&mut self) -> Option<()> {
        self.after_blanks()?;
        self.pass_string()?;
        self.expect(b':')
    }

    /// Skips the given member name and its colon if it is next, without blanks around it; otherwise
    /// does not move.
    #[inline]
    pub fn key_is(&mut self, name: &str) -> bool {
        let name = name.as_bytes();
        let is = || {
            let rest = self.bytes.get(self.at..)?.strip_prefix(b"\"")?;
            rest.strip_prefix(name)?.strip_prefix(b"\":")
        };
        // A backslash in the name could be mistaken for an escape.
        let is = is().is_some() && !name.contains(&b'\\');
        if is {
            self.at += name.len() + 3;
        }
        is
    }

    /// Skips a number, and returns it.
    #[inline]
    pub fn number(&mut self) -> Option<Number<'t>> {
        let start = self.at;
        let exponent = self.pass_number()?;
        Some(Number { raw: self.text.get(start..self.at)?, exponent })
    }

    /// Skips a number, and returns whether it has an exponent.
    #[inline]
    fn pass_number(&mut self) -> Option<bool> {
        if self.peek()? == b'-' {
            self.at += 1;
        }
        let first = self.peek()?;
        let digits = self.digits();
        if digits == 0 || first == b'0' && digits > 1 {
            return None;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return None;
            }
        }
        let exponent = matches!(self.peek(), Some(b'e' | b'E'));
        if exponent {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return None;
            }
        }
        Some(exponent)
    }

    /// Skips digits, and returns their count.
    fn digits(&mut self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        digits
    }

    /// Skips `true`, `false` or `null`.
    #[inline]
    pub fn word(&mut self, word: &str) -> Option<()> {
        if !self.bytes.get(self.at..)?.starts_with(word.as_bytes()) {
            return None;
        }
        self.at += word.len();
        Some(())
    }

    /// Skips a value of any kind and depth, and the blanks before it.
    pub fn value(&mut self) -> Option<()> {
        self.open.clear();
        self.deepest = 0;
        loop {
            match self.after_blanks()? {
                b'"' => drop(self.pass_string()?),
                b'{' => {
                    self.at += 1;
                    self.deepest = self.deepest.max(self.open.len() + 1);
                    if self.after_blanks()? == b'}' {
                        self.at += 1;
                    } else {
                        self.open.push(b'{');
                        self.pass_key()?;
                        continue;
                    }
                }
                b'[' => {
                    self.at += 1;
                    self.deepest = self.deepest.max(self.open.len() + 1);
                    if self.after_blanks()? == b']' {
                        self.at += 1;
                    } else {
                        self.open.push(b'[');
                        continue;
                    }
                }
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                _ => drop(self.pass_number()?),
            }
            // A value has ended, and perhaps the lists and objects around it too.
            loop {
                let Some(open) = self.open.last().copied() else { return Some(()) };
                match (open, self.next()?) {
                    (b'[', b',') => break,
                    (b'{', b',') => {
                        self.pass_key()?;
                        break;
                    }
                    (b'[', b']') | (b'{', b'}') => drop(self.open.pop()),
                    _ => return None,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::coordinates::is_json;
    use super::*;
    use proptest::prelude::*;

    /// Whether the whole text is one value.
    fn passes(text: &str) -> bool {
        let mut cursor = Cursor::new(text, 0);
        cursor.value().is_some() && cursor.after_blanks().is_none()
    }

    #[test]
    fn json_is_what_serde_json_takes_for_it() {
        for text in [
            "0",
            "-0",
            "01",
            "-01",
            "-",
            "1.",
            "1.0",
            ".5",
            "1e5",
            "1e",
            "1E+5",
            "1e-",
            "1.5e300",
            "true",
            "tru",
            "truex",
            "null",
            "nul",
            "NaN",
            "\"\"",
            "\"a",
            "\"a\\\"",
            "\"\\u12g4\"",
            "\"\\ud800\"",
            "\"\\x\"",
            "\"tab\tin\"",
            "\"12345678\"",
            "\"1234567\\n8\"",
            "\"1234567\u{1f}8\"",
            "\"\u{7f}é\u{10ffff}\"",
            "[]",
            "[ ]",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{}",
            "{ }",
            "{\"a\":1}",
            "{\"a\" : [ 1 , { } ] }",
            "{a:1}",
            "{\"a\"}",
            "{\"a\":1,}",
            "{\"a\":1]",
            "[1}",
            "[[[[]]]]",
            "[[[[]]]",
            "",
            " ",
            "1 1",
            "\u{feff}1",
            "00",
            "0.0.0",
        ] {
            assert_eq!(passes(text), is_json(text).is_ok(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_of_json_letters_passes_where_serde_json_takes_it(
            text in r#"[\[\]{}:,"0-9eE.+\-\\untrfalse \x01é]{0,24}"#
        ) {
            prop_assert_eq!(passes(&text), is_json(&text).is_ok());
        }

        #[test]
        fn a_spoilt_feature_passes_where_serde_json_takes_it(at in 0_usize..120, with in any::<u8>()) {
            let mut bytes = br#"{"type":"Feature","id":-10.5e+3,"properties":{"a\u00e9":[true,null,{"b":"c\\"}],"d":0},"geometry":null}"#.to_vec();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = with;
            }
            if let Ok(text) = std::str::from_utf8(&bytes) {
                prop_assert_eq!(passes(text), is_json(text).is_ok(), "{}", text);
            }
        }
    }
}
