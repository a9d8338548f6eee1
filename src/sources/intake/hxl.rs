//! Tags of the Humanitarian Exchange Language (HXL 1.1) as column names: `#date+occurred`, `#geo+lat`.

use super::columns::{Binding, Field as F, Role, field_of, word_of};
use super::map::RoleMap;
use super::no_records::is_tags;
use crate::Result;
use crate::sources::reader::Reader;

/// The hashtags of fields. Of the attributes, if any are listed, a tag must have at least one. If several
/// tags match a field, the first in this list is used.
const TAGS: [(F, &str, &[&str]); 19] = [
    (F::Date, "date", &["occurred"]),
    (F::Date, "date", &["start", "event"]),
    (F::DateEnd, "date", &["end"]),
    (F::Date, "date", &[]),
    (F::Lat, "geo", &["lat", "latitude"]),
    (F::Lon, "geo", &["lon", "longitude"]),
    (F::Lat, "lat", &[]),
    (F::Lon, "lon", &[]),
    (F::Country, "country", &["code"]),
    (F::Country, "country", &[]),
    (F::Country, "adm0", &["code"]),
    (F::Country, "adm0", &[]),
    (F::EventType, "event", &["type"]),
    (F::EventType, "cause", &["type"]),
    (F::Id, "event", &["id", "code"]),
    (F::Fatalities, "affected", &["killed", "dead", "deaths"]),
    (F::Fatalities, "killed", &[]),
    (F::Name, "loc", &["name"]),
    (F::Population, "population", &[]),
];

/// Returns the fields of columns named by tags, each with its column.
pub(crate) fn tagged<N: AsRef<str>>(columns: &[N]) -> Vec<(F, usize)> {
    let tags: Vec<(usize, Vec<String>)> = (columns.iter().enumerate())
        .filter_map(|(at, name)| {
            let tag = name.as_ref().trim().strip_prefix('#')?;
            Some((at, tag.split('+').map(|part| part.trim().to_lowercase()).collect()))
        })
        .collect();
    let mut found: Vec<(F, usize)> = Vec::new();
    for (field, hashtag, attributes) in TAGS {
        if found.iter().any(|(known, _)| *known == field) {
            continue;
        }
        let means = |(_, parts): &&(usize, Vec<String>)| {
            let (head, rest) = parts.split_first()?;
            let has = |wanted: &[&str]| rest.iter().any(|part| wanted.contains(&part.as_str()));
            // Tags with these attributes mean something else: an end date, a report date, the number of
            // injured.
            let other = attributes.is_empty() && has(&["end", "reported", "published", "injured"]);
            (head == hashtag && (attributes.is_empty() || has(attributes)) && !other).then_some(())
        };
        if let Some((at, _)) = tags.iter().find(|tag| means(tag).is_some()) {
            found.push((field, *at));
        }
    }
    found
}

/// Adds to the map the columns named by a row of tags below the header, unless the header's own names bind
/// the field. Returns the fields added.
///
/// # Errors
/// If the table cannot be read.
pub(crate) fn learn_tags(reader: &Reader, role: Role, map: &mut RoleMap) -> Result<Vec<F>> {
    let first = if reader.has_geometry() { None } else { reader.sample(1)?.into_iter().next() };
    let Some(first) = first.filter(is_tags) else { return Ok(Vec::new()) };
    let columns = reader.columns();
    let binding = Binding::new(reader.file(), columns, role, None, map)?;
    let tags: Vec<&str> =
        first.fields.iter().map(|value| value.as_str().unwrap_or_default()).collect();
    let mut learned = Vec::new();
    for (field, at) in tagged(&tags) {
        let known = field_of(role, word_of(role, field)) == Some(field);
        if let (true, false, Some(name)) = (known, binding.has(field), columns.get(at)) {
            map.columns.insert(field, name.to_string());
            learned.push(field);
        }
    }
    Ok(learned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_names_of_columns() {
        let columns = [
            "#adm0+name",
            "#date+reported",
            "#date+occurred",
            "#date+end",
            "#geo+lat",
            "#geo+lon",
            "#affected+injured",
            "#affected+killed+f",
            "#event+type",
            "lat",
        ];
        let found = tagged(&columns);
        for (field, at) in [
            (F::Country, 0),
            (F::Date, 2),
            (F::DateEnd, 3),
            (F::Lat, 4),
            (F::Lon, 5),
            (F::Fatalities, 7),
            (F::EventType, 8),
        ] {
            let first = found.iter().find(|(known, _)| *known == field);
            assert_eq!(first, Some(&(field, at)), "{field:?}");
        }
        assert_eq!(found.len(), 7, "{found:?}");
        assert!(tagged(&["#date+reported"]).is_empty());
        assert_eq!(tagged(&["#date"]), [(F::Date, 0)]);
    }
}
