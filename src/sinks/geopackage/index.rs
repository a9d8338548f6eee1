//! The spatial index of a layer: SQLite's R*Tree, written as a packed tree instead of inserting feature by
//! feature, which takes several times as long and gives a worse tree.
//!
//! SQLite stores such a tree in three tables, in a format that it has had since 2008 and that GDAL writes
//! in this way too: `_node` (number, bytes), `_rowid` (feature, its leaf) and `_parent` (node, parent
//! node). A node's bytes are the depth of the tree (only in the root; two bytes), the number of its cells
//! (two bytes), and for each cell a feature or child node (eight bytes) and the minimum and maximum x and y
//! (four bytes each), all big-endian. Node 1 is the root (sqlite.org, ext/rtree/rtree.c).

use rusqlite::{Connection, params};

/// A feature in the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Its number; in an inner node, the number of the child node.
    pub(super) fid: i64,
    /// West, south, east, north.
    pub(super) bounds: [f64; 4],
}

/// Most cells of a node, whatever the page size: RTREE_MAXCELLS.
const CELLS: usize = 51;

/// Bytes of a cell: its number and four floats.
const CELL: usize = 24;

/// Bytes of a node in a file with pages of 4096 bytes.
const NODE: usize = 4 + CELLS * CELL;

/// Writes the index of a table with these features.
pub(super) fn write(
    database: &Connection,
    table: &str,
    entries: Vec<Entry>,
) -> rusqlite::Result<()> {
    let tree = format!("rtree_{table}_geom");
    database.execute_batch(&format!(
        "CREATE VIRTUAL TABLE \"{tree}\" USING rtree(id, minx, maxx, miny, maxy)"
    ))?;
    if entries.is_empty() {
        return Ok(());
    }
    let mut node =
        database.prepare(&format!("INSERT OR REPLACE INTO \"{tree}_node\" VALUES (?1,?2)"))?;
    let mut above = database.prepare(&format!("INSERT INTO \"{tree}_parent\" VALUES (?1,?2)"))?;
    let mut leaf = database.prepare(&format!("INSERT INTO \"{tree}_rowid\" VALUES (?1,?2)"))?;
    let mut leaf_of = Vec::with_capacity(entries.len());
    let mut next: i64 = 1;
    let mut depth: u16 = 0;
    let mut level = entries;
    loop {
        let groups = pack(level);
        let last = groups.len() == 1;
        let mut upper = Vec::with_capacity(groups.len());
        for cells in groups {
            let number = if last {
                1
            } else {
                next += 1;
                next
            };
            node.execute(params![number, bytes(&cells, if last { depth } else { 0 })])?;
            for cell in &cells {
                if depth == 0 {
                    leaf_of.push((cell.fid, number));
                } else {
                    above.execute(params![cell.fid, number])?;
                }
            }
            if let Some(bounds) = around(&cells) {
                upper.push(Entry { fid: number, bounds });
            }
        }
        if last {
            break;
        }
        level = upper;
        depth += 1;
    }
    // In key order, so that the table is written sequentially.
    leaf_of.sort_unstable();
    leaf_of.iter().try_for_each(|row| leaf.execute(params![row.0, row.1]).map(|_| ()))
}

/// Groups neighboring entries into nodes: sorts them into strips from west to east, and within a strip from
/// south to north (Leutenegger, Lopez and Edgington 1997, "STR").
fn pack(mut entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let middle = |entry: &Entry, low: usize| {
        let edge = |at: usize| entry.bounds.get(at).copied().unwrap_or(0.0);
        edge(low) + edge(low + 2)
    };
    let by = |axis: usize| {
        move |a: &Entry, b: &Entry| {
            middle(a, axis).total_cmp(&middle(b, axis)).then(a.fid.cmp(&b.fid))
        }
    };
    let nodes = entries.len().div_ceil(CELLS);
    let strips = (1..).find(|strips: &usize| strips * strips >= nodes).unwrap_or(1);
    let strip = nodes.div_ceil(strips) * CELLS;
    entries.sort_unstable_by(by(0));
    let mut groups = Vec::with_capacity(nodes);
    for part in entries.chunks_mut(strip) {
        part.sort_unstable_by(by(1));
        groups.extend(part.chunks(CELLS).map(<[Entry]>::to_vec));
    }
    groups
}

fn around(cells: &[Entry]) -> Option<[f64; 4]> {
    cells.iter().fold(None, |all, cell| super::join(all, Some(cell.bounds)))
}

fn bytes(cells: &[Entry], depth: u16) -> Vec<u8> {
    let mut out = Vec::with_capacity(NODE);
    out.extend(depth.to_be_bytes());
    out.extend(u16::try_from(cells.len()).unwrap_or(u16::MAX).to_be_bytes());
    for Entry { fid, bounds: [west, south, east, north] } in cells {
        out.extend(fid.to_be_bytes());
        for edge in [below(*west), above(*east), below(*south), above(*north)] {
            out.extend(edge.to_be_bytes());
        }
    }
    out.resize(NODE, 0);
    out
}

/// The greatest `f32` that is not greater.
fn below(value: f64) -> f32 {
    let near = narrow(value);
    if f64::from(near) > value { near.next_down() } else { near }
}

/// The least `f32` that is not less.
fn above(value: f64) -> f32 {
    let near = narrow(value);
    if f64::from(near) < value { near.next_up() } else { near }
}

#[expect(clippy::cast_possible_truncation, reason = "the callers round to the side that is meant")]
fn narrow(value: f64) -> f32 {
    value as f32
}
