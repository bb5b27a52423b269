//! The lessons: on the course's kernel and on the stock one, with and without the exercises solved, and by the
//! rules that make them good to read.

mod support;

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Output;
use support::{course, python, root, said, set_up};

fn lessons() -> Vec<PathBuf> {
    let folder = root().join("notebooks/lectures");
    let files = std::fs::read_dir(&folder).expect("the lessons are there");
    let mut lessons: Vec<PathBuf> = files
        .map(|file| file.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ipynb"))
        // Solved copies, which another test puts beside them for a while.
        .filter(|path| !name(path).starts_with('.'))
        .collect();
    lessons.sort();
    assert!(!lessons.is_empty());
    lessons
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("the notebook is there")).expect("it is JSON")
}

fn name(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// A text that the notebook format keeps as one string or as a list of lines.
fn text(value: &Value) -> String {
    match value {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

fn cells(notebook: &Value) -> &[Value] {
    notebook["cells"].as_array().map_or(&[], Vec::as_slice)
}

fn outputs(cell: &Value) -> &[Value] {
    cell["outputs"].as_array().map_or(&[], Vec::as_slice)
}

/// What a cell printed or returned as text, without what differs from run to run: times.
fn said_by(cell: &Value) -> String {
    let all: String = outputs(cell)
        .iter()
        .map(|output| text(&output["text"]) + &text(&output["data"]["text/plain"]))
        .collect();
    let mut words = Vec::new();
    for word in all.split_whitespace() {
        words.push(word);
    }
    let text = words.join(" ");
    without_times(&text)
}

/// Leaves out every number that is followed by a unit of time.
fn without_times(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let is_unit = |word: &str| {
        matches!(
            word.trim_end_matches([',', ';', ')', '.', '·']),
            "s" | "ms" | "µs" | "min"
        )
    };
    let kept = words
        .iter()
        .enumerate()
        .filter(|(index, word)| !is_unit(word) && !words.get(index + 1).is_some_and(|next| is_unit(next)));
    kept.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
}

/// Whether two outputs have the same words and whole numbers, and decimals at most 2 % or two units of the last
/// place written apart. Processors with wider instructions add in another order, and after hundreds of steps of
/// training that can be seen in the last digits.
fn same_but_for_rounding(committed: &str, now: &str) -> bool {
    let (committed, now) = (in_pieces(committed), in_pieces(now));
    let near = |(committed, now): (&String, &String)| {
        let decimal = |piece: &str| piece.split_once('.').map(|(_, digits)| digits.len() as i32);
        let (Some(digits), Ok(before), Ok(after)) =
            (decimal(committed), committed.parse::<f64>(), now.parse::<f64>())
        else {
            return committed == now;
        };
        let last_place = 10_f64.powi(-digits);
        (before - after).abs() <= (0.02 * before.abs()).max(2.001 * last_place)
    };
    committed.len() == now.len() && committed.iter().zip(&now).all(near)
}

/// Numbers, and what is between them.
fn in_pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut in_number = false;
    let letters: Vec<char> = text.chars().collect();
    for (place, letter) in letters.iter().enumerate() {
        let point = *letter == '.' && in_number && letters.get(place + 1).is_some_and(char::is_ascii_digit);
        let number = letter.is_ascii_digit() || point;
        match pieces.last_mut() {
            Some(last) if number == in_number => last.push(*letter),
            _ => pieces.push(letter.to_string()),
        }
        in_number = number;
    }
    pieces
}

/// Whether the numbers of a cell come from a training that magnifies rounding, such as a GAN's, so that another
/// processor ends elsewhere. The author says so by a tag; how far the numbers may go, the cell itself asserts.
fn is_by_chance(cell: &Value) -> bool {
    let tags = cell["metadata"]["tags"].as_array();
    tags.is_some_and(|tags| tags.iter().any(|tag| tag == "by-chance"))
}

/// Which words are said, without the numbers; how often each, is by chance too.
fn words_of(said: &str) -> BTreeSet<&str> {
    let words = said.split(|letter: char| !letter.is_alphabetic());
    words.filter(|word| word.chars().count() > 1).collect()
}

#[test]
fn only_words_count_where_numbers_are_by_chance() {
    let (committed, now) = ("mean 3.99, distance 0.02", "mean -4.1, distance 2.00e-4");
    assert_eq!(words_of(committed), words_of(now));
    assert_ne!(words_of("✓ Right"), words_of("○ Not yet"));
    assert!(is_by_chance(&json!({"metadata": {"tags": ["by-chance"]}})));
    assert!(!is_by_chance(&json!({"metadata": {}})));
}

#[test]
fn outputs_may_differ_in_rounding_only() {
    for (committed, now, same) in [
        ("loss 0.0163 · 113 of 114", "loss 0.0162 · 113 of 114", true),
        ("loss 0.3163", "loss 0.3203", true),
        ("loss 0.3163", "loss 0.3363", false),
        ("113 of 114", "112 of 114", false),
        ("loss 0.5", "gain 0.5", false),
        ("1.0 and 2.0", "1.0", false),
    ] {
        assert_eq!(same_but_for_rounding(committed, now), same, "{committed} | {now}");
    }
}

fn run(lesson: &Path, output: &Path) -> Output {
    course()
        .arg("run")
        .arg(lesson)
        .arg("--output")
        .arg(output)
        .output()
        .expect("course runs")
}

#[test]
fn every_lesson_runs_and_gives_the_numbers_that_it_was_committed_with() {
    set_up();
    let folder = tempfile::tempdir().unwrap();
    for lesson in lessons() {
        let executed = folder.path().join("executed.ipynb");
        let output = run(&lesson, &executed);
        assert!(output.status.success(), "{}:\n{}", name(&lesson), said(&output));
        let (committed, executed) = (read(&lesson), read(&executed));
        for (before, after) in cells(&committed).iter().zip(cells(&executed)) {
            let (before_said, after_said) = (said_by(before), said_by(after));
            let same = if is_by_chance(before) {
                words_of(&before_said) == words_of(&after_said)
            } else {
                same_but_for_rounding(&before_said, &after_said)
            };
            assert!(
                same,
                "{}, cell {}\n committed: {before_said}\n now:       {after_said}",
                name(&lesson),
                before["id"]
            );
        }
    }
}

/// Solved, and on the stock kernel: two promises in one run, since a lesson takes its minute.
#[test]
fn exercises_are_open_in_the_lesson_and_their_solutions_are_right_on_the_stock_kernel_too() {
    set_up();
    let folder = tempfile::tempdir().unwrap();
    let kernel = folder.path().join("kernels/stock");
    std::fs::create_dir_all(&kernel).unwrap();
    let specification = json!({"display_name": "Rust (stock evcxr)", "language": "rust",
        "argv": [env!("CARGO_BIN_EXE_course"), "stock-kernel", "--connection-file", "{connection_file}"]});
    std::fs::write(kernel.join("kernel.json"), specification.to_string()).unwrap();
    for lesson in lessons() {
        let (notebook, solutions) = solved(&lesson);
        // Beside the lesson's own path, which its cells count on.
        let copy = tempfile::Builder::new()
            .suffix(".ipynb")
            .tempfile_in(lesson.parent().unwrap())
            .expect("the lessons' folder takes a file");
        std::fs::write(copy.path(), notebook.to_string()).unwrap();
        let output = python("jupyter-execute")
            .args(["--kernel_name", "stock", "--timeout", "600"])
            .args(["--startup_timeout", "300", "--output"])
            .arg(folder.path().join("executed"))
            .arg(copy.path())
            .env("JUPYTER_PATH", folder.path())
            .output()
            .expect("nbclient is installed");
        assert!(output.status.success(), "{}:\n{}", name(&lesson), said(&output));
        let executed = read(&folder.path().join("executed.ipynb"));
        for cell in cells(&executed) {
            let id = cell["id"].as_str().unwrap_or_default();
            // The stock kernel calls a panic and an error that leaves the cell a success; both write to stderr.
            let errors = outputs(cell).iter().find(|output| output["name"] == "stderr");
            let errors = errors.map(|output| text(&output["text"]));
            assert_eq!(errors, None, "{}, cell {id} wrote to stderr", name(&lesson));
            if solutions.contains(&id.to_owned()) {
                let said = said_by(cell);
                assert!(said.contains("Right"), "{}: {id} gives {said}", name(&lesson));
            }
        }
    }
}

/// The lesson with its exercises solved, and which cells those are. All must be open in the lesson as it is committed.
fn solved(lesson: &Path) -> (Value, Vec<String>) {
    let solutions = root().join("tests/solutions").join(name(lesson));
    let solutions = read(&solutions.with_extension("json"));
    let solutions = solutions.as_object().expect("cell id → source");
    let lesson_name = name(lesson);
    assert!(
        solutions.len() >= 3,
        "{lesson_name} has fewer than three exercises"
    );
    let mut notebook = read(lesson);
    for cell in notebook["cells"].as_array_mut().unwrap() {
        let id = cell["id"].as_str().unwrap().to_owned();
        let is_open = said_by(cell).contains("Not yet");
        match solutions.get(&id) {
            Some(solution) => {
                assert!(is_open, "{lesson_name}: {id} is committed solved");
                cell["source"] = solution.clone();
            }
            None => assert!(!is_open, "{lesson_name}: {id} has no solution"),
        }
    }
    (notebook, solutions.keys().cloned().collect())
}

#[test]
fn lessons_are_committed_as_they_should_be_read() {
    for lesson in lessons() {
        let at = |cell: &Value| format!("{}, cell {}", name(&lesson), cell["id"]);
        let whole = std::fs::read_to_string(&lesson).unwrap();
        assert!(whole.len() < 2_000_000, "{} is larger than 2 MB", name(&lesson));
        let notebook = read(&lesson);
        assert_eq!(
            (notebook["nbformat"].as_u64(), notebook["nbformat_minor"].as_u64()),
            (Some(4), Some(5))
        );
        assert_eq!(notebook["metadata"]["kernelspec"]["name"], "rust");
        let metadata: Vec<&String> = notebook["metadata"].as_object().unwrap().keys().collect();
        assert_eq!(metadata, ["kernelspec", "language_info"], "{}", name(&lesson));

        let first = text(&cells(&notebook)[0]["source"]);
        assert!(
            first.starts_with("# ") && first.contains("https://colab.research.google.com/"),
            "{first}"
        );
        let mut count = 0;
        for cell in cells(&notebook) {
            let source = text(&cell["source"]);
            assert!(
                source.lines().count() <= 30 || cell["cell_type"] != "code",
                "{} is too long",
                at(cell)
            );
            if cell["cell_type"] == "code" && !source.trim().is_empty() {
                count += 1;
                assert_eq!(
                    cell["execution_count"],
                    count,
                    "{} was not run in order",
                    at(cell)
                );
            }
            for output in outputs(cell) {
                assert_ne!(output["output_type"], "error", "{}", at(cell));
                assert_ne!(output["name"], "stderr", "{}", at(cell));
            }
            // Absolute paths, of this machine or of another.
            for path in ["/home/", "/root/", "/Users/", "/tmp/", "/work/"] {
                assert!(
                    !cell.to_string().contains(path),
                    "{} names a path: {path}",
                    at(cell)
                );
            }
            assert!(
                !source.contains("![]("),
                "{}: a picture without words for who cannot see it",
                at(cell)
            );
            for link in links(&source).filter(|link| !link.contains("://") && !link.starts_with('#')) {
                let file = link.split('#').next().unwrap_or_default();
                let target = lesson.parent().unwrap().join(file);
                assert!(
                    target.exists(),
                    "{} links to {link}, which is not there",
                    at(cell)
                );
            }
        }
    }
}

/// The targets of Markdown's links.
fn links(markdown: &str) -> impl Iterator<Item = &str> {
    markdown
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
}

#[test]
fn times_are_no_part_of_what_a_lesson_must_repeat() {
    assert_eq!(
        without_times("60 epochs · 0.4 s · loss 0.1"),
        "60 epochs · · loss 0.1"
    );
    assert_eq!(without_times("2.5 ms, then"), "then");
}
