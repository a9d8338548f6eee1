//! Finds the header of a table among its surroundings: title rows above it, a second header row below it,
//! column groups above it. Known column names identify it; if there are none, the default row is used.

use crate::sources::intake::columns::fold;
use crate::sources::intake::names::is_name;
use crate::sources::layouts::titled_header;

/// The number of rows examined.
pub(crate) const LOOKED_AT: usize = 40;

/// The location of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Titles {
    /// Its first row, counted from 0 among the examined rows.
    pub first: usize,
    /// Its last row, counted likewise.
    pub last: usize,
    pub names: Vec<String>,
}

/// Finds the header in the first rows of a table; cells without a value are empty strings. `usual` is the
/// default row if no names are known.
pub(crate) fn find(rows: &[Vec<String>], usual: usize) -> Titles {
    if let Some(at) = titled_header(rows) {
        return Titles { first: at, last: at, names: rows.get(at).cloned().unwrap_or_default() };
    }
    let first = header_row(rows, usual);
    let upper = rows.get(first).map_or(&[][..], Vec::as_slice);
    let below = rows.get(first + 1).and_then(|lower| joined(upper, lower));
    match below {
        Some(names) => Titles { first, last: first + 1, names },
        None => Titles { first, last: first, names: upper.to_vec() },
    }
}

/// Whether a row clearly is a header: at least two names are known, and at least half of its filled cells are.
pub(crate) fn is_header(row: &[String]) -> bool {
    let named = named(row);
    named >= 2 && 2 * named >= filled(row)
}

fn header_row(rows: &[Vec<String>], usual: usize) -> usize {
    let at_usual = rows.get(usual).map_or(0, |row| known(row));
    if at_usual >= 2 {
        return usual;
    }
    let mut widest = 0;
    let mut names = 0;
    for (at, row) in rows.iter().take(LOOKED_AT).enumerate() {
        let known_here = named(row);
        // Title rows have fewer filled cells than a header, and are not column names.
        let stands_out = filled(row) > widest || names == 0 && known_here >= 3;
        if is_header(row) && stands_out && known_here > at_usual {
            return at;
        }
        widest = widest.max(filled(row));
        names = names.max(known_here);
    }
    usual
}

fn filled(row: &[String]) -> usize {
    row.iter().filter(|cell| !cell.trim().is_empty()).count()
}

fn known(row: &[String]) -> usize {
    row.iter().filter(|cell| is_name(cell)).count()
}

/// Counts the cells that are known names. A single letter may as well be a value, except x beside y.
fn named(row: &[String]) -> usize {
    let has = |letter| row.iter().any(|cell| cell.trim().eq_ignore_ascii_case(letter));
    let axes = if has("x") && has("y") { 2 } else { 0 };
    axes + row.iter().filter(|cell| fold(cell).len() > 1 && is_name(cell)).count()
}

/// Returns the names of a header of two rows: the lower name, if filled, preceded by the group above it if that
/// is not a name by itself. `None` if the lower row is not part of the header.
fn joined(upper: &[String], lower: &[String]) -> Option<Vec<String>> {
    let width = upper.len().max(lower.len());
    let cell = |row: &[String], at: usize| row.get(at).map_or("", |cell| cell.trim()).to_owned();
    let is_year = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    // A single word may as well be a value, and so may two short ones.
    let letters: usize =
        lower.iter().filter(|cell| is_name(cell)).map(|cell| fold(cell).len()).sum();
    if named(lower) < 2
        || letters < 5
        || lower.iter().any(|cell| is_value(cell) && !is_year(cell.trim()))
    {
        return None;
    }
    let mut names = Vec::with_capacity(width);
    let mut group = String::new();
    for at in 0..width {
        let (above, below) = (cell(upper, at), cell(lower, at));
        if !above.is_empty() {
            group.clone_from(&above);
        }
        // A row of values belongs to the names above it.
        if is_name(&above) && !below.is_empty() {
            return None;
        }
        names.push(if below.is_empty() {
            above
        } else if is_name(&below) || group.is_empty() {
            below
        } else {
            format!("{group} {below}")
        });
    }
    (named(&names) > named(upper)).then_some(names)
}

/// Whether a cell holds a value rather than a name: it has digits, like numbers, dates and ids.
fn is_value(cell: &str) -> bool {
    !is_name(cell) && cell.chars().any(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_header_is_found_among_titles_and_groups() {
        for (text, first, last, names) in [
            ("id,name,lat,lon\n1,a,2,3", 0, 0, "id,name,lat,lon"),
            ("Mines,,,\nby the desk,,,\nid,name,lat,lon\n1,a,2,3", 2, 2, "id,name,lat,lon"),
            ("Mines\n\nid,name,lat,lon\n1,a,2,3", 2, 2, "id,name,lat,lon"),
            ("Mines of the desk,,\nX,Y,name\n1,2,a", 1, 1, "X,Y,name"),
            ("a,b,c\n,x,x", 0, 0, "a,b,c"),
            ("a,b,c\nx,x,x", 0, 0, "a,b,c"),
            ("a,b,c\n,,X", 0, 0, "a,b,c"),
            ("a,b,c\nId,,C", 0, 0, "a,b,c"),
            ("Site,,Position,\nid,name,lat,lon\n1,a,2,3", 1, 1, "id,name,lat,lon"),
            (
                "ID,Name,Location,,Output,\n,,Latitude,Longitude,2023,2024\n1,a,2,3,4,5",
                0,
                1,
                "ID,Name,Latitude,Longitude,Output 2023,Output 2024",
            ),
            // Unknown names: the first row is used.
            ("When,Where,Who\n1,name,lat\n2,a,b", 0, 0, "When,Where,Who"),
            ("Y,X,Kind\nlat,name,site\n2,a,b", 0, 0, "Y,X,Kind"),
            ("a,b\n1,2", 0, 0, "a,b"),
            ("id,name,lat,lon\n,,(deg N),(deg E)\n1,a,2,3", 0, 0, "id,name,lat,lon"),
        ] {
            let found = find(&rows(text), 0);
            let names: Vec<String> = names.split(',').map(str::to_owned).collect();
            assert_eq!(found, Titles { first, last, names }, "{text}");
        }
        assert_eq!(find(&[], 0).names, Vec::<String>::new());
    }
}
