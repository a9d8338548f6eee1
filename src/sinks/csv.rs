//! Tables as CSV. Cells that a spreadsheet would run as a formula are escaped.

use super::number::{push_degrees, push_number};
use super::records;
use super::rounded::{Drawn, rounded};
use crate::Face;
use crate::earth::GeometryKind;
use crate::layers::{Geometry, Layer, Property};
use crate::model::Finding;
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes findings as `rejects.csv`: file, place, id, field, value, why, verdict and code, one per row, in
/// the order in which they were found. Settings are in the syntax of a face.
///
/// # Errors
/// Those of the writer.
pub fn write_findings<'a>(
    findings: impl IntoIterator<Item = &'a Finding>,
    face: Face,
    out: &mut dyn Write,
) -> io::Result<()> {
    let head = ["file", "place", "id", "field", "value", "why", "verdict", "code"];
    let rows = findings.into_iter().map(|finding| {
        let optional = |text: &'a Option<String>| Cow::from(text.as_deref().unwrap_or(""));
        [
            Cow::from(&*finding.file),
            Cow::from(finding.place.to_string()),
            optional(&finding.id),
            optional(&finding.field),
            optional(&finding.value),
            finding.why_for(face),
            Cow::from(finding.verdict.word()),
            Cow::from(finding.code.word()),
        ]
    });
    write_rows(head, rows, out)
}

/// Writes a table whose rows have a fixed length; every cell is guarded.
///
/// # Errors
/// Those of the writer.
pub fn write_rows<'a, const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [Cow<'a, str>; N]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_table(&head, rows, out)
}

/// Writes a table, each row as long as its header; every cell is guarded.
///
/// # Errors
/// Those of the writer; a row of another length.
pub fn write_table<C: AsRef<str>, R: IntoIterator<Item = C>>(
    head: &[impl AsRef<str>],
    rows: impl IntoIterator<Item = R>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(head.iter().map(AsRef::as_ref)).map_err(io_error)?;
    for row in rows {
        for cell in row {
            writer.write_field(guard(cell.as_ref()).as_bytes()).map_err(io_error)?;
        }
        writer.write_record(None::<&[u8]>).map_err(io_error)?;
    }
    writer.flush()
}

/// Writes a layer, a row for each feature: its id, its longitude and latitude or, for lines and polygons, its geometry as
/// well-known text, and its values. Missing values are empty cells; numbers are those of the other formats.
///
/// # Errors
/// Those of the writer.
pub fn write_layer(layer: &Layer<'_>, out: &mut dyn Write) -> io::Result<()> {
    let place: &[&str] = match layer.kind() {
        GeometryKind::Point => &["id", "longitude", "latitude"],
        GeometryKind::Line | GeometryKind::Polygon => &["id", "geometry"],
    };
    let names = place.iter().copied().chain(layer.column_names().map(|name| &**name));
    let head: Vec<Cow<'_, str>> = names.map(guard).collect();
    let rows = (0..layer.len()).filter_map(|at| layer.feature(at)).map(|feature| {
        let place = match &feature.geometry {
            Geometry::Point(position) => {
                let (lon, lat) = rounded(position.coord());
                vec![degrees(lon), degrees(lat)]
            }
            shape => vec![records::wkt(&Drawn::of(shape))],
        };
        let values = feature.properties.iter().map(text);
        std::iter::once(feature.id).chain(place).chain(values).collect::<Vec<String>>()
    });
    write_table(&head, rows, out)
}

/// Writes rows of values.
///
/// # Errors
/// Those of the writer.
pub fn write_properties<R: IntoIterator<Item = Property>>(
    head: &[&str],
    rows: impl IntoIterator<Item = R>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let texts = |row: R| row.into_iter().map(|value| text(&value)).collect::<Vec<String>>();
    write_table(head, rows.into_iter().map(texts), out)
}

/// A value as a cell.
fn text(value: &Property) -> String {
    match value {
        Property::Missing => String::new(),
        Property::Text(text) => text.clone(),
        Property::Flag(flag) => flag.to_string(),
        Property::Date(day) => day.to_string(),
        Property::Number(number, digits) => {
            let mut text = Vec::new();
            push_number(&mut text, *number, *digits);
            String::from_utf8_lossy(&text).into_owned()
        }
    }
}

fn degrees(units: i64) -> String {
    let mut text = Vec::new();
    push_degrees(&mut text, units);
    String::from_utf8_lossy(&text).into_owned()
}

/// Guards a cell against formula injection: a cell that begins with `=`, `+`, `-`, `@`, a tab or a line
/// break gets an apostrophe before it, which marks it as text for spreadsheets. Numbers stay numbers. The
/// list and the remedy are OWASP's ("CSV Injection").
pub fn guard(cell: &str) -> Cow<'_, str> {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    let number = cell.chars().all(plain) && cell.parse::<f64>().is_ok();
    if runs && !number { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

fn io_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_would_run_is_guarded_and_a_number_is_not() {
        for (cell, guarded) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1+1", "'+1+1"),
            ("-1+cmd", "'-1+cmd"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("-inf", "'-inf"),
            ("-", "'-"),
            ("-12.5", "-12.5"),
            ("+3e5", "+3e5"),
            ("plain", "plain"),
            ("", ""),
            ("a=b", "a=b"),
        ] {
            assert_eq!(guard(cell), guarded, "{cell:?}");
        }
    }
}
