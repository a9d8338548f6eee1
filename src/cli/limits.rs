//! Limits that a user sets on what a run finds; past them the run is done, but ends with code 1.

use super::args::Limits;
use super::resolve::word_of;
use super::terminal::Terminal;
use crate::run::{Case, Overview};
use crate::scoring::Band;
use crate::{Code, Error, Result};

/// Limits with a meaning.
pub struct Checked {
    /// As it was typed, and what it means.
    rejects: Option<(String, Rejects)>,
    band: Option<Band>,
}

/// How many records may be faulty.
enum Rejects {
    Records(u64),
    /// A share of those read, in percent.
    Percent(f64),
}

impl Checked {
    /// Refuses limits that mean nothing, before anything is read.
    pub fn new(limits: &Limits) -> Result<Self> {
        let rejects = limits
            .max_rejects
            .as_deref()
            .map(|text| Rejects::parse(text).map(|rejects| (text.trim().to_owned(), rejects)));
        let rejects = rejects.transpose()?;
        let band = limits.fail_on.as_deref().map(band).transpose()?;
        Ok(Self { rejects, band })
    }

    /// Whether a run is within the limits; prints each limit that it exceeds.
    pub fn hold(&self, case: &Case, overview: &Overview, terminal: &Terminal) -> bool {
        let mut held = true;
        let inputs = &case.world.inputs;
        let read: u64 = inputs.iter().map(|input| input.read).sum();
        let faulty: u64 = inputs.iter().map(|input| input.set_aside).sum();
        if let Some((typed, _)) =
            self.rejects.as_ref().filter(|(_, most)| !most.allow(faulty, read))
        {
            held = false;
            let were = if faulty == 1 { "was" } else { "were" };
            terminal.fault(&format!(
                "--max-rejects {typed}: {faulty} of {read} records {were} faulty and set aside; rejects.csv says why"
            ));
        }
        if let Some(least) = self.band {
            let over = overview.from_band(least);
            if over > 0 {
                held = false;
                let sites = if overview.scored == 1 { "site" } else { "sites" };
                let are = if over == 1 { "is" } else { "are" };
                terminal.fault(&format!(
                    "--fail-on {}: {over} of {} {sites} {are} {} in security or environment",
                    least.word().replace(' ', "-"),
                    overview.scored,
                    and_above(least)
                ));
            }
        }
        held
    }
}

/// A band and those above it, as a sentence names them.
pub(super) fn and_above(least: Band) -> String {
    let mut words: Vec<&str> =
        BANDS.iter().filter(|b| b.number() >= least.number()).map(|b| b.word()).collect();
    match (words.pop(), words.is_empty()) {
        (Some(last), false) => format!("{} or {last}", words.join(", ")),
        (last, _) => last.unwrap_or_default().to_owned(),
    }
}

impl Rejects {
    fn parse(text: &str) -> Result<Self> {
        let refuse = || {
            Error::usage(
                Code::SettingInvalid,
                format!("--max-rejects: \"{}\" is not a number of records", text.escape_debug()),
            )
            .with_hint("a whole number such as 0, or a share such as 5%")
        };
        match text.strip_suffix('%') {
            Some(share) => share
                .trim()
                .parse()
                .ok()
                .filter(|share: &f64| (0.0..=100.0).contains(share))
                .map(Self::Percent)
                .ok_or_else(refuse),
            None => text.trim().parse().map(Self::Records).map_err(|_| refuse()),
        }
    }

    fn allow(&self, faulty: u64, read: u64) -> bool {
        match *self {
            Self::Records(most) => faulty <= most,
            Self::Percent(share) => {
                #[expect(clippy::cast_precision_loss, reason = "counts of records")]
                let (faulty, read) = (faulty as f64, read as f64);
                100.0 * faulty <= share * read
            }
        }
    }
}

/// The bands with a score, from the lowest.
const BANDS: [Band; 5] = [Band::VeryLow, Band::Low, Band::Medium, Band::High, Band::VeryHigh];

/// A band with a score, by its word; spaces may be dashes.
pub(super) fn band(text: &str) -> Result<Band> {
    word_of("--fail-on", &text.replace('-', " "), "a band", BANDS.map(|band| (band.word(), band)))
}
