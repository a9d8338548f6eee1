//! The environment in sentences: the score, what lies near, what the site can do, what can strike it, and what is not
//! known.

use super::{IncidentName, Names, away, farther, interval, percent_known, with_band_and};
use crate::scoring::{Bar, BarRisk, EnvironmentRisk, Indicator, IndicatorCode, Scheme, written};

/// How the sentence begins that lists what is not known.
pub const UNKNOWN_LIST: &str = "What we do not know: ";

/// The environment of a risk in whole sentences.
pub(super) fn sentences(scheme: &Scheme, risk: &EnvironmentRisk, names: &Names<'_>) -> String {
    if !scheme.environment.enabled {
        return "Environment: not scored by this scheme.".into();
    }
    let mut sentences = vec![head(scheme, risk, names)];
    let of = |bar| of_bar(scheme, risk, bar, names);
    let strikes = of(Bar::Hazard);
    if risk.at_least.is_some() {
        let near = [Bar::Nature, Bar::Water, Bar::People];
        let told: Vec<String> = near
            .into_iter()
            .map(|bar| of(bar).unwrap_or_else(|| format!("{} not known", bar.word())))
            .collect();
        sentences.push(format!("What adds most of what lies near: {}.", told.join("; ")));
        // What is not known of these bars is listed at the end.
        sentences.extend(of(Bar::Pressure).map(|does| format!("What it can do: {does}.")));
    }
    if risk.at_least.is_some() || strikes.is_some() {
        sentences.extend(strikes.map(|strikes| format!("What can strike it: {strikes}.")));
        let missing: Vec<&str> = risk.missing().map(|one| one.code.label()).collect();
        if !missing.is_empty() {
            sentences.push(format!("{UNKNOWN_LIST}{}.", missing.join(", ")));
        }
        sentences.extend(farther::sentence(scheme, risk, names.accuracy));
    }
    sentences.join(" ")
}

/// The score with its band, the share that is known, and what is known alone.
fn head(scheme: &Scheme, risk: &EnvironmentRisk, names: &Names<'_>) -> String {
    let Some(at_least) = risk.at_least.map(written::score) else {
        return "Environment: no score, because nothing is known of its surroundings.".into();
    };
    let known = percent_known(risk.coverage);
    let Some(score) = risk.score else {
        return format!("Environment: no score, {known} known; at least {at_least:.1}.");
    };
    let mut more = String::new();
    if known != "100 %" {
        more.push_str(&format!(", {known} known"));
    }
    if at_least < written::score(score) {
        more.push_str(&format!("; at least {at_least:.1}"));
    }
    let sure = names.uncertainty.and_then(|uncertainty| uncertainty.environment.as_ref());
    more.push_str(&sure.map(|sure| interval(&sure.spread)).unwrap_or_default());
    format!("Environment {}.", with_band_and(score, scheme.bands.of(Some(score)), &more))
}

/// What is known of a bar, what adds most first, with its number: `Hazarganji 17 km away (nature at least 34)`; `None` if
/// nothing is known.
fn of_bar(scheme: &Scheme, risk: &EnvironmentRisk, bar: Bar, names: &Names<'_>) -> Option<String> {
    let BarRisk { at_least, coverage, .. } = risk.bar(bar)?;
    // What is told belongs to what is known; a number with reference values would not follow from it.
    let number = at_least.map(|at_least| match percent_known(*coverage) == "100 %" {
        true => format!("{at_least:.0}"),
        false => format!("at least {at_least:.0}"),
    });
    let adds = |one: &Indicator| {
        one.weight * libm::pow(one.value.unwrap_or(0.0), scheme.environment.power)
    };
    let of_bar = |one: &&Indicator| one.code.bar() == bar && one.weight > 0.0;
    let mut all: Vec<&Indicator> = risk.indicators.iter().filter(of_bar).collect();
    // The sort is stable: indicators that add the same stay in the scheme's order.
    all.sort_by(|a, b| adds(b).total_cmp(&adds(a)));
    let phrases: Vec<String> = all.into_iter().filter_map(|one| phrase(one, names)).collect();
    let of_bar = |number: &str| format!("{} {number}", bar.word());
    match (number, phrases.is_empty()) {
        (None, true) => None,
        (Some(number), true) => Some(of_bar(&number)),
        (number, false) => {
            let number = of_bar(number.as_deref().unwrap_or("not known"));
            Some(format!("{} ({number})", phrases.join(", ")))
        }
    }
}

/// What is known of an indicator; `None` if nothing is. Something may be known that gives no value, such as a dam of
/// unknown class.
fn phrase(indicator: &Indicator, names: &Names<'_>) -> Option<String> {
    let told = indicator.phrase.clone();
    if indicator.value.is_none() {
        return told;
    }
    match indicator.code {
        IndicatorCode::Accidents => match (indicator.driver, names.accident) {
            (Some(driver), Some(IncidentName { what, date, .. })) => {
                let year = date.map(|date| format!(" in {}", date.year())).unwrap_or_default();
                Some(format!("{} {}{year}", what.trim(), away(driver.distance)))
            }
            (Some(driver), None) => Some(format!("an accident {}", away(driver.distance))),
            (None, _) => {
                let since = names.accidents_from.map(|day| format!(" since {}", day.year()));
                Some(format!("{}{}", told?, since.unwrap_or_default()))
            }
        },
        IndicatorCode::Seismic => {
            let catalog = names.catalog.map(|catalog| format!("; {catalog}"));
            Some(format!("{}{}", told?, catalog.unwrap_or_default()))
        }
        _ => told,
    }
}
