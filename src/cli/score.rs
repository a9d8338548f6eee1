//! `demo` and `score`: the whole flow, and a short table of what came out.

use super::CANCEL;
use super::args;
use super::bare;
use super::limits;
use super::resolve;
use super::table::{Fit, Rows};
use super::terminal::{Terminal, cell, printable};
use crate::Result;
use crate::layers::portfolio::{ALL, CROSS, Exposed, Portfolio, Shares, Spread};
use crate::layers::{CountedIncident, Scored, event_name, measured_from};
use crate::model::Verdict;
use crate::run::{self, Case, Overview, Request, Worst};
use crate::scoring::{Band, EnvironmentRisk, percent_known, thousands, written};
use comfy_table::{Cell, Color};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::process::ExitCode;

/// Groups of a portfolio in the terminal; all of them are in the file.
const MOST_GROUPS: usize = 15;

/// The columns by which the built-in case is grouped.
const DEMO_GROUPS: [&str; 2] = ["province", "commodity_group"];

pub fn demo(typed: args::Demo, terminal: &Terminal) -> Result<ExitCode> {
    let mut wanted = resolve::wanted(&typed.layers)?;
    let surface = wanted.layers.is_none().then(run::SurfaceRequest::default);
    let mut request = Request { surface, ..run::demo() };
    request.rules.uncertainty = resolve::uncertainty(&typed.uncertainty)?;
    // A demonstration shows everything.
    wanted.add_all();
    if wanted.group_by.is_empty() {
        wanted.group_by = DEMO_GROUPS.map(str::to_owned).into();
    }
    perform(&request, &wanted, &typed.output, typed.over.replace, terminal)?;
    Ok(ExitCode::SUCCESS)
}

pub fn score(mut typed: args::Score, terminal: &Terminal) -> Result<ExitCode> {
    bare::sort(&typed.files, &mut typed.inputs, terminal)?;
    let mut request = resolve::request(&typed.inputs, &typed.rules, &typed.calibrated)?;
    request.rules.uncertainty = resolve::uncertainty(&typed.uncertainty)?;
    // Whoever asks for cells asks for a surface; `--all` takes it where there is one.
    let asked = typed.surface || typed.grid.cell.is_some() || typed.grid.grid_crs.is_some();
    if asked || typed.all {
        let surface = super::surface::asked(&typed.grid)?;
        request.surface = Some(run::SurfaceRequest { if_any: !asked, ..surface });
    }
    request.sensitivity = typed.sensitivity;
    let mut wanted = resolve::wanted(&typed.layers)?;
    if typed.all {
        wanted.add_all();
    }
    let inputs = &mut request.inputs;
    inputs.read.incident_columns = wanted.incident_columns(inputs.merge_sources);
    // Ranks are among all sites.
    let ranks = request.rules.uncertainty.is_some() || request.sensitivity;
    let of_all = request.rules.bbox.is_some() || ranks;
    let streams = wanted.streams() && request.surface.is_none() && !of_all;
    inputs.most_held = streams.then_some(run::MOST_HELD);
    let limits = limits::Checked::new(&typed.limits)?;
    if typed.dry_run {
        let (preview, refused) =
            run::preview(&request, &wanted, &typed.output, typed.over.replace)?;
        terminal.result(&printable(&preview))?;
        return refused.map(|()| ExitCode::SUCCESS);
    }
    let done = perform(&request, &wanted, &typed.output, typed.over.replace, terminal)?;
    let (case, overview) = &*done;
    let held = limits.hold(case, overview, terminal);
    Ok(if held { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Does it all. What is left needs no tidying up, which takes long where there are millions of things:
/// the program ends, and the system takes its memory back at once.
fn perform(
    request: &Request,
    wanted: &run::Wanted,
    folder: &Path,
    replace: bool,
    terminal: &Terminal,
) -> Result<ManuallyDrop<(Case, Overview)>> {
    let progress = terminal.progress();
    // Whatever stands in the way of writing is told before anything is read.
    let output = run::claim(request, wanted, folder, replace, &stopped)?;
    let case = Case::open(request, &progress, &CANCEL)?;
    // A column that is not there is told before anything is scored.
    run::groupings(&case, wanted)?;
    run::room(&case, wanted)?;
    let run::Delivered { written, overview } =
        run::deliver(request, &case, wanted, output, &progress, &CANCEL)?;
    progress.finish();
    for note in &written.notes {
        terminal.say(&printable(note));
    }
    findings(&case, terminal);
    if let Some(missing) = overview.missing_environment(&case) {
        terminal.say(&missing.note());
    }
    if !terminal.quiet {
        terminal.result(&summary(&case, &overview, folder, &written, terminal))?;
    }
    Ok(ManuallyDrop::new((case, overview)))
}

/// Whether the run was interrupted.
fn stopped() -> bool {
    CANCEL.is_raised()
}

/// How many findings there are, or each of them.
pub(super) fn findings(case: &Case, terminal: &Terminal) {
    if terminal.verbose {
        for finding in case.findings() {
            terminal.say(&format!(
                "{}: {}",
                finding.verdict.word(),
                cell(&finding.words(terminal.face()))
            ));
        }
    } else {
        // Those that are about a whole file stand for many records, so they are always told.
        for finding in case.findings().filter(|f| f.place == crate::model::Place::File) {
            terminal.say(&format!(
                "{}: {}",
                finding.verdict.word(),
                cell(&finding.words(terminal.face()))
            ));
        }
        super::lost::lost_sites(case, terminal);
    }
}

fn summary(
    case: &Case,
    overview: &Overview,
    folder: &Path,
    written: &run::Written,
    terminal: &Terminal,
) -> String {
    let sure = case.uncertainty.is_some();
    let mut columns = vec![
        ("site", Fit::Text),
        ("security", Fit::Word),
        ("environment", Fit::Word),
        ("main driver", Fit::Text),
        ("date", Fit::Spare),
        ("km", Fit::Number),
        ("share", Fit::Number),
    ];
    if sure {
        columns.splice(2..2, [("interval", Fit::Word), ("rank", Fit::Word)]);
    }
    let mut table = Rows::new(terminal, true, &columns);
    for one in &overview.worst {
        let Worst { site, scored, .. } = one;
        let [driver, date, km, share] = main_driver(case, one);
        let mut cells = vec![
            Cell::new(cell(&site.name)),
            banded(case, scored.risk.security.score),
            environment(case, &scored.risk.environment),
            Cell::new(driver),
            Cell::new(date),
            Cell::new(km),
            Cell::new(share),
        ];
        if sure {
            cells.splice(2..2, interval(scored).map(Cell::new));
        }
        table.add(cells);
    }
    let mut text = if overview.scored == 0 { "no sites\n".into() } else { table.text() };
    let more = overview.scored - overview.worst.len();
    if more > 0 {
        text.push_str(&format!("... and {more} more sites in sites.geojson\n"));
    }
    for caution in overview.cautions() {
        text.push_str(&terminal.wrap(&cell(&format!("note: {caution}"))));
        text.push('\n');
    }
    text.push('\n');
    for portfolio in &written.portfolios {
        text.push_str(&groups_table(case, portfolio, terminal));
    }
    if let Some(sensitivity) = &written.sensitivity {
        text.push_str(&super::sensitivity::words(sensitivity));
    }
    text.push_str(&counts(case));
    let new = || written.files.iter().filter(|file| !file.kept);
    let bytes = new().map(|file| file.bytes).sum::<u64>();
    let wrote = |name: &&str| written.files.iter().any(|file| file.name == **name);
    let first = ["risk.qgz", "risk.gpkg", "sites.geojson", "sites.fgb", "sites.parquet"]
        .into_iter()
        .find(wrote);
    let (files, kilobytes) = (new().count(), bytes.div_ceil(1000));
    text.push_str(&printable(&format!("{files} files, {kilobytes} kB, in {}\n", folder.display())));
    let tables = ["risk.xlsx", "sites.csv"].into_iter().find(wrote);
    if first.is_some() || tables.is_none() {
        let first = folder.join(first.unwrap_or("sites.geojson"));
        text.push_str(&printable(&format!("open {} in QGIS\n", first.display())));
    }
    if let Some(tables) = tables {
        let tables = folder.join(tables);
        text.push_str(&printable(&format!("open {} in a spreadsheet\n", tables.display())));
    }
    if written.files.iter().any(|file| file.name == "report.html") {
        let page = folder.join("report.html");
        text.push_str(&printable(&format!("open {} in a browser\n", page.display())));
    }
    text
}

/// The name of a column, or of crossed ones, without what marks the sites' own.
fn own_name(column: &str) -> String {
    let names = column.split(CROSS).map(|name| name.strip_prefix("site_").unwrap_or(name));
    cell(&names.collect::<Vec<_>>().join(CROSS))
}

/// A table of groups of sites: counts in the upper bands, the worst site, the median.
fn groups_table(case: &Case, portfolio: &Portfolio, terminal: &Terminal) -> String {
    let column = own_name(&portfolio.column);
    let weight = portfolio.weight.as_deref().map(own_name);
    let mut columns = vec![
        (column.as_str(), Fit::Text),
        ("sites", Fit::Number),
        ("security: high+", Fit::Number),
        ("no score", Fit::Spare),
        ("median", Fit::Spare),
        ("worst", Fit::Word),
        ("site", Fit::Text),
        ("environment: high+", Fit::Number),
        ("worst", Fit::Word),
    ];
    if let Some(weight) = &weight {
        columns.push((weight.as_str(), Fit::Number));
        columns.push(("of it security high+", Fit::Number));
        columns.push(("environment high+", Fit::Number));
    }
    let mut table = Rows::new(terminal, true, &columns);
    let upper = |spread: &Spread| spread.bands.iter().rev().take(2).sum::<usize>().to_string();
    let greatest = |spread: &Spread| spread.quantiles.map(|[.., greatest]| greatest);
    for group in portfolio.groups.iter().take(MOST_GROUPS) {
        let (security, environment) = (&group.security, &group.environment);
        let median = security.quantiles.map(|[_, _, median, _, _]| format!("{median:.1}"));
        let worst = security.worst.and_then(|site| case.sites.list.get(site));
        let mut cells = vec![
            Cell::new(cell(&group.name)),
            Cell::new(group.sites),
            Cell::new(upper(security)),
            Cell::new(security.bands.first().copied().unwrap_or(0)),
            Cell::new(median.unwrap_or_default()),
            banded(case, greatest(security)),
            Cell::new(worst.map(|site| cell(&site.name)).unwrap_or_default()),
            Cell::new(upper(environment)),
            banded(case, greatest(environment)),
        ];
        if let Some(exposed) = &group.exposed {
            cells.extend(exposure(exposed).map(Cell::new));
        }
        table.add(cells);
    }
    let mut text = table.text();
    let missing: usize =
        portfolio.groups.iter().filter_map(|group| Some(group.exposed.as_ref()?.missing)).sum();
    // It is the same for every way of grouping.
    if let Some(weight) = weight.filter(|_| missing > 0 && portfolio.column == ALL) {
        let sites: usize = portfolio.groups.iter().map(|group| group.sites).sum();
        text.push_str(&format!(
            "{weight}: no number at {missing} of {sites} sites, which count in no sum of it\n"
        ));
    }
    let more = portfolio.groups.len().saturating_sub(MOST_GROUPS);
    if more > 0 {
        text.push_str(&format!("... and {more} more groups in portfolio.csv\n"));
    }
    text.push('\n');
    text
}

/// A sum, and the share of it in the two upper bands of each score.
fn exposure(exposed: &Exposed) -> [String; 3] {
    let upper = |shares: &Shares| {
        let of = exposed.shares(shares).map(|of| of.iter().rev().take(2).sum::<f64>());
        of.map_or_else(|| "-".to_owned(), |share| format!("{:.0} %", 100.0 * share))
    };
    let total = match exposed.total {
        None => "-".to_owned(),
        Some(total) if (100.0..1e15).contains(&total) => grouped(total),
        Some(total) => format!("{}", (1e3 * total).round() / 1e3),
    };
    [total, upper(&exposed.security), upper(&exposed.environment)]
}

/// A whole number with commas between thousands.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The incident that adds most to the security score with its date, distance and share, or the main
/// indicator where there is none.
fn main_driver(case: &Case, worst: &Worst) -> [String; 4] {
    let context = case.context();
    let risk = &worst.scored.risk;
    let first = risk.security.drivers.first();
    let counted = first.and_then(|driver| {
        Some((driver, context.counted(worst.scored.site, &driver.contribution)?))
    });
    if let Some((driver, CountedIncident { incident, date, km, part, .. })) = counted {
        let of = measured_from(part, &worst.site).map(|of| format!(", near its {of}"));
        let of = of.unwrap_or_default();
        return [
            cell(&format!("{}{of}", event_name(incident))),
            date.map(|date| date.to_string()).unwrap_or_default(),
            format!("{km:.0}"),
            format!("{:.0} %", 100.0 * driver.share),
        ];
    }
    let indicator = risk.environment_driver().map(|i| i.code.label().to_owned());
    [indicator.unwrap_or_default(), String::new(), String::new(), String::new()]
}

/// The interval of a security score, and that of its rank: `51 to 70` and `4 to 15`.
fn interval(scored: &Scored) -> [String; 2] {
    let of = |scored: &Scored| Some(scored.uncertainty.as_ref()?.security.as_ref()?.spread);
    let Some(spread) = of(scored) else { return [String::new(), String::new()] };
    let range =
        |[low, high]: [String; 2]| if low == high { low } else { format!("{low} to {high}") };
    let score = spread.score.map(|score| format!("{:.0}", written::score(score)));
    let ranks = spread.standing.map(|standing| range(standing.ranks.map(|rank| rank.to_string())));
    [range(score), ranks.unwrap_or_default()]
}

/// The environment score, its band and the known share, or what is known at least where there is no score.
fn environment(case: &Case, risk: &EnvironmentRisk) -> Cell {
    let known = percent_known(risk.coverage);
    match (risk.score, risk.at_least) {
        (Some(score), _) => {
            let band = case.scheme.bands.of(Some(score));
            colored(band, format!("{score:>5.1} {}, {known} known", band.word()))
        }
        (None, Some(at_least)) => {
            colored(Band::NoData, format!("at least {at_least:.1}, {known} known"))
        }
        (None, None) => banded(case, None),
    }
}

/// A score and its band.
fn banded(case: &Case, score: Option<f64>) -> Cell {
    let band = case.scheme.bands.of(score);
    let score = score.map_or_else(|| "-".into(), |score| format!("{score:.1}"));
    colored(band, format!("{score:>5} {}", band.told()))
}

/// A text in the color of a band.
fn colored(band: Band, text: String) -> Cell {
    let color = match band {
        Band::NoData => Color::DarkGrey,
        Band::VeryLow | Band::Low => Color::Reset,
        Band::Medium => Color::Yellow,
        Band::High => Color::Red,
        Band::VeryHigh => Color::Magenta,
    };
    Cell::new(text).fg(color)
}

/// Counts of records read, scored and set aside.
fn counts(case: &Case) -> String {
    let mut text = String::new();
    if let Some(as_of) = case.as_of {
        text.push_str(&format!("as of {as_of}, scheme {}\n", cell(&case.scheme.name)));
    }
    let collection = &case.collection;
    for source in collection.sources() {
        text.push_str(&format!("incidents cover {}\n", cell(&run::told(collection, source))));
    }
    if let Some(why) = collection.why_nothing() {
        text.push_str(&format!("{why}, so there is no security score\n"));
    }
    if let Some(day) = collection.newest() {
        text.push_str(&format!(
            "newest security incident {day}, {} days before the as-of date\n",
            thousands(collection.days_since(day))
        ));
    }
    for role in ["sites", "incidents", "receptors"] {
        let inputs: Vec<_> = case.world.inputs.iter().filter(|input| input.role == role).collect();
        if inputs.is_empty() {
            continue;
        }
        let read: u64 = inputs.iter().map(|input| input.read).sum();
        let faulty: u64 = inputs.iter().map(|input| input.set_aside).sum();
        text.push_str(&format!("{role}: {read} read, {faulty} faulty"));
        let left_out: u64 = inputs.iter().map(|input| input.left_out).sum();
        if left_out > 0 {
            text.push_str(&format!(", {left_out} left out as not asked for"));
        }
        let merged: u64 = inputs.iter().map(|input| input.merged).sum();
        if merged > 0 {
            text.push_str(&format!(", {merged} merged with those of another source"));
        }
        let linked: usize = case.sites.linked.iter().map(Vec::len).sum();
        if role == "sites" && case.outside > 0 {
            text.push_str(&format!(", {} outside the box", case.outside));
        }
        if role == "sites" && linked > 0 {
            text.push_str(&format!(", {linked} of them parts of others"));
        }
        if role == "incidents" {
            for ((domain, usage), count) in case.tally() {
                text.push_str(&format!("; {count} {} {}", domain.word(), usage.word()));
            }
        }
        text.push('\n');
    }
    for input in &case.world.inputs {
        if let Some(words) = super::check::unknown_types(&input.unknown_types) {
            text.push_str(&format!("{}: {words}\n", cell(&input.file)));
        }
    }
    let of = |verdict| case.findings().filter(|f| f.verdict == verdict).count();
    text.push_str(&format!(
        "findings: {} set aside, {} repaired, {} noted; each with its place in rejects.csv\n",
        of(Verdict::SetAside),
        of(Verdict::Repaired),
        of(Verdict::Noted),
    ));
    text
}
