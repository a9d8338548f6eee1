//! Files for QGIS beside the layers: styles, a project with a print layout. All are written from the descriptions in
//! [`layers::style`](crate::layers::style).

mod form;
mod items;
mod labels;
mod layout;
mod metadata;
mod one_site;
mod pages;
mod project;
mod qml;
mod sheet;
mod slider;
mod symbol;
mod themes;
mod tree;
mod view;
mod xml;

pub use metadata::{Facts, metadata};
pub use project::write as write_project;
pub use qml::{style, surface_style};
pub use sheet::{Pages, Project, Sheet, Surface};
pub use slider::{Slider, Step};
