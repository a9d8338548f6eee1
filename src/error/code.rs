//! Machine codes of errors and findings. Messages may be reworded at any time; a code keeps its meaning.

use serde::{Serialize, Serializer};

/// Declares an enum of codes from one table: variant, word, meaning.
macro_rules! codes {
    ($(#[$about:meta])* $name:ident { $($variant:ident $word:literal $says:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $says] $variant,)*
        }

        impl $name {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its word in JSON and in `rejects.csv`.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// Its meaning, as a sentence without a full stop.
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says),* }
            }
        }
    };
}

codes! {
    /// What kind of fault an error or a finding is.
    Code {
        // What was asked for.
        SettingInvalid "setting-invalid" "A setting has a value that means nothing",
        SettingsConflict "settings-conflict" "Two settings cannot stand together",
        InputMissing "input-missing" "A file that the question needs is not given",
        MapInvalid "map-invalid" "A column map says what no map can say",
        TypesInvalid "types-invalid" "A table of words and types cannot be used",
        SchemeInvalid "scheme-invalid" "A scheme file has unknown keys, wrong types or impossible values",
        PlanInvalid "plan-invalid" "The plan of a batch has unknown keys, wrong types or impossible values",
        CalibrationInvalid "calibration-invalid" "A calibration file has unknown keys, wrong types or impossible values",
        CalibrationForeign "calibration-foreign" "A calibration was fitted under another scheme than the one in force",
        CalibrationUnfit "calibration-unfit" "What followed the scores of a scheme allows no calibration",
        SiteUnknown "site-unknown" "No site has this id or name",
        SiteAmbiguous "site-ambiguous" "Several sites have this name",
        IncidentUnknown "incident-unknown" "No incident has this id",
        IncidentRepeated "incident-repeated" "An incident that is to be added has the id of another",
        TypeUnknown "type-unknown" "A word of an event type counts towards no score",
        ReceptorsPartial "receptors-partial" "Receptors that are declared complete are one page of many",
        TooManySteps "too-many-steps" "A route would be cut into more than a million steps",
        RouteMissing "route-missing" "A file of routes holds no line",
        CellUnusable "cell-unusable" "The cells of a surface are too small, too large or too many",
        SurfaceEmpty "surface-empty" "There is nothing of which a surface could be drawn",
        TooManyColumns "too-many-columns" "A format has no room for the columns of a layer",
        // Whole files.
        RunUnusable "run-unusable" "A folder holds no run that can be compared",
        FileMissing "file-missing" "A file does not exist",
        FileForbidden "file-forbidden" "The system denies access to a file",
        FileFailed "file-failed" "A file or stream cannot be read or written",
        FileDamaged "file-damaged" "A file is cut short or damaged",
        FileChanged "file-changed" "A file has changed since it was read or written",
        FileTooLarge "file-too-large" "A file or what it unpacks to is larger than the limit",
        FileEmpty "file-empty" "A file holds nothing",
        FormatUnsupported "format-unsupported" "A file is in a format that is not read",
        EncodingUnknown "encoding-unknown" "An encoding has a name that is not known",
        TextUndecodable "text-undecodable" "A text is not in the encoding that it is read in",
        TableMissing "table-missing" "A file holds no table or layer that can be used",
        LayerUnknown "layer-unknown" "A file has no layer or sheet of this name",
        LayerUnclear "layer-unclear" "Which layer of a file is meant is not told",
        RoleDiffers "role-differs" "A file holds something else than it was given as",
        ColumnMissing "column-missing" "A column that is needed or named is not in the file",
        ColumnUnclear "column-unclear" "Which column is meant is not told",
        CrsUnknown "crs-unknown" "A coordinate reference system is not known or not named",
        CrsUnusable "crs-unusable" "A coordinate reference system does not fit what it is named for",
        CoordinatesUnclear "coordinates-unclear" "Coordinates could be read in more than one way",
        RowsOfCounts "rows-of-counts" "Rows stand for many events, not for one incident each",
        // Writing.
        OutputInTheWay "output-in-the-way" "A file or folder stands where an output is to be written",
        OutputLocked "output-locked" "Another run is writing to the folder",
        OutputFailed "output-failed" "An output cannot be made",
        Interrupted "interrupted" "The user stopped the run",
        // Findings: single records, columns and files that are used all the same.
        IdDoubtful "id-doubtful" "An id is missing, repeated or was changed",
        RecordRepeated "record-repeated" "A record repeats another word for word",
        RecordMalformed "record-malformed" "A row or feature is no record that can be used",
        PositionDoubtful "position-doubtful" "Coordinates or their accuracy are missing, impossible or odd",
        GeometryDoubtful "geometry-doubtful" "A shape is missing, broken, mended or odd",
        DateDoubtful "date-doubtful" "A date is missing, unreadable or odd",
        TypeDoubtful "type-doubtful" "A type or domain is missing or not known",
        CountryDoubtful "country-doubtful" "A country is missing, not known, or not where the record lies",
        DeathsDoubtful "deaths-doubtful" "A number of deaths is missing, unreadable or odd",
        ValueDoubtful "value-doubtful" "Another value is missing, unreadable or odd",
        ColumnDoubtful "column-doubtful" "A column is read in a way that the reader should know",
        CrsDoubtful "crs-doubtful" "A reference system is read in a way that the reader should know",
        FileDoubtful "file-doubtful" "A file is read in a way that the reader should know, or only in part",
        CoverageDoubtful "coverage-doubtful" "Where or when incidents were collected is not sure",
        ConditionUnmet "condition-unmet" "No record meets a condition that was asked for",
        EventRepeated "event-repeated" "Several sources are likely to report one event",
        AfterAsOf "after-as-of" "A record is of a day after the as-of date and not used",
        TypeUnscored "type-unscored" "An incident is of a type that counts towards no score",
        SchemeDoubtful "scheme-doubtful" "A scheme says something that is likely to be a slip",
        CalibrationDoubtful "calibration-doubtful" "A calibration was fitted to another record of incidents than it is used with",
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.word())
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}
