//! Builds receptors from records: rivers, lakes, protected areas, settlements, earthquakes, faults,
//! tailings dams and water stress. The kind is given by the caller or by a column.

use crate::earth::{GeometryKind, Length, Shape};
use crate::model::{DateSpan, Designation, Finding, Place, Receptor, ReceptorKind, Verdict};
use crate::sources::bytes::open::Source;
use crate::sources::check::guess;
use crate::sources::incident_dates::date_of;
use crate::sources::incidents::{depth_of, magnitude_of, must_be_earthquake};
use crate::sources::intake::columns::{Field as F, Role, fold};
use crate::sources::intake::part_intake::id_of;
use crate::sources::intake::read_all;
use crate::sources::intake::role_reader::{RoleReader, options_of};
use crate::sources::intake::row::{Fault, Row};
use crate::sources::layouts::{Layout, recognize};
use crate::sources::options::ReadOptions;
use crate::sources::reader::Reader;
use crate::sources::reading::Reading;
use crate::sources::sites::{tailings_of, water_stress_of};
use crate::sources::values::numbers::is_missing;
use crate::sources::values::positions::{accuracy_of, shape_of};
use crate::{Code, Result};

/// The accuracy beyond which the centroid of a sensitive area says nothing about its boundary.
const CENTROID_LIMIT_KM: f64 = 25.0;

/// Builds receptors of one kind, or of the kinds that a column names.
pub(crate) fn role_reader(kind: Option<ReceptorKind>) -> RoleReader<Receptor> {
    RoleReader {
        role: Role::Receptors,
        kind,
        build: receptor_of,
        required: if kind.is_some() { &[] } else { &[&[F::ReceptorType]] },
        noun: "receptors",
        crowd: 5,
        before: |_, _| None,
    }
}

/// Reads the receptors of a file. With `kind`, records that a column assigns to another kind are
/// set aside. Without it, the layout or a `receptor_type` column gives the kind.
///
/// # Errors
/// If the file cannot be opened or decoded, holds something else, lacks columns for the place, does
/// not state what its receptors are, or clearly must be read in another way.
pub fn read_receptors(
    source: &Source,
    kind: Option<ReceptorKind>,
    options: &ReadOptions,
) -> Result<Reading<Receptor>> {
    let options = options_of(options, Role::Receptors, kind);
    read_open(&mut Reader::open(source, &options)?, kind, &options)?.accepted()
}

/// Reads the receptors of an open file.
pub(crate) fn read_open(
    reader: &mut Reader,
    kind: Option<ReceptorKind>,
    options: &ReadOptions,
) -> Result<Reading<Receptor>> {
    let kind = kind.or_else(|| recognize(reader.columns()).and_then(|layout| layout.kind));
    let mut reads = role_reader(kind);
    if recognize(reader.columns()).is_some_and(|layout| !layout.kinds.is_empty()) {
        reads.required = &[];
    }
    let outcome = read_all(reader, &reads, options);
    let mut reading = outcome.map_err(|error| {
        if kind.is_none() && error.is_data() && error.to_string().contains("receptor_type") {
            let likely = guess(reader).ok().and_then(|guess| guess.kind);
            error.with_hint(match likely {
                Some(kind) => {
                    format!("say what they are, likely ⟦receptors={}=FILE⟧", kind.word())
                }
                None => "say what they are, for example ⟦receptors=rivers=FILE⟧".to_owned(),
            })
        } else {
            error
        }
    })?;
    say_without_people(&mut reading);
    Ok(reading)
}

/// Notes if no settlement of a file has a population: the number of people near a site is then
/// unknown.
fn say_without_people(reading: &mut Reading<Receptor>) {
    let mut settlements =
        reading.items.iter().filter(|item| item.kind == ReceptorKind::Settlements).peekable();
    if settlements.peek().is_some() && settlements.all(|item| item.population.is_none()) {
        reading.findings.push(Finding {
            code: Code::ValueDoubtful,
            file: reading.file.clone(),
            place: Place::File,
            id: None,
            field: Some("population".to_owned()),
            value: None,
            why: "is not given for any settlement; people near a site are unknown, not 0"
                .to_owned(),
            verdict: Verdict::Noted,
        });
    }
}

fn receptor_of(row: &mut Row<'_>) -> Result<Receptor, Fault> {
    let kind = kind_of(row)?;
    must_exist(row)?;
    if kind == ReceptorKind::Earthquakes {
        must_be_earthquake(row)?;
    }
    let shape = shape_of(row)?;
    let accuracy = accuracy_of(row).accuracy;
    let designation = match kind {
        ReceptorKind::SensitiveAreas => Some(designation_of(row)),
        _ => None,
    };
    let area_km2 = area_of(row);
    let area_km2 = if shape.kind() == GeometryKind::Point { area_km2 } else { None };
    if kind == ReceptorKind::SensitiveAreas {
        centroid_must_be_good(row, &shape, accuracy)?;
    }
    let magnitude = magnitude_of(row);
    let depth_km = depth_of(row);
    if kind == ReceptorKind::Earthquakes {
        let says_nothing = |row: &Row<'_>, field| is_missing(row.value(field));
        if says_nothing(row, F::Magnitude) {
            row.note(Verdict::Noted, F::Magnitude, "is missing; the earthquake is not scored");
        }
        if says_nothing(row, F::Depth) {
            row.note(Verdict::Noted, F::Depth, "is missing; 10 km is used for its score");
        }
    }
    Ok(Receptor {
        id: String::new(),
        name: row.words(F::Name),
        kind,
        file: row.rules.file.clone(),
        place: row.record.place.clone(),
        shape,
        accuracy,
        area_km2,
        designation,
        population: if kind == ReceptorKind::Settlements { population_of(row) } else { None },
        magnitude,
        depth_km,
        date: when(row),
        tailings: tailings_of(row),
        world_heritage: kind == ReceptorKind::SensitiveAreas
            && Designation::names_world_heritage(&designation_words(row)),
        next_down: if kind == ReceptorKind::Rivers { next_down_of(row) } else { None },
        water_stress: water_stress_of(row),
    })
}

/// Refuses receptors that are only planned, according to the status words of the layout.
fn must_exist(row: &Row<'_>) -> Result<(), Fault> {
    let Some(layout) = row.rules.layout.filter(|layout| !layout.aside.is_empty()) else {
        return Ok(());
    };
    // `value` keeps words such as "Not Reported", which count as missing elsewhere.
    let value = row.value(F::Status);
    let status = value.as_str().unwrap_or_default().trim();
    match layout.aside.iter().find(|(word, _)| word.eq_ignore_ascii_case(status)) {
        Some((_, why)) => Err(row.fault(F::Status, *why)),
        None => Ok(()),
    }
}

/// Returns the kind of a record, in a layout with several kinds, by its tag columns.
fn tagged(row: &Row<'_>, layout: &'static Layout) -> Option<ReceptorKind> {
    let told = layout.kinds.iter().zip(&row.binding.kinds).find(|(tag, column)| {
        let value = column.and_then(|at| row.record.field(at).as_str());
        // A tag holds several values separated by semicolons.
        value.is_some_and(|value| {
            value.split(';').any(|one| tag.values.contains(&one.trim().to_lowercase().as_str()))
        })
    });
    told.map(|(tag, _)| tag.kind)
}

/// Returns the kind of a record: by its type column if the word is known, else the kind asked for.
fn kind_of(row: &mut Row<'_>) -> Result<ReceptorKind, Fault> {
    let asked = row.rules.kind;
    if let Some(layout) = row.rules.layout.filter(|layout| !layout.kinds.is_empty())
        && !row.binding.has(F::ReceptorType)
    {
        let whole = |why: String| Fault::whole(Code::TypeDoubtful, why);
        return match (asked, tagged(row, layout)) {
            (None, Some(told)) => Ok(told),
            (Some(asked), Some(told)) if asked == told => Ok(asked),
            // Trust the caller, who may have extracted the file by kind; its tags may be missing.
            (Some(asked), None) => Ok(asked),
            (Some(asked), Some(told)) => {
                Err(whole(format!("is of {} by its tags, not of {}", told.word(), asked.word())))
            }
            (None, None) => Err(whole("has no tag of a known kind of receptor".into())),
        };
    }
    let Some(word) = row.words(F::ReceptorType) else {
        return asked.ok_or_else(|| {
            row.fault(F::ReceptorType, "is missing; it could be any kind of receptor")
        });
    };
    let iucn = row.words(F::IucnCategory);
    let designation = row.words(F::Designation);
    let stated = ReceptorKind::from_words(&word, iucn.as_deref(), designation.as_deref());
    // In another table an unknown word may be a finer one, such as "hamlet"; in Tamarisk's own
    // column it is a kind that does not exist, such as "groundwater".
    let ours = fold(row.column(F::ReceptorType)) == "receptortype";
    match (asked, stated) {
        (None, Some(stated)) => Ok(stated),
        (Some(asked), Some(stated)) if asked == stated => Ok(asked),
        (Some(asked), Some(_)) => {
            Err(row
                .fault(F::ReceptorType, format!("is not of the kind asked for, {}", asked.word())))
        }
        (Some(asked), None) if !ours => Ok(asked),
        (_, None) => Err(row.fault(F::ReceptorType, "is not a known kind of receptor")),
    }
}

/// Returns how strictly a sensitive area is protected; an area without a known designation counts
/// as `Other`. The words of the layers of receptors are read as they stand.
fn designation_of(row: &Row<'_>) -> Designation {
    if let Some(own) = row.words(F::Designation).and_then(|word| Designation::from_word(&word)) {
        return own;
    }
    let iucn = row.words(F::IucnCategory);
    Designation::from_words(iucn.as_deref(), Some(designation_words(row).as_str()))
        .unwrap_or(Designation::Other)
}

/// Returns all words for what a sensitive area is.
fn designation_words(row: &Row<'_>) -> String {
    let words: Vec<String> = [F::Designation, F::ReceptorType]
        .into_iter()
        .filter_map(|field| row.words(field))
        .chain(row.rules.layout.and_then(|layout| layout.designation).map(str::to_owned))
        .collect();
    words.join(" ")
}

/// Sets aside points for areas if they are too inaccurate: neither the boundary nor a useful center
/// is known.
fn centroid_must_be_good(
    row: &Row<'_>,
    shape: &Shape,
    accuracy: Option<Length>,
) -> Result<(), Fault> {
    let poor = accuracy.is_some_and(|accuracy| accuracy.km() > CENTROID_LIMIT_KM);
    if shape.kind() == GeometryKind::Point && poor {
        return Err(row.fault(
            F::Accuracy,
            "is over 25 km, too much for the center of an area whose edge is not known",
        ));
    }
    Ok(())
}

/// Returns the area in square kilometers, from either unit.
fn area_of(row: &mut Row<'_>) -> Option<f64> {
    // The Pacific, the largest area with a boundary, has 1.7e8 km2.
    let why = "is not an area; read as missing";
    let km2 = row.number_within(F::AreaKm2, 0.0, 2.0e8, why);
    let area = km2.or_else(|| Some(row.number_within(F::AreaHa, 0.0, 2.0e10, why)? / 100.0));
    // Catalogs write 0 for an unknown area.
    area.filter(|area| *area > 0.0)
}

fn population_of(row: &mut Row<'_>) -> Option<f64> {
    let people = row.population(F::Population, 1.0e10, "is not a population; read as missing")?;
    if people == 0.0 {
        row.note(
            Verdict::Noted,
            F::Population,
            "is 0, which gazetteers use for unknown; read as missing",
        );
        return None;
    }
    Some(people)
}

/// Returns the id of the reach into which a river reach flows, in the form that ids have.
fn next_down_of(row: &Row<'_>) -> Option<Box<str>> {
    id_of(row.value(F::NextDown), row.rules.layout).map(String::into_boxed_str)
}

/// Returns the date of an earthquake. Receptors need no date: one that cannot be read is only
/// noted.
fn when(row: &mut Row<'_>) -> Option<DateSpan> {
    match date_of(row) {
        Ok(date) => date,
        Err(fault) => {
            let field = if row.binding.has(F::Date) { F::Date } else { F::Year };
            row.note(Verdict::Noted, field, &fault.why);
            None
        }
    }
}
