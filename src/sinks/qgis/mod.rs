//! What QGIS reads beside the layers: style files, a project, a print layout. All of it is written from
//! the same descriptions, those of [`layers::style`](crate::layers::style).

mod layout;
mod project;
mod qml;
mod slider;
mod symbol;
mod view;
mod xml;

pub use project::{Project, Sheet, Surface, write as write_project};
pub use qml::{metadata, style, surface_style};
pub use slider::{Slider, Step};
