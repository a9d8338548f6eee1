//! What QGIS reads beside the layers: style files, a project, a print layout. All of it is written from
//! the same descriptions, those of [`layers::style`](crate::layers::style).

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
