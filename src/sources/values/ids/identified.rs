//! The items that have an id: sites, incidents and receptors.

use crate::earth::{Length, Position};
use crate::model::{CountryCode, Incident, Page, Place, Receptor, Site};
use std::collections::HashMap;
use std::sync::Arc;

/// An item that has an id: a site, an incident or a receptor.
pub trait Identified: Clone + PartialEq {
    /// The id.
    fn id(&self) -> &str;
    /// Changes the id.
    fn set_id(&mut self, id: String);
    /// The file and place that the item was read from.
    fn origin(&self) -> (&Arc<str>, &Place);
    /// Returns a copy with another origin.
    #[must_use]
    fn moved_to(&self, file: &Arc<str>, place: &Place) -> Self;
    /// Replaces ids by which the item refers to others of its file, after those got new ones.
    fn refer_to(&mut self, _new: &HashMap<String, String>) {}
    /// The name, if such items have names.
    fn name(&self) -> Option<&str> {
        None
    }
    /// The position, if the item is a single point.
    fn point(&self) -> Option<Position>;
    /// The position that decides its country, with its accuracy; `None` if no single position does.
    fn placed(&self) -> Option<(Position, Option<Length>)>;
    /// Sets the country, after its name was found to stand for several.
    fn settle(&mut self, country: CountryCode);
    /// Sets the page that stores the columns of the item's record; `None` drops them.
    fn own_on(&mut self, page: Option<&Arc<Page>>);
}

/// The methods that are the same for all items.
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

    fn name(&self) -> Option<&str> {
        Some(&self.name)
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
        self.id = id.into();
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

    fn refer_to(&mut self, new: &HashMap<String, String>) {
        let Some(next) = self.next_down.as_deref() else { return };
        // 12 and 12.0 are the same id.
        let whole = next.strip_suffix(".0");
        let decimal = format!("{next}.0");
        let id = new.get(next).or_else(|| new.get(whole?)).or_else(|| new.get(&decimal));
        if let Some(id) = id {
            self.next_down = Some(id.as_str().into());
        }
    }

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
