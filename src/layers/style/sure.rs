//! Styles of sites whose scores have intervals: a marker is paler, and its ring wider, the wider the interval is.

use super::looks::{HALO, INK};
use super::{Class, Color, Drawing, Fill, Labels, Style, Sureness, Symbol, Tip, TipLine};
use crate::layers::Column;
use crate::layers::columns::SECURITY_P05;

/// Whether the layer has intervals of scores.
pub(super) fn has_intervals(columns: &[Column]) -> bool {
    columns.iter().any(|column| &*column.name == SECURITY_P05)
}

/// An expression by the width of a score's interval: under 10 points, 10 to 25, and over 25.
macro_rules! by_width {
    ($of:literal, $narrow:literal, $middle:literal, $wide:literal) => {
        concat!(
            "CASE WHEN round(\"",
            $of,
            "_score_p95\" - \"",
            $of,
            "_score_p05\", 1) > 25 THEN ",
            $wide,
            " WHEN round(\"",
            $of,
            "_score_p95\" - \"",
            $of,
            "_score_p05\", 1) >= 10 THEN ",
            $middle,
            " ELSE ",
            $narrow,
            " END"
        )
    };
}

/// A label with the score and its interval below the name: `62 (51-70)`.
macro_rules! label {
    ($of:literal) => {
        concat!(
            "\"name\" || coalesce('\\n' || round(\"",
            $of,
            "_score\") || ' (' || round(\"",
            $of,
            "_score_p05\") || '-' || round(\"",
            $of,
            "_score_p95\") || ')', '')"
        )
    };
}

/// A map tip's line with the interval.
macro_rules! told {
    ($of:literal) => {
        concat!(
            "round(\"",
            $of,
            "_score_p05\") || ' to ' || round(\"",
            $of,
            "_score_p95\") || ' in 90 % of the draws' || coalesce('; rank ' || round(\"",
            $of,
            "_rank_p05\") || ' to ' || round(\"",
            $of,
            "_rank_p95\") || '; among the ten highest in ' || round(100 * \"",
            $of,
            "_p_top10\") || ' %', '')"
        )
    };
}

/// The texts of the style of a score.
struct Of {
    title: &'static str,
    sureness: Sureness,
    label: &'static str,
}

const SECURITY: Of = Of {
    title: "Security risk of sites; the paler, the less sure",
    sureness: Sureness {
        opacity: by_width!("security", "1", "0.7", "0.45"),
        ring: by_width!("security", "0.2", "0.45", "0.8"),
    },
    label: label!("security"),
};

const ENVIRONMENT: Of = Of {
    title: "Environmental risk of sites; the paler, the less sure",
    sureness: Sureness {
        opacity: by_width!("environment", "1", "0.7", "0.45"),
        ring: by_width!("environment", "0.2", "0.45", "0.8"),
    },
    label: label!("environment"),
};

const TIP: [(&str, TipLine); 2] = [
    ("Security", TipLine { label: "How sure", value: told!("security") }),
    ("Environment", TipLine { label: "How sure", value: told!("environment") }),
];

/// A style of sites by a score, with how sure the score is.
pub(super) fn with_intervals(mut style: Style) -> Style {
    let Of { title, sureness, label } = match style.name {
        "environment" => ENVIRONMENT,
        _ => SECURITY,
    };
    if let Drawing::ByText { classes, .. } = &mut style.drawing {
        for class in classes {
            if let Symbol::Marker { sureness: of, .. } = &mut class.symbol {
                *of = Some(sureness);
            }
        }
    }
    style.title = title;
    style.labels = style.labels.map(|labels| Labels { of: label, ..labels });
    style.tip = tip(style.tip);
    style
}

/// A map tip with the interval below each score.
fn tip(Tip { heading, lines }: Tip) -> Tip {
    let mut all = Vec::new();
    for line in lines {
        let more = TIP.into_iter().find(|(label, _)| *label == line.label);
        all.push(line);
        all.extend(more.map(|(_, more)| more));
    }
    Tip { heading, lines: all }
}

/// The style of sites by how often they are among the ten highest by security score; `style` is that of the score.
pub(super) fn ten_highest(style: Style) -> Style {
    let class = |value, label: &str, fill, size| Class {
        value,
        label: label.into(),
        symbol: Symbol::Marker {
            shape: "circle",
            fill,
            outline: INK,
            size,
            size_by: None,
            halo: Some(HALO),
            sureness: None,
        },
    };
    let plain = |red, green, blue| Fill::Plain(Color::rgb(red, green, blue));
    Style {
        name: "ten_highest",
        title: "Among the ten highest by security",
        about: "Each site by how often its security score is among the ten highest when what the data leave open is drawn at random. It is no forecast of which sites will be.",
        shown: false,
        drawing: Drawing::ByText {
            of: "CASE WHEN \"security_p_top10\" IS NULL THEN 'none' WHEN \"security_p_top10\" > 0.9 THEN 'sure' WHEN \"security_p_top10\" >= 0.5 THEN 'likely' WHEN \"security_p_top10\" >= 0.1 THEN 'open' ELSE 'hardly' END",
            classes: vec![
                class("sure", "Sure: in more than 90 % of the draws", plain(38, 50, 72), 5.2),
                class("likely", "Likely: in 50 to 90 %", plain(105, 121, 150), 4.4),
                class("open", "Open: in 10 to 50 %", plain(178, 190, 208), 3.6),
                class("hardly", "Hardly ever: in less than 10 %", plain(242, 242, 240), 2.6),
                class("none", "No security score", Fill::Hatched, 2.6),
            ],
        },
        order: Some("\"security_p_top10\""),
        labels: style.labels.map(|labels| Labels {
            of: "\"name\" || coalesce(' ' || round(100 * \"security_p_top10\") || ' %', '')",
            priority: Some("10 * coalesce(\"security_p_top10\", 0)"),
            ..labels
        }),
        tip: tip(style.tip),
        ..style
    }
}
