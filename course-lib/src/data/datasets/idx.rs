//! IDX inside gzip, the format of MNIST's files: a block of bytes with a shape.
//!
//! | bytes | what it is |
//! | --- | --- |
//! | 0, 0 | always zero |
//! | 1 | the kind of number: 8 is a byte |
//! | 1 | how many axes |
//! | 4 for each axis | its size, most significant byte first |
//! | the rest | the values in row-major order |

use std::io::Read;

use flate2::read::GzDecoder;

use crate::error::{Error, Result};

const BYTES: u8 = 8;

/// A block of bytes with a shape.
#[derive(Debug)]
pub(super) struct Idx {
    pub shape: Vec<usize>,
    /// Header and values: one piece of memory, since the values are many.
    bytes: Vec<u8>,
    header: usize,
}

impl Idx {
    /// Unpacks a gzip file that holds bytes along `axes` axes; `file` is what an error calls it.
    pub fn unpack(operation: &str, file: &str, packed: &[u8], axes: usize) -> Result<Self> {
        let bad = |expected: String, got: String| {
            Error::new(operation).expected(expected).got(got).hint(format!(
                "the file is damaged: bring it back with `git checkout -- datasets/{file}`"
            ))
        };
        let mut bytes = Vec::with_capacity(unpacked_size(packed));
        GzDecoder::new(packed)
            .read_to_end(&mut bytes)
            .map_err(|problem| {
                let got = format!("{problem} after {} unpacked bytes", bytes.len());
                bad(format!("{file} to be a whole gzip file"), got)
            })?;

        let magic = [0, 0, BYTES, axes as u8];
        if !bytes.starts_with(&magic) {
            let start = &bytes[..bytes.len().min(magic.len())];
            return Err(bad(
                format!("{file} to start with the IDX magic {magic:?} (bytes along {axes} axes)"),
                format!("{start:?}"),
            ));
        }
        let header = magic.len() + 4 * axes;
        let Some(sizes) = bytes.get(magic.len()..header) else {
            let got = format!("{} bytes in all", bytes.len());
            return Err(bad(
                format!("{file} to have an IDX header of {header} bytes"),
                got,
            ));
        };
        let shape: Vec<usize> = sizes
            .chunks_exact(4)
            .map(|size| size.iter().fold(0, |size, byte| size << 8 | usize::from(*byte)))
            .collect();
        let count = shape
            .iter()
            .try_fold(1_usize, |count, size| count.checked_mul(*size));
        let values = bytes.len() - header;
        if count != Some(values) || values == 0 {
            return Err(bad(
                format!("{file} to hold the values that its header counts, shape {shape:?}"),
                format!("{values} values"),
            ));
        }
        Ok(Self { shape, bytes, header })
    }

    /// Values as a file would give them.
    #[cfg(test)]
    pub fn of(shape: &[usize], values: &[u8]) -> Self {
        Self {
            shape: shape.to_vec(),
            bytes: values.to_vec(),
            header: 0,
        }
    }

    /// The values in row-major order.
    pub fn values(&self) -> &[u8] {
        &self.bytes[self.header..]
    }
}

/// What a gzip file says of its unpacked size, in its last four bytes; 0 if that cannot be true. It only saves growing.
fn unpacked_size(packed: &[u8]) -> usize {
    // Deflate packs no more than 1032 bytes into one.
    let most = packed.len().saturating_mul(1032);
    packed
        .last_chunk::<4>()
        .map(|size| u32::from_le_bytes(*size) as usize)
        .filter(|size| *size <= most)
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    /// Two labels, 7 and 2.
    const LABELS: [u8; 10] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 2];

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn refused(packed: &[u8]) -> String {
        let text = Idx::unpack("mnist", "labels.gz", packed, 1)
            .unwrap_err()
            .to_string();
        assert!(
            text.starts_with("mnist: expected labels.gz") && text.contains("git checkout"),
            "{text}"
        );
        text
    }

    #[test]
    fn a_whole_file_gives_its_shape_and_values() {
        let idx = Idx::unpack("mnist", "labels.gz", &packed(&LABELS), 1).unwrap();
        assert_eq!((idx.shape.as_slice(), idx.values()), (&[2][..], &[7, 2][..]));
    }

    #[test]
    fn a_truncated_file_is_an_error_wherever_it_ends() {
        let whole = packed(&LABELS);
        for length in 0..whole.len() {
            let text = refused(&whole[..length]);
            assert!(text.contains("whole gzip file"), "{length}: {text}");
        }
    }

    #[test]
    fn a_changed_byte_and_a_file_that_is_no_gzip_are_errors() {
        let mut changed = packed(&LABELS);
        let checksum = changed.len() - 8;
        changed[checksum] ^= 1;
        assert!(refused(&changed).contains("whole gzip file"));
        assert!(refused(b"<html>404 Not Found</html>").contains("whole gzip file"));
    }

    #[test]
    fn another_magic_number_is_an_error_with_both() {
        // Images where labels are expected; floats instead of bytes; an empty file.
        for start in [&[0, 0, 8, 3][..], &[0, 0, 13, 1], &[]] {
            let text = refused(&packed(start));
            assert!(
                text.contains("[0, 0, 8, 1]") && text.contains(&format!("{start:?}")),
                "{text}"
            );
        }
        assert!(refused(&packed(&LABELS[..6])).contains("header of 8 bytes"));
    }

    #[test]
    fn a_count_that_disagrees_with_the_values_is_an_error_with_both() {
        let text = refused(&packed(&LABELS[..9]));
        assert!(text.contains("[2]") && text.contains("1 values"), "{text}");
        let mut huge = LABELS;
        huge[4..8].fill(255);
        assert!(refused(&packed(&huge)).contains("[4294967295]"));
        assert!(refused(&packed(&[0, 0, 8, 1, 0, 0, 0, 0])).contains("[0]"));
    }
}
