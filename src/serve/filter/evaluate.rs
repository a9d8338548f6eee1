//! A filter that is typed against the columns of a collection, and its answer: run by run of features, each node over
//! the whole run, so that the columns are read in loops.

use super::problem_of;
use super::shapes::{Place, Spatial};
use super::times::{self, Instant, Order, Span};
use super::tree::Sum;
use super::truth::{Test, Truth};
use super::words::{ByRank, ByWord, Text};
use crate::run::Cancel;
use crate::serve::problem::Problem;
use geo_types::Geometry;
use jiff::Timestamp;
use jiff::civil::Date;
use std::borrow::Cow;
use std::ops::Range;

/// The features that are decided at once.
const RUN: usize = 1024;

/// A filter that is typed against a collection.
#[derive(Debug)]
pub struct Compiled<'a> {
    pub(super) root: Node<'a>,
    pub(super) geometries: &'a [Option<Geometry<f64>>],
}

impl Compiled<'_> {
    /// The indices of the features for which the filter is true, in their order.
    ///
    /// # Errors
    /// The flag is raised.
    pub fn select(&self, cancel: &Cancel) -> Result<Vec<usize>, Problem> {
        let (mut found, count) = (Vec::new(), self.geometries.len());
        let (mut out, live) = (vec![Truth::Unknown; RUN], [true; RUN]);
        for from in (0..count).step_by(RUN) {
            let run = from..count.min(from + RUN);
            let (Some(live), Some(out)) = (live.get(..run.len()), out.get_mut(..run.len())) else {
                break;
            };
            self.root.decide(&Asked { run, geometries: self.geometries, cancel }, live, out);
            cancel.check().map_err(|error| problem_of(&error))?;
            let yes = out.iter().enumerate().filter(|(_, truth)| **truth == Truth::Yes);
            found.extend(yes.map(|(at, _)| from + at));
        }
        Ok(found)
    }
}

/// What a node is asked: for which features, and until when.
pub(super) struct Asked<'a> {
    pub(super) run: Range<usize>,
    pub(super) geometries: &'a [Option<Geometry<f64>>],
    pub(super) cancel: &'a Cancel,
}

/// How several truths become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    All,
    Any,
}

impl Join {
    fn of(self, one: Truth, other: Truth) -> Truth {
        match self {
            Self::All => one.min(other),
            Self::Any => one.max(other),
        }
    }

    /// The truth of none, which changes nothing.
    fn none(self) -> Truth {
        Truth::from(self == Self::All)
    }
}

/// A value compared with others.
#[derive(Debug)]
pub(super) struct Tests<V> {
    pub(super) value: V,
    pub(super) tests: Vec<(Test, V)>,
    pub(super) join: Join,
}

/// Something that is true, false or unknown of each feature.
#[derive(Debug)]
pub(super) enum Node<'a> {
    Always(Truth),
    Flag(&'a [Option<bool>]),
    Joined(Join, Vec<Node<'a>>),
    Not(Box<Node<'a>>),
    Words(ByWord<'a>),
    Ranks(ByRank<'a>),
    Numbers(Tests<Num<'a>>),
    /// A number that is one of some, which are in ascending order.
    Among(Num<'a>, Vec<f64>),
    Dates(Tests<Instant<'a, Date>>),
    Moments(Tests<Instant<'a, Timestamp>>),
    Flags(Box<Tests<Node<'a>>>),
    Missing(Box<Value<'a>>),
    DateSpans(Order, [Span<'a, Date>; 2]),
    MomentSpans(Order, [Span<'a, Timestamp>; 2]),
    Spatial(Spatial<'a>),
}

/// What has a value for each feature.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Truth(Node<'a>),
    Number(Num<'a>),
    Text(Text<'a>),
    Date(Instant<'a, Date>),
    Moment(Instant<'a, Timestamp>),
    Place(Place),
}

impl Node<'_> {
    /// Whether it compares geometries, which takes far longer than anything else.
    pub(super) fn is_slow(&self) -> bool {
        match self {
            Self::Spatial(_) => true,
            Self::Joined(_, nodes) => nodes.iter().any(Node::is_slow),
            Self::Not(node) => node.is_slow(),
            Self::Flags(tests) => {
                tests.value.is_slow() || tests.tests.iter().any(|(_, node)| node.is_slow())
            }
            _ => false,
        }
    }

    /// Decides it for a run of features. Where `live` is false the answer does not count and need not be right.
    fn decide(&self, asked: &Asked<'_>, live: &[bool], out: &mut [Truth]) {
        let run = asked.run.clone();
        match self {
            Self::Always(truth) => out.fill(*truth),
            Self::Flag(flags) => {
                for (out, flag) in out.iter_mut().zip(flags.get(run).unwrap_or_default()) {
                    *out = flag.map_or(Truth::Unknown, Truth::from);
                }
            }
            Self::Joined(join, nodes) => joined(*join, nodes, asked, live, out),
            Self::Not(node) => {
                node.decide(asked, live, out);
                out.iter_mut().for_each(|out| *out = !*out);
            }
            Self::Words(ByWord { table, of }) => {
                for (out, word) in out.iter_mut().zip(of.get(run).unwrap_or_default()) {
                    *out = at(table, *word).unwrap_or(Truth::Unknown);
                }
            }
            Self::Ranks(ByRank { ranks: [left, right], of: [a, b], test }) => {
                for (out, feature) in out.iter_mut().zip(run) {
                    let rank = |ranks: &[u32], of: &[u32]| at(ranks, *of.get(feature)?);
                    *out = test.between(rank(left, a), rank(right, b));
                }
            }
            Self::Numbers(tests) => {
                let value = tests.value.read(&run);
                out.fill(tests.join.none());
                for (test, other) in &tests.tests {
                    compare(*test, &value, &other.read(&run), tests.join, out);
                }
            }
            Self::Among(value, list) => {
                let value = value.read(&run);
                for (at, out) in out.iter_mut().enumerate() {
                    let number = value.at(at) + 0.0;
                    let found = list.binary_search_by(|one| one.total_cmp(&number)).is_ok();
                    *out = if number.is_nan() { Truth::Unknown } else { found.into() };
                }
            }
            Self::Dates(tests) => instants(tests, run, out),
            Self::Moments(tests) => instants(tests, run, out),
            Self::Flags(tests) => {
                let (mut value, mut other) = (vec![Truth::Unknown; out.len()], out.to_vec());
                tests.value.decide(asked, live, &mut value);
                out.fill(tests.join.none());
                for (test, node) in &tests.tests {
                    node.decide(asked, live, &mut other);
                    for ((out, value), other) in out.iter_mut().zip(&value).zip(&other) {
                        let known = |truth: &Truth| Some(*truth).filter(|t| *t != Truth::Unknown);
                        *out = tests.join.of(*out, test.between(known(value), known(other)));
                    }
                }
            }
            Self::Missing(value) => value.missing(asked, live, out),
            Self::DateSpans(order, spans) => times::decide(*order, spans, run, out),
            Self::MomentSpans(order, spans) => times::decide(*order, spans, run, out),
            Self::Spatial(spatial) => spatial.decide(asked, live, out),
        }
    }
}

/// What a table has for the index of a text; `None` if there is no text.
fn at<T: Copy>(table: &[T], word: u32) -> Option<T> {
    table.get(usize::try_from(word).ok()?).copied()
}

/// Decides nodes in their order. A feature that one of them settles no longer counts for the others.
fn joined(join: Join, nodes: &[Node<'_>], asked: &Asked<'_>, live: &[bool], out: &mut [Truth]) {
    let settled = !join.none();
    let (mut live, mut next) = (live.to_vec(), out.to_vec());
    out.fill(join.none());
    for node in nodes {
        node.decide(asked, &live, &mut next);
        for ((out, next), live) in out.iter_mut().zip(&next).zip(&mut live) {
            *out = join.of(*out, *next);
            *live &= *out != settled;
        }
    }
}

fn instants<T: Copy + Ord>(tests: &Tests<Instant<'_, T>>, run: Range<usize>, out: &mut [Truth]) {
    for (out, feature) in out.iter_mut().zip(run) {
        let value = tests.value.of(feature);
        let each = tests.tests.iter().map(|(test, other)| test.between(value, other.of(feature)));
        *out = each.fold(tests.join.none(), |all, one| tests.join.of(all, one));
    }
}

impl Value<'_> {
    /// Whether it is missing.
    fn missing(&self, asked: &Asked<'_>, live: &[bool], out: &mut [Truth]) {
        let run = asked.run.clone();
        let mut each = |missing: &dyn Fn(usize) -> bool| {
            for (out, feature) in out.iter_mut().zip(run.clone()) {
                *out = missing(feature).into();
            }
        };
        match self {
            Self::Truth(node) => {
                node.decide(asked, live, out);
                out.iter_mut().for_each(|out| *out = (*out == Truth::Unknown).into());
            }
            Self::Number(number) => {
                let numbers = number.read(&run);
                each(&|feature| numbers.at(feature - run.start).is_nan());
            }
            Self::Text(Text::Given(_)) | Self::Place(Place::Given(_)) => each(&|_| false),
            Self::Text(Text::Column { words, of, .. }) => {
                each(&|feature| {
                    of.get(feature).is_none_or(|word| {
                        usize::try_from(*word).is_ok_and(|word| word >= words.len())
                    })
                });
            }
            Self::Date(date) => each(&|feature| date.of(feature).is_none()),
            Self::Moment(moment) => each(&|feature| moment.of(feature).is_none()),
            Self::Place(Place::Feature) => {
                each(&|feature| asked.geometries.get(feature).is_none_or(Option::is_none));
            }
        }
    }
}

/// Numbers of the features.
#[derive(Debug)]
pub(super) enum Num<'a> {
    Given(f64),
    /// NaN where it is missing.
    Column(&'a [f64]),
    Negated(Box<Num<'a>>),
    Of(Sum, Box<[Num<'a>; 2]>),
}

/// The numbers of a run of features.
enum Read<'a> {
    Same(f64),
    Each(Cow<'a, [f64]>),
}

impl Read<'_> {
    fn at(&self, index: usize) -> f64 {
        match self {
            Self::Same(number) => *number,
            Self::Each(numbers) => numbers.get(index).copied().unwrap_or(f64::NAN),
        }
    }
}

impl<'a> Num<'a> {
    /// The number, if it is the same for all features.
    pub(super) fn constant(&self) -> Option<f64> {
        match self.read(&(0..0)) {
            Read::Same(number) => Some(number),
            Read::Each(_) => None,
        }
    }

    fn read(&self, run: &Range<usize>) -> Read<'a> {
        match self {
            Self::Given(number) => Read::Same(*number),
            Self::Column(numbers) => {
                Read::Each(numbers.get(run.clone()).unwrap_or_default().into())
            }
            Self::Negated(inner) => match inner.read(run) {
                Read::Same(number) => Read::Same(-number),
                Read::Each(numbers) => Read::Each(numbers.iter().map(|number| -number).collect()),
            },
            Self::Of(sum, operands) => {
                let [left, right] = &**operands;
                match (left.read(run), right.read(run)) {
                    (Read::Same(left), Read::Same(right)) => Read::Same(sum.of(left, right)),
                    (left, right) => {
                        let each = (0..run.len()).map(|at| sum.of(left.at(at), right.at(at)));
                        Read::Each(each.collect())
                    }
                }
            }
        }
    }
}

impl Sum {
    /// The result; NaN where there is none, as of a division by zero.
    fn of(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Plus => left + right,
            Self::Minus => left - right,
            Self::Times => left * right,
            Self::Power => libm::pow(left, right),
            _ if right == 0.0 => f64::NAN,
            Self::Over => left / right,
            Self::Whole => (left / right).trunc(),
            Self::Rest => left % right,
        }
    }
}

/// Compares numbers, and joins the result to what there is.
fn compare(test: Test, left: &Read<'_>, right: &Read<'_>, join: Join, out: &mut [Truth]) {
    match test {
        Test::Equal => pairs(left, right, join, out, |left, right| left == right),
        Test::Other => pairs(left, right, join, out, |left, right| left != right),
        Test::Less => pairs(left, right, join, out, |left, right| left < right),
        Test::AtMost => pairs(left, right, join, out, |left, right| left <= right),
        Test::More => pairs(left, right, join, out, |left, right| left > right),
        Test::AtLeast => pairs(left, right, join, out, |left, right| left >= right),
    }
}

fn pairs(
    left: &Read<'_>,
    right: &Read<'_>,
    join: Join,
    out: &mut [Truth],
    holds: impl Fn(f64, f64) -> bool,
) {
    let truth = |left: f64, right: f64| {
        if left.is_nan() || right.is_nan() { Truth::Unknown } else { holds(left, right).into() }
    };
    match (left, right) {
        (Read::Each(left), Read::Same(right)) => {
            for (out, left) in out.iter_mut().zip(left.iter()) {
                *out = join.of(*out, truth(*left, *right));
            }
        }
        (Read::Each(left), Read::Each(right)) => {
            for ((out, left), right) in out.iter_mut().zip(left.iter()).zip(right.iter()) {
                *out = join.of(*out, truth(*left, *right));
            }
        }
        (left, right) => {
            for (at, out) in out.iter_mut().enumerate() {
                *out = join.of(*out, truth(left.at(at), right.at(at)));
            }
        }
    }
}
