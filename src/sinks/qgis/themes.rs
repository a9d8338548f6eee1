//! The map themes of a project: which layers a click shows for a question.

use super::sheet::{Project, Sheet};
use super::tree::{SURFACE, id};
use super::xml::Xml;
use crate::layers::style::Group;

/// The themes: the name, the style of sites, and whether security's zones and incidents, and receptors, are shown.
const THEMES: [(&str, &str, bool, bool); 3] = [
    ("Security", "security", true, false),
    ("Environment", "environment", false, true),
    ("Overall", "overall", false, false),
];

/// Writes the themes of the styles that a project has.
pub(super) fn write(xml: &mut Xml, project: &Project) {
    let has = |style: &str| project.sheets.iter().any(|sheet| is_of_sites(sheet, style));
    let themes = THEMES.into_iter().filter(|(_, style, ..)| has(style));
    xml.within("visibility-presets", &[], |xml| {
        for (name, style, security, receptors) in themes {
            let attributes =
                [("name", name), ("has-expanded-info", "1"), ("has-checked-group-info", "1")];
            let shown = |sheet: &Sheet| match (sheet.layer, sheet.style.group) {
                ("sites", _) | ("sites_over_time", _) => is_of_sites(sheet, style),
                ("contours", _) => security,
                ("incidents", _) => security,
                (_, Group::Receptors) => receptors,
                (_, Group::Why) => false,
                (layer, _) if layer.starts_with("footprint") => security,
                _ => true,
            };
            xml.within("visibility-preset", &attributes, |xml| {
                for sheet in &project.sheets {
                    layer(xml, &id(sheet), shown(sheet));
                }
                if project.surface.is_some() {
                    layer(xml, SURFACE, false);
                }
                let groups = |xml: &mut Xml, list, one| {
                    xml.within(list, &[], |xml| {
                        for group in Group::ALL {
                            let any = project.sheets.iter().any(|sheet| sheet.style.group == group);
                            if any && (group != Group::Receptors || receptors) {
                                xml.leaf(one, &[("id", group.word())]);
                            }
                        }
                    });
                };
                groups(xml, "checked-group-nodes", "checked-group-node");
                groups(xml, "expanded-group-nodes", "expanded-group-node");
            });
        }
    });
}

fn is_of_sites(sheet: &Sheet, style: &str) -> bool {
    sheet.layer.starts_with("sites") && sheet.style.name == style
}

fn layer(xml: &mut Xml, id: &str, shown: bool) {
    let visible = if shown { "1" } else { "0" };
    let attributes =
        [("id", id), ("visible", visible), ("expanded", visible), ("style", "default")];
    xml.leaf("layer", &attributes);
}
