//! The items that have an id: sites, incidents and receptors.

use crate::earth::{Length, Position};
use crate::model::{CountryCode, Incident, Page, Place, Receptor, Site};
use std::sync::Arc;

/// A thing that has an id.
pub trait Identified: Clone + PartialEq {
    /// Its id.
    fn id(&self) -> &str;
    /// Gives it another id.
    fn set_id(&mut self, id: String);
    /// Where it came from.
    fn origin(&self) -> (&Arc<str>, &Place);
    /// A copy with another origin.
    #[must_use]
    fn moved_to(&self, file: &Arc<str>, place: &Place) -> Self;
    /// The one point it lies at, if it is one.
    fn point(&self) -> Option<Position>;
    /// The position by which it lies in a country, if it does in one, and how well that is known.
    fn placed(&self) -> Option<(Position, Option<Length>)>;
    /// Settles which country it names, where the name stands for several.
    fn settle(&mut self, country: CountryCode);
    /// Turns to the page on which the columns it came with have been written, or keeps none of them.
    fn own_on(&mut self, page: Option<&Arc<Page>>);
}

/// What is alike in all things that have an id.
macro_rules! alike {
    () => {
        fn id(&self) -> &str {
            &self.id
        }

        fn origin(&self) -> (&Arc<str>, &Place) {
            (&self.file, &self.place)
        }

        fn moved_to(&self, file: &Arc<str>, place: &Place) -> Self {
            Self { file: file.clone(), place: place.clone(), ..self.clone() }
        }
    };
}

impl Identified for Site {
    alike!();

    fn set_id(&mut self, id: String) {
        // A site without a name goes by its id.
        if self.name == self.id {
            self.name.clone_from(&id);
        }
        self.id = id;
    }

    fn point(&self) -> Option<Position> {
        self.shape.as_point()
    }

    fn placed(&self) -> Option<(Position, Option<Length>)> {
        Some((self.position, self.accuracy))
    }

    fn settle(&mut self, country: CountryCode) {
        self.country = Some(country);
    }

    fn own_on(&mut self, _: Option<&Arc<Page>>) {}
}

impl Identified for Incident {
    alike!();

    fn set_id(&mut self, id: String) {
        self.id = id;
    }

    fn point(&self) -> Option<Position> {
        Some(self.position)
    }

    fn placed(&self) -> Option<(Position, Option<Length>)> {
        (!self.vague).then_some((self.position, self.accuracy))
    }

    fn settle(&mut self, country: CountryCode) {
        self.country = Some(country);
    }

    fn own_on(&mut self, page: Option<&Arc<Page>>) {
        self.own.on(page);
    }
}

impl Identified for Receptor {
    alike!();

    fn set_id(&mut self, id: String) {
        self.id = id;
    }

    fn point(&self) -> Option<Position> {
        self.shape.as_point()
    }

    fn placed(&self) -> Option<(Position, Option<Length>)> {
        self.shape.as_point().map(|at| (at, self.accuracy))
    }

    fn settle(&mut self, _: CountryCode) {}

    fn own_on(&mut self, _: Option<&Arc<Page>>) {}
}
