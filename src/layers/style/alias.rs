//! Aliases of columns, which QGIS shows instead of their names: `nearest_river_km` is "Nearest river (km)".

use crate::layers::Column;
use std::collections::HashSet;

/// The alias of a column.
pub fn alias(column: &Column) -> String {
    let name: &str = &column.name;
    // An own column of a site or an incident keeps its source name.
    let own = name.strip_prefix("site_").or_else(|| name.strip_prefix("incident_"));
    if let Some(own) = own.filter(|_| name != "site_id") {
        return format!("Own: {own}");
    }
    let suffix = match column.unit {
        Some("km") => "_km",
        Some("km²") => "_km2",
        Some("days") => "_days",
        Some("m") => "_m",
        Some("m³") => "_m3",
        _ => "",
    };
    let bare = name.strip_suffix(suffix).unwrap_or(name);
    let drawn = DRAWN.iter().find_map(|(end, words)| Some((bare.strip_suffix(end)?, *words)));
    let (bare, ending) = drawn.unwrap_or((bare, ""));
    let mut words: Vec<String> = Vec::new();
    for token in bare.split('_') {
        let word = word(token);
        // A radius of 2.5 km is `2_5km` in a name.
        match words.last_mut() {
            Some(last) if is_number(last) && word.ends_with(" km") => {
                *last = format!("{last}.{word}")
            }
            _ => words.push(word),
        }
    }
    let text = words.join(" ") + ending;
    let mut letters = text.chars();
    let capital: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    match column.unit.or_else(|| scale(column)) {
        Some(unit) => format!("{capital}{} ({unit})", letters.as_str()),
        None => format!("{capital}{}", letters.as_str()),
    }
}

/// The scale of a share or a probability, as the description of its column gives it.
fn scale(column: &Column) -> Option<&'static str> {
    let (first, ..) = column.about.split_once(';').unwrap_or((&*column.about, ""));
    let scaled = first.ends_with(", 0 to 1") || first.contains(", 0 to 1, by ");
    let probability = first.starts_with("Probability");
    scaled.then_some(if probability { "probability, 0 to 1" } else { "0 to 1" })
}

/// How columns over draws of the data end, and the words for it.
const DRAWN: [(&str, &str); 5] = [
    ("_p05", ", 5th percentile of the draws"),
    ("_p95", ", 95th percentile of the draws"),
    ("_p_top10", " among the ten highest, share of the draws"),
    ("_p_band", " in its band, share of the draws"),
    ("_moved_by", " score moved most by"),
];

/// The alias of each column of a layer, all distinct: a column whose alias is taken keeps its name.
pub fn aliases(columns: &[Column]) -> Vec<String> {
    let mut taken = HashSet::new();
    let distinct = columns.iter().map(|column| {
        let alias = alias(column);
        if taken.insert(alias.to_lowercase()) { alias } else { column.name.to_string() }
    });
    distinct.collect()
}

fn word(token: &str) -> String {
    let digits = |text: &str| is_number(text).then(|| text.to_owned());
    if let Some(km) = token.strip_suffix("km").and_then(digits) {
        format!("{km} km")
    } else if let Some(days) = token.strip_suffix('d').and_then(digits) {
        format!("{days} days")
    } else if token == "id" || token.strip_prefix('e').is_some_and(is_number) {
        token.to_uppercase()
    } else {
        token.to_owned()
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::ColumnKind;

    #[test]
    fn names_become_words() {
        for (name, unit, words) in [
            ("security_score", None, "Security score"),
            ("nearest_river_km", Some("km"), "Nearest river (km)"),
            ("incidents_50km_365d", None, "Incidents 50 km 365 days"),
            ("river_length_2_5km", Some("km"), "River length 2.5 km (km)"),
            ("e1_rivers", None, "E1 rivers"),
            ("site_id", None, "Site ID"),
            ("site_Erz <&> \"x\"", None, "Own: Erz <&> \"x\""),
            ("incident_actor1", None, "Own: actor1"),
            ("actors_claimed", None, "Actors claimed"),
            ("area_km2", Some("km²"), "Area (km²)"),
            ("tailings_height_m", Some("m"), "Tailings height (m)"),
            ("tailings_volume_m3", Some("m³"), "Tailings volume (m³)"),
            ("age_days", Some("days"), "Age (days)"),
            ("bearing", Some("degrees"), "Bearing (degrees)"),
            ("security_score_p05", None, "Security score, 5th percentile of the draws"),
            ("security_rank_p95", None, "Security rank, 95th percentile of the draws"),
            ("environment_p_top10", None, "Environment among the ten highest, share of the draws"),
            ("security_p_band", None, "Security in its band, share of the draws"),
            ("security_moved_by", None, "Security score moved most by"),
            ("security_effective_incidents", None, "Security effective incidents"),
        ] {
            let kind = ColumnKind::Text;
            let column = Column { name: name.into(), kind, unit, about: "".into() };
            assert_eq!(alias(&column), words);
        }
    }

    #[test]
    fn shares_tell_their_scale() {
        for (name, about, words) in [
            ("share", "A driver's share of the security score, 0 to 1", "Share (0 to 1)"),
            (
                "security_trend",
                "Probability that they became more frequent, 0 to 1; missing with fewer",
                "Security trend (probability, 0 to 1)",
            ),
            ("e1_rivers", "Indicator E1: rivers, 0 to 1, by what is known", "E1 rivers (0 to 1)"),
            ("pressure", "Sum of the pressure of each, 0 to 1, times the rest", "Pressure"),
            ("security_score", "0 to 100", "Security score"),
        ] {
            let kind = ColumnKind::Text;
            let column = Column { name: name.into(), kind, unit: None, about: about.into() };
            assert_eq!(alias(&column), words);
        }
    }
}
