//! Types a filter against the columns of a collection.

mod compare;
mod time;

use super::evaluate::{Compiled, Join, Node, Num, Value};
use super::shapes::{self, Decided, Place};
use super::times::Instant;
use super::tree::{Expr, Is, Op};
use super::truth::Truth;
use super::words::{self, ByWord, Fold, Text};
use super::{fault, nearest, problem_of};
use crate::run::Cancel;
use crate::serve::collection::{Collection, Values};
use crate::serve::problem::Problem;

/// The names of the geometry.
const GEOMETRY: [&str; 2] = ["geometry", "geom"];

pub(super) fn compile<'a>(
    filter: &Expr,
    collection: &'a Collection,
    cancel: &Cancel,
) -> Result<Compiled<'a>, Problem> {
    let root = Compiler { collection, cancel }.truth(filter)?;
    Ok(Compiled { root, geometries: &collection.geometries })
}

struct Compiler<'a, 'c> {
    collection: &'a Collection,
    cancel: &'c Cancel,
}

impl Value<'_> {
    /// What values of this kind are called.
    fn kind(&self) -> &'static str {
        match self {
            Self::Truth(_) => "booleans",
            Self::Number(_) => "numbers",
            Self::Text(_) => "texts",
            Self::Date(_) => "days",
            Self::Moment(_) => "moments",
            Self::Place(_) => "geometries",
        }
    }
}

impl<'a> Compiler<'a, '_> {
    /// A part of the filter that is true or false.
    fn truth(&self, expr: &Expr) -> Result<Node<'a>, Problem> {
        match self.value(expr)? {
            Value::Truth(node) => Ok(node),
            other => {
                Err(fault(expr.at, format!("expected a condition; this has {}", other.kind())))
            }
        }
    }

    fn value(&self, expr: &Expr) -> Result<Value<'a>, Problem> {
        let at = expr.at;
        Ok(match &expr.is {
            Is::Property(name) => self.property(at, name)?,
            Is::Text(text) => Value::Text(Text::Given(text.clone())),
            Is::Number(number) => Value::Number(Num::Given(*number)),
            Is::Flag(flag) => Value::Truth(Node::Always(Truth::from(*flag))),
            Is::Date(date) => Value::Date(Instant::Given(*date)),
            Is::Moment(moment) => Value::Moment(Instant::Given(*moment)),
            Is::Shape(shape) => Value::Place(Place::Given(shapes::given(at, shape)?)),
            Is::Bbox(corners) => Value::Place(Place::Given(shapes::boxed(at, *corners)?)),
            Is::Open => return Err(fault(at, "an open end stands in an interval only")),
            Is::Of(op, operands) => self.operation(at, *op, operands)?,
        })
    }

    fn property(&self, at: usize, name: &str) -> Result<Value<'a>, Problem> {
        let Some(column) = self.collection.comparable(name) else {
            if GEOMETRY.contains(&name) {
                return Ok(Value::Place(Place::Feature));
            }
            return Err(self.unknown(at, name));
        };
        Ok(match &column.values {
            Values::Text { words, of } => {
                Value::Text(Text::Column { words, of, fold: Fold::default() })
            }
            Values::Number(numbers) => Value::Number(Num::Column(numbers)),
            Values::Flag(flags) => Value::Truth(Node::Flag(flags)),
            Values::Date(dates) => Value::Date(Instant::Column(dates)),
            Values::Moment(moments) => Value::Moment(Instant::Column(moments)),
            Values::Other => {
                let detail = format!(
                    "{name} has lists, objects or values of several kinds, which are not compared"
                );
                return Err(fault(at, detail));
            }
        })
    }

    fn unknown(&self, at: usize, name: &str) -> Problem {
        let names =
            || self.collection.columns.iter().map(|column| &*column.name).chain(["geometry"]);
        let problem = fault(at, format!("{} has no property {name:?}", self.collection.name));
        match nearest(name, names()) {
            Some(near) => problem.with("hint", format!("did you mean {near}")),
            None => {
                problem.with("hint", format!("it has {}", names().collect::<Vec<_>>().join(", ")))
            }
        }
    }

    fn operation(&self, at: usize, op: Op, operands: &[Expr]) -> Result<Value<'a>, Problem> {
        let node = match (op, operands) {
            (Op::And, all) => self.joined(Join::All, all)?,
            (Op::Or, all) => self.joined(Join::Any, all)?,
            (Op::Not, [inner]) => Node::Not(Box::new(self.truth(inner)?)),
            (Op::Compare(test), [left, right]) => {
                self.compared(&[left, right], &[test], Join::All)?
            }
            (Op::Between, [value, low, high]) => self.between(value, low, high)?,
            (Op::In, [value, list @ ..]) => self.among(value, list)?,
            (Op::Like, [value, pattern]) => self.like(value, pattern)?,
            (Op::IsNull, [inner]) => Node::Missing(Box::new(self.value(inner)?)),
            (Op::Negate, [inner]) => {
                return Ok(Value::Number(Num::Negated(Box::new(self.number(inner)?))));
            }
            (Op::Count(sum), [left, right]) => {
                let operands = [self.number(left)?, self.number(right)?];
                return Ok(Value::Number(Num::Of(sum, Box::new(operands))));
            }
            (Op::Casei, [inner]) => return self.folded(inner, Fold { case: true, accents: false }),
            (Op::Accenti, [inner]) => {
                return self.folded(inner, Fold { case: false, accents: true });
            }
            (Op::Space(relation), [left, right]) => {
                let places = (self.place(left)?, self.place(right)?);
                match shapes::decide(relation, places.0, places.1, self.collection) {
                    Decided::Always(holds) => Node::Always(holds.into()),
                    Decided::Each(spatial) => Node::Spatial(spatial),
                }
            }
            (Op::Time(order), [left, right]) => self.temporal(order, left, right)?,
            (Op::Interval, _) => {
                return Err(fault(at, "an interval stands in a temporal function only"));
            }
            _ => return Err(fault(at, format!("{} has other operands", op.name()))),
        };
        Ok(Value::Truth(node))
    }

    /// Conditions that are joined, the slow ones last.
    fn joined(&self, join: Join, all: &[Expr]) -> Result<Node<'a>, Problem> {
        let mut nodes = all.iter().map(|one| self.truth(one)).collect::<Result<Vec<_>, _>>()?;
        nodes.sort_by_key(Node::is_slow);
        Ok(Node::Joined(join, nodes))
    }

    fn number(&self, expr: &Expr) -> Result<Num<'a>, Problem> {
        match self.value(expr)? {
            Value::Number(number) => Ok(number),
            other => Err(fault(expr.at, format!("expected a number; this has {}", other.kind()))),
        }
    }

    fn text(&self, expr: &Expr) -> Result<Text<'a>, Problem> {
        match self.value(expr)? {
            Value::Text(text) => Ok(text),
            other => Err(fault(expr.at, format!("expected a text; this has {}", other.kind()))),
        }
    }

    fn folded(&self, expr: &Expr, fold: Fold) -> Result<Value<'a>, Problem> {
        Ok(Value::Text(self.text(expr)?.folded(fold)))
    }

    fn place(&self, expr: &Expr) -> Result<Place, Problem> {
        match self.value(expr)? {
            Value::Place(place) => Ok(place),
            other => Err(fault(expr.at, format!("expected a geometry; this has {}", other.kind()))),
        }
    }

    fn like(&self, value: &Expr, pattern: &Expr) -> Result<Node<'a>, Problem> {
        let Text::Given(wanted) = self.text(pattern)? else {
            return Err(fault(pattern.at, "a pattern is a text in quotes"));
        };
        Ok(match self.text(value)? {
            Text::Given(text) => {
                Node::Always(super::like::Pattern::new(&wanted).matches(&text).into())
            }
            Text::Column { words, of, fold } => {
                let table = words::like((words, fold), &wanted, self.cancel)
                    .map_err(|error| problem_of(&error))?;
                Node::Words(ByWord { table, of })
            }
        })
    }
}
