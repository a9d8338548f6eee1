//! Comparisons: values of one kind, of which texts of the filter become days or moments if they are compared with such.

use super::super::evaluate::{Join, Node, Num, Tests, Value};
use super::super::times::Instant;
use super::super::tree::{self, Expr};
use super::super::truth::{Test, Truth};
use super::super::words::{self, ByRank, ByWord, Text};
use super::super::{fault, problem_of};
use super::Compiler;
use crate::serve::problem::Problem;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::HashSet;

/// Values of one kind.
enum Same<'a> {
    Truths(Vec<Node<'a>>),
    Numbers(Vec<Num<'a>>),
    Texts(Vec<Text<'a>>),
    Dates(Vec<Instant<'a, Date>>),
    Moments(Vec<Instant<'a, Timestamp>>),
}

impl<'a> Compiler<'a, '_> {
    /// The first of some values compared with each of the others.
    pub(super) fn compared(
        &self,
        all: &[&Expr],
        tests: &[Test],
        join: Join,
    ) -> Result<Node<'a>, Problem> {
        self.joined_tests(self.same(all)?, tests, join)
    }

    pub(super) fn between(
        &self,
        value: &Expr,
        low: &Expr,
        high: &Expr,
    ) -> Result<Node<'a>, Problem> {
        match self.same(&[value, low, high])? {
            Same::Truths(_) => {
                Err(fault(value.at, "BETWEEN compares numbers, texts, days or moments"))
            }
            same => self.joined_tests(same, &[Test::AtLeast, Test::AtMost], Join::All),
        }
    }

    /// Whether a value is one of a list.
    pub(super) fn among(&self, value: &Expr, list: &[Expr]) -> Result<Node<'a>, Problem> {
        let all: Vec<&Expr> = std::iter::once(value).chain(list).collect();
        match self.same(&all)? {
            Same::Texts(texts) => self.text_among(&texts),
            Same::Numbers(mut numbers) => {
                let constants: Option<Vec<f64>> =
                    numbers.iter().skip(1).map(Num::constant).collect();
                let Some(mut list) = constants else {
                    let tests = vec![Test::Equal; numbers.len()];
                    return self.joined_tests(Same::Numbers(numbers), &tests, Join::Any);
                };
                // A zero has two signs, and they are equal.
                list.iter_mut().for_each(|one| *one += 0.0);
                let missing = list.iter().any(|one| one.is_nan());
                list.retain(|one| !one.is_nan());
                list.sort_by(f64::total_cmp);
                let among = Node::Among(numbers.swap_remove(0), list);
                let unknown = Node::Always(Truth::Unknown);
                Ok(if missing { Node::Joined(Join::Any, vec![among, unknown]) } else { among })
            }
            same => self.joined_tests(same, &vec![Test::Equal; list.len()], Join::Any),
        }
    }

    fn joined_tests(
        &self,
        same: Same<'a>,
        tests: &[Test],
        join: Join,
    ) -> Result<Node<'a>, Problem> {
        let node = match same {
            Same::Truths(all) => tested(all, tests, join).map(|tests| Node::Flags(Box::new(tests))),
            Same::Numbers(all) => tested(all, tests, join).map(Node::Numbers),
            Same::Dates(all) => tested(all, tests, join).map(Node::Dates),
            Same::Moments(all) => tested(all, tests, join).map(Node::Moments),
            Same::Texts(all) => {
                let (value, others) = all.split_first().unzip();
                let pairs = value.into_iter().flat_map(|value| {
                    others.unwrap_or_default().iter().map(move |other| (value, other))
                });
                let nodes = pairs.zip(tests).map(|((a, b), test)| self.texts(a, *test, b));
                Some(Node::Joined(join, nodes.collect::<Result<_, _>>()?))
            }
        };
        Ok(node.unwrap_or(Node::Always(Truth::Unknown)))
    }

    /// Whether the first of some texts is one of the others. Those of the filter are looked up all at once.
    fn text_among(&self, texts: &[Text<'a>]) -> Result<Node<'a>, Problem> {
        let Some((value, list)) = texts.split_first() else {
            return Ok(Node::Always(Truth::Unknown));
        };
        let mut nodes = Vec::new();
        let given = |text: &Text<'_>| match text {
            Text::Given(text) => Some(text.clone()),
            Text::Column { .. } => None,
        };
        match value {
            Text::Column { words, of, fold } => {
                let given: HashSet<String> = list.iter().filter_map(given).collect();
                let table = words::among((words, *fold), &given, self.cancel)
                    .map_err(|error| problem_of(&error))?;
                nodes.push(Node::Words(ByWord { table, of }));
            }
            Text::Given(text) => {
                nodes.push(Node::Always(
                    list.iter().filter_map(given).any(|one| one == *text).into(),
                ));
            }
        }
        for other in list.iter().filter(|text| matches!(text, Text::Column { .. })) {
            nodes.push(self.texts(value, Test::Equal, other)?);
        }
        Ok(Node::Joined(Join::Any, nodes))
    }

    /// Two texts compared.
    fn texts(&self, left: &Text<'a>, test: Test, right: &Text<'a>) -> Result<Node<'a>, Problem> {
        let against = |column: &Text<'a>, test: Test, text: &str| match column {
            Text::Column { words, of, fold } => {
                words::compared((words, *fold), test, text, self.cancel)
                    .map(|table| Node::Words(ByWord { table, of }))
                    .map_err(|error| problem_of(&error))
            }
            Text::Given(own) => Ok(Node::Always(test.holds(own.as_str().cmp(text)).into())),
        };
        match (left, right) {
            (_, Text::Given(text)) => against(left, test, text),
            (Text::Given(text), _) => against(right, test.turned(), text),
            (
                Text::Column { words: a, of: of_a, fold: fold_a },
                Text::Column { words: b, of: of_b, fold: fold_b },
            ) => {
                let ranks = words::ranks([(*a, *fold_a), (*b, *fold_b)]);
                Ok(Node::Ranks(ByRank { ranks, of: [of_a, of_b], test }))
            }
        }
    }

    /// Values that have to be of one kind.
    fn same(&self, all: &[&Expr]) -> Result<Same<'a>, Problem> {
        let values = all.iter().map(|expr| Ok((expr.at, self.value(expr)?)));
        let values = values.collect::<Result<Vec<_>, Problem>>()?;
        let is_given = |value: &Value<'_>| matches!(value, Value::Text(Text::Given(_)));
        // The kind is that of the columns; a text of the filter adapts to it.
        let kind = values.iter().find(|(_, value)| !is_given(value)).map(|(_, value)| value.kind());
        let different = |at: usize, value: &Value<'_>| {
            let (own, kind) = (value.kind(), kind.unwrap_or("texts"));
            let problem = fault(at, format!("{kind} cannot be compared with {own}"));
            match (kind, own) {
                ("days", _) => problem.with("hint", "a day is DATE('2026-01-31')"),
                ("moments", _) => {
                    problem.with("hint", "a moment is TIMESTAMP('2026-01-31T12:00:00Z')")
                }
                ("texts", "numbers") => problem.with("hint", "a text stands in single quotes"),
                _ => problem,
            }
        };
        /// Takes all values as one kind.
        macro_rules! all {
            ($same:ident, $value:ident $(, $parse:expr)?) => {{
                let one = |(at, value)| match value {
                    Value::$value(value) => Ok(value),
                    $(Value::Text(Text::Given(text)) => $parse(at, &text).map(Instant::Given),)?
                    other => Err(different(at, &other)),
                };
                values.into_iter().map(one).collect::<Result<_, _>>().map(Same::$same)
            }};
        }
        match kind {
            Some("numbers") => all!(Numbers, Number),
            Some("booleans") => all!(Truths, Truth),
            Some("days") => all!(Dates, Date, tree::date),
            Some("moments") => all!(Moments, Moment, tree::moment),
            Some("geometries") => {
                let at = all.first().map_or(0, |expr| expr.at);
                Err(fault(at, "geometries are compared by S_EQUALS"))
            }
            _ => all!(Texts, Text),
        }
    }
}

/// The first value with the tests of the others.
fn tested<V>(all: Vec<V>, tests: &[Test], join: Join) -> Option<Tests<V>> {
    let mut all = all.into_iter();
    let value = all.next()?;
    Some(Tests { value, tests: tests.iter().copied().zip(all).collect(), join })
}
