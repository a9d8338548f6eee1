//! The layer tree of a project or a legend.

use super::sheet::{Project, Sheet, Surface};
use super::xml::Xml;
use crate::layers::style::{Group, Style};

/// The id of the surface.
pub(super) const SURFACE: &str = "tamarisk_surface_scores";

/// The id of a layer in the project.
pub(super) fn id(sheet: &Sheet) -> String {
    format!("tamarisk_{}_{}", sheet.layer, sheet.style.name)
}

/// Writes the groups from the top, each with its listed layers; a surface belongs to the first group. Contours
/// cover the surface and show the same bands; only its no data remains visible. `of_surface` are its settings.
pub(super) fn groups(
    xml: &mut Xml,
    project: &Project,
    listed: impl Fn(&Sheet) -> bool,
    of_surface: &[(&str, &str)],
) {
    for group in Group::ALL {
        let belongs = |sheet: &&Sheet| sheet.style.group == group && listed(sheet);
        let sheets: Vec<&Sheet> = project.sheets.iter().filter(belongs).collect();
        let surface = project.surface.as_ref().filter(|_| group == Group::Risk);
        if sheets.is_empty() && surface.is_none() {
            continue;
        }
        let (checked, expanded) = state(group.is_shown());
        let attributes = [("name", group.word()), ("checked", checked), ("expanded", expanded)];
        xml.within("layer-tree-group", &attributes, |xml| {
            for sheet in sheets {
                let Style { title, shown, .. } = sheet.style;
                tree_layer(xml, [&id(sheet), title, &sheet.file, "ogr"], shown, &[]);
            }
            if let Some(Surface { title, file, .. }) = surface {
                tree_layer(xml, [SURFACE, title, file, "gdal"], true, of_surface);
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
