//! Answers to a question that was asked for many things at once.

/// Rows of answers, one for each thing asked and all of the same length, side by side in one list.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows<T> {
    count: usize,
    width: usize,
    items: Vec<T>,
}

impl<T> Rows<T> {
    /// `count` rows of `width` answers each; `items` has as many as that makes.
    pub(super) fn new(count: usize, width: usize, items: Vec<T>) -> Self {
        debug_assert_eq!(items.len(), count * width);
        Self { count, width, items }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The answers to the thing of an index; none past the last.
    pub fn get(&self, row: usize) -> &[T] {
        self.items.get(row * self.width..(row + 1) * self.width).unwrap_or_default()
    }

    /// All rows, in the order of the things asked.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.count).map(|row| self.get(row))
    }

    /// All answers, row after row.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }
}
