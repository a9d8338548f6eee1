//! The columns of sites for the values of rasters around them.

use super::columns::ring_column;
use super::{Context, Digits, Scored, Table};
use crate::measures::{RasterPlan, RasterSample};

const SHARE: Digits = Digits::Decimals(3);

/// The values of rasters around the site.
pub(super) fn rasters<'a>(context: Context<'a>) -> Table<'a, &'a Scored> {
    const VALUE: Digits = Digits::Decimals(4);
    let mut table = Table::new();
    for plan in context.rasters {
        let RasterPlan { name, radius, .. } = plan;
        let sample = move |row: &&'a Scored| -> Option<&'a RasterSample> {
            row.quantities.environment.rasters.get(name)
        };
        let ring = |what: &str| ring_column(&format!("raster_{name}_{what}"), radius.km());
        let within = format!("within {} km", radius.km());
        table = table
            .number(
                &format!("raster_{name}_point"),
                VALUE,
                None,
                &format!("Value of the raster {name} at the site, in its own unit"),
                move |row: &&'a Scored| sample(row)?.point,
            )
            .number(
                &ring("mean"),
                VALUE,
                None,
                &format!("Mean of the raster {name} {within}, by area"),
                move |row: &&'a Scored| sample(row)?.mean,
            )
            .number(
                &ring("max"),
                VALUE,
                None,
                &format!("Largest value of the raster {name} {within}"),
                move |row: &&'a Scored| sample(row)?.max,
            );
        if let Some(threshold) = plan.threshold {
            table = table.number(
                &ring("over"),
                SHARE,
                None,
                &format!("Share of the known area {within} with a value above {threshold}, 0 to 1"),
                move |row: &&'a Scored| sample(row)?.share_over,
            );
        }
        table = table.number(
            &ring("known"),
            SHARE,
            None,
            &format!("Share of the area {within} in which the raster {name} has a value, 0 to 1"),
            move |row: &&'a Scored| Some(sample(row)?.known),
        );
    }
    table
}
