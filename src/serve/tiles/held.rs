//! The tiles that were asked for last, packed, in a bounded number of bytes for all states of the data together.

use super::grid::Tile;
use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// What a tile is held under: the state of the data, the index of its collection, and the tile.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The state of the data.
    pub rev: String,
    /// The index of the collection.
    pub collection: usize,
    /// The tile.
    pub tile: Tile,
}

/// The tiles that are held.
#[derive(Debug)]
pub struct Held(Cache<Key, Bytes, Weight>);

/// A tile weighs its bytes, and what is held with them.
#[derive(Debug, Clone)]
struct Weight;

/// What is held with a tile, in bytes.
const BESIDES: u64 = 128;

impl Weighter<Key, Bytes> for Weight {
    fn weight(&self, _: &Key, packed: &Bytes) -> u64 {
        u64::try_from(packed.len()).unwrap_or(u64::MAX).saturating_add(BESIDES)
    }
}

/// A tile of usual size in bytes, by which the room for the number of tiles is made.
const USUAL: usize = 4096;

impl Held {
    /// Room for tiles of so many bytes.
    pub fn new(bytes: usize) -> Self {
        let most = u64::try_from(bytes).unwrap_or(u64::MAX);
        Self(Cache::with_weighter(bytes / USUAL, most, Weight))
    }

    /// Whether a tile is held.
    pub fn has(&self, key: &Key) -> bool {
        self.0.contains_key(key)
    }

    /// A tile, which is made if it is not held; who asks for the same meanwhile waits for it.
    ///
    /// # Errors
    /// Those of making it.
    pub fn get<E>(&self, key: &Key, make: impl FnOnce() -> Result<Bytes, E>) -> Result<Bytes, E> {
        self.0.get_or_insert_with(key, make)
    }
}
