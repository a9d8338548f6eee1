//! Checks, before anything is scored, that the requested formats can hold the columns of the sites and
//! incidents.

use super::{Format, Wanted, with_layers};
use crate::run::{Case, LayerName, Performed};
use crate::{Code, Error, Result};

/// Most columns of a GeoPackage table: SQLite's usual limit is 2,000, three of which hold the number, the
/// geometry and the id.
const IN_GEOPACKAGE: usize = 1997;

/// Most columns of a FlatGeobuf file: their numbers have 16 bits, and one column holds the id.
const IN_FLATGEOBUF: usize = 65_534;

/// Most columns of the sheet of sites, three of which hold the id and the position.
const IN_WORKBOOK: usize = 16_384 - 3;

/// Rejects a run whose sites or incidents have more columns than a format holds.
///
/// # Errors
/// Too many columns.
pub fn room(case: &Case, wanted: &Wanted) -> Result<()> {
    let fgb = wanted.formats.contains(&Format::FlatGeobuf);
    #[cfg(feature = "xlsx")]
    let workbook = wanted.writes_workbook(case.sites.list.len());
    #[cfg(not(feature = "xlsx"))]
    let workbook = false;
    if !fgb && !wanted.gpkg && !workbook {
        return Ok(());
    }
    for name in [LayerName::Sites, LayerName::Footprints, LayerName::Incidents] {
        if wanted.layers.as_ref().is_some_and(|asked| !asked.contains(&name)) {
            continue;
        }
        // Layers without sites have all columns too.
        let mut widest = 0;
        with_layers(case, &Performed::default(), name, |layer| {
            widest = widest.max(layer.columns().len())
        })?;
        let refuse = |what: &str, most: usize, hint: &str| {
            let why = format!(
                "{} would have {widest} columns, and {what} holds at most {most}",
                name.word()
            );
            let of = if name == LayerName::Incidents { "incidents" } else { "sites" };
            Err(Error::usage(Code::TooManyColumns, why)
                .with_hint(format!("{hint} give {of} with fewer columns")))
        };
        if wanted.gpkg && widest > IN_GEOPACKAGE {
            let hint = "leave out ⟦-gpkg⟧ and ⟦-all⟧; GeoJSON has no such limit. Or";
            return refuse("a GeoPackage", IN_GEOPACKAGE, hint);
        }
        if workbook && name == LayerName::Sites && widest > IN_WORKBOOK {
            let hint = "leave out ⟦-format=xlsx⟧ and ⟦-all⟧; ⟦format=csv⟧ has no such limit. Or";
            return refuse("a sheet of a workbook", IN_WORKBOOK, hint);
        }
        if fgb && widest > IN_FLATGEOBUF {
            let hint = "⟦format=geojson⟧ has no such limit; or";
            return refuse("a FlatGeobuf file", IN_FLATGEOBUF, hint);
        }
    }
    Ok(())
}
