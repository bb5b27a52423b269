//! "Did you mean …?": the known name that is closest to a mistyped one.

/// The name with the fewest edits to `wanted`, if it is close enough to be a slip of the finger.
pub(crate) fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.trim().to_lowercase().replace('_', " ");
    let (edits, name) = known
        .into_iter()
        .map(|name| (edits(&wanted, &name.to_lowercase()), name))
        .min_by_key(|(edits, _)| *edits)?;
    (edits <= wanted.chars().count().div_ceil(3)).then_some(name)
}

/// Levenshtein distance: letters to insert, delete or replace to turn `a` into `b`.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// A list of names for a message: all of a few, the first ones of many.
pub(crate) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    const SHOWN: usize = 12;
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{}`", name.as_ref()))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_name_and_nonsense_finds_none() {
        let names = ["mean radius", "mean area", "diagnosis"];
        assert_eq!(nearest("mean raduis", names), Some("mean radius"));
        assert_eq!(nearest("Mean_Area", names), Some("mean area"));
        assert_eq!(nearest("horsepower", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest("x", []), None);
    }
}
