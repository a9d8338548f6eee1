//! Settings as command-line options: `--crs EPSG:32642`. No other file maps parameters to options.

use crate::run::batch;
use crate::{Face, Parameter, Setting};

/// The words of the command line.
pub const COMMAND_LINE: Face = Face { name: "command line", spell: typed };

/// The words of `batch`: keys of the plan, and options for what no plan sets.
pub const PLAN: Face = Face { name: "plan on the command line", spell: planned };

fn planned(setting: &Setting) -> String {
    batch::key(setting).unwrap_or_else(|| typed(setting))
}

fn typed(setting: &Setting) -> String {
    let option = option(setting.parameter);
    match (&setting.value, setting.parameter) {
        (None, _) => option.to_owned(),
        // Conditions have spaces in them.
        (Some(value), Parameter::Where) => format!("{option} \"{value}\""),
        (Some(value), _) => format!("{option} {value}"),
    }
}

fn option(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Incidents => "--incidents",
        Parameter::Receptors => "--receptors",
        Parameter::Rasters => "--raster",
        Parameter::MergeSources => "--merge-sources",
        Parameter::Map => "--map",
        Parameter::Crs => "--crs",
        Parameter::Encoding => "--encoding",
        Parameter::HeaderRow => "--header-row",
        Parameter::Types => "--types",
        Parameter::Since => "--since",
        Parameter::Where => "--where",
        Parameter::From => "--from",
        Parameter::To => "--to",
        Parameter::Every => "--every",
        Parameter::Within => "--within",
        Parameter::Horizon => "--horizon",
        Parameter::AsOf => "--as-of",
        Parameter::Bbox => "--bbox",
        Parameter::Coverage => "--coverage",
        Parameter::Tune => "--tune",
        Parameter::Calibration => "--calibration",
        Parameter::Complete => "--complete",
        Parameter::Cell => "--cell",
        Parameter::GridCrs => "--grid-crs",
        Parameter::Step => "--step",
        Parameter::Add => "--add",
        Parameter::Layers => "--layers",
        Parameter::Format => "--format",
        Parameter::Gpkg => "--gpkg",
        Parameter::All => "--all",
        Parameter::GroupBy => "--group-by",
        Parameter::WeightBy => "--weight-by",
        Parameter::Disclosures => "--disclosures",
        Parameter::Output => "-o",
        Parameter::Replace => "--replace",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Args;
    use clap::CommandFactory;

    #[test]
    fn every_option_that_a_remedy_names_can_be_typed() {
        let commands = Args::command();
        let all: Vec<_> = commands.get_subcommands().flat_map(|of| of.get_arguments()).collect();
        for &parameter in Parameter::ALL {
            let option = option(parameter);
            let known = all.iter().any(|arg| {
                arg.get_long().is_some_and(|long| option.strip_prefix("--") == Some(long))
                    || arg.get_short().is_some_and(|short| option == format!("-{short}"))
            });
            assert!(known, "{option}");
        }
    }

    #[test]
    fn settings_are_worded_for_each_face() {
        let text = "say ⟦where=admin1 in Sindh⟧ or ⟦complete=rivers,faults⟧, leave out ⟦-gpkg⟧";
        assert_eq!(
            COMMAND_LINE.words(text),
            "say --where \"admin1 in Sindh\" or --complete rivers,faults, leave out --gpkg"
        );
        assert_eq!(
            PLAN.words(text),
            "say where = [\"admin1 in Sindh\"] or complete = [\"rivers\", \"faults\"], leave out --gpkg"
        );
    }
}
