//! The order of features by their properties.

use crate::serve::collection::{Collection, Column, NONE, Values};
use crate::serve::problem::Problem;
use rayon::slice::ParallelSliceMut;
use std::cmp::Ordering;

/// Sorts features by properties. Those with equal values stay in their order, and missing values come last.
///
/// # Errors
/// A property that the collection does not have, or that has no order.
pub fn sort(collection: &Collection, by: &[String], features: &mut [usize]) -> Result<(), Problem> {
    let key = |(position, word): (usize, &String)| {
        let (name, turned) = match word.strip_prefix('-') {
            Some(name) => (name, true),
            None => (word.strip_prefix('+').unwrap_or(word), false),
        };
        let name = name.trim();
        let column = match collection.comparable(name) {
            Some(column) => column,
            None => column(collection, "sortby", position, name)?,
        };
        match column.values {
            Values::Other => {
                let detail = format!("sortby: the values of {name} have no order");
                Err(Problem::bad_value("sortby", detail).at(position))
            }
            _ => Ok((&column.values, turned)),
        }
    };
    let keys = (1..).zip(by).map(key).collect::<Result<Vec<_>, _>>()?;
    features.par_sort_by(|a, b| {
        let orders = keys.iter().map(|(values, turned)| order(values, *turned, *a, *b));
        orders.fold(Ordering::Equal, Ordering::then)
    });
    Ok(())
}

/// The order of two features by one column.
fn order(values: &Values, turned: bool, a: usize, b: usize) -> Ordering {
    fn by<T>(
        a: Option<T>,
        b: Option<T>,
        turned: bool,
        compare: impl Fn(&T, &T) -> Ordering,
    ) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) if turned => compare(&b, &a),
            (Some(a), Some(b)) => compare(&a, &b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }
    match values {
        Values::Text { of, .. } => {
            let word = |at: usize| of.get(at).copied().filter(|word| *word != NONE);
            by(word(a), word(b), turned, u32::cmp)
        }
        Values::Number(_) => by(values.number(a), values.number(b), turned, f64::total_cmp),
        Values::Flag(flags) => {
            let flag = |at: usize| flags.get(at).copied().flatten();
            by(flag(a), flag(b), turned, bool::cmp)
        }
        Values::Date(_) | Values::Moment(_) => {
            by(values.time(a), values.time(b), turned, <(jiff::Timestamp, jiff::Timestamp)>::cmp)
        }
        Values::Other => Ordering::Equal,
    }
}

/// The column that a parameter names, by the position of the name in it.
///
/// # Errors
/// There is none.
pub fn column<'a>(
    collection: &'a Collection,
    parameter: &str,
    position: usize,
    name: &str,
) -> Result<&'a Column, Problem> {
    collection.column(name).ok_or_else(|| {
        let likeness = |column: &&Column| strsim::jaro_winkler(&column.name, name);
        let nearest = collection.columns.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        let detail = format!("{parameter}: {} has no property {name:?}", collection.name);
        let problem = Problem::bad_value(parameter, detail).at(position);
        match nearest.filter(|column| likeness(column) > 0.75) {
            Some(near) => problem.with("hint", format!("did you mean {}", near.name)),
            None => problem.with("hint", "/collections/{collection}/schema lists the properties"),
        }
    })
}
