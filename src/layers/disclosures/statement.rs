//! One statement: what was asked, the answer, and where it comes from.

use crate::layers::{Digits, Property};
use crate::model::CountryCode;
use std::borrow::Cow;

/// What is asked for, by the standard that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disclosure {
    /// Locations with impacts on biodiversity.
    Gri101Locations,
    /// Direct drivers of the loss of biodiversity.
    Gri101Drivers,
    /// The state of biodiversity.
    Gri101State,
    /// Withdrawal of water.
    Gri303,
    /// What the standard of the mining sector adds.
    Gri14,
    /// The criteria of sensitive locations.
    TnfdLocations,
    /// The spatial footprint.
    TnfdFootprint,
    /// Water from areas of scarcity.
    TnfdWater,
    /// Areas by distance and category.
    Rings,
    /// World Heritage, which is closed to mining.
    WorldHeritage,
    /// Tailings facilities.
    Tailings,
    /// Sites in or near areas sensitive for biodiversity.
    EsrsE4,
}

impl Disclosure {
    /// Every disclosure, in the order of the table.
    pub const ALL: [Self; 12] = [
        Self::Gri101Locations,
        Self::Gri101Drivers,
        Self::Gri101State,
        Self::Gri303,
        Self::Gri14,
        Self::TnfdLocations,
        Self::TnfdFootprint,
        Self::TnfdWater,
        Self::Rings,
        Self::WorldHeritage,
        Self::Tailings,
        Self::EsrsE4,
    ];

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gri101Locations => "GRI 101-5",
            Self::Gri101Drivers => "GRI 101-6",
            Self::Gri101State => "GRI 101-7",
            Self::Gri303 => "GRI 303-3",
            Self::Gri14 => "GRI 14",
            Self::TnfdLocations => "TNFD sensitive locations",
            Self::TnfdFootprint => "TNFD C1.0",
            Self::TnfdWater => "TNFD C3.0",
            Self::Rings => "rings of IBAT",
            Self::WorldHeritage => "World Heritage",
            Self::Tailings => "GISTM 15",
            Self::EsrsE4 => "ESRS E4",
        }
    }

    /// What it asks for, in a phrase.
    pub fn about(self) -> &'static str {
        match self {
            Self::Gri101Locations => {
                "locations with impacts on biodiversity (GRI 101: Biodiversity 2024)"
            }
            Self::Gri101Drivers => {
                "direct drivers of the loss of biodiversity (GRI 101: Biodiversity 2024)"
            }
            Self::Gri101State => "the state of biodiversity (GRI 101: Biodiversity 2024)",
            Self::Gri303 => {
                "withdrawal of water, and from areas with water stress (GRI 303: Water and Effluents 2018)"
            }
            Self::Gri14 => {
                "conflict, tailings and people around mines (GRI 14: Mining Sector 2024)"
            }
            Self::TnfdLocations => {
                "the criteria of sensitive locations (TNFD, LEAP approach, Locate)"
            }
            Self::TnfdFootprint => "total spatial footprint (TNFD core global metric C1.0)",
            Self::TnfdWater => "water from areas of water scarcity (TNFD core global metric C3.0)",
            Self::Rings => "areas by distance and category, in the rings of IBAT",
            Self::WorldHeritage => "World Heritage sites, in which members of ICMM do not mine",
            Self::Tailings => {
                "tailings facilities (Global Industry Standard on Tailings Management, principle 15)"
            }
            Self::EsrsE4 => "sites in or near areas sensitive for biodiversity (ESRS E4)",
        }
    }
}

/// How statements on single sites add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Total {
    /// Answers are counted: the sites with each of them.
    #[default]
    Count,
    /// Numbers are added.
    Sum,
    /// They do not add up.
    None,
}

/// What kind of reason leaves an answer open: by it the sites are counted whose notes differ in a name or a distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reason {
    /// The one that the note says.
    #[default]
    Noted,
    /// The error of the site's position, or of what lies near it.
    Position,
    /// No incidents were collected in the country of the site.
    Uncovered(Option<CountryCode>),
    /// Incidents were collected on a part of the land around the site.
    Partly,
    /// The newest incident in the country of the site is old.
    OldRecord,
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What is asked for.
    pub disclosure: Disclosure,
    /// The item of it.
    pub item: Cow<'static, str>,
    /// What the item is about, where a site has several: an area, a facility, a category.
    pub of: Option<String>,
    /// The answer; missing if it is not known.
    pub value: Property,
    /// The unit of a number.
    pub unit: Option<&'static str>,
    /// The files from which the answer comes.
    pub layer: String,
    /// Why the answer is not known, or what has to be said with it.
    pub note: Option<String>,
    /// What kind of reason that is, if the answer is not known.
    pub reason: Reason,
    /// How it adds up over sites.
    pub total: Total,
    /// Whether it counts sites, one or more, of which the answer is not known.
    pub of_unknown: bool,
}

impl Statement {
    /// A statement whose answer is not known yet.
    pub(super) fn new(
        disclosure: Disclosure,
        item: impl Into<Cow<'static, str>>,
        layer: &str,
    ) -> Self {
        Self {
            disclosure,
            item: item.into(),
            of: None,
            value: Property::Missing,
            unit: None,
            layer: layer.to_owned(),
            note: None,
            reason: Reason::Noted,
            total: Total::Count,
            of_unknown: false,
        }
    }

    /// Whether the answer is known.
    pub fn is_known(&self) -> bool {
        self.value != Property::Missing && !self.of_unknown
    }

    /// Whether the answer is a number that is the least that there is.
    pub(super) fn is_least(&self) -> bool {
        let is_number = matches!(self.value, Property::Number(..));
        is_number && self.note.as_deref().is_some_and(|note| note.contains("at least: "))
    }

    /// What the item is about.
    pub(super) fn of(mut self, of: impl Into<String>) -> Self {
        self.of = Some(of.into());
        self
    }

    /// Answers yes or no.
    pub(super) fn flag(mut self, flag: Option<bool>) -> Self {
        self.value = flag.map_or(Property::Missing, Property::Flag);
        self
    }

    /// Answers in words.
    pub(super) fn text(mut self, text: Option<impl Into<String>>) -> Self {
        self.value = text.map_or(Property::Missing, |text| Property::Text(text.into()));
        self
    }

    /// Answers with a number, which adds up to nothing.
    pub(super) fn number(
        mut self,
        number: Option<f64>,
        decimals: u8,
        unit: impl Into<Option<&'static str>>,
    ) -> Self {
        let known = number.filter(|number| number.is_finite());
        self.value = known.map_or(Property::Missing, |number| {
            Property::Number(number, Digits::Decimals(decimals))
        });
        self.unit = unit.into();
        self.total = Total::None;
        self
    }

    /// The answers of sites are not counted.
    pub(super) fn of_one_site(mut self) -> Self {
        self.total = Total::None;
        self
    }

    /// The numbers of all sites can be added.
    pub(super) fn summed(mut self) -> Self {
        self.total = Total::Sum;
        self
    }

    /// A remark on an answer that is known.
    pub(super) fn with(mut self, note: Option<String>) -> Self {
        if self.is_known() {
            self.note = note;
        }
        self
    }

    /// A remark on an answer that is known, before the one that it has.
    pub(super) fn beside(mut self, remark: &str) -> Self {
        if self.is_known() {
            let before = self.note.take();
            self.note = Some(
                before.map_or_else(|| remark.to_owned(), |before| format!("{remark}; {before}")),
            );
        }
        self
    }

    /// A remark, whether the answer is known or not, and the kind of reason that it is.
    pub(super) fn noted(mut self, note: Option<String>, reason: Reason) -> Self {
        (self.note, self.reason) = (note, reason);
        self
    }

    /// The reason why the answer is not known, if it is not and none is noted.
    pub(super) fn unless(mut self, why: impl FnOnce() -> String) -> Self {
        if !self.is_known() && self.note.is_none() {
            self.note = Some(why());
        }
        self
    }
}
