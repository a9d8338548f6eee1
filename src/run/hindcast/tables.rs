//! The tables of a hindcast: what was measured, what each band came to, and what every model said.

use super::{Estimate, Hindcast, Label, Measured, Model, Prediction};
use crate::scoring::{security_score, written};
use std::borrow::Cow;

/// The columns of `hindcast.csv`.
pub(super) const MEASURED: [&str; 12] = [
    "origin",
    "radius_km",
    "horizon_days",
    "min_deaths",
    "model",
    "metric",
    "value",
    "lo",
    "hi",
    "diff",
    "diff_lo",
    "diff_hi",
];

/// The rows of `hindcast.csv`: by label, then all origins and each of them, then by model and metric.
pub(super) fn measured(
    told: &Hindcast,
) -> impl Iterator<Item = [Cow<'static, str>; MEASURED.len()]> {
    let rows =
        told.judged.iter().filter_map(|judged| Some((judged, told.labels.get(judged.label)?)));
    rows.flat_map(move |(judged, label)| {
        judged.measured.iter().map(move |one| {
            let Measured { origin, model, metric, value, difference } = one;
            let day = origin.map(|origin| told.origins.get(origin).map(ToString::to_string));
            let [value, lo, hi] = cells(*value);
            let [diff, diff_lo, diff_hi] = cells(*difference);
            [
                day.flatten().map_or(Cow::from("pooled"), Cow::from),
                number(label.radius.km()),
                label.horizon_days.to_string().into(),
                label.min_deaths.to_string().into(),
                model.name(&told.schemes).into(),
                metric.word().into(),
                value,
                lo,
                hi,
                diff,
                diff_lo,
                diff_hi,
            ]
        })
    })
}

/// The columns of `bands.csv`.
pub(super) const BANDS: [&str; 10] = [
    "radius_km",
    "horizon_days",
    "min_deaths",
    "model",
    "band",
    "counted",
    "positives",
    "share",
    "lo",
    "hi",
];

/// The rows of `bands.csv`: by label, scheme and band.
pub(super) fn bands(told: &Hindcast) -> impl Iterator<Item = [Cow<'static, str>; BANDS.len()]> {
    let rows =
        told.judged.iter().filter_map(|judged| Some((judged, told.labels.get(judged.label)?)));
    rows.flat_map(move |(judged, label)| {
        judged.bands.iter().map(move |one| {
            let [share, lo, hi] = cells(one.share);
            [
                number(label.radius.km()),
                label.horizon_days.to_string().into(),
                label.min_deaths.to_string().into(),
                Model::Scheme(one.scheme).name(&told.schemes).into(),
                one.band.word().into(),
                one.counted.to_string().into(),
                one.positives.to_string().into(),
                share,
                lo,
                hi,
            ]
        })
    })
}

/// The header and the rows of `predictions.csv`: a row for each site at each origin.
pub(super) fn predictions(
    told: &Hindcast,
) -> (Vec<String>, impl Iterator<Item = Vec<Cow<'_, str>>>) {
    let mut head: Vec<String> = ["origin", "site_id", "lon", "lat"].map(str::to_owned).into();
    for scheme in &told.schemes {
        head.extend(["scheme", "score", "band"].map(|of| format!("{of}:{}", scheme.name)));
    }
    for radius in &told.radii {
        let counts = ["count_1y", "count_3y", "count_halflife_1y"];
        head.extend(counts.map(|count| format!("{count}_{radius}")));
    }
    head.extend(["nearest_km", "kde"].map(str::to_owned));
    head.extend(told.labels.iter().map(Label::column));
    let rows = told.predictions.iter().filter_map(|one| row(told, one));
    (head, rows)
}

fn row<'a>(told: &'a Hindcast, one: &Prediction) -> Option<Vec<Cow<'a, str>>> {
    let site = told.sites.list.get(one.site)?;
    let (lon, lat) = (site.position.lon(), site.position.lat());
    let mut row: Vec<Cow<'a, str>> = vec![
        told.origins.get(one.origin)?.to_string().into(),
        site.id.as_str().into(),
        number(lon),
        number(lat),
    ];
    for (scheme, intensity) in told.schemes.iter().zip(&one.intensities) {
        let score = intensity.map(|intensity| security_score(scheme, intensity));
        row.extend([
            intensity.map_or(Cow::default(), number),
            score.map_or(Cow::default(), |score| format!("{:.1}", written::score(score)).into()),
            scheme.bands.of(score).word().into(),
        ]);
    }
    for counted in &one.counts {
        row.extend([
            counted.one_year.to_string().into(),
            counted.three_years.to_string().into(),
            number(counted.half_life),
        ]);
    }
    row.extend([one.nearest_km.map_or(Cow::default(), number), number(one.kde)]);
    row.extend(one.outcomes.iter().map(|outcome| match outcome {
        Some(true) => Cow::from("1"),
        Some(false) => Cow::from("0"),
        None => Cow::default(),
    }));
    Some(row)
}

/// A value and its interval, to nine decimals; empty where it is not defined.
fn cells(estimate: Option<Estimate>) -> [Cow<'static, str>; 3] {
    let Some(Estimate { value, interval }) = estimate else { return Default::default() };
    let cell = |value: f64| number((value * 1e9).round() / 1e9);
    let [lo, hi] = interval.map_or_else(Default::default, |ends| ends.map(cell));
    [cell(value), lo, hi]
}

/// The shortest text that parses to the same number.
fn number(number: f64) -> Cow<'static, str> {
    // Adding zero removes the sign of −0.
    let text = format!("{:?}", number + 0.0);
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned).into()
}
