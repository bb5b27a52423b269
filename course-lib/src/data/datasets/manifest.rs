//! What the files of the data sets must be: `datasets/datasets.json`, which the command `course data` reads too.

use serde_json::Value;

/// Part of the library, so that a file cannot be changed together with its checksum unnoticed.
const MANIFEST: &str = include_str!("../../../../datasets/datasets.json");

/// The SHA-256 of a file, as it is named in the manifest, in hexadecimal.
pub(super) fn sha256(file: &str) -> Option<String> {
    let manifest: Value = serde_json::from_str(MANIFEST).ok()?;
    let sets = manifest["datasets"].as_array()?;
    let mut files = sets.iter().filter_map(|set| set["files"].as_array()).flatten();
    let entry = files.find(|entry| entry["path"] == file)?;
    entry["sha256"].as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_manifest_has_a_checksum_and_another_has_none() {
        assert_eq!(
            sha256("airline-passengers/airline-passengers.csv").as_deref(),
            Some("28af0eb869db6d9fbd31d5af03993a0cbf36c0857c3eb046a068c094b60da851")
        );
        assert_eq!(sha256("no-such-file.csv"), None);
    }
}
