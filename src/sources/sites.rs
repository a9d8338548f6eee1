//! Builds sites from records: mines and other assets, as points, lines or polygons, with all columns of their
//! file.

use crate::earth::Shape;
use crate::model::{
    Part, Site, Tailings, TailingsClass, Value, Verdict, WaterStress, WaterStressAside,
};
use crate::sources::bytes::open::Source;
use crate::sources::intake::columns::{Field as F, Role};
use crate::sources::intake::read_through;
use crate::sources::intake::role_reader::{RoleReader, options_of};
use crate::sources::intake::row::{Fault, Row};
use crate::sources::options::ReadOptions;
use crate::sources::reader::Reader;
use crate::sources::reading::Reading;
use crate::sources::values::positions::{accuracy_of, shape_of, standing_for};
use crate::{Code, Result};
use std::sync::Arc;

/// Builds sites.
pub(crate) const READER: RoleReader<Site> = RoleReader {
    role: Role::Sites,
    kind: None,
    build: site_of,
    required: &[],
    noun: "sites",
    crowd: 3,
    before: |_, _| None,
};

/// Reads the sites of a file. Its format and layout must be known, or the options must map its columns.
///
/// # Errors
/// If the file cannot be opened or decoded, holds something else, lacks columns for the place, or clearly
/// must be read in another way.
pub fn read_sites(source: &Source, options: &ReadOptions) -> Result<Reading<Site>> {
    read_sites_through(source, options, &mut |_| Ok(()))
}

/// Reads the sites of a file and passes them to `pick` in file order, part by part, so that not all need to
/// be in memory at once. `pick` may take sites out; the reading holds those that are left. Ids are final when
/// `pick` sees them, but whether the file is refused or damaged is only known at the end.
///
/// # Errors
/// Those of [`read_sites`], and of `pick`.
pub fn read_sites_through(
    source: &Source,
    options: &ReadOptions,
    pick: &mut dyn FnMut(&mut Vec<Site>) -> Result<()>,
) -> Result<Reading<Site>> {
    let options = options_of(options, Role::Sites, None);
    read_through(&mut Reader::open(source, &options)?, &READER, &options, pick)?.accepted()
}

fn site_of(row: &mut Row<'_>) -> Result<Site, Fault> {
    let shape = shape_of(row)?;
    let position = standing_for(&shape)
        .ok_or_else(|| Fault::whole(Code::GeometryDoubtful, "has a shape without a position"))?;
    let accuracy = accuracy_of(row).accuracy;
    note_width(row, &shape);
    Ok(Site {
        id: String::new(),
        name: row.words(F::Name).unwrap_or_default(),
        file: row.rules.file.clone(),
        place: row.record.place.clone(),
        position,
        shape,
        accuracy,
        country: row.country,
        group: row.words(F::Group),
        part: part_of(row),
        tailings: tailings_of(row),
        water_stress: water_stress_of(row),
        water_stress_aside: WaterStressAside {
            next_basin: ratio_of(row, F::WaterStressNextBasin),
            note: row.words(F::WaterStressNote),
        },
        columns: columns_of(row),
    })
}

/// Width of a site beyond which a note is issued, because counts around it are no longer near one place.
///
/// # Units
/// Kilometers.
const WIDE_KM: f64 = 200.0;

/// Notes a site so wide that a single score says little about it.
fn note_width(row: &mut Row<'_>, shape: &Shape) {
    let km = shape.width().km();
    if km <= WIDE_KM {
        return;
    }
    let name = row.words(F::Name).unwrap_or_default();
    let fault = Fault {
        code: Code::GeometryDoubtful,
        field: Some("geometry".to_owned()),
        value: (!name.is_empty()).then_some(name),
        why: format!(
            "is {km:.0} km wide; rings and distances are those of its whole shape, shares of buffers \
             and the length of rivers those of one place in it; hint: give its pits, camps or stretches \
             of road as sites of their own"
        ),
    };
    row.say(Verdict::Noted, fault);
}

fn part_of(row: &mut Row<'_>) -> Part {
    let Some(word) = row.words(F::Part) else {
        return Part::Mine;
    };
    Part::from_word(&word).unwrap_or_else(|| {
        row.note_word(F::Part, "is not a known part; read as mine");
        Part::Mine
    })
}

/// Returns what is known of a tailings facility: its consequence class, height and volume.
pub(crate) fn tailings_of(row: &mut Row<'_>) -> Tailings {
    // The highest dam is 350 m high, the largest facility holds under 10 km3.
    let why = "is not the height of a dam in meters; read as missing";
    let height_m = row.number_within(F::TailingsHeight, 0.1, 1000.0, why);
    let why = "is not a volume in cubic meters; read as missing";
    let volume_m3 = row.number_within(F::TailingsVolume, 1.0, 1.0e11, why);
    Tailings { class: class_of(row), height_m, volume_m3 }
}

/// Returns the consequence class. `none` says that there are no tailings, although it counts as missing in
/// other columns.
fn class_of(row: &mut Row<'_>) -> Option<TailingsClass> {
    let raw = row.value(F::TailingsClass).as_str().map(str::trim).map(str::to_owned);
    if raw.is_some_and(|word| word.eq_ignore_ascii_case(TailingsClass::NoFacility.word())) {
        return Some(TailingsClass::NoFacility);
    }
    let word = row.words(F::TailingsClass)?;
    let folded = word.to_lowercase();
    let known = row.rules.layout.map_or(&[][..], |layout| layout.consequences);
    let of_layout = known.iter().find(|(known, _)| *known == folded).map(|(_, class)| *class);
    let class = of_layout.or_else(|| TailingsClass::from_word(&word));
    if class.is_none() {
        row.note_word(
            F::TailingsClass,
            "is not a consequence class: none, low, significant, high, very high or extreme",
        );
    }
    class
}

/// Returns the water stress: the score, else the ratio, else the category. Aqueduct marks arid areas with low
/// use by −1 and areas without data by −9999.
pub(crate) fn water_stress_of(row: &mut Row<'_>) -> Option<WaterStress> {
    let category = row.words(F::WaterStressCategory).and_then(|word| {
        let stress = WaterStress::from_category(&word);
        let says_nothing = matches!(word.to_lowercase().as_str(), "no data" | "-9999");
        if stress.is_none() && !says_nothing {
            row.note_word(F::WaterStressCategory, "is not a known category of water stress");
        }
        stress
    });
    if category == Some(WaterStress::Arid) {
        row.note(
            Verdict::Noted,
            F::WaterStressCategory,
            "is arid with low water use; read as the highest stress",
        );
        return category;
    }
    if !has_no_data(row, F::WaterStress) {
        let why = "is not a water stress score from 0 to 5; read as missing";
        if let Some(score) = row.number_within(F::WaterStress, 0.0, 5.0, why) {
            return Some(WaterStress::Score(score));
        }
    }
    if let Some(ratio) = ratio_of(row, F::WaterStressRatio) {
        return Some(WaterStress::Ratio(ratio));
    }
    if category.is_some() {
        row.note(
            Verdict::Noted,
            F::WaterStressCategory,
            "is given as a category only; the middle of its range is used",
        );
    }
    category
}

/// Returns a ratio of withdrawal to supply.
fn ratio_of(row: &mut Row<'_>, field: F) -> Option<f64> {
    let why = "is not a ratio of withdrawal to supply; read as missing";
    if has_no_data(row, field) { None } else { row.number_within(field, 0.0, 1.0e6, why) }
}

/// Whether a field holds Aqueduct's number for missing data.
fn has_no_data(row: &Row<'_>, field: F) -> bool {
    row.words(field).is_some_and(|word| matches!(word.as_str(), "-9999" | "-9999.0"))
}

/// Returns all columns except those of the place, which is written as geometry.
fn columns_of(row: &Row<'_>) -> Vec<(Arc<str>, Value)> {
    let place = [F::Lon, F::Lat, F::Geometry].map(|field| row.binding.column(field));
    row.columns
        .iter()
        .enumerate()
        .filter(|(at, _)| !place.contains(&Some(*at)))
        .map(|(at, name)| (name.clone(), row.record.field(at).clone()))
        .collect()
}
