//! Answers to a query for many items at once.

/// Rows of answers, one row per queried item, all of the same length, stored in one list.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows<T> {
    count: usize,
    width: usize,
    items: Vec<T>,
}

impl<T> Rows<T> {
    /// Creates `count` rows of `width` answers each; `items` holds `count × width` answers.
    pub(super) fn new(count: usize, width: usize, items: Vec<T>) -> Self {
        debug_assert_eq!(items.len(), count * width);
        Self { count, width, items }
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the answers for an item; empty if the index is out of range.
    pub fn get(&self, row: usize) -> &[T] {
        self.items.get(row * self.width..(row + 1) * self.width).unwrap_or_default()
    }

    /// Returns all rows, in the order of the queried items.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.count).map(|row| self.get(row))
    }

    /// Returns all answers, row after row.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }
}
