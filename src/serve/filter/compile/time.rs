//! The operands of temporal functions: instants and intervals, both of days or both of moments.

use super::super::evaluate::{Node, Value};
use super::super::fault;
use super::super::times::{Bounded, Instant, Order, Span};
use super::super::tree::{self, Expr, Is, Op};
use super::super::words::Text;
use super::Compiler;
use crate::serve::problem::Problem;
use jiff::Timestamp;
use jiff::civil::Date;

/// An end of an interval.
#[derive(Clone, Copy)]
enum End<'a> {
    Open,
    Date(Instant<'a, Date>),
    Moment(Instant<'a, Timestamp>),
}

impl<'a> Compiler<'a, '_> {
    pub(super) fn temporal(
        &self,
        order: Order,
        left: &Expr,
        right: &Expr,
    ) -> Result<Node<'a>, Problem> {
        let ends = [self.ends(left)?, self.ends(right)?];
        let all = || ends.iter().flatten();
        let days = all().any(|(_, end)| matches!(end, End::Date(_)));
        let other = all().find(|(_, end)| matches!(end, End::Moment(_)));
        match (days, other) {
            (true, Some((at, _))) => {
                let problem = fault(*at, "days cannot be compared with moments");
                Err(problem.with("hint", "write both as DATE, or both as TIMESTAMP"))
            }
            (true, None) => Ok(Node::DateSpans(
                order,
                spans(ends, |end| match end {
                    End::Date(date) => Some(date),
                    _ => None,
                })?,
            )),
            _ => Ok(Node::MomentSpans(
                order,
                spans(ends, |end| match end {
                    End::Moment(moment) => Some(moment),
                    _ => None,
                })?,
            )),
        }
    }

    /// The beginning and the end of an operand, each with its place in the filter.
    fn ends(&self, expr: &Expr) -> Result<[(usize, End<'a>); 2], Problem> {
        match &expr.is {
            Is::Of(Op::Interval, ends) => match ends.as_slice() {
                [from, to] => Ok([(from.at, self.end(from)?), (to.at, self.end(to)?)]),
                _ => Err(fault(expr.at, "an interval has two ends")),
            },
            _ => self.end(expr).map(|end| [(expr.at, end); 2]),
        }
    }

    fn end(&self, expr: &Expr) -> Result<End<'a>, Problem> {
        if expr.is == Is::Open {
            return Ok(End::Open);
        }
        match self.value(expr)? {
            Value::Date(date) => Ok(End::Date(date)),
            Value::Moment(moment) => Ok(End::Moment(moment)),
            Value::Text(Text::Given(text)) => self.end(&tree::end(expr.at, &text)?),
            other => {
                let detail =
                    format!("expected days, moments or intervals; this has {}", other.kind());
                Err(fault(expr.at, detail))
            }
        }
    }
}

/// Intervals of one kind of instants.
fn spans<'a, T: Bounded>(
    ends: [[(usize, End<'a>); 2]; 2],
    instant: impl Fn(End<'a>) -> Option<Instant<'a, T>>,
) -> Result<[Span<'a, T>; 2], Problem> {
    let span = |[(at, from), (_, to)]: [(usize, End<'a>); 2]| {
        let from = instant(from).unwrap_or(Instant::Given(T::FIRST));
        let to = instant(to).unwrap_or(Instant::Given(T::LAST));
        match (from, to) {
            (Instant::Given(first), Instant::Given(last)) if first > last => {
                Err(fault(at, "the interval ends before it begins"))
            }
            _ => Ok(Span { from, to }),
        }
    };
    let [left, right] = ends;
    Ok([span(left)?, span(right)?])
}
