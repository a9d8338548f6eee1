//! Decoded chunks, as many as fit into a given number of bytes. Threads that want the same chunk wait for the one that
//! decodes it.

use super::chunk::Chunk;
use crate::Result;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A chunk, or the error that keeps it from being decoded.
type Slot = Arc<OnceLock<Result<Arc<Chunk>>>>;

/// The chunks that were decoded last.
#[derive(Debug)]
pub(super) struct Cache {
    most: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    chunks: HashMap<u32, (Slot, u64, usize)>,
    /// The sum of their bytes.
    bytes: usize,
    /// The number of questions so far.
    clock: u64,
}

impl Cache {
    /// A cache for at most so many bytes.
    pub fn new(most: usize) -> Self {
        Self { most, held: Mutex::default() }
    }

    /// Returns a chunk by its number; `decode` makes it and says how many bytes it has.
    ///
    /// # Errors
    /// Those of `decode`.
    pub fn get(
        &self,
        number: u32,
        decode: impl FnOnce() -> Result<(Chunk, usize)>,
    ) -> Result<Arc<Chunk>> {
        let slot = self.slot(number);
        if let Some(known) = slot.get() {
            return known.clone();
        }
        let mut bytes = 0;
        let made = slot.get_or_init(|| {
            let (chunk, size) = decode()?;
            bytes = size;
            Ok(Arc::new(chunk))
        });
        if bytes > 0 {
            self.weigh(number, bytes);
        }
        made.clone()
    }

    /// The place of a chunk, used now.
    fn slot(&self, number: u32) -> Slot {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.clock += 1;
        let now = held.clock;
        let entry = held.chunks.entry(number).or_insert_with(|| (Slot::default(), now, 0));
        entry.1 = now;
        Arc::clone(&entry.0)
    }

    /// Notes the bytes of a chunk, and drops those that were not used for longest if there is too much: half of it at
    /// once, since looking for them takes as long as there are many.
    fn weigh(&self, number: u32, bytes: usize) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = held.chunks.get_mut(&number) else { return };
        entry.2 = bytes;
        held.bytes += bytes;
        if held.bytes <= self.most {
            return;
        }
        let mut ages: Vec<(u64, u32, usize)> =
            held.chunks.iter().map(|(number, (_, used, bytes))| (*used, *number, *bytes)).collect();
        ages.sort_unstable();
        for (_, number, bytes) in ages {
            if held.bytes <= self.most / 2 {
                break;
            }
            held.chunks.remove(&number);
            held.bytes = held.bytes.saturating_sub(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn chunks_are_decoded_once_while_they_fit() {
        let decoded = Cell::new(0);
        let cache = Cache::new(100);
        let get = |number: u32| {
            let made = cache.get(number, || {
                decoded.set(decoded.get() + 1);
                Ok((Chunk::Absent, 30))
            });
            assert!(made.is_ok());
            decoded.get()
        };
        assert_eq!([get(1), get(2), get(1), get(3), get(2)], [1, 2, 2, 3, 3]);
        // The fourth is too much: those that were not used for longest go.
        assert_eq!(get(4), 4);
        assert_eq!([get(4), get(1)], [4, 5]);
    }
}
