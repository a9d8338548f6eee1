//! CQL2 text, read by the binding strength of its operators (Pratt 1973).

use super::lexer::{Lexer, Token};
use super::tree::{self, DEEPEST, Expr, Is, OPS, Op, Sum};
use super::truth::Test;
use super::{fault, nearest, wkt};
use crate::serve::problem::Problem;

/// How strongly operators bind, the loosest first.
mod power {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARE: u8 = 4;
    pub(super) const SUM: u8 = 5;
    pub(super) const PRODUCT: u8 = 6;
    pub(super) const POWER: u8 = 7;
    pub(super) const SIGN: u8 = 8;
}

/// Words that are no properties unless they stand in double quotes.
const KEYWORDS: [&str; 11] =
    ["AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE", "DIV"];

/// Reads a filter.
pub(super) fn parse(text: &str) -> Result<Expr, Problem> {
    let mut parser = Parser::new(text)?;
    let whole = parser.expression(0)?;
    match parser.token {
        Token::End => Ok(whole),
        Token::Mark(")") => Err(fault(parser.at, "this parenthesis closes nothing")),
        ref other => Err(fault(parser.at, format!("expected an operator, not {other}"))),
    }
}

/// The state of reading: one word or mark ahead.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    lexer: Lexer<'a>,
    /// The next word or mark.
    pub(super) token: Token,
    /// Where it begins.
    pub(super) at: usize,
    /// The parentheses, prefixes and functions around it.
    nested: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Result<Self, Problem> {
        let mut lexer = Lexer::new(text);
        let (at, token) = lexer.next()?;
        Ok(Self { lexer, token, at, nested: 0 })
    }

    /// Takes the next word or mark and where it begins.
    pub(super) fn take(&mut self) -> Result<(usize, Token), Problem> {
        let (at, token) = self.lexer.next()?;
        let taken = std::mem::replace(&mut self.token, token);
        Ok((std::mem::replace(&mut self.at, at), taken))
    }

    /// Takes a mark if it is next.
    pub(super) fn takes(&mut self, mark: &str) -> Result<bool, Problem> {
        let is = self.token.is(mark);
        if is {
            self.take()?;
        }
        Ok(is)
    }

    /// Takes a keyword if it is next.
    pub(super) fn takes_word(&mut self, keyword: &str) -> Result<bool, Problem> {
        let is = self.token.says(keyword);
        if is {
            self.take()?;
        }
        Ok(is)
    }

    /// Takes a mark that has to be next.
    pub(super) fn expect(&mut self, mark: &str) -> Result<(), Problem> {
        match self.takes(mark)? {
            true => Ok(()),
            false => Err(fault(self.at, format!("expected {mark}, not {}", self.token))),
        }
    }

    /// Reads one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        if self.nested >= DEEPEST {
            return Err(tree::too_deep(self.at));
        }
        self.nested += 1;
        let read = read(self);
        self.nested -= 1;
        read
    }

    /// An expression whose operators bind at least as strongly as given.
    fn expression(&mut self, least: u8) -> Result<Expr, Problem> {
        let mut left = self.prefix()?;
        while let Some((binds, op)) = self.operator().filter(|(binds, _)| *binds >= least) {
            let (at, _) = self.take()?;
            left = match op {
                Infix::Join(op) => {
                    let right = self.expression(binds + 1)?;
                    Expr::joined(at, op, left, right)?
                }
                // A power of a power is read from the right.
                Infix::Plain(op @ Op::Count(Sum::Power)) => {
                    let right = self.deeper(|parser| parser.expression(binds))?;
                    Expr::of(at, op, vec![left, right])?
                }
                Infix::Plain(op) => {
                    let right = self.expression(binds + 1)?;
                    Expr::of(at, op, vec![left, right])?
                }
                Infix::Is => {
                    let not = self.takes_word("NOT")?;
                    if !self.takes_word("NULL")? {
                        return Err(fault(self.at, format!("expected NULL, not {}", self.token)));
                    }
                    negated(not, at, Expr::of(at, Op::IsNull, vec![left])?)?
                }
                Infix::Not => self.list_or_range(at, left, true)?,
                Infix::Keyword(keyword) => self.after_keyword(keyword, at, left, false)?,
            };
        }
        Ok(left)
    }

    /// The operator that is next and how strongly it binds.
    fn operator(&self) -> Option<(u8, Infix)> {
        let plain = |binds, op| Some((binds, Infix::Plain(op)));
        match &self.token {
            Token::Mark(mark) => match *mark {
                "=" => plain(power::COMPARE, Op::Compare(Test::Equal)),
                "<>" => plain(power::COMPARE, Op::Compare(Test::Other)),
                "<" => plain(power::COMPARE, Op::Compare(Test::Less)),
                "<=" => plain(power::COMPARE, Op::Compare(Test::AtMost)),
                ">" => plain(power::COMPARE, Op::Compare(Test::More)),
                ">=" => plain(power::COMPARE, Op::Compare(Test::AtLeast)),
                "+" => plain(power::SUM, Op::Count(Sum::Plus)),
                "-" => plain(power::SUM, Op::Count(Sum::Minus)),
                "*" => plain(power::PRODUCT, Op::Count(Sum::Times)),
                "/" => plain(power::PRODUCT, Op::Count(Sum::Over)),
                "%" => plain(power::PRODUCT, Op::Count(Sum::Rest)),
                "^" => plain(power::POWER, Op::Count(Sum::Power)),
                _ => None,
            },
            Token::Word(word) => match word.to_ascii_uppercase().as_str() {
                "AND" => Some((power::AND, Infix::Join(Op::And))),
                "OR" => Some((power::OR, Infix::Join(Op::Or))),
                "DIV" => plain(power::PRODUCT, Op::Count(Sum::Whole)),
                "IS" => Some((power::COMPARE, Infix::Is)),
                "NOT" => Some((power::COMPARE, Infix::Not)),
                "LIKE" => Some((power::COMPARE, Infix::Keyword(Op::Like))),
                "BETWEEN" => Some((power::COMPARE, Infix::Keyword(Op::Between))),
                "IN" => Some((power::COMPARE, Infix::Keyword(Op::In))),
                _ => None,
            },
            _ => None,
        }
    }

    /// What follows `value NOT`.
    fn list_or_range(&mut self, at: usize, left: Expr, not: bool) -> Result<Expr, Problem> {
        for (word, op) in [("LIKE", Op::Like), ("BETWEEN", Op::Between), ("IN", Op::In)] {
            if self.takes_word(word)? {
                return self.after_keyword(op, at, left, not);
            }
        }
        Err(fault(self.at, format!("expected LIKE, BETWEEN or IN, not {}", self.token)))
    }

    fn after_keyword(&mut self, op: Op, at: usize, left: Expr, not: bool) -> Result<Expr, Problem> {
        let mut operands = vec![left];
        match op {
            Op::Between => {
                operands.push(self.expression(power::SUM)?);
                if !self.takes_word("AND")? {
                    return Err(fault(self.at, format!("expected AND, not {}", self.token)));
                }
                operands.push(self.expression(power::SUM)?);
            }
            Op::In => {
                self.expect("(")?;
                operands.extend(self.list()?);
            }
            _ => operands.push(self.expression(power::SUM)?),
        }
        negated(not, at, Expr::of(at, op, operands)?)
    }

    /// Expressions with commas up to a parenthesis.
    fn list(&mut self) -> Result<Vec<Expr>, Problem> {
        self.deeper(|parser| {
            let mut all = vec![parser.expression(0)?];
            while parser.takes(",")? {
                all.push(parser.expression(0)?);
            }
            parser.expect(")")?;
            Ok(all)
        })
    }

    /// A value, a function, a parenthesis, or one of these with a prefix.
    fn prefix(&mut self) -> Result<Expr, Problem> {
        let (at, token) = self.take()?;
        match token {
            Token::Number(number) => Ok(Expr::leaf(at, Is::Number(number))),
            Token::Text(text) => Ok(Expr::leaf(at, Is::Text(text))),
            Token::Name(name) => Ok(Expr::leaf(at, Is::Property(name))),
            Token::Mark("(") => {
                let inner = self.deeper(|parser| parser.expression(0))?;
                match self.token {
                    Token::End => Err(fault(at, "this parenthesis is not closed")),
                    _ => self.expect(")").map(|()| inner),
                }
            }
            Token::Mark("+") => self.deeper(|parser| parser.expression(power::SIGN)),
            Token::Mark("-") => {
                let inner = self.deeper(|parser| parser.expression(power::SIGN))?;
                match inner.is {
                    Is::Number(number) => Ok(Expr::leaf(at, Is::Number(-number))),
                    _ => Expr::of(at, Op::Negate, vec![inner]),
                }
            }
            Token::Word(word) => self.word(at, word),
            other => Err(fault(at, format!("expected a value, not {other}"))),
        }
    }

    fn word(&mut self, at: usize, word: String) -> Result<Expr, Problem> {
        let upper = word.to_ascii_uppercase();
        match upper.as_str() {
            "TRUE" => return Ok(Expr::leaf(at, Is::Flag(true))),
            "FALSE" => return Ok(Expr::leaf(at, Is::Flag(false))),
            "NOT" => {
                let inner = self.deeper(|parser| parser.expression(power::NOT))?;
                return Expr::of(at, Op::Not, vec![inner]);
            }
            _ => {}
        }
        if KEYWORDS.contains(&upper.as_str()) {
            let hint = format!("a property of this name stands in double quotes, \"{word}\"");
            return Err(fault(at, format!("expected a value, not {word}")).with("hint", hint));
        }
        if wkt::is_kind(&upper) && (self.token.is("(") || wkt::is_dimension(&self.token)) {
            return wkt::geometry(self, &upper).map(|shape| Expr::leaf(at, Is::Shape(shape)));
        }
        if !self.token.is("(") {
            return Ok(Expr::leaf(at, Is::Property(word)));
        }
        self.take()?;
        self.function(at, &word, &upper)
    }

    fn function(&mut self, at: usize, word: &str, upper: &str) -> Result<Expr, Problem> {
        match upper {
            "DATE" | "TIMESTAMP" => {
                let (inner, text) = self.quoted_text()?;
                self.expect(")")?;
                Ok(Expr::leaf(
                    at,
                    match upper {
                        "DATE" => Is::Date(tree::date(inner, &text)?),
                        _ => Is::Moment(tree::moment(inner, &text)?),
                    },
                ))
            }
            "INTERVAL" => {
                let from = self.end()?;
                self.expect(",")?;
                let to = self.end()?;
                self.expect(")")?;
                Expr::of(at, Op::Interval, vec![from, to])
            }
            "BBOX" | "ENVELOPE" => {
                let mut numbers = vec![wkt::number(self)?];
                while self.takes(",")? {
                    numbers.push(wkt::number(self)?);
                }
                self.expect(")")?;
                wkt::corners(at, &numbers).map(|corners| Expr::leaf(at, Is::Bbox(corners)))
            }
            _ => match Op::named(word).filter(|op| op.is_function()) {
                Some(op) => {
                    let operands = self.list()?;
                    Expr::of(at, op, operands)
                }
                None => Err(unknown_function(at, word)),
            },
        }
    }

    fn quoted_text(&mut self) -> Result<(usize, String), Problem> {
        match self.take()? {
            (at, Token::Text(text)) => Ok((at, text)),
            (at, other) => Err(fault(at, format!("expected a text in quotes, not {other}"))),
        }
    }

    /// An end of an interval.
    fn end(&mut self) -> Result<Expr, Problem> {
        match &self.token {
            Token::Text(_) => {
                let (at, text) = self.quoted_text()?;
                tree::end(at, &text)
            }
            _ => self.deeper(|parser| parser.expression(power::SUM)),
        }
    }
}

/// An operator between operands.
#[derive(Debug, Clone, Copy)]
enum Infix {
    Join(Op),
    Plain(Op),
    Is,
    Not,
    Keyword(Op),
}

fn negated(not: bool, at: usize, predicate: Expr) -> Result<Expr, Problem> {
    if not { Expr::of(at, Op::Not, vec![predicate]) } else { Ok(predicate) }
}

/// A function that does not exist.
pub(super) fn unknown_function(at: usize, name: &str) -> Problem {
    let more = ["DATE", "TIMESTAMP", "INTERVAL", "BBOX"].into_iter();
    let known = OPS.iter().filter(|(_, op)| op.is_function()).map(|(name, _)| *name).chain(more);
    let problem = fault(at, format!("there is no function {name}"));
    match nearest(name, known) {
        Some(near) => problem.with("hint", format!("did you mean {}", near.to_ascii_uppercase())),
        None => problem,
    }
}
