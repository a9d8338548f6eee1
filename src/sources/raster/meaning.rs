//! What stored numbers mean: which of them stands for no value, and how the others are scaled (GDAL's tags 42112 and
//! 42113).

use super::directory::Directory;
use super::layout::{Layout, Type};
use crate::Result;
use quick_xml::Reader;
use quick_xml::events::Event;

const METADATA: u16 = 42_112;
const NO_DATA: u16 = 42_113;

/// Scale and offset of the values, and the stored number without a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Meaning {
    pub no_data: Option<f64>,
    pub scale: f64,
    pub offset: f64,
}

impl Meaning {
    /// Reads the tags.
    ///
    /// # Errors
    /// A tag that lies past the end of the file, or a number in it that is none.
    pub fn read(directory: &Directory<'_>, layout: &Layout) -> Result<Self> {
        let no_data = match directory.text(NO_DATA)? {
            None => None,
            Some(text) if text.trim().is_empty() => None,
            Some(text) => {
                let number = text.trim().parse::<f64>().map_err(|_| {
                    directory
                        .damaged(&format!("its value for no data is \"{}\"", text.escape_debug()))
                })?;
                Some(as_stored(number, layout))
            }
        };
        let (mut scale, mut offset) = (1.0, 0.0);
        if let Some(text) = directory.text(METADATA)? {
            for (role, number) in items(&text) {
                let number = number.trim().parse::<f64>().ok().filter(|number| number.is_finite());
                let number = number.ok_or_else(|| {
                    directory.damaged(&format!("the {role} of its values is not a number"))
                })?;
                *(if role == "scale" { &mut scale } else { &mut offset }) = number;
            }
        }
        Ok(Self { no_data, scale, offset })
    }

    /// The value of a stored number; NaN without one. Infinite values are none either.
    pub fn of(&self, stored: f64) -> f64 {
        let value = stored * self.scale + self.offset;
        if self.no_data == Some(stored) || !value.is_finite() { f64::NAN } else { value }
    }

    /// The stored number of cells whose chunk the file leaves out: no data, or else zero.
    pub fn absent(&self) -> f64 {
        self.no_data.unwrap_or(0.0)
    }
}

/// A number as the type of the band holds it: GDAL writes the digits of the double nearest to it.
#[expect(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
fn as_stored(number: f64, layout: &Layout) -> f64 {
    if layout.kind == Type::Float && layout.bits == 32 { f64::from(number as f32) } else { number }
}

/// The scale and the offset of the first band, with their roles. XML that is none says nothing.
fn items(text: &str) -> Vec<(&'static str, String)> {
    let (mut reader, mut found) = (Reader::from_str(text), Vec::new());
    let mut role = None;
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(start) => {
                let value = |name: &str| {
                    let attribute = start.try_get_attribute(name).ok()??;
                    Some(attribute.value.into_owned())
                };
                let is_first = value("sample").is_none_or(|sample| sample.trim() == "0");
                role = match value("role").as_deref() {
                    Some("scale") if is_first => Some("scale"),
                    Some("offset") if is_first => Some("offset"),
                    _ => None,
                };
            }
            Event::Text(text) => {
                if let Some(role) = role.take() {
                    found.push((role, text.to_string()));
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_and_offset_of_the_first_band_count() {
        let text = "<GDALMetadata>\n<Item name=\"OFFSET\" sample=\"0\" role=\"offset\">-5</Item>\n\
                    <Item name=\"SCALE\" sample=\"0\" role=\"scale\">0.1</Item>\n\
                    <Item name=\"SCALE\" sample=\"1\" role=\"scale\">7</Item>\n\
                    <Item name=\"scale\">9</Item></GDALMetadata>";
        assert_eq!(items(text), [("offset", "-5".to_owned()), ("scale", "0.1".to_owned())]);
        assert!(items("<Item role=\"scale\"").is_empty() && items("no XML").is_empty());
        let meaning = Meaning { no_data: Some(255.0), scale: 0.1, offset: -5.0 };
        assert!((meaning.of(100.0) - 5.0).abs() < 1e-12 && meaning.of(255.0).is_nan());
        assert!(meaning.of(f64::INFINITY).is_nan() && meaning.of(f64::NAN).is_nan());
    }
}
