//! Features as nearly all are: the members `type`, `properties`, `geometry` and perhaps `id`, each
//! once, no property that the columns do not have, a geometry of sound coordinates. They are read
//! in one go; any other feature is left to the reader that takes it apart and says what is odd.

use super::cursor::Cursor;
use super::members::{finite, flat_value, number};
use crate::model::Value;
use crate::sources::reader::Columns;
use crate::sources::record::{Geometry, RawGeometry};

/// What a feature holds.
#[derive(Debug, PartialEq)]
pub(super) struct Plain {
    pub id: Option<Value>,
    pub fields: Vec<Value>,
    pub geometry: Geometry,
    /// Whether a position has more than two numbers.
    pub more: bool,
}

/// Reads the feature at a place. `None` where it is not plain; the place is then anywhere in it.
pub(super) fn feature(cursor: &mut Cursor<'_>, columns: &Columns) -> Option<Plain> {
    let (mut typed, mut id, mut fields, mut geometry) = (false, None, None, None);
    let mut more = false;
    cursor.expect(b'{')?;
    loop {
        let key = cursor.key()?;
        let first = cursor.after_blanks()?;
        match key.inner {
            _ if key.escaped => return None,
            "type" if !typed => {
                typed = cursor.string()?.inner == "Feature";
                if !typed {
                    return None;
                }
            }
            "properties" if fields.is_none() => {
                fields = Some(if first == b'n' {
                    cursor.word("null")?;
                    Vec::new()
                } else {
                    properties(cursor, columns)?
                });
            }
            "geometry" if geometry.is_none() => {
                geometry = Some(if first == b'n' {
                    cursor.word("null")?;
                    Geometry::None
                } else {
                    Geometry::Raw(read_geometry(cursor, &mut more)?)
                });
            }
            "id" if id.is_none() => match first {
                b'"' | b'-' | b'0'..=b'9' => id = Some(value(cursor, first)?),
                _ => return None,
            },
            _ => return None,
        }
        match cursor.next()? {
            b',' => {}
            b'}' if typed => {
                return Some(Plain { id, fields: fields?, geometry: geometry?, more });
            }
            _ => return None,
        }
    }
}

fn properties(cursor: &mut Cursor<'_>, columns: &Columns) -> Option<Vec<Value>> {
    let mut fields = vec![Value::Missing; columns.len()];
    let mut given = Given::default();
    cursor.expect(b'{')?;
    if cursor.after_blanks()? == b'}' {
        cursor.next()?;
        return Some(fields);
    }
    // Features of a file mostly have the same properties in the same order.
    let mut likely = 0;
    loop {
        let key = cursor.key()?;
        if key.escaped {
            return None;
        }
        let at = match columns.names().get(likely) {
            Some(name) if **name == *key.inner => likely,
            _ => columns.find(key.inner)?,
        };
        if !given.add(at) {
            return None;
        }
        likely = at + 1;
        let first = cursor.after_blanks()?;
        *fields.get_mut(at)? = value(cursor, first)?;
        match cursor.next()? {
            b',' => {}
            b'}' => return Some(fields),
            _ => return None,
        }
    }
}

/// Which columns a feature has given.
#[derive(Default)]
struct Given {
    /// The first 64.
    first: u64,
    others: Vec<usize>,
}

impl Given {
    /// Adds one; `false` where it was there.
    fn add(&mut self, column: usize) -> bool {
        if column < 64 {
            let bit = 1_u64 << column;
            let new = self.first & bit == 0;
            self.first |= bit;
            return new;
        }
        let new = !self.others.contains(&column);
        self.others.push(column);
        new
    }
}

/// A flat value that begins with a byte.
fn value(cursor: &mut Cursor<'_>, first: u8) -> Option<Value> {
    Some(match first {
        b'"' => {
            let start = cursor.at();
            let text = cursor.string()?;
            if text.escaped {
                flat_value(cursor.slice(start..cursor.at())?).ok()?
            } else {
                Value::Text(text.inner.to_owned())
            }
        }
        b'n' => {
            cursor.word("null")?;
            Value::Missing
        }
        b't' => {
            cursor.word("true")?;
            Value::Bool(true)
        }
        b'f' => {
            cursor.word("false")?;
            Value::Bool(false)
        }
        b'{' | b'[' => {
            let start = cursor.at();
            cursor.value()?;
            flat_value(cursor.slice(start..cursor.at())?).ok()?
        }
        _ => {
            let (raw, whole) = cursor.number()?;
            if whole { number(raw)? } else { Value::Number(finite(raw)?) }
        }
    })
}

fn read_geometry(cursor: &mut Cursor<'_>, more: &mut bool) -> Option<RawGeometry> {
    cursor.expect(b'{')?;
    let key = cursor.key()?;
    if key.inner != "type" || key.escaped {
        return None;
    }
    cursor.after_blanks()?;
    let kind = cursor.string()?.inner;
    cursor.expect(b',')?;
    let key = cursor.key()?;
    if key.inner != "coordinates" || key.escaped {
        return None;
    }
    let mut place = |cursor: &mut Cursor<'_>| position(cursor, more);
    let raw = match kind {
        "Point" => RawGeometry::Points(vec![place(cursor)?]),
        "MultiPoint" => RawGeometry::Points(list(cursor, &mut place)?),
        "LineString" => RawGeometry::Lines(vec![list(cursor, &mut place)?]),
        "MultiLineString" => RawGeometry::Lines(list(cursor, &mut |c| list(c, &mut place))?),
        "Polygon" => RawGeometry::Polygons(vec![list(cursor, &mut |c| list(c, &mut place))?]),
        "MultiPolygon" => {
            let mut polygon = |c: &mut Cursor<'_>| list(c, &mut |c| list(c, &mut place));
            RawGeometry::Polygons(list(cursor, &mut polygon)?)
        }
        _ => return None,
    };
    cursor.expect(b'}')?;
    Some(raw)
}

/// A list of at least one thing.
fn list<'t, T>(
    cursor: &mut Cursor<'t>,
    read: &mut impl FnMut(&mut Cursor<'t>) -> Option<T>,
) -> Option<Vec<T>> {
    cursor.expect(b'[')?;
    let mut all = Vec::new();
    loop {
        all.push(read(cursor)?);
        match cursor.next()? {
            b',' => {}
            b']' => return Some(all),
            _ => return None,
        }
    }
}

/// A position: its first two numbers.
fn position(cursor: &mut Cursor<'_>, more: &mut bool) -> Option<[f64; 2]> {
    let coordinate = |cursor: &mut Cursor<'_>| {
        cursor.after_blanks()?;
        finite(cursor.number()?.0)
    };
    cursor.expect(b'[')?;
    let x = coordinate(cursor)?;
    cursor.expect(b',')?;
    let y = coordinate(cursor)?;
    loop {
        match cursor.next()? {
            b']' => return Some([x, y]),
            b',' => {
                coordinate(cursor)?;
                *more = true;
            }
            _ => return None,
        }
    }
}
