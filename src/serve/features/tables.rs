//! A page as CSV or FlatGeobuf.

use super::links;
use super::page::Page;
use crate::layers::{ColumnKind, Digits};
use crate::model::Findings;
use crate::serve::answer::Answer;
use crate::serve::collection::Values;
use crate::serve::problem::{Kind, Problem};
use crate::serve::routes::{Asked, Form};
use crate::serve::snapshot::refused;
use crate::sinks::records::{self, Failure, Format, Schema};
use crate::sources::{Features, ReadOptions, Source};
use hyper::header::{HeaderName, LINK};

/// A page as a table with the columns of its features. What GeoJSON says besides them is in headers.
///
/// # Errors
/// A reference system other than longitude and latitude.
pub fn answer(asked: &Asked<'_>, page: &Page<'_>) -> Result<Answer, Problem> {
    if !page.system.is_crs84() {
        let detail = format!("crs: {} holds longitude and latitude", links::name(asked.form));
        return Err(
            Problem::bad_value("crs", detail).with("hint", "leave out crs, or ask for f=json")
        );
    }
    let mut text = br#"{"type":"FeatureCollection","features":["#.to_vec();
    page.features(asked)?.iter().for_each(|piece| text.extend_from_slice(piece));
    text.extend_from_slice(b"]}");
    let (format, media) = match asked.form {
        Form::Csv => (Format::Csv, "text/csv; charset=utf-8"),
        _ => (Format::FlatGeobuf, "application/flatgeobuf"),
    };
    let name = &page.collection.name;
    let source = Source::bytes(&format!("{name}.geojson"), text);
    let mut features =
        Features::open(&source, None, &ReadOptions::default()).map_err(|error| refused(&error))?;
    let mut schema = Schema::of(name, &mut features).map_err(|error| refused(&error))?;
    for column in page.columns() {
        let kind = match column.values {
            Values::Number(_) => ColumnKind::Number(Digits::All),
            Values::Flag(_) => ColumnKind::Flag,
            Values::Date(_) => ColumnKind::Date,
            Values::Text { .. } | Values::Moment(_) | Values::Other => ColumnKind::Text,
        };
        schema.assume(&column.name, kind);
    }
    let mut table = Vec::new();
    let mut findings = Findings::default();
    records::write(&mut features, &schema, format, &mut findings, &mut table).map_err(
        |failure| {
            let detail = match failure {
                Failure::Reading(error) => error.to_string(),
                Failure::Writing(error) => error.to_string(),
            };
            Problem::new(Kind::Internal, detail)
        },
    )?;
    let around = page.around(asked);
    let around = around.iter().filter_map(|link| {
        let of = |member: &str| link.get(member)?.as_str();
        Some(format!("<{}>; rel=\"{}\"; type=\"{}\"", of("href")?, of("rel")?, of("type")?))
    });
    let around: Vec<String> = around.collect();
    let mut answer = Answer::text(media, table)
        .header(MATCHED, &page.matched.to_string())
        .header(RETURNED, &(page.end - page.first).to_string());
    if !around.is_empty() {
        answer = answer.header(LINK, &around.join(", "));
    }
    Ok(answer)
}

const MATCHED: HeaderName = HeaderName::from_static("ogc-numbermatched");
const RETURNED: HeaderName = HeaderName::from_static("ogc-numberreturned");
