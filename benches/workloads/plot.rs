//! The charts of growth: time against what grows, on logarithmic axes, with the memory below, and a reference line
//! proportional to n log n.

use std::fmt::Write;

/// A point of a curve.
pub struct Step {
    pub count: f64,
    pub seconds: f64,
    pub peak_mb: f64,
}

/// One chart.
pub struct Chart {
    /// What grows, with what stays the same.
    pub title: String,
    /// In ascending order, at least one.
    pub steps: Vec<Step>,
    /// What the reference line is proportional to, and its name.
    pub guide: (fn(f64) -> f64, &'static str),
}

const WIDTH: f64 = 380.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 350.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 190.0;

/// Returns the charts, two in a row, as SVG.
pub fn svg(charts: &[Chart], title: &str) -> String {
    let rows = charts.len().div_ceil(2);
    let height = 34.0 + rows as f64 * HEIGHT;
    let mut svg = format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" "#,
            r#"aria-label="Time and memory of tamarisk as work grows">"#,
            "\n<style>text{{font:12px sans-serif;fill:#24292f}}.grid{{stroke:#d0d7de}}",
            ".line{{stroke:#0969da;stroke-width:2.5;fill:none}}.dot{{fill:#0969da}}",
            ".guide{{stroke:#8c959f;stroke-dasharray:5 4;fill:none}}.back{{fill:#fff}}",
            "@media(prefers-color-scheme:dark){{text{{fill:#e6edf3}}.grid{{stroke:#30363d}}",
            ".line{{stroke:#58a6ff}}.dot{{fill:#58a6ff}}.guide{{stroke:#8b949e}}.back{{fill:#0d1117}}}}",
            "</style>\n<rect class=\"back\" width=\"{}\" height=\"{}\"/>\n"
        ),
        2.0 * WIDTH,
        height,
        2.0 * WIDTH,
        height
    );
    let _ = writeln!(svg, r#"<text x="16" y="22">{title}</text>"#);
    for (number, chart) in charts.iter().enumerate() {
        let (x, y) = ((number % 2) as f64 * WIDTH, 34.0 + (number / 2) as f64 * HEIGHT);
        let _ = writeln!(svg, r#"<g transform="translate({x} {y})">"#);
        draw(chart, &mut svg);
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw(Chart { title, steps, guide: (cost, name) }: &Chart, svg: &mut String) {
    let (first, last) = (&steps[0], &steps[steps.len() - 1]);
    let guide: Vec<(f64, f64)> = steps
        .iter()
        .map(|step| (step.count, last.seconds * cost(step.count) / cost(last.count)))
        .collect();
    let log = libm::log10;
    let values = || steps.iter().map(|step| step.seconds).chain(guide.iter().map(|at| at.1));
    let low = log(values().fold(f64::INFINITY, f64::min)).floor();
    let high = log(values().fold(0.0, f64::max)).ceil().max(low + 1.0);
    let width = (log(last.count) - log(first.count)).max(1e-9);
    let x =
        |count: f64| LEFT + 20.0 + (log(count) - log(first.count)) / width * (RIGHT - LEFT - 40.0);
    let y = |value: f64| BOTTOM - (log(value) - low) / (high - low) * (BOTTOM - TOP);
    let mut put = |text: String| {
        let _ = writeln!(svg, "{text}");
    };
    put(format!(r#"<text x="16" y="24">{title}</text>"#));
    for power in low as i32..=high as i32 {
        let value = libm::pow(10.0, f64::from(power));
        let at = y(value);
        put(format!(r#"<path class="grid" d="M{LEFT} {at:.1}H{RIGHT}"/>"#));
        put(format!(
            r#"<text x="{}" y="{:.1}" text-anchor="end">{value} s</text>"#,
            LEFT - 6.0,
            at + 4.0
        ));
    }
    let path = |points: &[(f64, f64)]| {
        let points: Vec<String> =
            points.iter().map(|(n, v)| format!("{:.1} {:.1}", x(*n), y(*v))).collect();
        format!("M{}", points.join("L"))
    };
    put(format!(r#"<path class="guide" d="{}"/>"#, path(&guide)));
    put(format!(
        r#"<text x="{:.1}" y="{:.1}">{name}</text>"#,
        x(guide[0].0) + 6.0,
        (y(guide[0].1) + 16.0).min(BOTTOM - 5.0)
    ));
    let points: Vec<(f64, f64)> = steps.iter().map(|step| (step.count, step.seconds)).collect();
    put(format!(r#"<path class="line" d="{}"/>"#, path(&points)));
    for Step { count, seconds, peak_mb } in steps {
        let (x, y) = (x(*count), y(*seconds));
        put(format!(r#"<circle class="dot" cx="{x:.1}" cy="{y:.1}" r="4"/>"#));
        let written =
            if *seconds < 10.0 { format!("{seconds:.2}") } else { format!("{seconds:.0}") };
        let middle = |y: f64, text: String| {
            format!(r#"<text x="{x:.1}" y="{y:.1}" text-anchor="middle">{text}</text>"#)
        };
        put(middle(y - 9.0, written));
        put(middle(BOTTOM + 20.0, short(*count)));
        put(middle(BOTTOM + 38.0, format!("{peak_mb:.0} MB")));
    }
}

/// A count as short as it can be read: 20, 10k, 5M.
fn short(count: f64) -> String {
    match count {
        n if n >= 1e6 => format!("{}M", n / 1e6),
        n if n >= 1e3 => format!("{}k", n / 1e3),
        n => n.to_string(),
    }
}
