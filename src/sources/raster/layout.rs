//! How the values of a TIFF are stored: the type of a value, its compression, and the chunks (strips or tiles).

use super::directory::{Directory, Order};
use crate::{Code, Error, Result};

/// Most columns or rows.
const MOST_CELLS: u64 = 1 << 30;

/// Most chunks of a band.
const MOST_CHUNKS: u64 = 1 << 22;

/// Most bytes of a chunk, packed or unpacked.
pub(super) const MOST_BYTES: u64 = 256 << 20;

/// Most bands.
const MOST_BANDS: u64 = 1 << 14;

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Unsigned,
    Signed,
    Float,
}

/// How the first band is stored.
#[derive(Debug)]
pub(super) struct Layout {
    pub order: Order,
    /// Columns and rows of the image.
    pub size: [u32; 2],
    /// Columns and rows of a chunk. The last strip may have fewer rows; tiles are whole.
    pub chunk: [u32; 2],
    pub is_tiled: bool,
    /// Number of chunks along a row.
    pub across: u32,
    pub kind: Type,
    /// 8, 16, 32 or 64.
    pub bits: u16,
    /// Number of values of a cell that are stored side by side.
    pub together: u16,
    /// Number of bands in the file.
    pub bands: u64,
    /// The number of the compression in TIFF.
    pub compression: u16,
    /// 1 for none, 2 for differences, 3 for that of floats.
    pub predictor: u16,
    /// Where each chunk of the first band begins, and how long it is; of no length if it was left out.
    pub places: Vec<(u64, u64)>,
}

impl Layout {
    /// Reads the layout and checks all of it: nothing that it says makes a later step fail or allocate too much.
    ///
    /// # Errors
    /// Numbers that contradict each other, chunks past the end of the file, or a storage that is not supported.
    pub fn read(directory: &Directory<'_>, file: &str, length: u64) -> Result<Self> {
        let need = |tag: u16, what: &str| {
            let missing = || directory.damaged(&format!("does not say its {what} (tag {tag})"));
            directory.whole(tag)?.ok_or_else(missing)
        };
        let unsupported = |what: String, hint: &str| {
            Error::data(Code::FormatUnsupported, format!("{file}: {what}")).with_hint(hint)
        };
        let translate =
            "rewrite it: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES IN.tif OUT.tif";
        let size = [need(256, "width")?, need(257, "height")?];
        if size.iter().any(|cells| *cells == 0 || *cells > MOST_CELLS) {
            let [width, height] = size;
            return Err(directory.damaged(&format!("is {width} by {height} cells")));
        }
        let bands = directory.whole(277)?.unwrap_or(1);
        if bands == 0 || bands > MOST_BANDS {
            return Err(directory.damaged(&format!("has {bands} bands")));
        }
        let same = |tag: u16, usual: u64| {
            let values = directory.wholes(tag)?;
            let first = values.first().copied().unwrap_or(usual);
            Ok::<_, Error>(values.iter().all(|value| *value == first).then_some(first))
        };
        let (bits, format) = (same(258, 1)?, same(339, 1)?);
        let kind = match (format, bits) {
            (Some(1), Some(8 | 16 | 32 | 64)) => Type::Unsigned,
            (Some(2), Some(8 | 16 | 32 | 64)) => Type::Signed,
            (Some(3), Some(16 | 32 | 64)) => Type::Float,
            (None, _) | (_, None) => {
                return Err(unsupported("its bands are of different types".into(), BAND));
            }
            (Some(5 | 6), _) => {
                return Err(unsupported("its values are complex numbers".into(), BAND));
            }
            (_, Some(bits)) => {
                return Err(unsupported(
                    format!("its values have {bits} bits; 8, 16, 32 and 64 are read"),
                    "rewrite it: gdal_translate -ot Byte IN.tif OUT.tif",
                ));
            }
        };
        let compression = directory.whole(259)?.unwrap_or(1);
        if !matches!(compression, 1 | 5 | 8 | 32_773 | 32_946 | 50_000) {
            let name = COMPRESSIONS.iter().find(|(number, _)| *number == compression);
            let name = name.map_or_else(|| format!("method {compression}"), |of| of.1.to_owned());
            return Err(unsupported(
                format!("is compressed by {name}; deflate, LZW, zstd and packbits are read"),
                translate,
            ));
        }
        if directory.whole(262)? == Some(6) {
            return Err(unsupported("is a picture in YCbCr colors".into(), translate));
        }
        let predictor = directory.whole(317)?.unwrap_or(1);
        if !matches!((predictor, kind), (1 | 2, _) | (3, Type::Float)) {
            return Err(unsupported(format!("is stored with predictor {predictor}"), translate));
        }
        let is_planar = match directory.whole(284)?.unwrap_or(1) {
            1 => false,
            2 => true,
            other => return Err(directory.damaged(&format!("tag 284 is {other}"))),
        };
        let is_tiled = directory.has(322) || directory.has(324);
        let chunk = if is_tiled {
            [need(322, "tiles' width")?, need(323, "tiles' height")?]
        } else {
            [size[0], directory.whole(278)?.unwrap_or(size[1]).min(size[1])]
        };
        let together = if is_planar { 1 } else { bands };
        let wide = chunk.iter().try_fold(together * (bits.unwrap_or(8) / 8), |product, side| {
            product.checked_mul(*side).filter(|bytes| *bytes > 0 && *bytes <= MOST_BYTES)
        });
        if wide.is_none() {
            let [width, height] = chunk;
            return Err(Error::data(
                Code::FileTooLarge,
                format!(
                    "{file}: is stored in chunks of {width} by {height} cells, more than 256 MB each, or of none"
                ),
            )
            .with_hint(translate));
        }
        let [across, down] = [size[0].div_ceil(chunk[0]), size[1].div_ceil(chunk[1])];
        let chunks = across * down;
        if chunks > MOST_CHUNKS {
            return Err(Error::data(
                Code::FileTooLarge,
                format!("{file}: is stored in {chunks} chunks, more than {MOST_CHUNKS}"),
            )
            .with_hint("rewrite it in larger tiles: gdal_translate -co TILED=YES -co BLOCKXSIZE=512 -co BLOCKYSIZE=512 IN.tif OUT.tif"));
        }
        let (at, of) = if is_tiled { (324, 325) } else { (273, 279) };
        let (offsets, lengths) = (directory.wholes(at)?, directory.wholes(of)?);
        let expected = if is_planar { chunks * bands } else { chunks };
        let counted = |list: &[u64]| u64::try_from(list.len()) == Ok(expected);
        if !(counted(&offsets) && counted(&lengths)) {
            return Err(directory.damaged(&format!(
                "has places for {} and lengths for {} chunks, and its size makes {expected}",
                offsets.len(),
                lengths.len()
            )));
        }
        let first = usize::try_from(chunks).unwrap_or(0);
        let places: Vec<(u64, u64)> = offsets.into_iter().zip(lengths).take(first).collect();
        for (number, (offset, bytes)) in places.iter().enumerate() {
            let is_inside = offset.checked_add(*bytes).is_some_and(|end| end <= length);
            if *bytes > 0 && !is_inside {
                return Err(directory.damaged(&format!(
                    "it ends before chunk {number} of {chunks}, at byte {offset}"
                )));
            }
            if *bytes > MOST_BYTES {
                return Err(directory.damaged(&format!("chunk {number} has {bytes} bytes")));
            }
        }
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let word = |number: u64| u16::try_from(number).unwrap_or(u16::MAX);
        Ok(Self {
            order: directory.order,
            size: size.map(small),
            chunk: chunk.map(small),
            is_tiled,
            across: small(across),
            kind,
            bits: word(bits.unwrap_or(8)),
            together: word(together),
            bands,
            compression: word(compression),
            predictor: word(predictor),
            places,
        })
    }

    /// The columns and rows of a chunk by its number.
    pub fn size_of(&self, number: u32) -> [u32; 2] {
        let [width, height] = self.chunk;
        if self.is_tiled {
            return self.chunk;
        }
        let above = (number / self.across).saturating_mul(height);
        [width, height.min(self.size[1].saturating_sub(above))]
    }

    /// The type of a value in words: `float32`.
    pub fn type_word(&self) -> String {
        let kind = match self.kind {
            Type::Unsigned => "uint",
            Type::Signed => "int",
            Type::Float => "float",
        };
        format!("{kind}{}", self.bits)
    }

    /// The storage in words: `tiles of 256 x 256, deflate`.
    pub fn storage(&self) -> String {
        let [width, height] = self.chunk;
        let chunks = match self.is_tiled {
            true => format!("tiles of {width} x {height}"),
            false if height == 1 => "strips of 1 row".to_owned(),
            false => format!("strips of {height} rows"),
        };
        let method = match self.compression {
            1 => "not compressed",
            5 => "LZW",
            32_773 => "packbits",
            50_000 => "zstd",
            _ => "deflate",
        };
        format!("{chunks}, {method}")
    }
}

/// What to do about bands that cannot be read together.
const BAND: &str = "give one band: gdal_translate -b 1 IN.tif OUT.tif";

/// Names of compressions that are not read.
const COMPRESSIONS: [(u64, &str); 9] = [
    (2, "the CCITT method of fax"),
    (3, "the CCITT method of fax"),
    (4, "the CCITT method of fax"),
    (6, "JPEG"),
    (7, "JPEG"),
    (34_712, "JPEG 2000"),
    (34_887, "LERC"),
    (34_925, "LZMA"),
    (50_001, "WebP"),
];
