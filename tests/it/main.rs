//! All integration tests in one binary, so that they link once.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::string_slice, missing_docs)]

mod answers;
mod around;
mod arrow_layers;
#[cfg(feature = "parquet")]
mod arrow_tables;
#[cfg(feature = "parquet")]
mod arrow_values;
mod at_once;
mod basemap;
mod batch;
mod batch_changes;
mod batch_monthly;
mod batch_page;
mod book;
mod borders;
mod buffer;
mod calibration;
mod calibration_words;
mod cli;
mod cli_asked;
mod cli_convert;
mod cli_corridor;
mod cli_data;
mod cli_diff;
mod cli_diff_forms;
mod cli_ends;
mod cli_explain;
mod cli_extremes;
mod cli_faults;
mod cli_hindcast;
mod cli_lines;
mod cli_near;
mod cli_output;
mod cli_readme;
mod cli_risk;
mod cli_same;
mod cli_scored;
mod cli_what_if;
mod cli_words;
mod codebooks;
mod collected;
mod colors;
mod contract;
mod countries;
mod coverage;
mod crs;
mod damage;
mod dams;
mod data;
mod databases;
mod dependencies;
mod diff_worlds;
mod district;
mod documents;
mod downstream;
mod duplicates;
mod environment;
mod environment_any;
mod fgb;
mod file_layers;
mod flow;
mod formats;
mod forms;
mod fuzz;
mod geodesics;
mod geojson;
#[cfg(feature = "parquet")]
mod geoparquet;
mod golden;
mod gpkg;
mod heads;
mod hindcast;
mod hindcast_calibrate;
mod hindcast_measures;
mod hindcast_page;
mod hindcast_pakistan;
mod incident_columns;
mod incident_shapes;
mod index;
mod indicators;
mod intake;
mod judged;
mod layering;
mod layout_forms;
mod layouts;
mod links;
mod local;
mod made;
mod made_ids;
mod maps_shaded;
mod maps_told;
mod measures;
mod method;
mod missing;
#[cfg(feature = "serve")]
mod mvt;
mod old_output;
mod overlap;
mod part;
mod parts;
mod place;
mod plain_words;
mod plan;
#[cfg(feature = "proj")]
mod proj_env;
mod promises;
mod properties;
mod published;
mod qgis;
mod qgis_pages;
mod quiet;
mod quotes;
mod raster_files;
mod raster_runs;
mod rasters;
mod reading;
mod receptor_files;
mod receptors;
mod remedies;
mod report;
mod report_map;
mod report_time;
mod report_told;
mod rows;
mod samples;
mod scheme;
mod scheme_ranges;
mod scoring;
mod seam;
mod sensitivity;
#[cfg(all(feature = "serve", feature = "cli"))]
mod serve;
#[cfg(all(feature = "serve", feature = "cli"))]
mod serve_guard;
#[cfg(feature = "serve")]
mod serve_ogc;
#[cfg(feature = "serve")]
mod serve_ogc_api;
#[cfg(feature = "serve")]
mod serve_ogc_checks;
#[cfg(feature = "serve")]
mod serve_ogc_crs;
#[cfg(feature = "serve")]
mod serve_ogc_pages;
#[cfg(all(feature = "serve", feature = "cli"))]
mod serve_processes;
#[cfg(feature = "serve")]
mod serve_reload;
#[cfg(feature = "serve")]
mod serve_tile_styles;
#[cfg(feature = "serve")]
mod serve_tiles;
#[cfg(all(feature = "serve", feature = "cli"))]
mod serve_times;
#[cfg(feature = "serve")]
mod served;
mod shapes;
mod sinks;
mod sources_page;
#[cfg(feature = "png")]
mod stills;
mod streams;
mod styled;
mod suites;
mod surface;
mod surface_files;
mod surroundings;
mod tables_out;
mod thresholds;
mod told;
mod turns;
mod types;
mod uncertainty;
mod uncertainty_asked;
mod uncertainty_shown;
mod unknown;
mod validation;
mod vector_files;
mod vectors;
mod whereabouts;
mod whole;
mod wkt_column;
mod workbook_out;
mod workbooks;
mod written;
mod written_places;
mod written_tables;
