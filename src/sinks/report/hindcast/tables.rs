//! The tables of a hindcast's page.

use super::{charts, figure};
use crate::layers::report::{
    CalibrationReport, EventReport, HindcastReport, MeasureReport, ModelReport, TunedReport,
};
use crate::scoring::thousands;
use crate::sinks::report::html;

/// What a table is called for those who do not see it, its heads (of numbers, those on the right), and its rows of cells.
fn table(class: &str, caption: &str, heads: &[(&str, bool)], rows: &[String]) -> String {
    let head = |(text, number): &(&str, bool)| {
        let class = if *number { " class=\"r\"" } else { "" };
        format!("<th scope=\"col\"{class}>{}</th>", html(text))
    };
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table class=\"{class}\"><caption class=\"hidden\">{0}</caption>\
         <thead><tr>{1}</tr></thead><tbody>\n{2}</tbody></table></div>\n",
        html(caption),
        heads.iter().map(head).collect::<String>(),
        rows.concat()
    )
}

fn number(count: usize) -> String {
    thousands(i64::try_from(count).unwrap_or(i64::MAX))
}

/// How many sites at origins count, how many were positive, and what was set aside.
pub fn counted(event: &EventReport) -> String {
    let EventReport { counted, positives, aside, .. } = event;
    let share = match counted {
        0 => String::new(),
        all => format!(
            " ({:.1} %)",
            100.0 * crate::float::of_count(*positives) / crate::float::of_count(*all)
        ),
    };
    let aside: Vec<String> = aside
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(why, count)| format!("{} {why}", number(*count)))
        .collect();
    let aside = match aside.is_empty() {
        true => "None were set aside.".to_owned(),
        false => format!("Set aside: {}.", aside.join(", ")),
    };
    format!(
        "<p>{} sites at origins count; {}{share} of them were followed by the event. {}</p>\n",
        number(*counted),
        number(*positives),
        html(&aside)
    )
}

/// The measures of every model, with the difference to the first scheme.
pub fn metrics(event: &EventReport) -> String {
    let heads: Vec<(&str, bool)> = std::iter::once(("Model", false))
        .chain(event.metrics.iter().map(|word| (*word, true)))
        .collect();
    let row = |(at, model): (usize, &ModelReport)| {
        let cells: String = model.measures.iter().map(|of| measure(of.as_ref())).collect();
        format!(
            "<tr{}><th scope=\"row\">{}<span class=\"small quiet\">{}</span></th>{cells}</tr>\n",
            if at == 0 { " class=\"lead\"" } else { "" },
            html(&model.name),
            html(model.about)
        )
    };
    let rows: Vec<String> = event.models.iter().enumerate().map(row).collect();
    let note = "Below each value its 90 % interval, then the difference to the first scheme and the interval of that: ▲ the \
                model is better, ▼ the scheme is better, = a tie, since the interval holds 0.";
    format!(
        "{}<p class=\"small quiet\">{}</p>\n",
        table("metrics", "Measures of each model", &heads, &rows),
        html(note)
    )
}

fn measure(of: Option<&MeasureReport>) -> String {
    let Some(MeasureReport { value, interval, difference }) = of else {
        return "<td class=\"r quiet\">–</td>".to_owned();
    };
    let range = interval.map(|[lo, hi]| {
        format!(" <span class=\"small quiet\">{} to {}</span>", short(lo), short(hi))
    });
    let apart = difference.map(|(value, interval)| {
        let (class, mark) = match interval {
            Some([lo, _]) if lo > 0.0 => ("apart", "▲"),
            Some([_, hi]) if hi < 0.0 => ("apart", "▼"),
            Some(_) => ("tie", "="),
            None => ("tie", ""),
        };
        let range = interval.map(|[lo, hi]| {
            format!("<span class=\"small quiet\">{} to {}</span>", signed(lo), signed(hi))
        });
        format!(
            "<span class=\"small {class}\">{mark} {}</span>{}",
            signed(value),
            range.unwrap_or_default()
        )
    });
    format!(
        "<td class=\"r\">{}{}{}</td>",
        short(*value),
        range.unwrap_or_default(),
        apart.unwrap_or_default()
    )
}

/// A measure with three decimals.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    if text == "-0.000" { "0.000".to_owned() } else { text.replace('-', "−") }
}

/// A difference with its sign.
fn signed(value: f64) -> String {
    let text = format!("{value:+.3}").replace('-', "−");
    if text == "+0.000" || text == "−0.000" { "0.000".to_owned() } else { text }
}

/// Every origin.
pub fn years(event: &EventReport) -> String {
    let areas = event.compared.iter().map(|name| (name.as_str(), true));
    let heads: Vec<(&str, bool)> =
        [("Origin", false), ("Sites", true), ("Followed", true)].into_iter().chain(areas).collect();
    let rows: Vec<String> = event
        .years
        .iter()
        .map(|year| {
            let areas: String = year
                .areas
                .iter()
                .map(|area| format!("<td class=\"r\">{}</td>", area.map_or("–".to_owned(), short)))
                .collect();
            format!(
                "<tr><th scope=\"row\" class=\"nowrap\">{}</th><td class=\"r\">{}</td><td class=\"r\">{}</td>{areas}</tr>\n",
                html(&year.origin),
                number(year.counted),
                number(year.positives)
            )
        })
        .collect();
    format!(
        "<details><summary>Year by year in numbers: area under the ROC curve</summary>\n{}</details>\n",
        table("", "Area under the ROC curve by origin", &heads, &rows)
    )
}

/// How probabilities would have done.
pub fn calibration(of: &CalibrationReport) -> String {
    let [a, b] = of.fit;
    let skill = match of.brier_skill {
        Some((skill, interval)) => {
            let range = interval
                .map(|[lo, hi]| format!(" ({} to {})", short(lo), short(hi)))
                .unwrap_or_default();
            format!(
                "At {} origins with four or more earlier ones, fits to those alone had a Brier skill of {}{range}: 1 is \
                 without error, 0 as good as the share of positives so far.",
                of.judged,
                short(skill)
            )
        }
        None => "There are too few origins to judge fits to earlier ones.".to_owned(),
    };
    let mut text = format!(
        "<p>{}</p>\n<p>{}</p>\n",
        html(&format!(
            "{} = 1 / (1 + exp(−({a:.4} + {b:.4} ln(λ + 0.001)))), in calibration.toml. {}",
            of.column, of.fitted
        )),
        html(&skill)
    );
    if of.tenths.iter().any(|(_, share)| share.counted > 0) {
        text.push_str("<div class=\"plots\">\n");
        text.push_str(&figure(
            "Said and came",
            &charts::tenths(&of.tenths),
            "Sites at origins by the probability that fits to earlier origins gave them, in tenths: the mean that was said, \
             and the share that was followed by the event, with Wilson's 90 % interval. On the diagonal both are equal.",
        ));
        let heads =
            [("Said", true), ("Sites at origins", true), ("Followed", true), ("Came", true)];
        let rows: Vec<String> = of
            .tenths
            .iter()
            .filter_map(|(said, share)| {
                let (value, [lo, hi]) = share.share?;
                let percent = |share: f64| format!("{:.0}", 100.0 * share);
                Some(format!(
                    "<tr><td class=\"r\">{} %</td><td class=\"r\">{}</td><td class=\"r\">{}</td><td class=\"r\">{} % \
                     <span class=\"small quiet\">{} to {}</span></td></tr>\n",
                    percent(*said),
                    number(share.counted),
                    number(share.positives),
                    percent(value),
                    percent(lo),
                    percent(hi)
                ))
            })
            .collect();
        text.push_str(&format!(
            "<div>{}</div></div>\n",
            table("", "What was said and what came", &heads, &rows)
        ));
    }
    text
}

/// The grid of settings, and what was chosen.
pub fn tuned(of: &TunedReport) -> String {
    let mut text = format!("<p>{}</p>\n", html(&of.words));
    let heads: Vec<(&str, bool)> = std::iter::once(("Scale", false))
        .chain(of.half_lives.iter().map(|text| (text.as_str(), true)))
        .collect();
    let rows: Vec<String> = of
        .scales
        .iter()
        .zip(&of.grid)
        .enumerate()
        .map(|(row, (scale, areas))| {
            let cell = |(column, area): (usize, &Option<f64>)| {
                let on = if of.chosen == Some([row, column]) { " on" } else { "" };
                format!("<td class=\"r{on}\">{}</td>", area.map_or("–".to_owned(), short))
            };
            let cells: String = areas.iter().enumerate().map(cell).collect();
            format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", html(scale))
        })
        .collect();
    text.push_str(&table(
        "grid-table",
        "Mean of the two areas on the earlier origins",
        &heads,
        &rows,
    ));
    text.push_str(
        "<p class=\"small quiet\">Mean of roc_auc and roc_auc_within on the earlier half of the origins, by scale and half-life; \
         the marked one is judged on the later half.</p>\n",
    );
    text
}

/// The files and the schemes.
pub fn read(report: &HindcastReport) -> String {
    let rows: Vec<String> = report
        .inputs
        .iter()
        .map(|input| {
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"r\">{}</td><td class=\"r\">{}</td><td><code>{}</code></td></tr>\n",
                html(&input.file),
                html(&input.role),
                html(&input.layout),
                thousands(i64::try_from(input.read).unwrap_or(i64::MAX)),
                thousands(i64::try_from(input.set_aside).unwrap_or(i64::MAX)),
                html(&input.hash)
            )
        })
        .collect();
    let heads = [
        ("File", false),
        ("As", false),
        ("Columns", false),
        ("Read", true),
        ("Set aside", true),
        ("BLAKE3", false),
    ];
    let schemes: String = report
        .schemes
        .iter()
        .map(|(name, hash)| {
            format!("<dt>Scheme {}</dt><dd><code>{}</code></dd>", html(name), html(hash))
        })
        .collect();
    format!("{}<dl>{schemes}</dl>\n", table("", "Files read", &heads, &rows))
}
