//! From what was typed to what it means: files, kinds, boxes, dates and schemes, each refused with its
//! value where it means nothing.

use super::args::{self, Layers, Reading};
use super::remedy::COMMAND_LINE;
use crate::earth::Position;
#[cfg(feature = "png")]
use crate::layers::report::Paper;
use crate::measures::{DrawPlan, MovedBy, Vary};
#[cfg(feature = "png")]
use crate::run::Maps;
use crate::run::named::{self, ReadWords};
use crate::run::{self, Format, Inputs, LayerName, Request, Rules, Tables, Wanted};
use crate::scoring::Scheme;
use crate::sources::{ReadOptions, Source};
use crate::{Code, Error, Result};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The inputs of a command that needs no scheme.
pub fn inputs(inputs: &args::Inputs) -> Result<Inputs> {
    if inputs.demo {
        return Ok(crate::run::demo().inputs);
    }
    let files = |paths: &[PathBuf]| paths.iter().map(Source::from_arg).collect::<Vec<_>>();
    let here = Path::new("");
    let named = Inputs {
        sites: files(&inputs.sites),
        incidents: files(&inputs.incidents),
        receptors: inputs
            .receptors
            .iter()
            .map(|text| named::receptors("--receptors", text, here))
            .collect::<Result<_>>()?,
        rasters: named::rasters("--raster", &inputs.raster, here)?,
        read: reading(&inputs.reading)?,
        merge_sources: inputs.merge_sources,
        ..Inputs::default()
    };
    if named.sources().filter(|(_, _, source)| source.is_stdin()).count() > 1 {
        return Err(Error::usage(Code::SettingsConflict, "standard input is named more than once"));
    }
    Ok(named)
}

/// The inputs and rules of a command that scores sites.
pub fn request(
    typed: &args::Inputs,
    typed_rules: &args::Rules,
    typed_calibration: &args::Calibrated,
) -> Result<Request> {
    let inputs = inputs(typed)?;
    if inputs.sites.is_empty() {
        return Err(Error::usage(Code::InputMissing, "no sites are given")
            .with_hint("name a file with --sites FILE, or use the built-in case with --demo"));
    }
    let rules = calibrated(typed_rules, typed_calibration)?;
    Ok(Request { inputs, rules, ..Request::default() })
}

/// Refuses a box for a question that it has no bearing on.
pub fn without_box(typed: &args::Rules, why: &str) -> Result<()> {
    match typed.bbox {
        None => Ok(()),
        Some(_) => {
            Err(Error::usage(Code::SettingsConflict, format!("--bbox chooses sites; here {why}"))
                .with_hint("leave out --bbox"))
        }
    }
}

/// The rules that were typed.
pub fn rules(typed: &args::Rules) -> Result<Rules> {
    let mut rules = Rules { scheme: scheme(&typed.scheme)?, ..Rules::default() };
    if let Some(text) = &typed.as_of {
        rules.as_of = Some(named::date("--as-of", text)?);
    }
    if let Some(text) = &typed.bbox {
        rules.bbox = Some(named::bounds("--bbox", text)?);
    }
    rules.complete =
        typed.complete.iter().map(|word| named::kind("--complete", word)).collect::<Result<_>>()?;
    if let Some(text) = &typed.coverage {
        rules.coverage = named::coverage("--coverage", text, Path::new(""))?;
    }
    if let Some(text) = &typed.stale {
        rules.stale = named::stale("--stale", text)?;
    }
    Ok(rules)
}

/// The draws that were typed.
pub fn uncertainty(typed: &args::Uncertainty) -> Result<Option<DrawPlan>> {
    let Some(number) = typed.uncertainty else { return Ok(None) };
    let mut plan = run::draws(number.get());
    if !typed.vary.is_empty() {
        plan.vary = Vary::NONE;
    }
    for word in &typed.vary {
        let more = plan.vary.and(word.trim());
        plan.vary = more.ok_or_else(|| {
            named::unknown("--vary", word, "a kind of uncertainty", &MovedBy::WORDS)
        })?;
    }
    Ok(Some(plan))
}

/// The rules that were typed, with a calibration.
pub fn calibrated(typed: &args::Rules, calibration: &args::Calibrated) -> Result<Rules> {
    let mut rules = rules(typed)?;
    if let Some(file) = &calibration.calibration {
        let calibration = named::calibration(file, Path::new(""))?;
        calibration.check(std::slice::from_ref(&rules.scheme))?;
        rules.calibration = Some(calibration);
    }
    Ok(rules)
}

/// How inputs are read.
pub fn reading(reading: &Reading) -> Result<ReadOptions> {
    let words = ReadWords {
        crs: reading.crs.clone(),
        date_format: reading.date_format.clone(),
        encoding: reading.encoding.clone(),
        sheet: reading.sheet.clone(),
        header_row: reading.header_row,
        decimal_comma: reading.decimal_comma,
        map: reading.map.clone(),
        types: reading.types.clone(),
        since: reading.since.clone(),
        conditions: reading.conditions.clone(),
    };
    words.options(Path::new(""))
}

/// Looks a word up in a list of known words.
pub fn word_of<T: Copy, const N: usize>(
    option: &str,
    word: &str,
    what: &str,
    known: [(&str, T); N],
) -> Result<T> {
    let found = known.iter().find(|(name, _)| name.eq_ignore_ascii_case(word.trim()));
    let words = known.map(|(name, _)| name);
    found.map(|(_, of)| *of).ok_or_else(|| named::unknown(option, word, what, &words))
}

/// A scheme by file or built-in name.
pub fn scheme(text: &str) -> Result<Scheme> {
    named::scheme("--scheme", text, Path::new(""))
}

/// What to write.
pub fn wanted(typed: &Layers) -> Result<Wanted> {
    let format = |word: &String| {
        let words: Vec<&str> = Format::ALL.iter().map(|format| format.word()).collect();
        Format::from_word(word.trim())
            .ok_or_else(|| named::unknown("--format", word, "a format", &words))
    };
    let formats = if typed.format.is_empty() {
        Wanted::default().formats
    } else {
        typed.format.iter().map(format).collect::<Result<_>>()?
    };
    Ok(Wanted {
        layers: layers(typed)?,
        formats,
        gpkg: typed.gpkg,
        project: typed.project,
        report: typed.report,
        group_by: typed.group_by.clone(),
        heading: run::heading(
            [("--title", &typed.title), ("--subtitle", &typed.subtitle)],
            ("--logo", typed.logo.as_deref()),
            Path::new(""),
        )?,
        weight_by: typed.weight_by.clone(),
        disclosures: if typed.disclosures { Tables::Yes } else { Tables::No },
        workbook: Tables::No,
        face: COMMAND_LINE,
        ..drawn(typed)?
    })
}

/// The still maps and the atlas to write.
#[cfg(feature = "png")]
fn drawn(typed: &Layers) -> Result<Wanted> {
    let args::Drawn { png, pdf, paper } = &typed.drawn;
    let maps = match png.as_deref() {
        None => Maps::None,
        Some("all") => Maps::All,
        Some(words) => {
            let words = words.split(',').map(str::trim);
            Maps::of(words.clone()).ok_or_else(|| {
                let unknown = words.clone().find(|word| !Maps::WORDS.contains(word));
                named::unknown("--png", unknown.unwrap_or_default(), "a score", &Maps::WORDS)
            })?
        }
    };
    let paper = paper.as_deref().map(|word| {
        word_of("--paper", word, "a paper", Paper::ALL.map(|paper| (paper.word(), paper)))
    });
    Ok(Wanted { maps, pdf: *pdf, paper: paper.transpose()?, ..Wanted::default() })
}

#[cfg(not(feature = "png"))]
fn drawn(_: &Layers) -> Result<Wanted> {
    Ok(Wanted::default())
}

/// The layers to write; `None` if none is named.
fn layers(layers: &Layers) -> Result<Option<BTreeSet<LayerName>>> {
    if layers.layers.is_empty() {
        return Ok(None);
    }
    layers.layers.iter().map(|word| named::layer("--layers", word)).collect::<Result<_>>().map(Some)
}

/// `LON,LAT`, longitude first.
pub fn position(text: &str) -> Result<Position> {
    let refuse = |why: &str| {
        Error::usage(
            Code::SettingInvalid,
            format!("--at: \"{text}\" {why}; expected LON,LAT in degrees"),
        )
        .with_hint("longitude comes first: --at 62.05,29.12")
    };
    let (lon, lat) = text.split_once(',').ok_or_else(|| refuse("is not a coordinate"))?;
    let number = |part: &str| part.trim().parse::<f64>().map_err(|_| refuse("is not a coordinate"));
    Position::from_degrees(number(lon)?, number(lat)?).ok_or_else(|| refuse("is not on Earth"))
}
