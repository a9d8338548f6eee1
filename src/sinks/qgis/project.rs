//! A project that opens styled anywhere: a zip with one document, which refers to the layers' files by
//! relative paths.

use super::layout;
use super::metadata::{self, Facts};
use super::qml::{self, Of, VERSION};
use super::sheet::{Project, Sheet, Surface};
use super::slider::{self, Slider};
use super::themes;
use super::tree::{SURFACE, groups, id};
use super::view::{View, WGS84};
use super::xml::Xml;
use crate::earth::GeometryKind;
use crate::layers::style::{Color, GROUND};
use std::io::{self, Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Writes the project as a `.qgz`. Its entry has the earliest date of the zip format, so that the same
/// project has the same bytes.
///
/// # Errors
/// Those of the writer.
pub fn write(project: &Project, out: &mut dyn Write) -> io::Result<()> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    zip.start_file("risk.qgs", options)?;
    zip.write_all(document(project).as_bytes())?;
    out.write_all(&zip.finish()?.into_inner())
}

fn document(project: &Project) -> String {
    let view = View::of(project.view);
    let mut xml = Xml::new();
    xml.doctype();
    xml.within("qgis", &[("projectname", &project.title), ("version", VERSION)], |xml| {
        xml.leaf("homePath", &[("path", "")]);
        xml.text("title", &[], &project.title);
        xml.within("projectCrs", &[], |xml| crs(xml, view.crs));
        tree(xml, project);
        xml.within("mapcanvas", &[("name", "theMapCanvas"), ("annotationsVisible", "1")], |xml| {
            xml.text("units", &[], if view.is_degrees() { "degrees" } else { "meters" });
            xml.within("extent", &[], |xml| {
                for (name, edge) in ["xmin", "ymin", "xmax", "ymax"].iter().zip(view.edges) {
                    xml.text(name, &[], &edge.to_string());
                }
            });
            xml.text("rotation", &[], "0");
            xml.within("destinationsrs", &[], |xml| crs(xml, view.crs));
        });
        xml.within("projectlayers", &[], |xml| {
            project.sheets.iter().for_each(|sheet| map_layer(xml, sheet));
            if let Some(surface) = &project.surface {
                raster_layer(xml, surface);
            }
        });
        xml.within("layerorder", &[], |xml| {
            order(project).iter().for_each(|id| xml.leaf("layer", &[("id", id)]));
        });
        themes::write(xml, project);
        properties(xml, project.slider);
        slider::write(xml, project.slider);
        xml.within("ProjectViewSettings", &[("UseProjectScales", "0")], |xml| {
            xml.leaf("Scales", &[]);
            let [west, south, east, north] = view.edges.map(|edge| edge.to_string());
            let edges = [("xmin", &*west), ("ymin", &*south), ("xmax", &*east), ("ymax", &*north)];
            xml.within("DefaultViewExtent", &edges, |xml| crs(xml, view.crs));
        });
        xml.within("projectMetadata", &[], |xml| {
            xml.text("title", &[], &project.title);
            xml.text("abstract", &[], &project.note);
        });
        layout::write(xml, project, view);
    });
    xml.finish()
}

/// The CRS, by both numbers: EPSG's alone leaves the canvas blank.
fn crs(xml: &mut Xml, (srsid, epsg): (&str, &str)) {
    xml.within("spatialrefsys", &[], |xml| {
        xml.text("srsid", &[], srsid);
        xml.text("srid", &[], epsg);
        xml.text("authid", &[], &format!("EPSG:{epsg}"));
    });
}

/// The layers in their groups, and the drawing order.
fn tree(xml: &mut Xml, project: &Project) {
    xml.within("layer-tree-group", &[], |xml| {
        // Instead of the number and name of its band.
        let label: &[_] = &[("legend/label-0", "Security score")];
        groups(xml, project, |_| true, Some(label));
        xml.within("custom-order", &[("enabled", "1")], |xml| {
            order(project).iter().for_each(|id| xml.text("item", &[], id));
        });
    });
}

/// The ids from the top of the map to the bottom, which is the order of the sheets; the surface is just
/// above lakes and land.
fn order(project: &Project) -> Vec<String> {
    let mut order: Vec<String> = project.sheets.iter().map(id).collect();
    if project.surface.is_some() {
        let covered = |sheet: &Sheet| ["lakes", "land"].contains(&sheet.layer);
        let land = project.sheets.iter().position(covered);
        order.insert(land.unwrap_or(order.len()), SURFACE.into());
    }
    order
}

fn map_layer(xml: &mut Xml, sheet: &Sheet) {
    let (geometry, wkb) = match sheet.kind {
        GeometryKind::Point => ("Point", "Point"),
        GeometryKind::Line => ("Line", "MultiLineString"),
        GeometryKind::Polygon => ("Polygon", "MultiPolygon"),
    };
    let labels = if sheet.style.labels.is_some() { "1" } else { "0" };
    let attributes = [
        ("type", "vector"),
        ("geometry", geometry),
        ("wkbType", wkb),
        ("labelsEnabled", labels),
        ("hasScaleBasedVisibilityFlag", "0"),
        ("simplifyDrawingHints", if sheet.kind == GeometryKind::Point { "0" } else { "1" }),
        ("styleCategories", "AllStyleCategories"),
    ];
    xml.within("maplayer", &attributes, |xml| {
        let about = (sheet.style.about, &sheet.facts);
        head(xml, [&id(sheet), &sheet.file, &sheet.title()], about, WGS84);
        xml.text("provider", &[("encoding", "UTF-8")], "ogr");
        qml::inner(xml, &sheet.style, Of { kind: sheet.kind, columns: sheet.columns });
    });
}

fn raster_layer(xml: &mut Xml, surface: &Surface) {
    let attributes = [("type", "raster"), ("hasScaleBasedVisibilityFlag", "0")];
    xml.within("maplayer", &attributes, |xml| {
        // QGIS finds a CRS by its authority code; its own number may be anything.
        let code = surface.epsg.to_string();
        let of = if code == WGS84.1 { WGS84 } else { (&*code, &*code) };
        let about = (&*surface.about, &surface.facts);
        head(xml, [SURFACE, &surface.file, &surface.title], about, of);
        xml.text("provider", &[], "gdal");
        qml::raster(xml, &surface.classes);
    });
}

fn head(
    xml: &mut Xml,
    [id, file, title]: [&str; 3],
    (about, facts): (&str, &Facts),
    of: (&str, &str),
) {
    xml.text("id", &[], id);
    xml.text("datasource", &[], &format!("./{file}"));
    xml.text("layername", &[], title);
    xml.text("abstract", &[], &metadata::described(about, facts));
    xml.within("srs", &[], |xml| crs(xml, of));
    xml.within("resourceMetadata", &[], |xml| metadata::inner(xml, title, about, facts));
}

/// The name, the type and the value of a setting.
type Setting<'a> = (&'static str, &'static str, &'a str);

/// Settings by name.
fn properties(xml: &mut Xml, slider: Option<Slider>) {
    // The sea is the map's background.
    let Color(red, green, blue, _) = GROUND.sea;
    let [red, green, blue] = [red, green, blue].map(|part| part.to_string());
    let settings: [(&str, &[Setting<'_>]); 4] = [
        ("SpatialRefSys", &[("ProjectionsEnabled", "int", "1")]),
        ("Paths", &[("Absolute", "bool", "false")]),
        (
            "Gui",
            &[
                ("CanvasColorRedPart", "int", &red),
                ("CanvasColorGreenPart", "int", &green),
                ("CanvasColorBluePart", "int", &blue),
            ],
        ),
        (
            "Measurement",
            &[("DistanceUnits", "QString", "kilometers"), ("AreaUnits", "QString", "km2")],
        ),
    ];
    xml.within("properties", &[], |xml| {
        for (group, entries) in settings {
            xml.within(group, &[], |xml| {
                for (name, kind, value) in entries {
                    xml.text(name, &[("type", kind)], value);
                }
            });
        }
        xml.within("Measure", &[], |xml| {
            xml.text("Ellipsoid", &[("type", "QString")], "EPSG:7030")
        });
        if slider.is_some_and(|slider| slider.on) {
            // 1 is QGIS's mode of an animated slider.
            xml.within("TemporalControllerWidget", &[], |xml| {
                xml.text("NavigationMode", &[("type", "int")], "1")
            });
        }
    });
}
