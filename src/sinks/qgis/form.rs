//! The forms of sites and incidents: their columns under a few headings, one tab each.

use super::xml::Xml;
use crate::layers::Column;

/// The tabs of a form, in their order, and the number of the tab of a column.
struct Form {
    tabs: &'static [&'static str],
    tab: fn(&str) -> usize,
}

const OF_SITES: Form = Form {
    tabs: &["Scores", "Security", "Environment", "Surroundings", "Source columns"],
    tab: of_site,
};

const OF_INCIDENTS: Form =
    Form { tabs: &["What happened", "Where", "How it counts", "Source columns"], tab: of_incident };

/// The form of a layer with some columns; `None` for the one that QGIS makes.
fn form(columns: &[Column]) -> Option<Form> {
    let has = |name: &str| columns.iter().any(|column| &*column.name == name);
    if has("explanation") {
        Some(OF_SITES)
    } else if has("security_type") && has("unused_because") {
        Some(OF_INCIDENTS)
    } else {
        None
    }
}

/// Columns of scores, and of what is to be known about a site first.
const SCORES: [&str; 16] = [
    "name",
    "country",
    "position_accuracy_km",
    "security_score",
    "security_band",
    "environment_score",
    "environment_band",
    "environment_at_least",
    "environment_coverage",
    "environment_missing",
    "overall_score",
    "overall_band",
    "risk_cell",
    "explanation",
    "security_caution",
    "group",
];

/// How columns about security begin.
const SECURITY: [&str; 6] =
    ["security_", "nearest_incident_", "incidents_", "fatalities_", "driver_", "p_event_"];

/// How columns about what lies around a site begin.
const AROUND: [&str; 8] = [
    "nearest_",
    "sensitive_",
    "river_",
    "people_",
    "accidents_",
    "downstream_",
    "world_heritage_",
    "in_world_heritage",
];

/// Writes the form of a layer of sites or incidents; other layers have the form that QGIS makes.
pub(super) fn write(xml: &mut Xml, columns: &[Column]) {
    let Some(Form { tabs, tab }) = form(columns) else { return };
    xml.text("editorlayout", &[], "tablayout");
    xml.within("attributeEditorForm", &[], |xml| {
        for (number, title) in tabs.iter().enumerate() {
            let of_tab = |(_, column): &(usize, &Column)| tab(&column.name) == number;
            let fields: Vec<_> = (1..).zip(columns).filter(of_tab).collect();
            if fields.is_empty() {
                continue;
            }
            let attributes = [
                ("name", *title),
                ("groupBox", "0"),
                ("showLabel", "1"),
                ("columnCount", if number == 0 { "1" } else { "2" }),
                ("visibilityExpressionEnabled", "0"),
                ("visibilityExpression", ""),
            ];
            xml.within("attributeEditorContainer", &attributes, |xml| {
                for (index, column) in fields {
                    let index = index.to_string();
                    let field = [("index", &*index), ("name", &*column.name), ("showLabel", "1")];
                    xml.leaf("attributeEditorField", &field);
                }
            });
        }
    });
}

/// The number of the tab of a column of incidents.
fn of_incident(name: &str) -> usize {
    match name {
        "country" | "location" | "position_accuracy_km" | "depth_km" => 1,
        "age_days" | "severity" | "decay" | "weight" | "used" | "unused_because" => 2,
        "file" | "place" => 3,
        _ if name.starts_with("incident_") => 3,
        _ => 0,
    }
}

/// The number of the tab of a column of sites.
fn of_site(name: &str) -> usize {
    let begins = |list: &[&str]| list.iter().any(|start| name.starts_with(start));
    if SCORES.contains(&name) {
        0
    } else if name.starts_with("site_") {
        4
    } else if begins(&SECURITY) || name == "in_conflict_area" {
        1
    } else if begins(&AROUND) {
        3
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_under_the_heading_of_what_it_tells() {
        for (name, title) in [
            ("explanation", "Scores"),
            ("security_trend", "Security"),
            ("nearest_incident_km", "Security"),
            ("nearest_river_km", "Surroundings"),
            ("people_10km", "Surroundings"),
            ("e1_rivers", "Environment"),
            ("nature_score", "Environment"),
            ("site_Operator", "Source columns"),
        ] {
            assert_eq!(OF_SITES.tabs[of_site(name)], title, "{name}");
        }
        for (name, title) in [
            ("event_type", "What happened"),
            ("fatalities", "What happened"),
            ("location", "Where"),
            ("weight", "How it counts"),
            ("unused_because", "How it counts"),
            ("place", "Source columns"),
            ("incident_notes", "Source columns"),
        ] {
            assert_eq!(OF_INCIDENTS.tabs[of_incident(name)], title, "{name}");
        }
    }
}
