//! Parses the words of a user: files, kinds, schemes, countries, layers and dates. The error for an unknown
//! word names the nearest known one. The command line and plans share this parser.
//!
//! `option` is the option or key that held the word, `--scheme` or `schemes`, and begins an error's
//! message. Relative paths are resolved against `folder`; an empty path is the current directory.

use super::Added;
use super::request::{CoverageChoice, LayerName, Stale};
use crate::earth::{Bounds, Length, Position};
use crate::model::{Declared, Part, ReceptorKind};
use crate::scoring::{Calibration, RASTER_KINDS, Scheme};
use crate::sources::{ColumnMap, ReadOptions, Role, Rows, Source};
use crate::{Code, Error, Result};
use jiff::civil::Date;
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;

/// Read options, in a user's words.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadWords {
    /// The CRS of inputs whose coordinates are not degrees and that declare none.
    pub crs: Option<String>,
    /// The format of dates.
    pub date_format: Option<String>,
    /// The text encoding.
    pub encoding: Option<String>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The line or row of the header.
    pub header_row: Option<u64>,
    /// Whether numbers have a decimal comma.
    pub decimal_comma: bool,
    /// Column mappings: `sites.lat=Y`, or TOML files with mappings.
    pub map: Vec<String>,
    /// Tables that map words to incident types, each for all incidents or, `FILE=TABLE`, for those of one
    /// file.
    pub types: Vec<String>,
    /// The first day of incidents to read.
    pub since: Option<String>,
    /// Conditions on the columns of records to read.
    #[serde(rename = "where")]
    pub conditions: Vec<String>,
}

impl ReadWords {
    /// Parses the words into options.
    ///
    /// # Errors
    /// An unknown word, or a file that cannot be read.
    pub fn options(&self, folder: &Path) -> Result<ReadOptions> {
        let mut map = ColumnMap::default();
        // Options for every file come first; a mapping for one kind of file overrides them.
        for role in ["sites", "incidents", "receptors"] {
            if self.decimal_comma {
                map.add(&format!("{role}.decimal_comma=true"))?;
            }
            if let Some(format) = &self.date_format {
                map.add(&format!("{role}.date_format={format}"))?;
            }
        }
        for text in &self.map {
            if text.trim().is_empty() {
                return Err(Error::usage(Code::MapInvalid, "⟦~map⟧: is empty")
                    .with_hint("such as ⟦map=sites.lat=Y,sites.lon=X⟧, or a TOML file"));
            }
            if text.contains('=') && !folder.join(text).exists() {
                map.add(text)?;
            } else {
                map.add_toml(&source(text, folder).read_text()?)?;
            }
        }
        for text in &self.types {
            let (of, table) = match text.split_once('=') {
                Some((of, table)) if !folder.join(text).exists() => (Some(of.trim()), table),
                _ => (None, text.as_str()),
            };
            // Files are identified by the names used in messages.
            let of = of.map(|of| source(of, folder));
            let table = source(table, folder);
            map.add_types(&table.read_text()?, table.name(), of.as_ref().map(|of| &**of.name()))?;
        }
        let mut rows = Rows::default();
        if let Some(day) = &self.since {
            rows.since = Some(date("⟦~since⟧", day)?);
        }
        self.conditions.iter().try_for_each(|text| rows.add(text))?;
        Ok(ReadOptions {
            map,
            rows,
            encoding: self.encoding.clone(),
            sheet: self.sheet.clone(),
            header_row: self.header_row,
            usual_crs: self.crs.clone(),
            ..ReadOptions::default()
        })
    }
}

/// Parses `KIND=FILE`, or a file whose records have a `receptor_type`.
///
/// # Errors
/// An unknown kind.
pub fn receptors(
    option: &str,
    text: &str,
    folder: &Path,
) -> Result<(Option<ReceptorKind>, Source)> {
    match text.split_once('=') {
        // An existing file with `=` in its name is a file.
        Some(_) if folder.join(text).exists() => Ok((None, source(text, folder))),
        Some((word, file)) => Ok((Some(kind(option, word)?), source(file, folder))),
        None => Ok((None, source(text, folder))),
    }
}

/// Parses the rasters of a run, each `NAME=FILE`.
///
/// # Errors
/// A text without a name, a name with other characters than letters, digits and `_`, or one that is given twice.
pub fn rasters(option: &str, texts: &[String], folder: &Path) -> Result<Vec<(Arc<str>, Source)>> {
    let mut rasters: Vec<(Arc<str>, Source)> = Vec::new();
    for text in texts {
        let refuse = |what: String| {
            Error::usage(Code::SettingInvalid, format!("{option}: {what}")).with_hint(format!(
                "NAME=FILE.tif; names that count are {}",
                RASTER_KINDS.join(", ")
            ))
        };
        let Some((name, file)) = text.split_once('=') else {
            return Err(refuse(format!("\"{}\" has no name", text.escape_debug())));
        };
        let (name, file) = (name.trim(), file.trim());
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || name.len() > 40 || !name.chars().all(is_plain) {
            let name = name.escape_debug();
            return Err(refuse(format!(
                "\"{name}\" is not a name of up to 40 letters, digits and _"
            )));
        }
        let name: Arc<str> = name.to_lowercase().into();
        if rasters.iter().any(|(known, _)| *known == name) {
            return Err(refuse(format!("{name} is given twice; a name has one file")));
        }
        if file.is_empty() {
            return Err(refuse(format!("{name} has no file")));
        }
        rasters.push((name, source(file, folder)));
    }
    Ok(rasters)
}

/// A file, or standard input for `-`.
pub fn source(text: &str, folder: &Path) -> Source {
    if text == "-" { Source::stdin() } else { Source::path(folder.join(text)) }
}

/// A kind of receptor by its word.
///
/// # Errors
/// An unknown kind.
pub fn kind(option: &str, word: &str) -> Result<ReceptorKind> {
    // A user's own plural of a data set's word is understood, too: `protected_areas`, `lakes`, `towns`.
    let one = word.trim().trim_end_matches('s').replace(['_', '-'], " ");
    let known = ReceptorKind::from_word(word.trim());
    known.or_else(|| ReceptorKind::from_words(&one, None, None)).ok_or_else(|| {
        let words = ReceptorKind::ALL.map(ReceptorKind::word);
        unknown(option, word, "a kind of receptor", &words)
    })
}

/// A layer by its word.
///
/// # Errors
/// An unknown layer.
pub fn layer(option: &str, word: &str) -> Result<LayerName> {
    let words = LayerName::ALL.map(LayerName::word);
    LayerName::from_word(word.trim()).ok_or_else(|| unknown(option, word, "a layer", &words))
}

/// A scheme by file or built-in name.
///
/// # Errors
/// An unknown scheme, or an invalid one.
pub fn scheme(option: &str, text: &str, folder: &Path) -> Result<Scheme> {
    if let Some(scheme) = Scheme::built_in(text) {
        return scheme;
    }
    let path = folder.join(text);
    if !path.exists() && !text.contains(['.', '/', '\\']) {
        let names: Vec<&str> = Scheme::built_in_names().collect();
        return Err(unknown(option, text, "a built-in scheme or a file", &names));
    }
    let source = Source::path(path);
    let text = source.read_text()?;
    Scheme::from_toml(&text, source.name())
}

/// A calibration by its file.
///
/// # Errors
/// A file that cannot be read or is no calibration.
pub fn calibration(file: &str, folder: &Path) -> Result<Calibration> {
    let source = source(file, folder);
    Calibration::from_toml(&source.read_text()?, source.name())
}

/// Where and when incidents were collected: `all`, countries, each with an optional period, or a file of
/// polygons.
///
/// # Errors
/// An unknown country; an invalid date.
pub fn coverage(option: &str, text: &str, folder: &Path) -> Result<CoverageChoice> {
    if folder.join(text).exists() {
        return Ok(CoverageChoice::Area(source(text, folder)));
    }
    Declared::list(option, text).map(CoverageChoice::Declared)
}

/// How places whose collection of security incidents has ended are scored, by its word.
///
/// # Errors
/// An unknown word.
pub fn stale(option: &str, text: &str) -> Result<Stale> {
    match text.trim() {
        "no-data" => Ok(Stale::NoData),
        "last" => Ok(Stale::Last),
        other => Err(unknown(option, other, "a way to treat ended data", &["no-data", "last"])),
    }
}

/// A day.
///
/// # Errors
/// An invalid date.
pub fn date(option: &str, text: &str) -> Result<Date> {
    text.parse().map_err(|_| {
        Error::usage(
            Code::SettingInvalid,
            format!("{option}: \"{}\" is not a date; expected YYYY-MM-DD", text.escape_debug()),
        )
    })
}

/// A length with its unit.
///
/// # Errors
/// Not a length.
pub fn length(option: &str, text: &str) -> Result<Length> {
    text.parse().map_err(|error| Error::usage(Code::SettingInvalid, format!("{option}: {error}")))
}

/// How far to look: some way, and no farther than there is Earth.
///
/// # Errors
/// Not a length, or one that is not above 0 and at most 20,004 km.
pub fn distance(option: &str, text: &str) -> Result<Length> {
    let length = length(option, text)?;
    if length > Length::ZERO && length.km() <= FARTHEST_KM {
        return Ok(length);
    }
    Err(Error::usage(
        Code::SettingInvalid,
        format!("{option} {length}: is not above 0 and at most {FARTHEST_KM}km"),
    )
    .with_hint("the farthest places on Earth lie 20004km apart; such as ⟦within=50km⟧"))
}

/// The farthest that two places on Earth lie apart, rounded up.
const FARTHEST_KM: f64 = 20_004.0;

/// A number of days with its unit.
///
/// # Errors
/// Not a number of days.
pub fn days(option: &str, text: &str) -> Result<u32> {
    let number = text.trim().strip_suffix('d').and_then(|number| number.trim().parse().ok());
    number.ok_or_else(|| {
        let text = text.escape_debug();
        Error::usage(Code::SettingInvalid, format!("{option}: \"{text}\" is not a number of days"))
            .with_hint("such as 90d or 365d")
    })
}

/// A box in degrees.
///
/// # Errors
/// Not a box.
pub fn bounds(option: &str, text: &str) -> Result<Bounds> {
    text.parse().map_err(|error| Error::usage(Code::SettingInvalid, format!("{option}: {error}")))
}

/// `sites`, `incidents`, `receptors`, or a kind of receptor.
///
/// # Errors
/// Another word.
pub fn role(option: &str, word: &str) -> Result<(Role, Option<ReceptorKind>)> {
    match word {
        "sites" => Ok((Role::Sites, None)),
        "incidents" => Ok((Role::Incidents, None)),
        "receptors" => Ok((Role::Receptors, None)),
        _ => kind(option, word).map(|kind| (Role::Receptors, Some(kind))),
    }
}

/// A kind of things that may be near: sites, parts of sites, incidents or a kind of receptor.
///
/// # Errors
/// An unknown kind.
pub fn thing(option: &str, word: &str) -> Result<String> {
    let parts = [Part::Camp, Part::Road, Part::Port].map(Part::word);
    let kinds = ReceptorKind::ALL.map(ReceptorKind::word);
    let known: Vec<&str> = ["site", "incident"].into_iter().chain(parts).chain(kinds).collect();
    let plain = |text: &str| text.trim().trim_end_matches('s').replace('-', "_").to_lowercase();
    let found = known.iter().find(|known| plain(known) == plain(word));
    found.map(|known| (*known).to_owned()).ok_or_else(|| unknown(option, word, "a kind", &known))
}

/// A hypothetical incident: `66.5,29.6,attack,3,2024-05-01`.
///
/// # Errors
/// Too few or too many parts; a place that is not on Earth; an invalid number or date.
pub fn added(option: &str, text: &str) -> Result<Added> {
    let refuse = |why: &str| {
        Error::usage(Code::SettingInvalid, format!("{option}: \"{}\" {why}", text.escape_debug()))
            .with_hint(
                "LON,LAT,TYPE and, if known, deaths and date: ⟦add=66.5,29.6,attack,3,2024-05-01⟧",
            )
    };
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let (lon, lat, event_type, rest) = match parts.as_slice() {
        [lon, lat, event_type, rest @ ..] if rest.len() <= 2 => (lon, lat, event_type, rest),
        _ => return Err(refuse("is no incident")),
    };
    let number = |text: &str| text.parse::<f64>().map_err(|_| refuse("has no coordinate"));
    let position = Position::from_degrees(number(lon)?, number(lat)?);
    let given = |at: usize| rest.get(at).copied().filter(|text| !text.is_empty());
    let deaths = given(0).map(str::parse::<u32>).transpose();
    Ok(Added {
        position: position.ok_or_else(|| refuse("is not on Earth"))?,
        event_type: (*event_type).to_owned(),
        fatalities: deaths.map_err(|_| refuse("has no number of deaths"))?,
        date: given(1).map(|day| date(option, day)).transpose()?,
    })
}

/// The error for a word that is not in a list, naming the nearest.
pub fn unknown(option: &str, word: &str, what: &str, words: &[&str]) -> Error {
    let error = Error::usage(
        Code::SettingInvalid,
        format!("{option}: \"{}\" is not {what}", word.escape_debug()),
    );
    let nearest = words
        .iter()
        .map(|known| (strsim::jaro_winkler(known, word), known))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    error.with_hint(match nearest {
        Some((_, known)) => format!("did you mean {known}"),
        None => format!("one of {}", words.join(", ")),
    })
}
