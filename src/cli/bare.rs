//! Files that are named without a role: each is taken for what it certainly is, and refused where that is not certain.

use super::args::Inputs;
use super::resolve;
use super::terminal::{Terminal, cell};
use crate::sources::{self, Recognized, Role, Source};
use crate::{Code, Error, Result};
use std::path::{Path, PathBuf};

/// Adds files to the inputs by the role of each, and says what each was taken for.
///
/// # Errors
/// A file that is only likely to have its role. A likely file of sites is taken if there is no other one.
pub fn sort(files: &[PathBuf], inputs: &mut Inputs, terminal: &Terminal) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let options = resolve::reading(&inputs.reading)?;
    let mut found = Vec::new();
    for file in files {
        found.push((file, sources::recognize_role(&Source::from_arg(file), &options)?));
    }
    let sites = found.iter().filter(|(_, of)| of.role == Role::Sites).count();
    let only_sites = sites == 1 && inputs.sites.is_empty();
    for (file, of) in found {
        let known = of.sure || of.role == Role::Sites && only_sites;
        if !known {
            return Err(doubtful(file, of));
        }
        let kind = of.kind.map(|kind| format!(" ({})", kind.word())).unwrap_or_default();
        let name = cell(&file.to_string_lossy());
        terminal.say(&format!("{name}: read as {}{kind}", of.role.word()));
        match of.role {
            Role::Sites => inputs.sites.push(file.clone()),
            Role::Incidents => inputs.incidents.push(file.clone()),
            Role::Receptors => inputs.receptors.push(of_kind(file, of)),
        }
    }
    Ok(())
}

/// A file of receptors with its kind, as the option takes it.
fn of_kind(file: &Path, of: Recognized) -> String {
    let file = file.to_string_lossy();
    of.kind.map_or_else(|| file.to_string(), |kind| format!("{}={file}", kind.word()))
}

/// The error for a file whose role is only likely, with the option that states it.
fn doubtful(file: &Path, of: Recognized) -> Error {
    let name = file.to_string_lossy();
    let kind = of.kind.map(|kind| format!(" ({})", kind.word())).unwrap_or_default();
    let option = match of.role {
        Role::Sites => format!("--sites {name}"),
        Role::Incidents => format!("--incidents {name}"),
        Role::Receptors => format!("--receptors {}", of_kind(file, of)),
    };
    Error::usage(
        Code::InputMissing,
        format!("{name}: is likely {}{kind}, but that is not certain", of.role.word()),
    )
    .with_hint(format!("say what it is: {option}"))
}
