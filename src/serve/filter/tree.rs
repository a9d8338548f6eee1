//! The syntax tree of both languages.

use super::fault;
use super::shapes::Relation;
use super::times::Order;
use super::truth::Test;
use crate::serve::problem::Problem;
use geo_types::Geometry;
use jiff::Timestamp;
use jiff::civil::Date;

/// How deep a filter may be nested.
pub(super) const DEEPEST: usize = 64;

/// A filter or a part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// The byte at which it stands in the filter.
    pub(super) at: usize,
    /// The nodes from here down to the farthest leaf.
    depth: usize,
    pub(super) is: Is,
}

/// What a part of a filter is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Is {
    Property(String),
    Text(String),
    Number(f64),
    Flag(bool),
    Date(Date),
    Moment(Timestamp),
    /// An end of an interval that is open, `'..'`.
    Open,
    /// A geometry as it was written.
    Shape(Geometry<f64>),
    /// West, south, east, north as they were written.
    Bbox([f64; 4]),
    /// An operation and its operands.
    Of(Op, Vec<Expr>),
}

/// An operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    And,
    Or,
    Not,
    Compare(Test),
    Like,
    Between,
    /// The first operand is one of the others.
    In,
    IsNull,
    Negate,
    Count(Sum),
    /// Without the difference between capital and small letters.
    Casei,
    /// Without accents.
    Accenti,
    Interval,
    Space(Relation),
    Time(Order),
}

/// An operation on two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sum {
    Plus,
    Minus,
    Times,
    Over,
    /// The whole part of the quotient.
    Whole,
    /// What is left of a division, with the sign of the dividend.
    Rest,
    Power,
}

/// Every operation by its name in CQL2 JSON; those whose names are functions have the same names in CQL2 text.
pub(super) const OPS: &[(&str, Op)] = &[
    ("and", Op::And),
    ("or", Op::Or),
    ("not", Op::Not),
    ("=", Op::Compare(Test::Equal)),
    ("<>", Op::Compare(Test::Other)),
    ("<", Op::Compare(Test::Less)),
    ("<=", Op::Compare(Test::AtMost)),
    (">", Op::Compare(Test::More)),
    (">=", Op::Compare(Test::AtLeast)),
    ("like", Op::Like),
    ("between", Op::Between),
    ("in", Op::In),
    ("isNull", Op::IsNull),
    ("+", Op::Count(Sum::Plus)),
    ("-", Op::Count(Sum::Minus)),
    ("*", Op::Count(Sum::Times)),
    ("/", Op::Count(Sum::Over)),
    ("div", Op::Count(Sum::Whole)),
    ("%", Op::Count(Sum::Rest)),
    ("^", Op::Count(Sum::Power)),
    ("casei", Op::Casei),
    ("accenti", Op::Accenti),
    ("s_intersects", Op::Space(Relation::Intersects)),
    ("s_disjoint", Op::Space(Relation::Disjoint)),
    ("s_equals", Op::Space(Relation::Equals)),
    ("s_touches", Op::Space(Relation::Touches)),
    ("s_crosses", Op::Space(Relation::Crosses)),
    ("s_within", Op::Space(Relation::Within)),
    ("s_contains", Op::Space(Relation::Contains)),
    ("s_overlaps", Op::Space(Relation::Overlaps)),
    ("t_after", Op::Time(Order::After)),
    ("t_before", Op::Time(Order::Before)),
    ("t_contains", Op::Time(Order::Contains)),
    ("t_disjoint", Op::Time(Order::Disjoint)),
    ("t_during", Op::Time(Order::During)),
    ("t_equals", Op::Time(Order::Equals)),
    ("t_finishedby", Op::Time(Order::FinishedBy)),
    ("t_finishes", Op::Time(Order::Finishes)),
    ("t_intersects", Op::Time(Order::Intersects)),
    ("t_meets", Op::Time(Order::Meets)),
    ("t_metby", Op::Time(Order::MetBy)),
    ("t_overlappedby", Op::Time(Order::OverlappedBy)),
    ("t_overlaps", Op::Time(Order::Overlaps)),
    ("t_startedby", Op::Time(Order::StartedBy)),
    ("t_starts", Op::Time(Order::Starts)),
];

impl Op {
    /// The operation with a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        OPS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, op)| *op)
    }

    /// Whether CQL2 text writes it like a function.
    pub(super) fn is_function(self) -> bool {
        matches!(self, Self::Casei | Self::Accenti | Self::Space(_) | Self::Time(_))
    }

    /// Its name.
    pub(super) fn name(self) -> String {
        match self {
            Self::Negate => "-".to_owned(),
            Self::Interval => "INTERVAL".to_owned(),
            Self::IsNull => "IS NULL".to_owned(),
            _ => OPS
                .iter()
                .find(|(_, op)| *op == self)
                .map_or_else(String::new, |(name, _)| name.to_ascii_uppercase()),
        }
    }

    /// How many operands it has at least and at most.
    fn operands(self) -> (usize, usize) {
        match self {
            Self::And | Self::Or | Self::In => (2, usize::MAX),
            Self::Not | Self::IsNull | Self::Negate | Self::Casei | Self::Accenti => (1, 1),
            Self::Between => (3, 3),
            _ => (2, 2),
        }
    }
}

impl Expr {
    /// A leaf.
    pub(super) fn leaf(at: usize, is: Is) -> Self {
        Self { at, depth: 1, is }
    }

    /// An operation on operands. A chain of one connective becomes one node.
    ///
    /// # Errors
    /// Another number of operands than the operation has; too deep a nesting.
    pub(super) fn of(at: usize, op: Op, operands: Vec<Self>) -> Result<Self, Problem> {
        let (least, most) = op.operands();
        let given = operands.len();
        if given < least || given > most {
            let wanted =
                if least == most { least.to_string() } else { format!("at least {least}") };
            return Err(fault(at, format!("{} has {given} operands, not {wanted}", op.name())));
        }
        let depth = 1 + operands.iter().map(|operand| operand.depth).max().unwrap_or(0);
        if depth > DEEPEST {
            return Err(too_deep(at));
        }
        Ok(Self { at, depth, is: Is::Of(op, operands) })
    }

    /// A connective between two operands: a chain of one connective becomes one node.
    pub(super) fn joined(at: usize, op: Op, left: Self, right: Self) -> Result<Self, Problem> {
        match left {
            Self { at, depth, is: Is::Of(of, mut operands) } if of == op => {
                let depth = depth.max(1 + right.depth);
                operands.push(right);
                if depth > DEEPEST {
                    return Err(too_deep(at));
                }
                Ok(Self { at, depth, is: Is::Of(op, operands) })
            }
            left => Self::of(at, op, vec![left, right]),
        }
    }

    /// Converts the positions of all geometries and the corners of all boxes, for filters whose coordinates are in
    /// another system or have their axes in another order.
    ///
    /// # Errors
    /// A position that cannot be converted.
    pub fn moved(self, convert: &impl Fn([f64; 2]) -> Option<[f64; 2]>) -> Result<Self, Problem> {
        let at = self.at;
        let is = match self.is {
            Is::Of(op, operands) => {
                let moved = operands.into_iter().map(|operand| operand.moved(convert));
                Is::Of(op, moved.collect::<Result<_, _>>()?)
            }
            Is::Shape(shape) => Is::Shape(super::shapes::moved(&shape, convert, at)?),
            Is::Bbox(corners) => super::shapes::moved_box(corners, convert, at)?,
            other => other,
        };
        Ok(Self { is, ..self })
    }
}

/// The filter is nested too deep.
pub(super) fn too_deep(at: usize) -> Problem {
    fault(at, format!("the filter is nested more than {DEEPEST} deep"))
}

/// A day as a filter writes it.
pub(super) fn date(at: usize, text: &str) -> Result<Date, Problem> {
    let day = if text.len() == 10 { text.parse().ok() } else { None };
    day.ok_or_else(|| fault(at, format!("{text:?} is not a day, YYYY-MM-DD")))
}

/// A moment as a filter writes it.
pub(super) fn moment(at: usize, text: &str) -> Result<Timestamp, Problem> {
    text.parse()
        .map_err(|_| fault(at, format!("{text:?} is not a moment, such as 2026-01-31T12:00:00Z")))
}

/// An end of an interval: a day, a moment or `..`.
pub(super) fn end(at: usize, text: &str) -> Result<Expr, Problem> {
    let is = match text {
        ".." => Is::Open,
        day if day.len() == 10 => Is::Date(date(at, day)?),
        other => Is::Moment(moment(at, other)?),
    };
    Ok(Expr::leaf(at, is))
}
