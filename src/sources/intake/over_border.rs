//! Records that lie across the border of the country that they name, farther than their positions are off, but no farther
//! than coarse borders leave open: they count for the country named, and a finding says how many there are.

use super::columns::Field;
use super::row::Row;
use crate::earth::{Length, Position};
use crate::model::{BORDER_TOLERANCE, Codes, Countries, CountryCode, Place};

/// The borders are drawn to this, so that a position nearer to one may lie on either side.
const DRAWN: Length = Length::from_km(5.0);

/// The records of a file, or of a part of it, that lie across a border.
#[derive(Debug, Default)]
pub(super) struct Across {
    count: u64,
    /// The first of them: its place, the country that it names, and the one in which it lies.
    first: Option<(Place, String, CountryCode)>,
    /// The file's name of the country column.
    pub column: Option<String>,
}

impl Across {
    /// Adds a record that lies in a country.
    pub fn add(&mut self, row: &Row<'_>, lies_in: CountryCode) {
        self.count += 1;
        if self.first.is_none() {
            let name = row.country_text().unwrap_or_default();
            self.first = Some((row.record.place.clone(), name.trim().to_owned(), lies_in));
            self.column = Some(row.column(Field::Country).to_owned());
        }
    }

    /// Adds the records of the next part.
    pub fn merge(&mut self, part: Self) {
        self.count += part.count;
        self.first = self.first.take().or(part.first);
        self.column = self.column.take().or(part.column);
    }

    /// How many of so many records there are; `None` if there are none.
    pub fn what(&self, all: u64, noun: &str) -> Option<String> {
        let (place, name, lies_in) = self.first.as_ref()?;
        let country = Countries::built_in().find(*lies_in);
        let lies_in = country.map_or_else(|| lies_in.to_string(), |found| found.name.clone());
        let (lie, they) = match self.count {
            1 => ("lies", "it names; it counts"),
            _ => ("lie", "they name; they count"),
        };
        Some(format!(
            "{} of {all} {noun} {lie} across the border of the country {they} for that country, since it begins within {:.0} km and the accuracy of the position: the first at {place}, \"{}\", lies in {lies_in}",
            self.count,
            BORDER_TOLERANCE.km(),
            name.escape_debug()
        ))
    }
}

/// Whether a record that lies in a country names another one, which agrees with its position only because of the tolerance
/// for coarse borders.
pub(super) fn is_across(
    position: Position,
    lies_in: CountryCode,
    named: &[CountryCode],
    agreed: Codes,
    accuracy: Length,
) -> bool {
    let reach = if accuracy < DRAWN { DRAWN } else { accuracy };
    let begins = |code: &CountryCode| {
        let country = Countries::built_in().find(*code);
        country.is_some_and(|country| country.distance(position, reach).is_some())
    };
    // A territory or a disputed area goes by the name of the country, and is no mistake.
    !agreed.is_empty() && !agreed.contains(lies_in) && !named.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::is_across;
    use crate::earth::{Length, Position};
    use crate::model::{CountryCode, whereabouts};

    #[test]
    fn a_place_in_burkina_faso_that_names_mali_is_across_unless_its_position_is_coarse() {
        let mali = CountryCode::new("MLI").expect("a code");
        let across = |lat: f64, km: f64| {
            let at = Position::from_degrees(-4.3, lat).expect("on Earth");
            let accuracy = Length::from_km(km);
            let found = whereabouts(at, &[mali], accuracy);
            found.lies_in.is_some_and(|own| is_across(at, own, &[mali], found.agreed, accuracy))
        };
        // The border lies at about 12.7 degrees north; 12.5 is some 20 km south of it.
        assert!(across(12.5, 5.0));
        assert!(!across(12.5, 30.0), "the position may be off by as much");
        assert!(!across(13.2, 5.0), "in Mali");
        assert!(!across(11.5, 5.0), "too far away to be taken for Mali at all");
    }
}
