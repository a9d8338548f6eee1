//! The expressions by which a style says which class a feature is in: those of QGIS that styles use, and no others.

use std::iter::Peekable;
use std::vec::IntoIter;

/// An expression that gives a text.
#[derive(Debug, PartialEq)]
pub enum Picked {
    /// A column.
    Column(String),
    /// A text.
    Fixed(String),
    /// A column, or a text where it is missing.
    Or(String, String),
    /// The text of the first condition that holds, or the last one.
    Case(Vec<(Condition, Picked)>, Box<Picked>),
}

/// A condition of an expression.
#[derive(Debug, PartialEq)]
pub enum Condition {
    /// A column is true.
    Flag(String),
    /// A column has one of some texts.
    In(String, Vec<String>),
}

/// The columns that an expression names.
pub fn columns(expression: &str) -> Vec<String> {
    let tokens = tokens(expression).unwrap_or_default();
    let column = |token| if let Token::Column(name) = token { Some(name) } else { None };
    tokens.into_iter().filter_map(column).collect()
}

/// An expression that picks a class; `None` if it is not understood.
pub fn picked(expression: &str) -> Option<Picked> {
    let mut tokens = tokens(expression)?.into_iter().peekable();
    let text = text(&mut tokens)?;
    tokens.next().is_none().then_some(text)
}

impl Picked {
    /// The text for a feature, of which `value` gives the columns as texts; a flag is `true` or `false`.
    pub fn of(&self, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        match self {
            Self::Column(name) => value(name),
            Self::Fixed(text) => Some(text.clone()),
            Self::Or(name, text) => value(name).or_else(|| Some(text.clone())),
            Self::Case(cases, otherwise) => {
                let case = cases.iter().find(|(condition, _)| condition.is_met(value));
                case.map_or(&**otherwise, |(_, picked)| picked).of(value)
            }
        }
    }
}

impl Condition {
    fn is_met(&self, value: &dyn Fn(&str) -> Option<String>) -> bool {
        match self {
            Self::Flag(name) => value(name).is_some_and(|flag| flag == "true"),
            Self::In(name, texts) => value(name).is_some_and(|text| texts.contains(&text)),
        }
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    Column(String),
    Text(String),
    Word(String),
    Sign(char),
}

fn tokens(expression: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut letters = expression.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' => {}
            '"' | '\'' => {
                let quoted: String = letters.by_ref().take_while(|next| *next != letter).collect();
                tokens.push(if letter == '"' {
                    Token::Column(quoted)
                } else {
                    Token::Text(quoted)
                });
            }
            '(' | ')' | ',' | '=' | '|' | '+' | '*' | '/' | '-' => tokens.push(Token::Sign(letter)),
            _ if letter.is_alphanumeric() || letter == '.' => {
                let mut word = letter.to_string();
                while let Some(next) =
                    letters.next_if(|next| next.is_alphanumeric() || *next == '_')
                {
                    word.push(next);
                }
                tokens.push(Token::Word(word.to_uppercase()));
            }
            _ => return None,
        }
    }
    Some(tokens)
}

type Tokens = Peekable<IntoIter<Token>>;

fn text(tokens: &mut Tokens) -> Option<Picked> {
    match tokens.next()? {
        Token::Column(name) => Some(Picked::Column(name)),
        Token::Text(text) => Some(Picked::Fixed(text)),
        Token::Word(word) if word == "COALESCE" => {
            sign(tokens, '(')?;
            let Token::Column(name) = tokens.next()? else { return None };
            sign(tokens, ',')?;
            let Token::Text(text) = tokens.next()? else { return None };
            sign(tokens, ')')?;
            Some(Picked::Or(name, text))
        }
        Token::Word(word) if word == "CASE" => {
            let mut cases = Vec::new();
            loop {
                match tokens.next()? {
                    Token::Word(word) if word == "WHEN" => {
                        let condition = condition(tokens)?;
                        self::word(tokens, "THEN")?;
                        cases.push((condition, text(tokens)?));
                    }
                    Token::Word(word) if word == "ELSE" => {
                        let otherwise = text(tokens)?;
                        self::word(tokens, "END")?;
                        return Some(Picked::Case(cases, Box::new(otherwise)));
                    }
                    _ => return None,
                }
            }
        }
        _ => None,
    }
}

fn condition(tokens: &mut Tokens) -> Option<Condition> {
    let Token::Column(name) = tokens.next()? else { return None };
    if tokens.next_if_eq(&Token::Sign('=')).is_some() {
        let Token::Text(text) = tokens.next()? else { return None };
        return Some(Condition::In(name, vec![text]));
    }
    if tokens.next_if_eq(&Token::Word("IN".into())).is_none() {
        return Some(Condition::Flag(name));
    }
    sign(tokens, '(')?;
    let mut texts = Vec::new();
    loop {
        let Token::Text(text) = tokens.next()? else { return None };
        texts.push(text);
        match tokens.next()? {
            Token::Sign(',') => {}
            Token::Sign(')') => return Some(Condition::In(name, texts)),
            _ => return None,
        }
    }
}

fn sign(tokens: &mut Tokens, sign: char) -> Option<()> {
    (tokens.next()? == Token::Sign(sign)).then_some(())
}

fn word(tokens: &mut Tokens, word: &str) -> Option<()> {
    (tokens.next()? == Token::Word(word.to_owned())).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_has_the_class_that_its_expression_gives() {
        let of = "CASE WHEN \"kind\" = 'a' THEN coalesce(\"of\", 'other') WHEN \"used\" THEN \"kind\" ELSE 'none' END";
        let picked = picked(of).expect("understood");
        let class = |row: &[(&str, &str)]| {
            let value = |name: &str| {
                row.iter().find(|(column, _)| *column == name).map(|(_, value)| (*value).to_owned())
            };
            picked.of(&value)
        };
        assert_eq!(class(&[("kind", "a")]).as_deref(), Some("other"));
        assert_eq!(class(&[("kind", "a"), ("of", "strict")]).as_deref(), Some("strict"));
        assert_eq!(class(&[("kind", "b"), ("used", "true")]).as_deref(), Some("b"));
        assert_eq!(class(&[("kind", "b"), ("used", "false")]).as_deref(), Some("none"));
        assert_eq!(class(&[("used", "true")]), None);
    }
}
