//! From what was typed to what it means: files, kinds, boxes, dates and schemes, each refused with its
//! value where it means nothing.

use super::args::{Inputs, Layers, Reading, Rules};
use crate::earth::{Length, Position};
use crate::model::{Countries, ReceptorKind};
use crate::run::{CoverageChoice, LayerName, Request, Wanted};
use crate::scoring::Scheme;
use crate::sources::{ColumnMap, ReadOptions, Source};
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The inputs of a command that needs no scheme.
pub fn inputs(inputs: &Inputs) -> Result<Request> {
    if inputs.demo {
        return Ok(crate::run::demo());
    }
    let files = |paths: &[PathBuf]| paths.iter().map(Source::from_arg).collect::<Vec<_>>();
    let request = Request {
        sites: files(&inputs.sites),
        incidents: files(&inputs.incidents),
        receptors: inputs.receptors.iter().map(|text| receptors(text)).collect::<Result<_>>()?,
        read: reading(&inputs.reading)?,
        ..Request::default()
    };
    let streams = request
        .sites
        .iter()
        .chain(&request.incidents)
        .chain(request.receptors.iter().map(|r| &r.1));
    if streams.filter(|source| source.is_stdin()).count() > 1 {
        return Err(Error::usage("standard input is named more than once"));
    }
    Ok(request)
}

/// The inputs and rules of a command that scores.
pub fn request(typed: &Inputs, rules: &Rules) -> Result<Request> {
    let mut request = inputs(typed)?;
    if request.sites.is_empty() {
        return Err(Error::usage("no sites are given")
            .with_hint("name a file with --sites FILE, or use the built-in case with --demo"));
    }
    request.scheme = scheme(&rules.scheme)?;
    if let Some(text) = &rules.as_of {
        let refused =
            || Error::usage(format!("--as-of: \"{text}\" is not a date; expected YYYY-MM-DD"));
        request.as_of = Some(text.parse().map_err(|_| refused())?);
    }
    if let Some(text) = &rules.bbox {
        request.bbox =
            Some(text.parse().map_err(|error| Error::usage(format!("--bbox: {error}")))?);
    }
    request.complete =
        rules.complete.iter().map(|word| kind("--complete", word)).collect::<Result<_>>()?;
    if let Some(text) = &rules.coverage {
        request.coverage = coverage(text)?;
    }
    Ok(request)
}

/// `KIND=FILE`, or a file whose records tell their kind.
fn receptors(text: &str) -> Result<(Option<ReceptorKind>, Source)> {
    match text.split_once('=') {
        // A name with a = in it that is a file is a file.
        Some(_) if Path::new(text).exists() => Ok((None, Source::from_arg(text))),
        Some((word, file)) => Ok((Some(kind("--receptors", word)?), Source::from_arg(file))),
        None => Ok((None, Source::from_arg(text))),
    }
}

/// A kind of receptor by its word.
pub fn kind(option: &str, word: &str) -> Result<ReceptorKind> {
    ReceptorKind::from_word(word.trim()).ok_or_else(|| {
        let words = ReceptorKind::ALL.map(ReceptorKind::word);
        unknown(option, word, "a kind of receptor", &words)
    })
}

/// The error for a word that is none of a list, naming the nearest.
pub fn unknown(option: &str, word: &str, what: &str, words: &[&str]) -> Error {
    let error = Error::usage(format!("{option}: \"{}\" is not {what}", word.escape_debug()));
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

/// How inputs are read.
pub fn reading(reading: &Reading) -> Result<ReadOptions> {
    let mut map = ColumnMap::default();
    // What holds for every file comes first: what the map says of one kind of file outdoes it.
    for role in ["sites", "incidents", "receptors"] {
        if reading.decimal_comma {
            map.add(&format!("{role}.decimal_comma=true"))?;
        }
        if let Some(format) = &reading.date_format {
            map.add(&format!("{role}.date_format={format}"))?;
        }
        if let Some(crs) = &reading.crs {
            map.add(&format!("{role}.crs={crs}"))?;
        }
    }
    for text in &reading.map {
        if text.contains('=') && !Path::new(text).exists() {
            map.add(text)?;
        } else {
            map.add_toml(&Source::from_arg(text).read_text()?)?;
        }
    }
    Ok(ReadOptions {
        map,
        encoding: reading.encoding.clone(),
        sheet: reading.sheet.clone(),
        ..ReadOptions::default()
    })
}

/// A scheme by file or built-in name.
pub fn scheme(text: &str) -> Result<Scheme> {
    if let Some(scheme) = Scheme::built_in(text) {
        return scheme;
    }
    let path = Path::new(text);
    if !path.exists() && !text.contains(['.', '/', '\\']) {
        let names: Vec<&str> = Scheme::built_in_names().collect();
        return Err(unknown("--scheme", text, "a built-in scheme or a file", &names));
    }
    let source = Source::from_arg(path);
    let text = source.read_text()?;
    Scheme::from_toml(&text, source.name())
}

fn coverage(text: &str) -> Result<CoverageChoice> {
    if text.eq_ignore_ascii_case("all") {
        return Ok(CoverageChoice::Everywhere);
    }
    if Path::new(text).exists() {
        return Ok(CoverageChoice::Area(Source::from_arg(text)));
    }
    let mut codes = BTreeSet::new();
    for name in text.split(',').map(str::trim) {
        codes.insert(Countries::built_in().named(name).ok_or_else(|| {
            Error::usage(format!("--coverage: \"{}\" is not a country", name.escape_debug()))
                .with_hint("all, country codes or names such as PAK,AFG, or a file of polygons")
        })?);
    }
    Ok(CoverageChoice::Countries(codes))
}

/// What to write.
pub fn wanted(typed: &Layers) -> Result<Wanted> {
    Ok(Wanted {
        layers: layers(typed)?,
        report: typed.report,
        #[cfg(feature = "png")]
        png: typed.png,
        #[cfg(not(feature = "png"))]
        png: false,
        group_by: typed.group_by.clone(),
    })
}

/// The layers asked for; `None` where none are named.
fn layers(layers: &Layers) -> Result<Option<BTreeSet<LayerName>>> {
    if layers.layers.is_empty() {
        return Ok(None);
    }
    let named = |word: &String| {
        let words = LayerName::ALL.map(LayerName::word);
        LayerName::from_word(word.trim())
            .ok_or_else(|| unknown("--layers", word, "a layer", &words))
    };
    layers.layers.iter().map(named).collect::<Result<_>>().map(Some)
}

/// `LON,LAT`, longitude first.
pub fn position(text: &str) -> Result<Position> {
    let refuse = |why: &str| {
        Error::usage(format!("--at: \"{text}\" {why}; expected LON,LAT in degrees"))
            .with_hint("longitude comes first: --at 62.05,29.12")
    };
    let (lon, lat) = text.split_once(',').ok_or_else(|| refuse("is not a coordinate"))?;
    let number = |part: &str| part.trim().parse::<f64>().map_err(|_| refuse("is not a coordinate"));
    Position::from_degrees(number(lon)?, number(lat)?).ok_or_else(|| refuse("is not on Earth"))
}

/// A length with its unit.
pub fn length(option: &str, text: &str) -> Result<Length> {
    text.parse().map_err(|error| Error::usage(format!("{option}: {error}")))
}
