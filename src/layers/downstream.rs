//! The columns of sites for what lies downstream, and for what a release of tailings may reach.

use super::{Context, Digits, Scored, Table};
use crate::measures::{Along, DamOf, DamQuantities, Downstream};
use crate::model::{Receptor, Site};
use crate::scoring::indicators::deciding;

const KM: Digits = Digits::Decimals(3);
const WHOLE: Digits = Digits::Decimals(0);

/// What lies downstream of the site, along rivers whose direction is known.
pub(super) fn downstream<'a>(context: Context<'a>) -> Table<'a, &'a Scored> {
    type Of = for<'s> fn(&'s Downstream) -> &'s [Along];
    let down = |scored: &&'a Scored| -> Option<&'a Downstream> {
        scored.quantities.environment.downstream.as_ref()
    };
    let first = move |scored: &&'a Scored, of: Of| of(down(scored)?).first().copied();
    let settlements: Of = |down| &down.settlements;
    let areas: Of = |down| &down.areas;
    let flow = context.scheme.flow_plan();
    let (length, beside) = (flow.length.km(), flow.beside.km());
    let named = move |index: usize| context.receptors.get(index).map(called);
    let along = |what: &str| {
        format!("{what} within {beside} km of that river, up to {length} km downstream")
    };
    Table::new()
        .text(
            "downstream_river",
            "Name or id of the river reach to which the site drains, where rivers name the reaches into which they flow",
            move |scored: &&'a Scored| named(down(scored)?.river),
        )
        .number(
            "river_snapped_km",
            KM,
            "km",
            "Distance to that reach; river kilometers begin there",
            move |scored: &&'a Scored| down(scored).map(|down| down.snapped.km()),
        )
        .number(
            "downstream_people",
            WHOLE,
            None,
            &along("People in settlements"),
            move |scored: &&'a Scored| down(scored)?.people,
        )
        .text(
            "downstream_settlement",
            &along("Name or id of the first settlement"),
            move |scored: &&'a Scored| named(first(scored, settlements)?.index),
        )
        .number(
            "downstream_settlement_km",
            KM,
            "km",
            "River kilometers to it",
            move |scored: &&'a Scored| first(scored, settlements).map(|one| one.distance.km()),
        )
        .text(
            "downstream_area",
            &along("Name or id of the first sensitive area"),
            move |scored: &&'a Scored| named(first(scored, areas)?.index),
        )
        .number(
            "downstream_area_km",
            KM,
            "km",
            "River kilometers to it",
            move |scored: &&'a Scored| first(scored, areas).map(|one| one.distance.km()),
        )
}

/// The tailings dam that stands for the site, and what a release from it may reach.
pub(super) fn runout<'a>(context: Context<'a>) -> Table<'a, (&'a Site, &'a Scored)> {
    type Row<'a> = (&'a Site, &'a Scored);
    let dam = move |row: &Row<'a>| -> Option<&'a DamQuantities> {
        let environment = &row.1.quantities.environment;
        deciding(context.scheme, environment, context.receptors).map(|reach| reach.dam)
    };
    let reach = context.scheme.dam_plan().reach.km();
    Table::new()
        .text(
            "tailings_facility",
            &format!("Name or id of the tailings facility that decides e10_tailings: the site's own, or one within {reach} km; if no class is known, the one whose tailings run out farthest"),
            move |row: &Row<'a>| match dam(row)?.of {
                DamOf::Part(0) => Some(row.0.name.as_str()),
                DamOf::Part(part) => {
                    let linked = context.linked.get(row.1.site)?.get(part.checked_sub(1)?)?;
                    Some(linked.name.as_str())
                }
                DamOf::Receptor(index) => context.receptors.get(index).map(called),
            },
        )
        .number(
            "runout_p50_km",
            KM,
            "km",
            "Run-out that half of releases from such a facility exceed",
            move |row: &Row<'a>| dam(row).map(|dam| dam.runout.median_km),
        )
        .number(
            "runout_p90_km",
            KM,
            "km",
            "Run-out that one in ten exceeds",
            move |row: &Row<'a>| dam(row).map(|dam| dam.runout.quantile(0.9)),
        )
        .number(
            "people_in_runout",
            WHOLE,
            None,
            "People in settlements within runout_p50_km: downstream where the direction of flow is known, else around",
            move |row: &Row<'a>| dam(row)?.people,
        )
        .number(
            "areas_in_runout",
            WHOLE,
            None,
            "Sensitive areas within the same",
            move |row: &Row<'a>| dam(row)?.areas.map(f64::from),
        )
        .number(
            "tailings_height_m",
            Digits::All,
            "m",
            "Height of the site's own dam",
            |row: &Row<'a>| row.0.tailings.height_m,
        )
        .number(
            "tailings_volume_m3",
            Digits::All,
            "m³",
            "Volume of the site's own tailings",
            |row: &Row<'a>| row.0.tailings.volume_m3,
        )
}

/// The name of a receptor, or its id.
fn called(receptor: &Receptor) -> &str {
    receptor.name.as_deref().unwrap_or(&receptor.id)
}
