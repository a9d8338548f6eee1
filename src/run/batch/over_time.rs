//! The sites of a series of frames over time, for a GIS: one layer as GeoJSON and as GeoPackage, its style,
//! and a project with a time slider.

use super::plan::Region;
use super::states;
use crate::layers::{self, Moment, sites_over_time, style};
use crate::run::deliver::metadata::Origin;
use crate::run::deliver::project;
use crate::run::{Case, LayerName, Performed, with_layers};
use crate::scoring::Scheme;
use crate::sinks::place::OutputFolder;
use crate::sinks::qgis::{self, Slider, Step};
use crate::sinks::{geojson, geopackage};
use crate::{Code, Error, Result};
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// The names of the files.
pub(super) const FILES: [&str; 5] = [
    "sites_over_time.geojson",
    "sites_over_time.gpkg",
    "sites_over_time.qgz",
    "sites_over_time.qmd",
    "sites_over_time.qml",
];

/// Writes the files; moments must be in ascending order of dates.
///
/// # Errors
/// A file that cannot be written.
pub(super) fn write(
    moments: &[Moment],
    (region, scheme): (&Region, &Scheme),
    output: &mut OutputFolder<'_>,
) -> Result<()> {
    let layer = sites_over_time(moments, region.rules.uncertainty.is_some());
    output.stage("sites_over_time.geojson", |out| geojson::write(&layer, out))?;
    let until = moments.iter().map(|moment| moment.as_of).max();
    let origin = Origin::of_frames(scheme, until);
    project::write_style(&layer, (&scheme.bands, &origin, String::new()), output)?;
    let states = moments.iter().flat_map(|moment| &moment.states);
    let view = project::view(states.map(|state| state.position));
    let around = project::around(view);
    let (borders, land) = (layers::borders(around), layers::land(around, None));
    let [towns, names, provinces, rivers, lakes] = project::basemap(view);
    let all = [&layer, &towns, &names, &borders, &provinces, &rivers, &lakes, &land];
    let styled =
        all.map(|layer| (layer, style::styles(layer.name(), layer.columns(), &scheme.bands)));
    let dates: Vec<Date> = moments.iter().map(|moment| moment.as_of).collect();
    output.stage_at("sites_over_time.gpkg", |path, stop| {
        geopackage::write(path, &styled, dates.last().copied(), stop)
    })?;
    // The project shows the layers of the GeoPackage, so that it needs only one other file.
    let sheets = all.into_iter().flat_map(|layer| {
        let file = format!("sites_over_time.gpkg|layername={}", layer.name());
        project::sheets(layer, &file, (&scheme.bands, &origin, String::new()))
    });
    let shown = dates.last().map(|date| format!("The sheet shows {date}. ")).unwrap_or_default();
    let project = qgis::Project {
        title: format!("Risk around mines over time: {}", region.name),
        facts: format!("scheme {}", scheme.name),
        logo: None,
        note: shown + &project::note(scheme),
        sheets: sheets.collect(),
        surface: None,
        view,
        pages: qgis::Pages::default(),
        slider: slider(&dates),
    };
    output.stage("sites_over_time.qgz", |out| qgis::write_project(&project, out))?;
    Ok(())
}

/// The scored sites of a case as they are at its date in the files.
///
/// # Errors
/// A layer that cannot be written.
pub(in crate::run) fn moment(case: &Case, performed: &Performed, as_of: Date) -> Result<Moment> {
    let (mut text, mut wrote) = (Vec::new(), Ok(()));
    with_layers(case, performed, LayerName::Sites, |layer| {
        wrote = geojson::write(layer, &mut text)
    })?;
    let failed = |why: String| Error::output(Code::OutputFailed, format!("sites: {why}"));
    wrote.map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8(text).map_err(|error| failed(error.to_string()))?;
    Ok(Moment { as_of, states: states::of_text(&text, &LayerName::Sites.word(), None)? })
}

/// Steps of the time slider, each of which shows the sites at one date: the interval between the dates in
/// days, months or years, if it is constant, else the shortest interval in days. QGIS counts months from the
/// first day and clamps to month ends, as the dates of a plan do.
fn slider(dates: &[Date]) -> Option<Slider> {
    let (&first, &second, &last) = (dates.first()?, dates.get(1)?, dates.last()?);
    let even = |step: Span| {
        let due = |count: i64| first.checked_add(step.checked_mul(count).ok()?).ok();
        (0..).zip(dates).all(|(count, date)| due(count) == Some(*date))
    };
    let years = i32::from(second.year()) - i32::from(first.year());
    let months = 12 * years + i32::from(second.month()) - i32::from(first.month());
    let days = |pair: &[Date]| match pair {
        [a, b] => b.since(*a).ok().map(|span| span.get_days()),
        _ => None,
    };
    let step = if months > 0 && even(months.months()) {
        if months % 12 == 0 { Step::Years(months / 12) } else { Step::Months(months) }
    } else {
        Step::Days(dates.windows(2).filter_map(days).min()?)
    };
    Some(Slider { first, last, step, on: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_those_of_the_dates() {
        for (days, step) in [
            (&["2024-01-31", "2024-02-29", "2024-03-31"][..], Step::Months(1)),
            (&["2024-01-30", "2024-02-29", "2024-03-30"], Step::Months(1)),
            (&["2023-11-30", "2024-02-29", "2024-05-30"], Step::Months(3)),
            (&["2020-02-29", "2021-02-28", "2022-02-28"], Step::Years(1)),
            (&["2024-01-01", "2024-01-08", "2024-01-15"], Step::Days(7)),
            (&["2024-01-31", "2024-02-29", "2024-03-30"], Step::Days(29)),
            (&["2024-01-31", "2024-12-31", "2025-01-10"], Step::Days(10)),
        ] {
            let dates: Vec<Date> = days.iter().map(|day| day.parse().expect("a date")).collect();
            let slider = slider(&dates).expect("a slider");
            assert_eq!(slider.step, step, "{days:?}");
            assert_eq!((slider.first, slider.last), (dates[0], dates[2]));
        }
        assert_eq!(slider(&[Date::MAX]), None, "one date is nothing to play");
    }
}
