//! The plots of a hindcast's page, as SVG: drawn for a width of 420 units, so that a text of 13 units is as large as the
//! page's small print on a phone, too.

use crate::float::of_count;
use crate::layers::report::{BandReport, EventReport, ShareReport, YearReport};
use crate::sinks::report::html;
use std::fmt::Write;

const WIDTH: f64 = 420.0;

/// A rectangle in which something is plotted, from 0 to 1 on both axes.
struct Frame {
    left: f64,
    top: f64,
    wide: f64,
    high: f64,
}

impl Frame {
    fn x(&self, share: f64) -> f64 {
        self.left + share * self.wide
    }

    fn y(&self, share: f64) -> f64 {
        self.top + (1.0 - share) * self.high
    }

    /// Lines across at some shares, each with its label.
    fn across(&self, svg: &mut Svg, labels: &[(f64, String)]) {
        for (share, label) in labels {
            let y = self.y(*share);
            svg.line("grid", (self.left, y), (self.left + self.wide, y));
            svg.text("", "end", (self.left - 6.0, y + 4.0), label);
        }
    }
}

/// An SVG image in the making. Numbers have one decimal.
struct Svg {
    text: String,
}

impl Svg {
    /// Begins an image with a description for those who do not see it.
    fn new(high: f64, about: &str) -> Self {
        Self {
            text: format!(
                "<svg class=\"plot\" viewBox=\"0 0 {WIDTH:.0} {high:.0}\" role=\"img\" aria-label=\"{}\">\n",
                html(about)
            ),
        }
    }

    fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        self.add(&format!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        ));
    }

    fn rect(&mut self, class: &str, (x, y): (f64, f64), (wide, high): (f64, f64), title: &str) {
        self.add(&format!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\"><title>{}</title></rect>",
            html(title)
        ));
    }

    fn circle(&mut self, class: &str, (x, y): (f64, f64), radius: f64, title: &str) {
        self.add(&format!(
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"><title>{}</title></circle>",
            html(title)
        ));
    }

    fn path(&mut self, class: &str, points: &[(f64, f64)]) {
        let mut data = String::new();
        for (at, (x, y)) in points.iter().enumerate() {
            let letter = if at == 0 { 'M' } else { 'L' };
            // Writing to memory does not fail.
            let _ = write!(data, "{letter}{x:.1} {y:.1}");
        }
        self.add(&format!("<path class=\"{class}\" d=\"{data}\"/>"));
    }

    fn text(&mut self, class: &str, anchor: &str, (x, y): (f64, f64), text: &str) {
        self.add(&format!(
            "<text class=\"{class}\" text-anchor=\"{anchor}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>",
            html(text)
        ));
    }

    fn add(&mut self, element: &str) {
        self.text.push_str(element);
        self.text.push('\n');
    }

    fn done(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }
}

/// A share in percent.
fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// The labels of an axis from 0 to 1.
fn percents() -> [(f64, String); 5] {
    [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| (share, percent(share)))
}

/// The share of the positives against the share of the sites from the top, for each of the event's models.
pub fn hits(event: &EventReport) -> String {
    let frame = Frame { left: 54.0, top: 14.0, wide: 340.0, high: 250.0 };
    let high = 320.0 + 20.0 * of_count(event.hits.len());
    let said: Vec<String> = event
        .hits
        .iter()
        .map(|(name, curve)| {
            let at_fifth = curve.iter().find(|(share, _)| *share >= 0.199).map_or(0.0, |of| of.1);
            format!("{name}: {} in the first fifth", percent(at_fifth))
        })
        .collect();
    let mut svg =
        Svg::new(high, &format!("Share of what happened by share of sites. {}", said.join("; ")));
    frame.across(&mut svg, &percents());
    for (share, label) in percents() {
        svg.text("", "middle", (frame.x(share), frame.y(0.0) + 18.0), &label);
    }
    svg.text("", "middle", (frame.x(0.5), frame.y(0.0) + 36.0), "of the sites, the highest first");
    svg.line("even", (frame.x(0.0), frame.y(0.0)), (frame.x(1.0), frame.y(1.0)));
    for (model, (_, curve)) in event.hits.iter().enumerate() {
        let points: Vec<_> = curve.iter().map(|(x, y)| (frame.x(*x), frame.y(*y))).collect();
        svg.path(&format!("line m{model}"), &points);
    }
    for (model, said) in said.iter().enumerate() {
        let y = frame.y(0.0) + 56.0 + 20.0 * of_count(model);
        svg.path(&format!("line m{model}"), &[(frame.left, y - 4.0), (frame.left + 30.0, y - 4.0)]);
        svg.text("said", "start", (frame.left + 38.0, y), said);
    }
    svg.done()
}

/// A share with its interval as a spot on a whisker.
fn spot(svg: &mut Svg, frame: &Frame, class: &str, x: f64, of: &ShareReport) {
    let Some((share, [lo, hi])) = of.share else { return };
    svg.line("whisker", (x, frame.y(lo)), (x, frame.y(hi)));
    for end in [lo, hi] {
        svg.line("whisker", (x - 5.0, frame.y(end)), (x + 5.0, frame.y(end)));
    }
    let title = format!(
        "{} of {}: {}, {} to {}",
        of.positives,
        of.counted,
        percent(share),
        percent(lo),
        percent(hi)
    );
    svg.circle(&format!("spot {class}"), (x, frame.y(share)), 6.0, &title);
}

/// What each band came to, with Wilson's interval.
pub fn bands(bands: &[BandReport]) -> String {
    let frame = Frame { left: 54.0, top: 14.0, wide: 340.0, high: 220.0 };
    let said = bands.iter().map(|BandReport { band, share }| match share.share {
        Some((value, [lo, hi])) => {
            format!("{}: {}, {} to {}", band.word(), percent(value), percent(lo), percent(hi))
        }
        None => format!("{}: none", band.word()),
    });
    let about = format!("What each band came to. {}", said.collect::<Vec<_>>().join("; "));
    let mut svg = Svg::new(304.0, &about);
    frame.across(&mut svg, &percents());
    for (at, BandReport { band, share }) in bands.iter().enumerate() {
        let x = frame.x((of_count(at) + 0.5) / of_count(bands.len()));
        spot(&mut svg, &frame, &format!("fill b{}", band.number()), x, share);
        svg.text("said", "middle", (x, frame.y(0.0) + 20.0), band.word());
        svg.text("", "middle", (x, frame.y(0.0) + 38.0), &share.positives.to_string());
        svg.text("", "middle", (x, frame.y(0.0) + 54.0), &format!("of {}", share.counted));
    }
    svg.done()
}

/// What was said against what came, by tenths of the probability.
pub fn tenths(tenths: &[(f64, ShareReport)]) -> String {
    let frame = Frame { left: 54.0, top: 14.0, wide: 340.0, high: 300.0 };
    let said = tenths.iter().filter_map(|(said, of)| {
        let (share, [lo, hi]) = of.share?;
        Some(format!(
            "said {}, came {}, {} to {}",
            percent(*said),
            percent(share),
            percent(lo),
            percent(hi)
        ))
    });
    let about = format!("What was said and what came. {}", said.collect::<Vec<_>>().join("; "));
    let mut svg = Svg::new(372.0, &about);
    frame.across(&mut svg, &percents());
    for (share, label) in percents() {
        svg.text("", "middle", (frame.x(share), frame.y(0.0) + 18.0), &label);
    }
    svg.text("", "middle", (frame.x(0.5), frame.y(0.0) + 38.0), "said");
    svg.line("even", (frame.x(0.0), frame.y(0.0)), (frame.x(1.0), frame.y(1.0)));
    for (said, share) in tenths {
        spot(&mut svg, &frame, "mean", frame.x(*said), share);
    }
    svg.done()
}

/// The area of each compared model at each origin, and below it how many sites were positive.
pub fn years(event: &EventReport) -> String {
    let years = &event.years;
    let areas = Frame { left: 54.0, top: 14.0, wide: 340.0, high: 150.0 };
    let counts = Frame { left: 54.0, top: 186.0, wide: 340.0, high: 84.0 };
    let models = of_count(event.compared.len());
    let about = format!(
        "Area under the ROC curve by origin, with the number of positives; {} origins. The table beside it has the numbers.",
        years.len()
    );
    let mut svg = Svg::new(318.0 + 20.0 * models, &about);
    // Below chance there is no more to see than that it is.
    let least =
        years.iter().flat_map(|year| year.areas.iter().flatten()).fold(0.5, |a: f64, b| a.min(*b));
    let floor = if least < 0.5 { 0.0 } else { 0.5 };
    let height = |area: f64| (area - floor) / (1.0 - floor);
    let marks: [f64; 3] = if floor > 0.0 { [0.5, 0.75, 1.0] } else { [0.0, 0.5, 1.0] };
    areas.across(&mut svg, &marks.map(|area| (height(area), format!("{area:.2}"))));
    let most = years.iter().map(|year| year.counted).max().unwrap_or(0).max(1);
    counts.across(&mut svg, &[(0.0, "0".to_owned()), (1.0, most.to_string())]);
    let place = |at: usize| counts.x((of_count(at) + 0.5) / of_count(years.len().max(1)));
    let wide = (0.72 * counts.wide / of_count(years.len().max(1))).min(40.0);
    // As many labels as fit, each of about 40 units.
    let every = (years.len() * 42).div_ceil(340).max(1);
    for (at, YearReport { origin, counted, positives, .. }) in years.iter().enumerate() {
        let bar = |number: usize| counts.high * of_count(number) / of_count(most);
        let title = format!("{origin}: {positives} of {counted} positive");
        for (class, number) in [("count", *counted), ("hit", *positives)] {
            let (x, tall) = (place(at) - wide / 2.0, bar(number));
            svg.rect(class, (x, counts.y(0.0) - tall), (wide, tall), &title);
        }
        if at % every == 0 {
            let year = origin.split('-').next().unwrap_or(origin);
            svg.text("", "middle", (place(at), counts.y(0.0) + 18.0), year);
        }
    }
    for (model, name) in event.compared.iter().enumerate().rev() {
        let of = |(at, year): (usize, &YearReport)| Some((at, (*year.areas.get(model)?)?));
        let points: Vec<(usize, f64)> = years.iter().enumerate().filter_map(of).collect();
        let line: Vec<_> =
            points.iter().map(|(at, area)| (place(*at), areas.y(height(*area)))).collect();
        if line.len() > 1 {
            svg.path(&format!("line m{model}"), &line);
        }
        for ((at, area), place) in points.iter().zip(&line) {
            let day = years.get(*at).map_or("", |year| year.origin.as_str());
            svg.circle(&format!("d{model}"), *place, 3.6, &format!("{name}, {day}: {area:.3}"));
        }
        let y = counts.y(0.0) + 40.0 + 20.0 * of_count(model);
        svg.path(&format!("line m{model}"), &[(54.0, y - 4.0), (84.0, y - 4.0)]);
        svg.text("said", "start", (92.0, y), name);
    }
    svg.done()
}
