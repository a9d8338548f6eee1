//! The words and marks of CQL2 text.

use super::fault;
use crate::serve::problem::Problem;
use std::fmt;

/// A word or mark.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A keyword, a function or a property.
    Word(String),
    /// A property in double quotes.
    Name(String),
    /// A text in single quotes.
    Text(String),
    Number(f64),
    /// An operator, a parenthesis or a comma.
    Mark(&'static str),
    End,
}

impl Token {
    /// Whether it is a mark.
    pub(super) fn is(&self, mark: &str) -> bool {
        matches!(self, Self::Mark(own) if *own == mark)
    }

    /// Whether it is a keyword.
    pub(super) fn says(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write!(f, "{word}"),
            Self::Name(name) => write!(f, "{name:?}"),
            Self::Text(text) => write!(f, "'{text}'"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Mark(mark) => write!(f, "{mark}"),
            Self::End => write!(f, "the end"),
        }
    }
}

/// Longer marks before those that they begin with.
const MARKS: [&str; 15] =
    ["<>", "<=", ">=", "<", ">", "=", "(", ")", ",", "+", "-", "*", "/", "%", "^"];

/// A filter as words and marks, each with the byte at which it begins.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next word or mark and where it begins.
    pub(super) fn next(&mut self) -> Result<(usize, Token), Problem> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        let (at, rest) = (self.at, self.rest());
        let Some(first) = rest.chars().next() else { return Ok((at, Token::End)) };
        let token = match first {
            '\'' => Token::Text(self.quoted('\'')?),
            '"' => Token::Name(self.quoted('"')?),
            '0'..='9' | '.' => self.number()?,
            _ if begins_word(first) => {
                let end = rest.find(|c| !continues_word(c)).unwrap_or(rest.len());
                self.at += end;
                Token::Word(rest.get(..end).unwrap_or_default().to_owned())
            }
            _ => match MARKS.iter().find(|mark| rest.starts_with(**mark)) {
                Some(mark) => {
                    self.at += mark.len();
                    Token::Mark(mark)
                }
                None => return Err(fault(at, format!("{first:?} means nothing here"))),
            },
        };
        Ok((at, token))
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// What stands in quotes. A quote inside is written twice, or with a backslash in front; before any other character a
    /// backslash is itself.
    fn quoted(&mut self, quote: char) -> Result<String, Problem> {
        let (start, mut out) = (self.at, String::new());
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            if c == quote && next == Some(quote) || c == '\\' && next == Some(quote) {
                out.push(quote);
                chars.next();
            } else if c == '\\' && next == Some('\\') {
                out.push_str("\\\\");
                chars.next();
            } else if c == quote {
                self.at += at + c.len_utf8();
                if quote == '"' && out.is_empty() {
                    return Err(fault(start, "a property has no name"));
                }
                return Ok(out);
            } else {
                out.push(c);
            }
        }
        Err(fault(start, format!("the quote {quote} is not closed")))
    }

    fn number(&mut self) -> Result<Token, Problem> {
        let (at, rest) = (self.at, self.rest());
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let mut end = digits(rest);
        if rest.get(end..).is_some_and(|rest| rest.starts_with('.')) {
            end += 1 + digits(rest.get(end + 1..).unwrap_or_default());
        }
        if let Some(rest) = rest.get(end..).and_then(|rest| rest.strip_prefix(['e', 'E'])) {
            let sign = usize::from(rest.starts_with(['+', '-']));
            let many = digits(rest.get(sign..).unwrap_or_default());
            if many > 0 {
                end += 1 + sign + many;
            }
        }
        let written = rest.get(..end).unwrap_or_default();
        self.at += end;
        let number = written.parse::<f64>().ok().filter(|number| number.is_finite());
        number.map(Token::Number).ok_or_else(|| fault(at, format!("{written} is not a number")))
    }
}

fn begins_word(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == ':'
}

fn continues_word(c: char) -> bool {
    begins_word(c)
        || c.is_numeric()
        || matches!(c, '.' | '\u{300}'..='\u{36f}' | '\u{203f}' | '\u{2040}')
}
