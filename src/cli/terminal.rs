//! What a person sees: results on standard output, messages on standard error, colors only where they
//! are wanted, and nothing from the data that could steer the terminal.

use super::args::{Color, Global, Shown};
use super::lines::Line;
use super::progress::Progress;
use crate::{Error, Face, Result};
use std::io::{self, IsTerminal, Write};

/// Where and how to print.
#[derive(Debug)]
pub struct Terminal {
    pub quiet: bool,
    pub verbose: bool,
    progress: Shown,
    color_out: bool,
    color_err: bool,
    width: Option<u16>,
    /// Whether errors are JSON too, since results are.
    json: bool,
    /// Whether every line on standard error is JSON.
    lines: bool,
    /// In whose words texts speak of settings.
    face: Face,
}

impl Terminal {
    pub fn new(global: &Global, json: bool, face: Face) -> Self {
        let wanted = |terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        let err = io::stderr().is_terminal();
        Self {
            quiet: global.quiet,
            verbose: global.verbose,
            progress: match global.shown() {
                _ if global.quiet => Shown::None,
                Shown::Bar if !err => Shown::None,
                shown => shown,
            },
            color_out: wanted(io::stdout().is_terminal()),
            color_err: wanted(err),
            width: comfy_table::Table::new().width(),
            json,
            lines: global.shown() == Shown::Json,
            face,
        }
    }

    /// In whose words texts speak of settings.
    pub fn face(&self) -> Face {
        self.face
    }

    /// Progress as asked for: bars are drawn only on a terminal.
    pub fn progress(&self) -> Progress {
        match self.progress {
            Shown::Bar => Progress::bar(),
            Shown::Json => Progress::lines(),
            Shown::None => Progress::Hidden,
        }
    }

    /// Whether results may be colored.
    pub fn colors(&self) -> bool {
        self.color_out
    }

    /// How many characters fit on a line; `None` where results do not go to a terminal.
    pub fn width(&self) -> Option<u16> {
        self.width
    }

    /// A text broken between words so that its lines fit.
    pub fn wrap(&self, text: &str) -> String {
        let Some(width) = self.width.map(usize::from) else { return text.to_owned() };
        let mut wrapped = String::new();
        let mut column = 0;
        for word in text.split(' ') {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > width {
                wrapped.push('\n');
                column = 0;
            } else if column > 0 {
                wrapped.push(' ');
                column += 1;
            }
            wrapped.push_str(word);
            column += length;
        }
        wrapped
    }

    /// Writes a result.
    pub fn result(&self, text: &str) -> Result<()> {
        let mut out = io::stdout().lock();
        let written = out
            .write_all(text.as_bytes())
            .and_then(|()| if text.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") })
            .and_then(|()| out.flush());
        written.map_err(|error| Error::io("standard output", error))
    }

    /// Prints a note to standard error, unless quiet.
    pub fn say(&self, text: &str) {
        if self.quiet {
            return;
        }
        let words = self.face.words(text);
        if self.lines {
            Line::Note(words).print();
        } else {
            let _ = writeln!(io::stderr(), "{words}");
        }
    }

    /// Prints why a finished run exits with another code than 0, even if quiet.
    pub fn fault(&self, text: &str) {
        let words = printable(&self.face.words(text));
        if self.lines {
            Line::Fault(words.into()).print();
        } else {
            let _ = writeln!(io::stderr(), "{words}");
        }
    }

    /// Prints an error with its hint; as JSON if results or all lines are JSON.
    pub fn error(&self, error: &Error) {
        if self.json || self.lines {
            Line::error(error, self.face).print();
            return;
        }
        let (message, hint) = (error.message_for(self.face), error.hint_for(self.face));
        let mark = if self.color_err { "\x1b[1;31merror:\x1b[0m" } else { "error:" };
        let mut text = format!("{mark} {}", printable(&message));
        if let Some(hint) = hint {
            text.push_str(&format!("\n\nhint: {}", printable(&hint)));
        }
        let _ = writeln!(io::stderr(), "{text}");
    }
}

/// A text without characters that steer a terminal or turn the reading direction; line ends stay.
pub fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let steers = c.is_control() && c != '\n';
            let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if steers || turns { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }
        })
        .collect()
}

/// A text on one line, for a cell of a table.
pub fn cell(text: &str) -> String {
    printable(&text.replace(['\n', '\r'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        for (text, safe) in [
            ("Reko Diq", "Reko Diq"),
            ("ریکوڈک", "ریکوڈک"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\u{8}\u{7}b", "a\\u{8}\\u{7}b"),
            ("\u{202e}gnp.exe", "\\u{202e}gnp.exe"),
            ("\u{9b}2J", "\\u{9b}2J"),
        ] {
            assert_eq!(printable(text), safe);
        }
        assert_eq!(cell("two\r\nlines"), "two  lines");
    }
}
