//! `reference/README.md` says which numbers each part of the library is compared with; here it is held to that.

use std::path::{Path, PathBuf};

use serde_json::Value;

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn read(path: PathBuf) -> String {
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A row of one of its tables.
struct Row {
    names: Vec<String>,
    numbers: String,
    tests: Vec<String>,
}

fn quoted(text: &str) -> Vec<String> {
    let parts = text.split('`').enumerate();
    parts
        .filter(|(place, _)| place % 2 == 1)
        .map(|(_, part)| part.to_owned())
        .collect()
}

fn rows() -> Vec<Row> {
    let text = read(tests().join("reference/README.md"));
    let lines = text.lines().filter(|line| line.starts_with("| "));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
        let [names, numbers, tests] = cells[..] else {
            panic!("three columns: {line}");
        };
        Row {
            names: quoted(names),
            numbers: numbers.to_owned(),
            tests: quoted(tests),
        }
    };
    lines.map(row).filter(|row| !row.tests.is_empty()).collect()
}

/// The text between two marks in a file of the library.
fn source_between(file: &str, start: &str, end: &str) -> String {
    let text = read(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file));
    let (_, rest) = text
        .split_once(start)
        .unwrap_or_else(|| panic!("{file} has no {start:?}"));
    let (part, _) = rest
        .split_once(end)
        .unwrap_or_else(|| panic!("{file} has no {end:?}"));
    part.to_owned()
}

/// The variants of an enum, which stand a step further in than it does.
fn variants(file: &str, of: &str) -> Vec<String> {
    let text = source_between(file, &format!("pub enum {of} {{"), "\n}");
    let lines = text.lines().filter_map(|line| line.strip_prefix("    "));
    lines
        .filter(|line| line.starts_with(char::is_uppercase))
        .map(|line| {
            line.chars()
                .take_while(|letter| letter.is_alphanumeric())
                .collect()
        })
        .collect()
}

/// All that the library has to offer and that has a number to be compared.
fn library() -> Vec<String> {
    let registry = source_between("layers/registry.rs", "match of_type {", "other =>");
    let layers: Vec<String> = registry
        .split('"')
        .enumerate()
        .filter(|(place, _)| place % 2 == 1)
        .map(|(_, name)| name.to_owned())
        .collect();
    assert!(layers.len() > 30, "layers and activations: {layers:?}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/optimizers");
    let files = std::fs::read_dir(folder).expect("optimisers");
    let optimizers: Vec<String> = files
        .filter_map(|file| {
            let text = read(file.expect("a file").path());
            let (_, rest) = text.split_once("impl Optimizer for ")?;
            Some(
                rest.chars()
                    .take_while(|letter| letter.is_alphanumeric())
                    .collect(),
            )
        })
        .collect();
    assert!(optimizers.len() >= 5, "{optimizers:?}");
    let enums = [
        variants("layers/activation.rs", "Activation"),
        variants("losses/mod.rs", "Loss"),
        variants("optimizers/schedule.rs", "Schedule"),
        variants("metrics/metric.rs", "Metric"),
    ];
    for variants in &enums {
        assert!(variants.len() >= 5, "{variants:?}");
    }
    let models = [String::from("Seq2Seq")];
    let all = layers.into_iter().chain(optimizers).chain(models);
    all.chain(enums.into_iter().flatten()).collect()
}

#[test]
fn every_part_of_the_library_is_compared_with_numbers_or_says_why_not() {
    let rows = rows();
    for name in library() {
        let own: Vec<&Row> = rows.iter().filter(|row| row.names.contains(&name)).collect();
        assert!(!own.is_empty(), "{name} has no row in reference/README.md");
        for row in own {
            let with_numbers = row.numbers.contains(".json ");
            // Random, or not the library's.
            let without = matches!(&*name, "Dropout" | "GaussianNoise" | "Function");
            assert_eq!(with_numbers, !without, "{name}: {}", row.numbers);
            assert_eq!(row.numbers.contains("none: "), without, "{name}: {}", row.numbers);
        }
    }
}

#[test]
fn the_numbers_that_it_names_are_there_and_so_are_the_scripts_that_made_them() {
    for row in rows() {
        for token in quoted(&row.numbers) {
            let (file, place) = token.split_once(' ').unwrap_or((&token, ""));
            let path = tests().join("reference").join(file);
            let Some(stem) = file.strip_suffix(".json") else {
                assert!(path.exists(), "{file}");
                continue;
            };
            let value: Value = serde_json::from_str(&read(path)).expect("JSON");
            assert!(
                value.pointer(&format!("/{place}")).is_some(),
                "{file} has no {place:?}"
            );
            assert!(
                tests().join(format!("reference/make_{stem}.py")).exists(),
                "what made {file}"
            );
            let tested = row.tests.iter().any(|test| {
                test.ends_with(".rs") && read(tests().join(test)).contains(&format!("reference/{file}"))
            });
            assert!(tested, "no test of the row reads {file}: {:?}", row.names);
        }
    }
}

#[test]
fn the_tests_that_it_names_speak_of_what_they_stand_for() {
    for row in rows() {
        let texts: Vec<String> = row
            .tests
            .iter()
            .filter(|test| test.ends_with(".rs"))
            .map(|test| read(tests().join(test)))
            .collect();
        assert!(!texts.is_empty(), "{:?} has no tests", row.names);
        // `warm_up` is WarmUp.
        let plain = |text: &str| text.to_lowercase().replace('_', "");
        let texts: Vec<String> = texts.iter().map(|text| plain(text)).collect();
        let by_name_in_history = row.numbers.contains("`metrics.json");
        for name in &row.names {
            let spoken = texts.iter().any(|text| text.contains(&plain(name)));
            assert!(
                spoken || by_name_in_history,
                "{name} is in none of {:?}",
                row.tests
            );
        }
    }
}
