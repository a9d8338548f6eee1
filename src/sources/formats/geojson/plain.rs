//! The fast path for ordinary features: the members `type`, `properties`, `geometry` and perhaps `id`,
//! each once, no property without a column, a geometry of valid coordinates. They are read in one pass;
//! any other feature falls back to the general reader, which notes its oddities.

use super::cursor::Cursor;
use super::value::cell;
use crate::model::Value;
use crate::sources::formats::header::Columns;
use crate::sources::formats::json_values::{DEEPEST, finite, is_finite};
use crate::sources::formats::record::{Cell, Geometry, RawGeometry};

/// The contents of a feature besides its properties.
#[derive(Debug, PartialEq)]
pub(super) struct Plain<'t> {
    pub id: Option<Cell<'t>>,
    pub geometry: Geometry,
    /// Whether extra coordinates of positions were dropped.
    pub more: bool,
}

/// Reads the feature at the cursor; its properties become `cells`. Returns `None` if the feature is not
/// plain; the cursor is then anywhere in it.
pub(super) fn feature<'t>(
    cursor: &mut Cursor<'t>,
    columns: &Columns,
    cells: &mut Vec<Cell<'t>>,
) -> Option<Plain<'t>> {
    let (mut typed, mut given, mut id, mut geometry) = (false, false, None, None);
    let mut more = false;
    cells.clear();
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
            "properties" if !given => {
                given = true;
                if first == b'n' {
                    cursor.word("null")?;
                } else {
                    properties(cursor, columns, cells)?;
                }
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
            b'}' if typed && given => return Some(Plain { id, geometry: geometry?, more }),
            _ => return None,
        }
    }
}

fn properties<'t>(
    cursor: &mut Cursor<'t>,
    columns: &Columns,
    cells: &mut Vec<Cell<'t>>,
) -> Option<()> {
    const MISSING: Cell<'_> = Cell::Value(Value::Missing);
    let mut given = Filled::default();
    cursor.expect(b'{')?;
    if cursor.after_blanks()? == b'}' {
        cursor.next()?;
        cells.resize(columns.len(), MISSING);
        return Some(());
    }
    // The features of a file usually have the same properties in the same order.
    let mut likely = 0;
    loop {
        cursor.after_blanks()?;
        let at = match columns.names().get(likely) {
            Some(name) if cursor.key_is(name) => likely,
            _ => {
                let key = cursor.key()?;
                if key.escaped {
                    return None;
                }
                columns.find(key.inner)?
            }
        };
        if !given.add(at) {
            return None;
        }
        likely = at + 1;
        let first = cursor.after_blanks()?;
        let value = value(cursor, first)?;
        match cells.get_mut(at) {
            Some(cell) => *cell = value,
            None => {
                cells.resize(at, MISSING);
                cells.push(value);
            }
        }
        match cursor.next()? {
            b',' => {}
            b'}' => {
                cells.resize(columns.len(), MISSING);
                return Some(());
            }
            _ => return None,
        }
    }
}

/// The columns that a feature has filled.
#[derive(Default)]
struct Filled {
    /// A bit for each of the first 64 columns.
    first: u64,
    others: Vec<usize>,
}

impl Filled {
    /// Adds a column; returns `false` if it was filled already.
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

/// Reads a value that begins with a given byte.
#[inline]
fn value<'t>(cursor: &mut Cursor<'t>, first: u8) -> Option<Cell<'t>> {
    Some(match first {
        b'"' => {
            let start = cursor.at();
            let text = cursor.string()?;
            if text.escaped {
                cell(cursor.slice(start..cursor.at())?).ok()?
            } else {
                Cell::Plain(text.inner)
            }
        }
        b'n' => {
            cursor.word("null")?;
            Cell::Value(Value::Missing)
        }
        b't' => {
            cursor.word("true")?;
            Cell::Value(Value::Bool(true))
        }
        b'f' => {
            cursor.word("false")?;
            Cell::Value(Value::Bool(false))
        }
        b'{' | b'[' => {
            let start = cursor.at();
            cursor.value()?;
            if cursor.deepest() > DEEPEST {
                return None;
            }
            Cell::Nested(cursor.slice(start..cursor.at())?)
        }
        _ => {
            let number = cursor.number()?;
            // An integer of any length is kept digit by digit.
            let kept = !number.exponent && !number.raw.contains('.');
            if !kept && !is_finite(number.raw, number.exponent) {
                return None;
            }
            Cell::Number(number.raw)
        }
    })
}

/// Skips the beginning of a geometry up to its coordinates, and returns its type.
fn type_of<'t>(cursor: &mut Cursor<'t>) -> Option<&'t str> {
    cursor.expect(b'{')?;
    let key = cursor.key()?;
    if key.inner != "type" || key.escaped {
        return None;
    }
    cursor.after_blanks()?;
    let kind = cursor.string()?.inner;
    cursor.expect(b',')?;
    let key = cursor.key()?;
    (key.inner == "coordinates" && !key.escaped).then_some(kind)
}

fn read_geometry(cursor: &mut Cursor<'_>, more: &mut bool) -> Option<RawGeometry> {
    let mut place = |cursor: &mut Cursor<'_>| position(cursor, more);
    let raw = match type_of(cursor)? {
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

/// Reads a non-empty list.
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

/// Reads a position: its first two coordinates.
fn position(cursor: &mut Cursor<'_>, more: &mut bool) -> Option<[f64; 2]> {
    let coordinate = |cursor: &mut Cursor<'_>| {
        cursor.after_blanks()?;
        finite(cursor.number()?.raw)
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
