//! The time slider of a project.

use super::xml::Xml;
use jiff::civil::Date;

/// The settings of a time slider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slider {
    /// The day on which its first step begins.
    pub first: Date,
    /// The last day; a step that begins on it is the last one.
    pub last: Date,
    /// The length of a step.
    pub step: Step,
    /// Whether a project opens with the slider on, at its first step.
    pub on: bool,
}

/// The length of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many days.
    Days(i32),
    /// So many months.
    Months(i32),
    /// So many years.
    Years(i32),
}

/// The midnight with which a day begins.
pub(super) fn moment(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

pub(super) fn write(xml: &mut Xml, slider: Option<Slider>) {
    let Some(Slider { first, last, step, .. }) = slider else { return };
    let (count, unit) = match step {
        Step::Days(count) => (count, "d"),
        Step::Months(count) => (count, "mon"),
        Step::Years(count) => (count, "yrs"),
    };
    let attributes = [
        ("timeStep", &*count.to_string()),
        ("timeStepUnit", unit),
        ("frameRate", "2"),
        ("cumulativeTemporalRange", "0"),
    ];
    xml.within("ProjectTimeSettings", &attributes, |xml| {
        xml.within("TemporalRange", &[], |xml| {
            xml.text("start", &[], &moment(first));
            xml.text("end", &[], &moment(last));
        });
    });
}
