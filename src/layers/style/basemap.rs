//! The styles of the base map besides land and borders: quiet, so that none of it looks like what is scored. A feature is
//! drawn from its least zoom on.

use super::color::NONE;
use super::{Color, Drawing, Fill, GROUND, Group, Labels, Style, Symbol, Tip};

/// Whether a map is large enough for a feature. At zoom 0 of maps on the web a map of 96 dots per inch has this scale.
const FITS: &str = "\"least_zoom\" <= ln(591657550.5 / @map_scale) / ln(2) + 0.5";

/// Whether no town of the name of a province is drawn on a map.
const NOT_TWICE: &str = "coalesce(\"town_zoom\", 99) > ln(591657550.5 / @map_scale) / ln(2) + 0.5";

const NAME: &str = "\"name\"";

const ABOUT: &str = "Natural Earth 1:10m, public domain, simplified to about a kilometer and drawn from the scale that fits. Background only: no score depends on it.";

fn style(name: &'static str, title: &'static str, display: &'static str, symbol: Symbol) -> Style {
    Style {
        name,
        title,
        about: ABOUT,
        group: Group::Base,
        shown: true,
        drawing: Drawing::Where { fits: FITS, label: title, symbol },
        order: None,
        labels: None,
        display,
        tip: Tip::new(display, []),
        mark: None,
        time: None,
    }
}

pub(super) fn provinces() -> Style {
    let color = GROUND.province;
    let symbol = Symbol::Line { color, width: 0.18, width_by: None, dash: Some([2.4, 0.8]) };
    Style {
        about: "Borders of provinces as Natural Earth 1:10m draws them, public domain. Those in areas of more than one claim, and along disputed borders, are left out: the map takes no position on the status of any territory.",
        ..style("provinces", "Provinces", "'Border of a province'", symbol)
    }
}

pub(super) fn rivers() -> Style {
    let color = GROUND.river;
    let symbol = Symbol::Line { color, width: 0.2, width_by: None, dash: None };
    style("rivers", "Rivers", "coalesce(\"name\", 'River')", symbol)
}

pub(super) fn lakes() -> Style {
    let fill = Fill::Plain(GROUND.sea);
    let symbol = Symbol::Area { fill, outline: GROUND.river, width: 0.15, dash: None };
    // In a legend its color explains the sea, too, which is the background of the map.
    let drawing = Drawing::Where { fits: FITS, label: "Lakes and sea", symbol: symbol.clone() };
    Style { drawing, ..style("lakes", "Lakes", "coalesce(\"name\", 'Lake')", symbol) }
}

pub(super) fn towns() -> Style {
    let labels = labels(7.0, GROUND.town, Some("(9 - \"least_zoom\") / 3"));
    Style { labels, ..style("towns", "Towns", NAME, dot(GROUND.town, 1.0)) }
}

pub(super) fn province_names() -> Style {
    let labels = labels(7.5, GROUND.name, None);
    // Not where the town of the same name has it.
    let labels = labels.map(|labels| Labels { shown: Some(NOT_TWICE), ..labels });
    Style { labels, ..style("province_names", "Names of provinces", NAME, dot(NONE, 0.1)) }
}

fn dot(color: Color, size: f64) -> Symbol {
    Symbol::Marker {
        shape: "circle",
        fill: Fill::Plain(color),
        outline: NONE,
        size,
        size_by: None,
        halo: None,
        sureness: None,
    }
}

fn labels(size: f64, color: Color, priority: Option<&'static str>) -> Option<Labels> {
    Some(Labels { of: NAME, size, color, priority, from_scale: None, shown: None })
}
