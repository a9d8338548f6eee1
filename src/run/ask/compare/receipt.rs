//! Reads the receipt of a run: its inputs, its scheme and date, and where and until when its incidents were
//! collected.

use crate::measures::{Collection, Places, SourceSpan};
use crate::model::{CountryCode, Domain, ReceptorKind};
use crate::run::Stale;
use crate::scoring::Scheme;
use crate::sinks::place::RECEIPT;
use crate::sources::Source;
use crate::{Code, Error, Result};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A receipt, reduced to what affects a score.
#[derive(Debug, Deserialize)]
pub(super) struct Receipt {
    pub fingerprint: String,
    #[serde(default, deserialize_with = "day_or_none")]
    pub as_of: Option<Date>,
    /// `None` if the folder is not that of a run.
    scheme: Option<SchemeOf>,
    #[serde(default)]
    coverage: BTreeMap<String, Vec<Span>>,
    #[serde(default, deserialize_with = "day_or_none")]
    newest_security_incident: Option<Date>,
    stale: Option<String>,
    #[serde(default)]
    complete: Vec<String>,
    #[serde(default)]
    pub merge_sources: bool,
    #[serde(default)]
    pub inputs: Vec<Input>,
    pub outputs: Vec<Output>,
    counts: Option<Counts>,
    /// `None` if the folder is not that of a hindcast.
    hindcast: Option<de::IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct SchemeOf {
    name: String,
    blake3: String,
    /// Missing in receipts of earlier versions; later ones may have unknown members.
    values: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
struct Span {
    file: String,
    places: PlacesOf,
    #[serde(deserialize_with = "day")]
    from: Date,
    #[serde(deserialize_with = "day")]
    until: Date,
    current: bool,
    #[serde(default)]
    declared: bool,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum PlacesOf {
    Word(String),
    Countries(Vec<String>),
}

/// An input file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Input {
    pub role: String,
    pub file: String,
    pub layer: Option<String>,
    pub kind: Option<String>,
    pub blake3: String,
    pub used: u64,
}

impl Input {
    /// The kind of receptors declared for it.
    pub fn kind(&self) -> Option<ReceptorKind> {
        ReceptorKind::from_word(self.kind.as_deref()?)
    }
}

/// An output file.
#[derive(Debug, Deserialize)]
pub(super) struct Output {
    pub file: String,
    pub blake3: String,
}

#[derive(Debug, Deserialize)]
struct Counts {
    incidents: IncidentCounts,
}

#[derive(Debug, Deserialize)]
struct IncidentCounts {
    scored: u64,
}

impl Receipt {
    /// The receipt of a run in a folder.
    ///
    /// # Errors
    /// There is none, it cannot be read, or it belongs to a batch.
    pub fn of(folder: &Path) -> Result<Self> {
        let path = folder.join(RECEIPT);
        let place = path.display();
        if folder.is_dir() && !path.exists() {
            return Err(Error::usage(
                Code::RunUnusable,
                format!("{}: holds no {RECEIPT}", folder.display()),
            )
            .with_hint(
                "name a folder that `tamarisk score` or a frame of a batch was written to",
            ));
        }
        let text = Source::path(&path).read_text()?;
        let receipt: Self = serde_json::from_str(&text).map_err(|error| {
            Error::data(Code::RunUnusable, format!("{place}: is not the receipt of a run: {error}"))
        })?;
        if receipt.hindcast.is_some() {
            let message = format!("{place}: is the receipt of a hindcast");
            return Err(Error::usage(Code::RunUnusable, message).with_hint(
                "name a folder that `tamarisk score` or a frame of a batch was written to",
            ));
        }
        if receipt.scheme.is_none() || receipt.counts.is_none() {
            return Err(Error::usage(
                Code::RunUnusable,
                format!("{place}: is the receipt of a batch"),
            )
            .with_hint("name the folder of one of its frames, DIR/region/scheme/date"));
        }
        Ok(receipt)
    }

    /// The name of the scheme.
    pub fn scheme_name(&self) -> &str {
        self.scheme.as_ref().map_or("", |scheme| &scheme.name)
    }

    /// The scheme in the receipt, or the built-in one with the same numbers.
    ///
    /// # Errors
    /// Why the scheme is unknown.
    pub fn scheme(&self) -> Result<Scheme, String> {
        let Some(SchemeOf { name, blake3, values }) = &self.scheme else {
            return Err("its receipt names no scheme".to_owned());
        };
        let same = |scheme: &Scheme| scheme.hash() == *blake3;
        let built_in = || {
            let all = Scheme::built_in_names().filter_map(Scheme::built_in);
            all.flatten().find(|scheme| same(scheme))
        };
        let written = values.clone().and_then(|values| serde_json::from_value(values).ok());
        written.filter(same).or_else(built_in).ok_or_else(|| match values {
            Some(_) => {
                format!("its scheme {name} does not match its hash, or is of another version")
            }
            None => format!("its receipt, of an earlier version, does not hold the scheme {name}"),
        })
    }

    /// Where and until when incidents were collected: security incidents, then accidents.
    pub fn collections(&self, scheme: &Scheme) -> [Collection; 2] {
        let grace = &scheme.coverage;
        [
            (Domain::Security, grace.grace_days, self.newest_security_incident),
            (Domain::Accident, grace.accident_grace_days, None),
        ]
        .map(|(domain, grace_days, newest)| {
            let Some(as_of) = self.as_of else { return Collection::default() };
            let spans = self.spans(domain).iter().map(Span::source).collect();
            Collection::new(spans, None, (as_of, i64::from(grace_days)), newest)
        })
    }

    fn spans(&self, domain: Domain) -> &[Span] {
        self.coverage.get(domain.word()).map_or(&[][..], Vec::as_slice)
    }

    /// For each domain, the places where incidents were collected and whether collection continues.
    pub fn covered(&self) -> Vec<(&'static str, Places, bool)> {
        let of = |domain: Domain| {
            self.spans(domain).iter().map(move |span| {
                let SourceSpan { places, current, .. } = span.source();
                (domain.word(), places, current)
            })
        };
        of(Domain::Security).chain(of(Domain::Accident)).collect()
    }

    /// How places whose collection has ended were scored.
    pub fn stale(&self) -> Stale {
        match self.stale.as_deref() {
            Some(word) if word == Stale::Last.word() => Stale::Last,
            _ => Stale::NoData,
        }
    }

    /// Kinds of receptors that were declared complete.
    pub fn complete(&self) -> BTreeSet<ReceptorKind> {
        self.complete.iter().filter_map(|word| ReceptorKind::from_word(word)).collect()
    }

    /// The number of scored incidents.
    pub fn incidents_scored(&self) -> u64 {
        self.counts.as_ref().map_or(0, |counts| counts.incidents.scored)
    }

    /// The files of a role, in reading order.
    pub fn inputs_of(&self, role: &str) -> Vec<&Input> {
        self.inputs.iter().filter(|input| input.role == role).collect()
    }
}

impl Span {
    fn source(&self) -> SourceSpan {
        let places = match &self.places {
            PlacesOf::Word(word) if word == "area" => Places::Area,
            PlacesOf::Word(_) => Places::Everywhere,
            PlacesOf::Countries(codes) => {
                Places::Countries(codes.iter().filter_map(|code| CountryCode::new(code)).collect())
            }
        };
        let Self { file, from, until, current, declared, .. } = self;
        let file = file.as_str().into();
        SourceSpan {
            file,
            places,
            from: *from,
            until: *until,
            current: *current,
            declared: *declared,
        }
    }
}

/// Parses a day in the receipt's format.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
}

fn day_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let written = Option::<String>::deserialize(deserializer)?;
    written.map(|day| day.parse().map_err(de::Error::custom)).transpose()
}
