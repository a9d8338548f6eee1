//! Arrow tables in memory, such as those of a data frame.

use crate::{Code, Error, Result};
use arrow_array::RecordBatch;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::SchemaRef;

/// A table in memory: record batches of one schema.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub schema: SchemaRef,
    pub batches: Vec<RecordBatch>,
}

impl Table {
    /// Returns the BLAKE3 hash of the table as an Arrow IPC stream, and the size of that in bytes.
    ///
    /// # Errors
    /// A batch that does not have the schema of the table.
    pub fn hash(&self, name: &str) -> Result<(blake3::Hash, u64)> {
        let write = || {
            let mut writer = StreamWriter::try_new(blake3::Hasher::new(), &self.schema)?;
            self.batches.iter().try_for_each(|batch| writer.write(batch))?;
            writer.into_inner()
        };
        let hasher = write().map_err(|error| {
            Error::data(Code::FileDamaged, format!("{name}: the table cannot be read: {error}"))
        })?;
        Ok((hasher.finalize(), hasher.count()))
    }
}
