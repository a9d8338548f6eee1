//! The styles of each layer.

use super::{Class, Color, Drawing, Fill, Group, Labels, Style, Symbol, Theme, Time, Tip};
use super::{SECURITY_INCIDENT, base, basemap, gap, over_time, receptors, sure};
use crate::layers::Column;
use crate::scoring::{Band, Bands};

pub(super) const INK: Color = Color::rgb(40, 40, 40);
const GREY: Color = Color::rgb(120, 120, 120);
const QUIET: Color = Color::rgb(110, 104, 96);
pub(super) const HALO: Color = Color(255, 255, 255, 235);

/// The order of bands in legends: worst first, no data last.
pub(super) const BANDS: [Band; 6] =
    [Band::VeryHigh, Band::High, Band::Medium, Band::Low, Band::VeryLow, Band::NoData];

/// The styles of a layer by its name and its columns, the default first; empty for an unknown layer.
pub fn styles(layer: &str, columns: &[Column], bands: &Bands) -> Vec<Style> {
    let intervals = sure::has_intervals(columns);
    let mark = gap::mark(columns);
    let security = |bands: &Bands| Style { mark, ..security(bands) };
    let by_score = || {
        let styles = [security(bands), environment(bands)];
        if intervals { styles.map(sure::with_intervals) } else { styles }
    };
    match layer {
        "sites" => {
            let more = intervals.then(|| sure::ten_highest(security(bands)));
            let overall = Style { mark, ..overall(bands) };
            by_score().into_iter().chain([overall]).chain(more).collect()
        }
        "footprints" => vec![footprints("Areas of sites", bands, area)],
        "footprint_lines" => vec![footprints("Lines of sites", bands, thick_line)],
        "sites_over_time" => by_score().map(|style| over_time::over_time(style, intervals)).into(),
        "contours" => vec![contours(bands)],
        "links" => vec![links()],
        "rings" => vec![rings()],
        "incidents" => vec![incidents()],
        "receptors" => vec![receptors::points()],
        "receptor_lines" => vec![receptors::lines()],
        "receptor_areas" => vec![receptors::areas()],
        "borders" => vec![base::borders()],
        "land" => vec![base::land(columns)],
        "provinces" => vec![basemap::provinces()],
        "rivers" => vec![basemap::rivers()],
        "lakes" => vec![basemap::lakes()],
        "towns" => vec![basemap::towns()],
        "province_names" => vec![basemap::province_names()],
        _ => Vec::new(),
    }
}

/// The legend label of a band: its name and its range of scores.
pub fn band_label(band: Band, bands: &Bands) -> String {
    let edge = |index: usize| bands.edges.get(index).copied().unwrap_or(f64::NAN);
    match band {
        Band::NoData => "No score".into(),
        Band::VeryLow => format!("Very low (under {})", edge(0)),
        Band::Low => format!("Low ({} to under {})", edge(0), edge(1)),
        Band::Medium => format!("Medium ({} to under {})", edge(1), edge(2)),
        Band::High => format!("High ({} to under {})", edge(2), edge(3)),
        Band::VeryHigh => format!("Very high ({} to 100)", edge(3)),
    }
}

/// One class per band.
fn by_band(of: &'static str, bands: &Bands, symbol: impl Fn(Band) -> Symbol) -> Drawing {
    let class = |band: Band| Class {
        value: band.word(),
        label: band_label(band, bands),
        symbol: symbol(band),
    };
    Drawing::ByText { of, classes: BANDS.map(class).into() }
}

/// The color of a band of a score; hatched for no data.
fn fill(band: Band, theme: Theme) -> Fill {
    theme.color(band.number()).map_or(Fill::Hatched, Fill::Plain)
}

/// The marker of a band: shape and size repeat what the color encodes.
fn marker(band: Band, theme: Theme) -> Symbol {
    let (shape, size) = match band {
        Band::NoData => ("circle", 3.2),
        Band::VeryLow => ("circle", 2.8),
        Band::Low => ("triangle", 3.5),
        Band::Medium => ("square", 3.6),
        Band::High => ("diamond", 4.8),
        Band::VeryHigh => ("star", 6.0),
    };
    Symbol::Marker {
        shape,
        fill: fill(band, theme),
        outline: INK,
        size,
        size_by: None,
        halo: Some(HALO),
        sureness: None,
    }
}

/// The map tip line for the security score of a site.
pub(super) const SECURITY: (&str, &str) =
    ("Security", "\"security_score\" || ', ' || \"security_band\"");

/// The map tip line for the environment score.
pub(super) const ENVIRONMENT: (&str, &str) =
    ("Environment", "\"environment_score\" || ', ' || \"environment_band\"");

/// The map tip line for the share of the environment that is known, and for what is known alone.
pub(super) const KNOWN: (&str, &str) = (
    "Environment at least",
    "\"environment_at_least\" || ', ' || round(100 * \"environment_coverage\") || ' % known'",
);

/// The map tip line for the five bars; a bar of which nothing is known has a dash.
const BARS: (&str, &str) = (
    "Bars",
    "'nature ' || coalesce(\"nature_score\", '–') || ', water ' || coalesce(\"water_score\", '–') || ', people ' || coalesce(\"people_score\", '–') || ', pressure ' || coalesce(\"pressure_score\", '–') || ', hazard ' || coalesce(\"hazard_score\", '–')",
);

fn site_tip() -> Tip {
    Tip::new(
        "\"name\"",
        [
            SECURITY,
            ENVIRONMENT,
            KNOWN,
            BARS,
            ("", "\"explanation\""),
            (
                "Main driver",
                "\"driver_1_type\" || ', ' || \"driver_1_date\" || ', ' || \"driver_1_km\" || ' km away'",
            ),
            (
                "Nearest incident",
                "\"nearest_incident_type\" || ', ' || \"nearest_incident_km\" || ' km away'",
            ),
            ("Nearest river", "\"nearest_river_km\" || ' km'"),
            (
                "Position",
                "if(\"position_accuracy_given\", 'known to ', 'not given how exact, taken as known to ') || \"position_accuracy_km\" || ' km'",
            ),
        ],
    )
}

/// Whether a site has its name at the scale of a map, by a band: the high ones always, the others on nearer maps.
macro_rules! named {
    ($band:literal) => {
        concat!(
            "CASE WHEN \"",
            $band,
            "\" IN ('very high', 'high') THEN true WHEN \"",
            $band,
            "\" = 'medium' THEN @map_scale <= 40000000 ELSE @map_scale <= 12000000 END"
        )
    };
}

fn site_labels(priority: &'static str, shown: &'static str) -> Labels {
    Labels {
        of: "\"name\"",
        size: 8.0,
        color: INK,
        priority: Some(priority),
        from_scale: None,
        shown: Some(shown),
    }
}

fn security(bands: &Bands) -> Style {
    Style {
        name: "security",
        title: "Security risk of sites",
        about: "Each site by the band of its security score, 0 to 100: what was reported around it, by distance, severity and age. An index of reported past events, not a probability.",
        group: Group::Risk,
        shown: true,
        drawing: by_band("\"security_band\"", bands, |band| marker(band, Theme::Security)),
        order: Some("\"security_score\""),
        labels: Some(site_labels(
            // Above every name of the base map.
            "4 + 0.06 * coalesce(\"security_score\", 0)",
            named!("security_band"),
        )),
        display: "\"name\"",
        tip: site_tip(),
        mark: None,
        time: None,
    }
}

fn environment(bands: &Bands) -> Style {
    Style {
        name: "environment",
        title: "Environmental risk of sites",
        about: "Each site by the band of its environment score, 0 to 100: what lies near it and what it can do to that. What is not known counts with a reference value; there is a score only where enough is known, and environment_at_least by what is known alone.",
        shown: false,
        drawing: by_band("\"environment_band\"", bands, |band| marker(band, Theme::Environment)),
        order: Some("\"environment_score\""),
        labels: Some(site_labels(
            "4 + 0.06 * coalesce(\"environment_score\", 0)",
            named!("environment_band"),
        )),
        ..security(bands)
    }
}

fn overall(bands: &Bands) -> Style {
    Style {
        name: "overall",
        title: "Overall risk of sites",
        about: "Each site by the band of its overall score, 0 to 100, the power mean of the security and the environment score; there is one only where both exist.",
        shown: false,
        drawing: by_band("\"overall_band\"", bands, |band| marker(band, Theme::Overall)),
        order: Some("\"overall_score\""),
        labels: Some(site_labels(
            "4 + 0.06 * coalesce(\"overall_score\", 0)",
            named!("overall_band"),
        )),
        ..security(bands)
    }
}

fn area(band: Band) -> Symbol {
    Symbol::Area { fill: fill(band, Theme::Security), outline: INK, width: 0.25, dash: None }
}

fn thick_line(band: Band) -> Symbol {
    let (color, dash) = match fill(band, Theme::Security) {
        Fill::Plain(color) => (color, None),
        _ => (GREY, Some([1.0, 1.0])),
    };
    Symbol::Line { color, width: 0.9, width_by: None, dash }
}

fn footprints(title: &'static str, bands: &Bands, symbol: fn(Band) -> Symbol) -> Style {
    Style {
        name: "security",
        title,
        about: "Sites and linked parts with lines or polygons, by the security band of the site with which they are scored.",
        group: Group::Risk,
        shown: true,
        drawing: by_band("\"security_band\"", bands, symbol),
        order: None,
        labels: None,
        display: "\"name\"",
        tip: Tip::new("\"name\"", [("Part", "\"part\""), SECURITY, ENVIRONMENT]),
        mark: None,
        time: None,
    }
}

/// The style of contours, the band polygons of a surface; no data has no polygons.
fn contours(bands: &Bands) -> Style {
    // Opaque where the bands fill the map, since a transparent one would look like another.
    // Without an outline: the smoothed edges of two bands meet in one line except where three meet, and there the
    // surface below has the same colors.
    let symbol = |band| Symbol::Area {
        fill: match fill(band, Theme::Security) {
            Fill::Plain(color) => Fill::Smooth(color),
            other => other,
        },
        outline: GREY,
        width: 0.0,
        dash: None,
    };
    let mut drawing = by_band("\"band\"", bands, symbol);
    if let Drawing::ByText { classes, .. } = &mut drawing {
        classes.retain(|class| class.value != Band::NoData.word());
    }
    Style {
        name: "bands",
        title: "Security zones",
        about: "The band of the security score that a site would have at each place, in the colors of the sites; the nearer the map, the more of the base map is seen through. Zones are of places: the score of a site includes its roads, camps and other linked parts, and how well its position is known, so that it may be in another band than the zone around it.",
        group: Group::Risk,
        shown: true,
        drawing,
        order: None,
        labels: None,
        display: "\"band\"",
        tip: Tip::new("\"band\"", []),
        mark: None,
        time: None,
    }
}

fn links() -> Style {
    let class = |value, label: &str, symbol| Class { value, label: label.into(), symbol };
    let line = |color, width, width_by, dash| Symbol::Line { color, width, width_by, dash };
    Style {
        name: "links",
        title: "Main drivers",
        about: "Lines from each site to the incidents that add most to its security score, wider for more points, and to the nearest mapped feature of each kind.",
        group: Group::Why,
        shown: false,
        drawing: Drawing::ByText {
            of: "\"role\"",
            classes: vec![
                class(
                    "driver",
                    "Incident behind the security score (wider: more points)",
                    line(
                        Color(140, 74, 60, 160),
                        0.4,
                        Some("0.15 + 0.045 * coalesce(\"points\", 0)"),
                        None,
                    ),
                ),
                class(
                    "nearest",
                    "Nearest mapped river, settlement or other",
                    line(Color(60, 110, 160, 170), 0.3, None, Some([1.6, 1.2])),
                ),
            ],
        },
        order: None,
        labels: None,
        display: "\"name\" || ' > ' || coalesce(\"target_name\", \"target_id\")",
        tip: Tip::new(
            "coalesce(\"target_name\", \"target_id\")",
            [
                ("Site", "\"name\""),
                ("What", "replace(\"target_kind\", '_', ' ')"),
                ("Date", "\"date\""),
                ("Distance", "\"distance_km\" || ' km'"),
                ("Share of the security score", "round(100 * \"share\") || ' %'"),
            ],
        ),
        mark: None,
        time: None,
    }
}

fn rings() -> Style {
    Style {
        name: "rings",
        title: "Distance rings",
        about: "The radii around each site within which incidents are counted.",
        group: Group::Why,
        shown: false,
        drawing: Drawing::One(Symbol::Area {
            fill: Fill::Hollow,
            outline: Color(90, 90, 90, 150),
            width: 0.2,
            dash: Some([2.0, 1.4]),
        }),
        order: None,
        labels: Some(Labels {
            of: "\"radius_km\" || ' km'",
            size: 7.0,
            color: QUIET,
            priority: None,
            from_scale: Some(3_000_000),
            shown: None,
        }),
        display: "\"name\" || ', ' || \"radius_km\" || ' km'",
        tip: Tip::new(
            "\"name\"",
            [
                ("Within", "\"radius_km\" || ' km'"),
                ("Incidents, of all days on record", "\"incidents\""),
                ("Deaths in them", "\"fatalities\""),
            ],
        ),
        mark: None,
        time: None,
    }
}

/// The style of incidents by domain; unscored ones are hollow.
fn incidents() -> Style {
    const BY_WEIGHT: &str =
        "1.2 + 1.8 * sqrt(coalesce(\"weight\", 0) / (1 + coalesce(\"weight\", 0)))";
    let class = |value, label: &str, shape, fill, size_by| Class {
        value,
        label: label.into(),
        symbol: Symbol::Marker {
            shape,
            fill,
            outline: if fill == Fill::Hollow { GREY } else { Color(255, 255, 255, 130) },
            size: 2.0,
            size_by,
            halo: None,
            sureness: None,
        },
    };
    let plain = |red, green, blue| Fill::Plain(Color(red, green, blue, 165));
    Style {
        name: "incidents",
        title: "Incidents",
        about: "Reported incidents, sized by their weight from severity and age. Given as reported, without attribution.",
        group: Group::Why,
        shown: true,
        drawing: Drawing::ByText {
            of: "CASE WHEN \"used\" THEN \"domain\" ELSE 'unused' END",
            classes: vec![
                class(
                    "security",
                    "Security incident (larger: weighs more)",
                    "circle",
                    Fill::Plain(SECURITY_INCIDENT.with_alpha(165)),
                    Some(BY_WEIGHT),
                ),
                class(
                    "accident",
                    "Accident or spill (larger: weighs more)",
                    "triangle",
                    plain(0, 104, 116),
                    Some(BY_WEIGHT),
                ),
                class("earthquake", "Earthquake", "star", plain(35, 132, 67), None),
                class("other", "Of another kind", "square", plain(120, 120, 120), None),
                class("unused", "Counts toward no score", "circle", Fill::Hollow, None),
            ],
        },
        order: Some("\"weight\""),
        labels: None,
        display: "coalesce(\"finer_type\", \"event_type\") || coalesce(', ' || \"date\", '')",
        tip: Tip::new(
            "coalesce(\"finer_type\", \"event_type\")",
            [
                ("Date", "\"date\""),
                ("Where", "\"location\""),
                ("Deaths reported", "\"fatalities\""),
                ("Actors, as the source claims", "\"actors_claimed\""),
                ("Reported by", "\"source\""),
                ("Report", "\"source_url\""),
                ("Magnitude", "\"magnitude\""),
                ("Weight", "round(\"weight\", 3)"),
                ("Position known to", "\"position_accuracy_km\" || ' km'"),
                ("Counts toward no score", "\"unused_because\""),
                ("File", "\"file\" || ', ' || \"place\""),
            ],
        ),
        mark: None,
        time: Some(Time::On("date")),
    }
}
