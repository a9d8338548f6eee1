//! Tailings facilities of a site and near it: what is known of each, and whom a release could reach.

use super::{Asked, Disclosure, Statement};
use crate::earth::Length;
use crate::measures::{DamOf, DamQuantities};
use crate::model::{ReceptorKind, TailingsClass};

pub(super) fn add(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    let dams = &asked.scored.quantities.environment.dams;
    facilities(asked, dams, all);
    dams.iter().for_each(|dam| facility(asked, dam, all));
    downstream(asked, all);
}

/// How many facilities are the site's own, and how many more lie near.
fn facilities(asked: &Asked<'_>, dams: &[DamQuantities], all: &mut Vec<Statement>) {
    let is_own = |dam: &&DamQuantities| matches!(dam.of, DamOf::Part(_));
    let whole = |many: usize| u32::try_from(many).ok().map(f64::from);
    let own = dams.iter().filter(is_own).count();
    let has_none = asked.site.tailings.class == Some(TailingsClass::NoFacility);
    let file = &*asked.site.file;
    for disclosure in [Disclosure::Gri14, Disclosure::Tailings] {
        all.push(
            Statement::new(disclosure, "own_tailings_facilities", file)
                .number(whole(own).filter(|_| own > 0 || has_none), 0, "facilities")
                .summed()
                .unless(|| {
                    "no class, height or volume of tailings is given for the site or its parts"
                        .to_owned()
                }),
        );
    }
    let kind = ReceptorKind::Tailings;
    let km = asked.context.scheme.dam_plan().reach.km();
    let given = asked.scored.quantities.environment.nearby.contains_key(&kind)
        || asked.origins.complete.contains(&kind);
    let near = dams.len() - own;
    let item = format!("mapped_tailings_facilities_within_{km}km");
    all.push(
        asked
            .counted_within(kind, whole(near).filter(|_| given), km)
            .number(Statement::new(Disclosure::Tailings, item, asked.files(kind)), 0, "facilities")
            .unless(|| "no layer of tailings was given".to_owned()),
    );
}

/// One facility.
fn facility(asked: &Asked<'_>, dam: &DamQuantities, all: &mut Vec<Statement>) {
    let Some((name, file)) = named(asked, dam.of) else { return };
    let new = |item: &'static str| Statement::new(Disclosure::Tailings, item, file).of(&*name);
    let not_given = |what: &'static str| move || format!("no {what} is given for the facility");
    let around = match dam.direction_known {
        true => "down the river",
        false => "all around, since the direction of flow is not known",
    };
    let reach = format!("within the median run-out of {:.1} km, {around}", dam.runout.median_km);
    all.push(asked.distance(new("distance"), Some((dam.distance, accuracy(asked, dam.of)))));
    all.push(
        new("consequence_class")
            .text(dam.tailings.class.map(TailingsClass::word))
            .unless(not_given("class")),
    );
    all.push(new("dam_height").number(dam.tailings.height_m, 1, "m").unless(not_given("height")));
    all.push(
        new("tailings_volume").number(dam.tailings.volume_m3, 0, "m³").unless(not_given("volume")),
    );
    let of = |item, kind| Statement { layer: asked.files(kind).to_owned(), ..new(item) };
    let kind = ReceptorKind::Settlements;
    all.push(
        asked
            .counted(kind, dam.people, &reach)
            .number(of("people_in_run_out", kind), 0, "people")
            .beside(&reach)
            .unless(|| {
                "no settlement of the run, or none within the run-out, has a known population"
                    .to_owned()
            }),
    );
    let kind = ReceptorKind::SensitiveAreas;
    all.push(
        asked
            .counted(kind, dam.areas.map(f64::from), &reach)
            .number(of("sensitive_areas_in_run_out", kind), 0, "areas")
            .beside(&reach)
            .unless(|| "no layer of sensitive areas was given".to_owned()),
    );
}

/// The name of a facility, and the file that tells of it.
fn named<'a>(asked: &Asked<'a>, of: DamOf) -> Option<(String, &'a str)> {
    match of {
        DamOf::Part(0) => Some((asked.site.name.clone(), &*asked.site.file)),
        DamOf::Part(part) => {
            let linked = asked.context.linked.get(asked.scored.site)?.get(part.checked_sub(1)?)?;
            Some((linked.name.clone(), &*linked.file))
        }
        DamOf::Receptor(index) => {
            let receptor = asked.context.receptors.get(index)?;
            Some((receptor.name.clone().unwrap_or_else(|| receptor.id.clone()), &*receptor.file))
        }
    }
}

/// How well the place of a facility is known, if that is given.
fn accuracy(asked: &Asked<'_>, of: DamOf) -> Option<Length> {
    match of {
        DamOf::Part(part) => {
            let linked = asked.context.linked.get(asked.scored.site)?;
            linked.get(part.checked_sub(1)?)?.accuracy
        }
        DamOf::Receptor(index) => asked.context.receptors.get(index)?.accuracy,
    }
}

/// People along the river to which the site drains.
fn downstream(asked: &Asked<'_>, all: &mut Vec<Statement>) {
    let down = asked.scored.quantities.environment.downstream.as_ref();
    let flow = asked.context.scheme.flow_plan();
    let kind = ReceptorKind::Settlements;
    let item = format!("people_downstream_within_{}km", flow.length.km());
    let cut = match down {
        Some(down) if down.cut => ", as far as reaches are given",
        _ => "",
    };
    let place = format!("within {} km of the river{cut}", flow.beside.km());
    let rivers = asked.scored.quantities.environment.nearby.contains_key(&ReceptorKind::Rivers);
    all.push(
        asked
            .counted(kind, down.and_then(|down| down.people), &place)
            .number(Statement::new(Disclosure::Tailings, item, asked.files(kind)), 0, "people")
            .beside(&format!("in settlements {place}"))
            .unless(|| match down {
                None if !rivers => "no layer of rivers was given".to_owned(),
                None => format!(
                    "no river that says into which reach it flows lies within {} km",
                    flow.snap.km()
                ),
                Some(_) => {
                    "no settlement of the run, or none along the river, has a known population"
                        .to_owned()
                }
            }),
    );
}
