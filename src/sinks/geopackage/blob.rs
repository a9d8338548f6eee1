//! A geometry in the GeoPackage encoding: a header with its bounding box, then ISO well-known binary, all
//! little-endian (OGC 12-128r17, 2.1.3).

use crate::sinks::rounded::Drawn;
use crate::sinks::wkb::push_wkb;

const WGS84: i32 = 4326;

/// Flag bits of the header: little-endian; a box of four numbers; an empty geometry.
const LITTLE: u8 = 0b0000_0001;
const BOX: u8 = 0b0000_0010;
const EMPTY: u8 = 0b0001_0000;

/// The bytes of a geometry. A point needs no box, and an empty geometry has none.
pub(in crate::sinks) fn of(drawn: &Drawn, bounds: Option<[f64; 4]>) -> Vec<u8> {
    let mut out = Vec::from(*b"GP\0");
    let boxed = bounds.filter(|_| !matches!(drawn, Drawn::Point(_)));
    let empty = if bounds.is_none() { EMPTY } else { 0 };
    out.push(LITTLE | empty | if boxed.is_some() { BOX } else { 0 });
    out.extend(WGS84.to_le_bytes());
    if let Some([west, south, east, north]) = boxed {
        [west, east, south, north].iter().for_each(|edge| out.extend(edge.to_le_bytes()));
    }
    push_wkb(&mut out, drawn);
    out
}
