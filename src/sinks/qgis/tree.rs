//! The layer tree of a project or a legend.

use super::sheet::{Project, Sheet, Surface};
use super::xml::Xml;
use crate::layers::style::{Drawing, Group, Style};

/// The id of the surface.
pub(super) const SURFACE: &str = "tamarisk_surface_scores";

/// The id of a layer in the project.
pub(super) fn id(sheet: &Sheet) -> String {
    format!("tamarisk_{}_{}", sheet.layer, sheet.style.name)
}

/// Writes the groups from the top, each with its listed layers. A surface belongs to the first group, and is not shown at
/// first: the zones show the same bands. `of_surface` are its settings; without them it is not listed.
pub(super) fn groups(
    xml: &mut Xml,
    project: &Project,
    listed: impl Fn(&Sheet) -> bool,
    of_surface: Option<&[(&str, &str)]>,
) {
    for group in Group::ALL {
        let belongs = |sheet: &&Sheet| sheet.style.group == group && listed(sheet);
        let sheets: Vec<&Sheet> = project.sheets.iter().filter(belongs).collect();
        let surface = project.surface.as_ref().filter(|_| group == Group::Risk).zip(of_surface);
        if sheets.is_empty() && surface.is_none() {
            continue;
        }
        let (checked, expanded) = state(group.is_shown());
        let attributes = [("name", group.word()), ("checked", checked), ("expanded", expanded)];
        xml.within("layer-tree-group", &attributes, |xml| {
            for sheet in sheets {
                let Style { shown, .. } = sheet.style;
                // The only symbol of such a layer has its title as a label, which a printed legend shows once.
                // How much of what was read a layer holds is told in the list of layers, and is too long for a legend.
                let told: &[(&str, &str)] = match sheet.style.drawing {
                    Drawing::Where { .. } => &[("legend/title-style", "hidden")],
                    _ if of_surface.is_none() && sheet.part.is_some() => {
                        &[("legend/title-label", sheet.style.title)]
                    }
                    Drawing::One(_) | Drawing::ByText { .. } => &[],
                };
                tree_layer(xml, [&id(sheet), &sheet.title(), &sheet.file, "ogr"], shown, told);
            }
            if let Some((Surface { title, file, .. }, settings)) = surface {
                tree_layer(xml, [SURFACE, title, file, "gdal"], false, settings);
            }
        });
    }
}

/// Whether an entry of the tree is checked, and whether it is expanded.
fn state(shown: bool) -> (&'static str, &'static str) {
    if shown { ("Qt::Checked", "1") } else { ("Qt::Unchecked", "0") }
}

/// A layer in the tree, with its own settings.
fn tree_layer(
    xml: &mut Xml,
    [id, title, file, provider]: [&str; 4],
    shown: bool,
    settings: &[(&str, &str)],
) {
    let (checked, expanded) = state(shown);
    let attributes = [
        ("id", id),
        ("name", title),
        ("source", &*format!("./{file}")),
        ("providerKey", provider),
        ("checked", checked),
        ("expanded", expanded),
    ];
    xml.within("layer-tree-layer", &attributes, |xml| {
        xml.within("customproperties", &[], |xml| xml.options(settings));
    });
}
