//! Where a raster lies: its transformation and its reference system, from the tags of GeoTIFF 1.1 (OGC 19-008r4).

use super::directory::Directory;
use crate::earth::{Crs, RasterGrid};
use crate::{Code, Error, Result};

const PIXEL_SCALE: u16 = 33_550;
const TIEPOINTS: u16 = 33_922;
const TRANSFORMATION: u16 = 34_264;
const KEYS: u16 = 34_735;
const ASCII: u16 = 34_737;

/// Keys of the directory of keys.
const MODEL_TYPE: u64 = 1024;
const RASTER_TYPE: u64 = 1025;
const CITATIONS: [u64; 2] = [3073, 1026];
const GEODETIC: u64 = 2048;
const PROJECTED: u64 = 3072;

/// The code of what is defined by the user.
const OWN: u64 = 32_767;

/// How Esri writes a system of its own into a citation.
const ESRI: &str = "ESRI PE String = ";

/// The grid of a raster. `usual` is the system of a file that names none.
///
/// # Errors
/// No transformation, no system or an unknown one, or cells that do not fit on the Earth.
pub(super) fn grid(
    directory: &Directory<'_>,
    file: &str,
    size: [u32; 2],
    usual: Option<&str>,
) -> Result<RasterGrid> {
    let keys = Keys::read(directory)?;
    let mut transform = transform(directory, file)?;
    if keys.code(RASTER_TYPE) == Some(2) {
        // The coordinates are those of the centers of cells.
        let [x, a, b, y, c, d] = transform;
        transform = [x - 0.5 * (a + b), a, b, y - 0.5 * (c + d), c, d];
    }
    let crs = keys.crs(directory, file, usual)?;
    let name = crs.name().to_owned();
    RasterGrid::new(crs, transform, size).map_err(|error| {
        Error::data(Code::CoordinatesUnclear, format!("{file}: the raster {error} of {name}"))
            .with_hint("gdalinfo shows its corners; gdal_edit.py -a_srs EPSG:32642 FILE names another system")
    })
}

/// The coordinates of corners of cells, by GDAL's six numbers.
fn transform(directory: &Directory<'_>, file: &str) -> Result<[f64; 6]> {
    let matrix = directory.doubles(TRANSFORMATION)?;
    if let [a, b, _, x, c, d, _, y, ..] = *matrix.as_slice()
        && matrix.len() == 16
    {
        return Ok([x, a, b, y, c, d]);
    }
    let (scale, ties) = (directory.doubles(PIXEL_SCALE)?, directory.doubles(TIEPOINTS)?);
    match (scale.as_slice(), ties.as_slice()) {
        ([dx, dy, ..], [column, row, _, x, y, ..]) => {
            Ok([x - column * dx, *dx, 0.0, y + row * dy, 0.0, -dy])
        }
        ([], [_, _, _, _, _, _, _, ..]) => Err(Error::data(
            Code::CrsUnusable,
            format!("{file}: is tied to the ground by control points"),
        )
        .with_hint("lay it on a grid: gdalwarp IN.tif OUT.tif")),
        _ => Err(Error::data(
            Code::CrsUnknown,
            format!("{file}: does not say where it lies: it has no georeference"),
        )
        .with_hint(
            "a world file beside it is not read; write both into one: gdal_translate IN.tif OUT.tif",
        )),
    }
}

/// The keys with their codes and texts.
struct Keys {
    codes: Vec<(u64, u64)>,
    texts: Vec<(u64, String)>,
}

impl Keys {
    fn read(directory: &Directory<'_>) -> Result<Self> {
        let (numbers, ascii) =
            (directory.wholes(KEYS)?, directory.text(ASCII)?.unwrap_or_default());
        let (mut codes, mut texts) = (Vec::new(), Vec::new());
        for entry in numbers.get(4..).unwrap_or_default().chunks_exact(4) {
            let [key, place, count, value] = *entry else { continue };
            if place == 0 {
                codes.push((key, value));
            } else if place == u64::from(ASCII) {
                let [from, count] =
                    [value, count].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
                let text = ascii.get(from..from.saturating_add(count).min(ascii.len()));
                texts.push((key, text.unwrap_or_default().trim_end_matches('|').to_owned()));
            }
        }
        Ok(Self { codes, texts })
    }

    fn code(&self, key: u64) -> Option<u64> {
        self.codes.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
    }

    /// The reference system.
    fn crs(&self, directory: &Directory<'_>, file: &str, usual: Option<&str>) -> Result<Crs> {
        let named = match self.code(MODEL_TYPE) {
            Some(1) => self.code(PROJECTED).map(|code| (PROJECTED, code)),
            Some(2) => self.code(GEODETIC).map(|code| (GEODETIC, code)),
            Some(3) => {
                return Err(Error::data(
                    Code::CrsUnusable,
                    format!("{file}: its coordinates are geocentric"),
                ));
            }
            _ => None,
        };
        let of_code = named.filter(|(_, code)| *code != OWN && *code != 0);
        let text = self.citation().map(str::to_owned);
        let name = match (of_code, text, usual) {
            // Esri's codes begin where those of EPSG end.
            (Some((_, code)), _, _) if code >= 37_000 => format!("ESRI:{code}"),
            (Some((_, code)), _, _) => format!("EPSG:{code}"),
            (None, Some(text), _) => text,
            (None, None, Some(usual)) => usual.to_owned(),
            (None, None, None) => {
                let what = match named {
                    Some(_) => "its reference system has no code",
                    None if directory.has(KEYS) => "its keys name no reference system",
                    None => "does not name its reference system",
                };
                return Err(Error::data(Code::CrsUnknown, format!("{file}: {what}")).with_hint(
                    "name it: ⟦crs=EPSG:4326⟧, or in the file: gdal_edit.py -a_srs EPSG:4326 FILE",
                ));
            }
        };
        Crs::new(&name).map_err(|error| {
            Error::data(Code::CrsUnknown, format!("{file}: {error}")).with_hint(error.hint())
        })
    }

    /// The system that Esri's programs, and GDAL for systems without a code, write into a citation.
    fn citation(&self) -> Option<&str> {
        let text = |key: u64| self.texts.iter().find(|(known, _)| *known == key);
        let found = CITATIONS.into_iter().filter_map(text);
        found.filter_map(|(_, text)| text.strip_prefix(ESRI)).next()
    }
}
