//! Learns conventions of a table from its first records and its column names: decimal commas, separate
//! columns for parts of degrees and for hemispheres, the order of coordinate pairs, the meaning of O in
//! hemispheres. What is ambiguous is not learned; such records are set aside, or the file is refused.

use super::columns::{Binding, Field as F, PLACE, Role, fold};
use super::date_column;
use super::halves::side_in_name;
use super::map::RoleMap;
use super::names;
use super::no_records::at_begin;
use super::parts_of_place::{Part, field_of, part_of, side_named};
use super::tally::Tally;
use crate::sources::formats::record::Record;
use crate::sources::layouts::Layout;
use crate::sources::reader::Reader;
use crate::sources::values::angles::{Axis, Side, read_pair, side_of, sides_in};
use crate::sources::values::cells::{Kind, kind_of, possible_first, said_first};
use crate::sources::values::digits::plain_digits;
use crate::sources::values::numbers::{is_missing, read_number};
use crate::{Code, Error, Result};

/// Number of records examined.
const SAMPLE: usize = 200;

/// A table and its sample.
struct Looked<'l> {
    reader: &'l Reader,
    binding: Binding,
    sample: Vec<Record>,
}

/// Learns the conventions of a table and adds them to its map.
///
/// # Errors
/// If the order of coordinate pairs is ambiguous.
pub(crate) fn learn(
    reader: &Reader,
    role: Role,
    layout: Option<&'static Layout>,
    map: &mut RoleMap,
    section: &str,
    tally: &mut Tally,
) -> Result<()> {
    let dates = Binding::new(reader.file(), reader.columns(), role, layout, map)?;
    date_column::learn(reader, &dates, SAMPLE, map)?;
    let mapped = [F::Lon, F::Lat].iter().all(|field| map.columns.contains_key(field));
    if reader.has_geometry() && !mapped {
        return Ok(());
    }
    let binding = Binding::new(reader.file(), reader.columns(), role, layout, map)?;
    let looked = Looked { reader, binding, sample: reader.sample(SAMPLE)? };
    if looked.binding.has(F::Lon) && looked.binding.has(F::Lat) {
        if !map.decimal_comma && looked.has_decimal_commas() {
            map.decimal_comma = true;
            let what = "are written with decimal commas; all numbers of the file are read that way";
            tally.say(Code::PositionDoubtful, Some(&looked.place_names()), what.to_owned());
        }
        if layout.is_none() {
            for axis in [F::Lat, F::Lon] {
                looked.learn_parts(axis, map, tally);
                looked.learn_side(axis, map);
                looked.learn_head(axis, map, tally);
                if !mapped {
                    looked.say_other_place(axis, map, tally);
                }
            }
        }
    }
    if layout.is_some_and(|layout| layout.lat_first) && map.spelling.lat_first.is_none() {
        map.spelling.lat_first = Some(true);
    }
    if map.spelling.o_is_west.is_none() {
        map.spelling.o_is_west = looked.o_is_west(map);
    }
    looked.learn_order(map, section)
}

impl Looked<'_> {
    /// The texts of a column in the sample.
    fn texts(&self, column: usize) -> impl Iterator<Item = &str> {
        let fields = self.sample.iter().map(move |record| record.field(column));
        fields.filter(|value| !is_missing(value)).filter_map(|value| value.as_str())
    }

    fn name(&self, column: usize) -> &str {
        self.reader.columns().get(column).map_or("", AsRef::as_ref)
    }

    fn place_names(&self) -> String {
        let of = |field| self.binding.column(field).map_or("", |at| self.name(at));
        format!("{}, {}", of(F::Lat), of(F::Lon))
    }

    /// Whether the coordinates have decimal commas and none has a point.
    fn has_decimal_commas(&self) -> bool {
        let columns = [F::Lon, F::Lat].into_iter().filter_map(|field| self.binding.column(field));
        let (mut commas, mut points) = (0_usize, 0_usize);
        for text in columns.flat_map(|at| self.texts(at)) {
            let text = plain_digits(text.trim());
            let plain =
                text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '-' | '+' | '.'));
            if !plain {
                continue;
            }
            points += usize::from(text.contains('.'));
            let mut parts = text.split(',');
            if let (Some(_), Some(last), None) = (parts.next(), parts.next(), parts.next()) {
                let degrees = text.replace(',', ".").parse::<f64>().is_ok_and(|n| n.abs() <= 360.0);
                commas += usize::from(degrees || last.len() != 3);
            }
        }
        commas > 0 && points == 0
    }

    /// Finds the columns of minutes and seconds that belong to a column of degrees.
    fn learn_parts(&self, axis: F, map: &mut RoleMap, tally: &mut Tally) {
        let Some(degrees) = self.binding.column(axis) else { return };
        let columns = || self.reader.columns().iter().enumerate();
        let of = |part: Part| {
            // The S in `Latitude (S)` means south, not seconds.
            let mut all = columns().filter(|(at, name)| {
                part_of(name) == Some((axis, part)) && (*at != degrees || part == Part::Degrees)
            });
            all.next().map(|(at, _)| at)
        };
        let named = part_of(self.name(degrees)) == Some((axis, Part::Degrees));
        let others = of(Part::Degrees).is_some_and(|at| at != degrees);
        let Some(minutes) = of(Part::Minutes) else { return };
        // The minimum of a bounding box is called `lat_min` too; then there is a maximum.
        let boxed = columns().any(|(_, name)| {
            let name = fold(name);
            name.contains("max") && (name.contains("lat") || name.contains("lon"))
        });
        let short =
            fold(self.name(minutes)).ends_with("tm") || fold(self.name(minutes)).ends_with("nm");
        if others && !named || boxed || short && !named {
            return;
        }
        let number = |record: &Record, at: usize| {
            read_number(record.field(at), map.decimal_comma).ok().flatten().map(|n| n.value)
        };
        let fractions = self.sample.iter().filter_map(|record| number(record, degrees));
        let parts: Vec<(F, usize)> = [Part::Minutes, Part::Seconds]
            .into_iter()
            .filter_map(|part| Some((field_of(axis, part)?, of(part)?)))
            .collect();
        if fractions.into_iter().any(|degrees| degrees.fract() != 0.0) {
            let names: Vec<&str> = parts.iter().map(|(_, at)| self.name(*at)).collect();
            let why =
                format!("holds degrees with decimals; {} beside it is not used", names.join(", "));
            tally.say(Code::PositionDoubtful, Some(self.name(degrees)), why);
            return;
        }
        for (field, at) in parts {
            map.columns.entry(field).or_insert_with(|| self.name(at).to_owned());
        }
    }

    /// Finds the column of the hemisphere of a longitude or latitude.
    fn learn_side(&self, axis: F, map: &mut RoleMap) {
        let Some(field) = field_of(axis, Part::Side) else { return };
        let wanted = if axis == F::Lat { Axis::Lat } else { Axis::Lon };
        let names_sides = |at: usize| {
            let mut texts = self.texts(at).peekable();
            let fits = |text: &str| side_of(text).is_some_and(|side| side.axis() == wanted);
            texts.peek().is_some() && texts.all(fits)
        };
        let named = |name: &str| {
            part_of(name) == Some((axis, Part::Side)) || side_named(name) == Some(axis)
        };
        let columns = self.reader.columns().iter().enumerate();
        let found = columns.into_iter().find(|(at, name)| named(name) && names_sides(*at));
        if let Some((_, name)) = found {
            map.columns.entry(field).or_insert_with(|| name.to_string());
        }
    }

    /// Reports a second column for the same coordinate with different values.
    fn say_other_place(&self, axis: F, map: &RoleMap, tally: &mut Tally) {
        const APART: f64 = 0.001;
        let Some(read) = self.binding.column(axis) else { return };
        let names = PLACE.iter().find(|(field, ..)| *field == axis);
        let is_named = |name: &str| {
            let name = fold(name);
            names.is_some_and(|(_, word, others)| {
                std::iter::once(word).chain(*others).any(|known| fold(known) == name)
            })
        };
        let number = |record: &Record, at: usize| {
            let number = read_number(record.field(at), map.decimal_comma).ok().flatten()?.value;
            (number.abs() <= 360.0).then_some(number)
        };
        for (at, name) in self.reader.columns().iter().enumerate() {
            if at == read || !is_named(name) {
                continue;
            }
            let apart = self.sample.iter().any(|record| {
                let both = number(record, read).zip(number(record, at));
                both.is_some_and(|(one, other)| (one - other).abs() > APART)
            });
            if apart {
                let why = format!("holds other values than {}, which is used", self.name(read));
                tally.say(Code::PositionDoubtful, Some(name), why);
            }
        }
    }

    /// Finds out whether the column header, or the unit below it, puts the numbers in the south or west. The
    /// user's setting of signs and a separate column of hemispheres take precedence.
    fn learn_head(&self, axis: F, map: &mut RoleMap, tally: &mut Tally) {
        let Some(at) = self.binding.column(axis) else { return };
        let side_known = field_of(axis, Part::Side).is_some_and(|f| map.columns.contains_key(&f));
        let key = if axis == F::Lat { "negate_lat" } else { "negate_lon" };
        if side_known || map.turns() || map.insists(key) {
            return;
        }
        let unit = || {
            let first = self.sample.first()?;
            at_begin(first, &self.binding, None)?;
            side_in_name(&format!("({})", first.field(at).as_str()?), axis)
        };
        let o_is_west = map.spelling.o_is_west.or_else(|| names::o_is_west(self.reader.columns()));
        let half = match side_in_name(self.name(at), axis).or_else(unit) {
            Some(Side::South) => "south",
            Some(Side::West) => "west",
            Some(Side::O) if o_is_west == Some(true) => "west",
            _ => return,
        };
        let negative = &mut map.spelling.negative;
        if axis == F::Lat {
            negative.0 = true
        } else {
            negative.1 = true
        }
        let why = format!("is headed as {half}; its numbers without a minus are read as {half}");
        tally.say(Code::PositionDoubtful, Some(self.name(at)), why);
    }

    /// Finds out what O means as a hemisphere: next to an E it is west, next to a W it is east; otherwise the
    /// language of the columns may decide.
    fn o_is_west(&self, map: &RoleMap) -> Option<bool> {
        let side = map.columns.get(&F::LonSide);
        let side = side.and_then(|name| self.reader.columns().iter().position(|c| **c == **name));
        let columns = [self.binding.column(F::Lon), self.binding.column(F::Geometry), side];
        let (mut o, mut east, mut west) = (false, false, false);
        for text in columns.into_iter().flatten().flat_map(|at| self.texts(at)) {
            // Most texts are plain numbers.
            if !text.contains(char::is_alphabetic) || kind_of(text) != Kind::Pair {
                continue;
            }
            for side in sides_in(text) {
                match side {
                    Side::O => o = true,
                    Side::East => east = true,
                    Side::West => west = true,
                    _ => {}
                }
            }
        }
        match (o, east, west) {
            (false, _, _) => None,
            (true, true, false) => Some(true),
            (true, false, true) => Some(false),
            _ => names::o_is_west(self.reader.columns()),
        }
    }

    /// Finds out which of two numbers in one cell comes first.
    fn learn_order(&self, map: &mut RoleMap, section: &str) -> Result<()> {
        let in_columns = self.binding.has(F::Lon) && self.binding.has(F::Lat);
        let Some(column) = self.binding.column(F::Geometry).filter(|_| !in_columns) else {
            return Ok(());
        };
        if map.spelling.lat_first.is_some() {
            return Ok(());
        }
        let (mut first, mut second, mut unclear) = (false, false, None);
        for text in self.texts(column).filter(|text| kind_of(text) == Kind::Pair) {
            let Ok(pair) = read_pair(text, map.spelling.o_is_west) else { continue };
            if said_first(&pair).is_some() {
                continue;
            }
            match possible_first(&pair) {
                Some(true) => first = true,
                Some(false) => second = true,
                None => unclear = unclear.or(Some(text)),
            }
        }
        let (file, name) = (self.reader.file(), self.name(column));
        let refused = |what: String| {
            Err(Error::data(
                Code::CoordinatesUnclear,
                format!("{file}: {}: {what}", name.escape_debug()),
            )
            .with_hint(format!(
                "say which: ⟦map={section}.pair=lat_lon⟧ or ⟦map={section}.pair=lon_lat⟧"
            )))
        };
        map.spelling.lat_first = match (order_of(name), first, second) {
            (Some(order), _, _) => Some(order),
            (None, true, true) => {
                return refused("has pairs that are valid only with the latitude first, and others only with the longitude first".to_owned());
            }
            (None, true, false) => Some(true),
            (None, false, true) => Some(false),
            (None, false, false) => match unclear {
                None => None,
                Some(text) => {
                    let text = text.escape_debug();
                    return refused(format!("\"{text}\" may be latitude or longitude first"));
                }
            },
        };
        Ok(())
    }
}

/// Whether a column name puts the latitude first: `Lat/Long`, `lon, lat`, `xy`.
fn order_of(name: &str) -> Option<bool> {
    let name = fold(name);
    let lat =
        ["lat", "breite", "широта", "纬度", "عرض"].iter().filter_map(|word| name.find(word)).min();
    let lon = ["lon", "lng", "länge", "laenge", "долгота", "经度", "طول"]
        .iter()
        .filter_map(|word| name.find(word))
        .min();
    match (lat, lon) {
        (Some(lat), Some(lon)) => Some(lat < lon),
        _ if name.ends_with("xy") => Some(false),
        _ if name.ends_with("yx") => Some(true),
        _ => None,
    }
}
