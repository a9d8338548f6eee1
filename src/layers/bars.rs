//! The columns of sites for the bars of the environment and for their indicators.

use super::{Digits, Scored, Table};
use crate::scoring::{Bar, EnvironmentRisk, IndicatorCode};

const SCORE: Digits = Digits::Decimals(1);
const SHARE: Digits = Digits::Decimals(3);

/// The labels of the indicators of some bars of which nothing is known.
pub(super) fn not_known(risk: &EnvironmentRisk, of: impl Fn(Bar) -> bool) -> Option<String> {
    let labels: Vec<&str> =
        risk.missing().filter(|one| of(one.code.bar())).map(|one| one.code.label()).collect();
    (!labels.is_empty()).then(|| labels.join(", "))
}

/// The five bars of the environment.
pub(super) fn bars<'a>() -> Table<'a, &'a Scored> {
    let mut table = Table::new();
    for bar in Bar::ALL {
        let of = move |row: &&'a Scored| row.risk.environment.bar(bar);
        let word = bar.word();
        let what = match bar {
            Bar::Nature => "sensitive areas, species and habitat nearby",
            Bar::Water => "rivers and water bodies nearby, and water stress",
            Bar::People => "people nearby and downstream",
            Bar::Pressure => "what the site can do: tailings and the record of accidents",
            Bar::Hazard => {
                "what can strike the site, outside environment_score: earthquakes and floods"
            }
        };
        table = table
            .number(
                &format!("{word}_score"),
                SCORE,
                None,
                &format!("Bar {word}, 0 to 100, with reference values for what is not known: {what}; missing if nothing is known"),
                move |row: &&'a Scored| of(row)?.score,
            )
            .number(
                &format!("{word}_at_least"),
                SCORE,
                None,
                &format!("Bar {word} by what is known alone, 0 to 100"),
                move |row: &&'a Scored| of(row)?.at_least,
            )
            .number(
                &format!("{word}_coverage"),
                SHARE,
                None,
                "Share of its weights that is known, 0 to 1",
                move |row: &&'a Scored| Some(of(row)?.coverage),
            )
            .text(
                &format!("{word}_driver"),
                "Indicator that adds most to it",
                move |row: &&'a Scored| of(row)?.driver.map(IndicatorCode::word),
            )
            .text(
                &format!("{word}_missing"),
                "Its indicators of which nothing is known",
                move |row: &&'a Scored| not_known(&row.risk.environment, |one| one == bar),
            );
    }
    table
}

/// The indicators of the environment.
pub(super) fn indicators<'a>() -> Table<'a, &'a Scored> {
    let mut table = Table::new();
    for code in IndicatorCode::ALL {
        let name = format!("{}_{}", code.code().to_lowercase(), code.word());
        let about = format!(
            "Indicator {}: {}, 0 to 1, by what is known; missing if nothing is known",
            code.code(),
            code.label()
        );
        table = table.number(&name, SHARE, None, &about, move |row: &&'a Scored| {
            row.risk.environment.indicators.iter().find(|i| i.code == code)?.value
        });
    }
    table.text(
        "environment_driver",
        "Indicator that adds most to environment_score",
        |row: &&'a Scored| row.risk.environment_driver().map(|indicator| indicator.code.word()),
    )
}
