//! The chart of growth: time and memory against the number of incidents, on logarithmic axes, with a
//! reference line proportional to n log n.

use std::fmt::Write;

/// A point of a curve.
pub struct Step {
    pub incidents: f64,
    pub seconds: f64,
    pub peak_mb: f64,
}

const WIDTH: f64 = 720.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 690.0;

/// One of the two charts: its position, and the powers of ten on its axes.
struct Chart {
    top: f64,
    bottom: f64,
    low: i32,
    high: i32,
}

impl Chart {
    /// Creates a chart whose axes cover all values.
    fn new(top: f64, bottom: f64, values: &[f64]) -> Self {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(0.0, f64::max);
        Self {
            top,
            bottom,
            low: libm::log10(low).floor() as i32,
            high: libm::log10(high).ceil() as i32,
        }
    }

    fn y(&self, value: f64) -> f64 {
        let share = (libm::log10(value) - f64::from(self.low)) / f64::from(self.high - self.low);
        self.bottom - share * (self.bottom - self.top)
    }
}

fn x(incidents: f64) -> f64 {
    LEFT + (libm::log10(incidents) - 3.7) / (7.3 - 3.7) * (RIGHT - LEFT)
}

/// Returns the drawing as SVG.
pub fn svg(steps: &[Step], title: &str) -> String {
    let mut svg = format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} 560" role="img" "#,
            r#"aria-label="Time and memory of tamarisk score by number of incidents">"#,
            "\n<style>text{{font:13px sans-serif;fill:#24292f}}.grid{{stroke:#d0d7de}}",
            ".line{{stroke:#0969da;stroke-width:2.5;fill:none}}.dot{{fill:#0969da}}",
            ".guide{{stroke:#8c959f;stroke-dasharray:5 4;fill:none}}.back{{fill:#fff}}",
            "@media(prefers-color-scheme:dark){{text{{fill:#e6edf3}}.grid{{stroke:#30363d}}",
            ".line{{stroke:#58a6ff}}.dot{{fill:#58a6ff}}.guide{{stroke:#8b949e}}.back{{fill:#0d1117}}}}",
            "</style>\n<rect class=\"back\" width=\"{}\" height=\"560\"/>\n"
        ),
        WIDTH, WIDTH
    );
    let mut put = |text: String| {
        let _ = writeln!(svg, "{text}");
    };
    put(format!(r#"<text x="{LEFT}" y="24">{title}</text>"#));
    let seconds: Vec<f64> = steps.iter().map(|step| step.seconds).collect();
    let memory: Vec<f64> = steps.iter().map(|step| step.peak_mb).collect();
    // n log n, scaled to pass through the last step.
    let cost = |incidents: f64| incidents * libm::log10(incidents);
    let last = steps.last().expect("at least one step was measured");
    let guide: Vec<(f64, f64)> = steps
        .iter()
        .map(|step| (step.incidents, last.seconds * cost(step.incidents) / cost(last.incidents)))
        .collect();
    for (top, values, unit, guide) in
        [(60.0, &seconds, "seconds", guide.as_slice()), (330.0, &memory, "MB at the peak", &[])]
    {
        let all: Vec<f64> = values.iter().copied().chain(guide.iter().map(|at| at.1)).collect();
        let chart = Chart::new(top, top + 190.0, &all);
        put(format!(r#"<text x="{LEFT}" y="{}">{unit}</text>"#, top - 10.0));
        for power in chart.low..=chart.high {
            let value = libm::pow(10.0, f64::from(power));
            let y = chart.y(value);
            put(format!(r#"<path class="grid" d="M{LEFT} {y:.1}H{RIGHT}"/>"#));
            put(format!(
                r#"<text x="{}" y="{:.1}" text-anchor="end">{value}</text>"#,
                LEFT - 8.0,
                y + 4.0
            ));
        }
        for power in 4..=7 {
            let x = x(libm::pow(10.0, f64::from(power)));
            put(format!(r#"<path class="grid" d="M{x:.1} {top}V{:.1}"/>"#, chart.bottom));
        }
        let path = |points: &mut dyn Iterator<Item = (f64, f64)>| {
            let points: Vec<String> =
                points.map(|(n, v)| format!("{:.1} {:.1}", x(n), chart.y(v))).collect();
            format!("M{}", points.join("L"))
        };
        if let Some(end) = guide.first() {
            put(format!(r#"<path class="guide" d="{}"/>"#, path(&mut guide.iter().copied())));
            put(format!(
                r#"<text x="{:.1}" y="{:.1}">n log n</text>"#,
                x(end.0) + 6.0,
                chart.y(end.1) - 8.0
            ));
        }
        let points = || steps.iter().map(|step| step.incidents).zip(values.iter().copied());
        put(format!(r#"<path class="line" d="{}"/>"#, path(&mut points())));
        for (n, value) in points() {
            let (x, y) = (x(n), chart.y(value));
            put(format!(r#"<circle class="dot" cx="{x:.1}" cy="{y:.1}" r="4"/>"#));
            let written = if value < 10.0 { format!("{value:.2}") } else { format!("{value:.0}") };
            put(format!(
                r#"<text x="{x:.1}" y="{:.1}" text-anchor="middle">{written}</text>"#,
                y - 10.0
            ));
        }
    }
    for (power, name) in [(4, "10,000"), (5, "100,000"), (6, "1 million"), (7, "10 million")] {
        let x = x(libm::pow(10.0, f64::from(power)));
        put(format!(r#"<text x="{x:.1}" y="540" text-anchor="middle">{name}</text>"#));
    }
    put(format!(r#"<text x="{RIGHT}" y="556" text-anchor="end">incidents</text>"#));
    svg.push_str("</svg>\n");
    svg
}
