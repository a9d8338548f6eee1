//! Files for QGIS beside the layers: styles, a project with a print layout. All are written from the descriptions in
//! [`layers::style`](crate::layers::style).

mod items;
mod layout;
mod project;
mod qml;
mod sheet;
mod slider;
mod symbol;
mod tree;
mod view;
mod xml;

pub use project::write as write_project;
pub use qml::{metadata, style, surface_style};
pub use sheet::{Project, Sheet, Surface};
pub use slider::{Slider, Step};
