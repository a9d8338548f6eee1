//! Files that are nearly a known data set: the columns they have and the columns they lack.

use super::{KNOWN, Layout, Name, is_among, recognize};
use crate::sources::intake::columns::{PLACE, Role, entries_of, fold, folded};
use crate::sources::intake::own::REPORTED;
use std::sync::Arc;

/// A known data set that a file nearly matches.
pub(crate) struct Near {
    pub layout: &'static Layout,
    /// The missing columns of its signature.
    pub lacks: Vec<&'static str>,
}

/// The number of a data set's distinctive columns from which a file resembles it.
const ENOUGH: usize = 3;

/// Returns the data set that a file of unknown layout resembles most.
pub(crate) fn nearly(columns: &[Arc<str>], role: Role) -> Option<Near> {
    if recognize(columns).is_some() {
        return None;
    }
    let names: Vec<Name> = columns.iter().map(|column| Name::of(column)).collect();
    let mut nearest: Option<(usize, usize, &'static Layout)> = None;
    for layout in KNOWN.into_iter().filter(|layout| layout.roles.contains(&role)) {
        let own = own_columns(layout);
        let has = own.iter().filter(|name| is_among(&names, name)).count();
        let of_signature = layout.signature.iter().filter(|name| is_among(&names, name)).count();
        let enough = has >= ENOUGH && 2 * has >= own.len().min(2 * ENOUGH) && of_signature > 0;
        // Of two column lists of one data set, the one with fewer missing columns is chosen.
        let lacks = layout.signature.len() - of_signature;
        let nearer = |(most, least, _)| has > most || has == most && lacks < least;
        if enough && nearest.is_none_or(nearer) {
            nearest = Some((has, lacks, layout));
        }
    }
    let (_, _, layout) = nearest?;
    let lacks = layout.signature.iter().copied().filter(|name| !is_among(&names, name)).collect();
    Some(Near { layout, lacks })
}

/// The distinctive columns of a data set.
fn own_columns(layout: &'static Layout) -> Vec<&'static str> {
    let reported = |field| REPORTED.iter().any(|(other, _, _)| *other == field);
    let fields = layout.fields.iter().filter(|(field, _)| !reported(*field));
    let named = fields.map(|(_, name)| name);
    let mut own: Vec<&'static str> = Vec::new();
    for name in layout.signature.iter().chain(layout.also).chain(named) {
        if !is_usual(name) && !own.contains(name) {
            own.push(name);
        }
    }
    own
}

/// Whether a column name is common in tables of any kind.
fn is_usual(name: &str) -> bool {
    let name = fold(name);
    let roles = [Role::Sites, Role::Incidents, Role::Receptors];
    let entries = PLACE.iter().chain(roles.into_iter().flat_map(entries_of));
    let mut known = entries.flat_map(|(_, word, others)| std::iter::once(word).chain(*others));
    known.any(|usual| folded(usual).eq(name.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &str) -> Vec<Arc<str>> {
        header.split(',').map(Arc::from).collect()
    }

    #[test]
    fn a_file_that_nearly_is_a_data_set_is_told_with_what_it_lacks() {
        let header = "id,year,type_of_violence,side_a,side_b,date_start,date_end,lat,lon,best";
        let near = nearly(&columns(header), Role::Incidents).expect("near");
        assert_eq!((near.layout.name, near.lacks), ("UCDP GED", vec!["where_prec"]));
        assert!(nearly(&columns("id,type_of_violence,where_prec"), Role::Incidents).is_none());
        for header in [
            "id,name,date,lat,lon,country,event_type,fatalities",
            "event_id,event_date,event_type,sub_event_type,latitude,longitude,geo_precision,iso3",
            "site_name,latitude,longitude,country,status",
        ] {
            for role in [Role::Sites, Role::Incidents, Role::Receptors] {
                assert!(nearly(&columns(header), role).is_none(), "{header}");
            }
        }
    }
}
