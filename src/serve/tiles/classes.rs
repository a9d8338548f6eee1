//! The classes of a style as filters of map clients: a style says by an expression of QGIS which class a feature is in,
//! and this says by a filter which features are in a class. Filters are in the first form of the MapLibre style
//! specification, which every client reads.

use serde_json::{Value, json};
use std::iter::Peekable;
use std::vec::IntoIter;

/// An expression that gives a text.
#[derive(Debug, PartialEq)]
enum Text {
    /// A column.
    Column(String),
    /// A text.
    Fixed(String),
    /// A column, or a text where it is missing.
    Or(String, String),
    /// The text of the first condition that holds, or the last one.
    Case(Vec<(Condition, Text)>, Box<Text>),
}

/// A condition of an expression.
#[derive(Debug, PartialEq)]
enum Condition {
    /// A column is true.
    Flag(String),
    /// A column has one of some texts.
    In(String, Vec<String>),
}

/// The filter of the features for which an expression gives a text; `None` if the expression is not understood.
pub fn filter(expression: &str, text: &str) -> Option<Value> {
    Some(parsed(expression)?.is(text))
}

/// The columns that an expression names.
pub fn columns(expression: &str) -> Vec<String> {
    let tokens = tokens(expression).unwrap_or_default();
    let column = |token| if let Token::Column(name) = token { Some(name) } else { None };
    tokens.into_iter().filter_map(column).collect()
}

fn parsed(expression: &str) -> Option<Text> {
    let mut tokens = tokens(expression)?.into_iter().peekable();
    let text = text(&mut tokens)?;
    tokens.next().is_none().then_some(text)
}

impl Text {
    fn is(&self, value: &str) -> Value {
        match self {
            Self::Column(name) => json!(["==", name, value]),
            Self::Fixed(text) => Value::Bool(text == value),
            Self::Or(name, text) if text == value => {
                any(vec![json!(["==", name, value]), json!(["!has", name])])
            }
            Self::Or(name, _) => json!(["==", name, value]),
            Self::Case(cases, otherwise) => {
                let mut before = Vec::new();
                let mut ways = Vec::new();
                for (condition, text) in cases {
                    let mut all_of = before.clone();
                    all_of.extend([condition.holds(), text.is(value)]);
                    ways.push(all(all_of));
                    before.push(condition.fails());
                }
                before.push(otherwise.is(value));
                ways.push(all(before));
                any(ways)
            }
        }
    }
}

impl Condition {
    fn holds(&self) -> Value {
        match self {
            Self::Flag(name) => json!(["==", name, true]),
            Self::In(name, texts) => of_texts("in", name, texts),
        }
    }

    fn fails(&self) -> Value {
        match self {
            Self::Flag(name) => json!(["!=", name, true]),
            Self::In(name, texts) => of_texts("!in", name, texts),
        }
    }
}

fn of_texts(operator: &str, name: &str, texts: &[String]) -> Value {
    [operator, name].into_iter().chain(texts.iter().map(String::as_str)).collect()
}

/// All of some filters; what always holds is left out.
fn all(filters: Vec<Value>) -> Value {
    joined("all", filters, true)
}

/// Any of some filters; what never holds is left out.
fn any(filters: Vec<Value>) -> Value {
    joined("any", filters, false)
}

fn joined(word: &str, mut filters: Vec<Value>, neutral: bool) -> Value {
    if filters.contains(&Value::Bool(!neutral)) {
        return Value::Bool(!neutral);
    }
    filters.retain(|filter| *filter != Value::Bool(neutral));
    match filters.len() {
        0 => Value::Bool(neutral),
        1 => filters.swap_remove(0),
        _ => std::iter::once(json!(word)).chain(filters).collect(),
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

fn text(tokens: &mut Tokens) -> Option<Text> {
    match tokens.next()? {
        Token::Column(name) => Some(Text::Column(name)),
        Token::Text(text) => Some(Text::Fixed(text)),
        Token::Word(word) if word == "COALESCE" => {
            sign(tokens, '(')?;
            let Token::Column(name) = tokens.next()? else { return None };
            sign(tokens, ',')?;
            let Token::Text(text) = tokens.next()? else { return None };
            sign(tokens, ')')?;
            Some(Text::Or(name, text))
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
                        return Some(Text::Case(cases, Box::new(otherwise)));
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
    fn a_column_is_compared() {
        assert_eq!(filter("\"band\"", "high"), Some(json!(["==", "band", "high"])));
    }

    #[test]
    fn a_case_excludes_what_came_before() {
        let of = "CASE WHEN \"used\" THEN \"domain\" ELSE 'unused' END";
        let used = json!(["all", ["==", "used", true], ["==", "domain", "security"]]);
        assert_eq!(filter(of, "security"), Some(used));
        let domain = json!(["all", ["==", "used", true], ["==", "domain", "unused"]]);
        assert_eq!(filter(of, "unused"), Some(json!(["any", domain, ["!=", "used", true]])));
    }

    #[test]
    fn a_missing_value_may_have_a_class() {
        let of = "CASE WHEN \"kind\" = 'a' THEN coalesce(\"of\", 'other') WHEN \"kind\" IN ('b', 'c') THEN 'water' ELSE \"kind\" END";
        let known =
            json!(["all", ["in", "kind", "a"], ["any", ["==", "of", "other"], ["!has", "of"]]]);
        let rest = json!([
            "all",
            ["!in", "kind", "a"],
            ["!in", "kind", "b", "c"],
            ["==", "kind", "other"]
        ]);
        assert_eq!(filter(of, "other"), Some(json!(["any", known, rest])));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for of in
            ["round(\"a\")", "\"a\" || 'b'", "CASE WHEN \"a\" > 3 THEN 'x' ELSE 'y' END", "CASE"]
        {
            assert_eq!(filter(of, "x"), None, "{of}");
        }
    }
}
