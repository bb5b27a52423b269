//! The lessons: on the course's kernel and on the stock one, with and without the exercises solved, and by the
//! rules that make them good to read.

mod support;

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Instant;
use support::{course, python, root, said, set_up};

fn lessons() -> Vec<PathBuf> {
    files_in("notebooks/lectures", "ipynb")
}

fn files_in(folder: &str, extension: &str) -> Vec<PathBuf> {
    let files = std::fs::read_dir(root().join(folder)).expect("the folder is there");
    let mut files: Vec<PathBuf> = files
        .map(|file| file.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|of_file| of_file == extension))
        // Solved copies of lessons, which a test puts beside them for a while.
        .filter(|path| !name(path).starts_with('.'))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no .{extension} in {folder}");
    files
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
///
/// `by-chance`: also another processor with AVX2 may, whose cache is of another size: long sums are cut to fit it.
/// `by-processor`: all sums are short, so processors with AVX2 agree. Those with AVX-512 should, which nobody has seen.
fn is_by_chance(cell: &Value) -> bool {
    is_tagged(cell, "by-chance") || is_tagged(cell, "by-processor") && !rounds_as_committed()
}

fn is_tagged(cell: &Value, tag: &str) -> bool {
    let tags = cell["metadata"]["tags"].as_array();
    tags.is_some_and(|tags| tags.iter().any(|own| own == tag))
}

#[cfg(target_arch = "x86_64")]
fn rounds_as_committed() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
        && !is_x86_feature_detected!("avx512f")
}

#[cfg(not(target_arch = "x86_64"))]
fn rounds_as_committed() -> bool {
    false
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

/// The numbers that follow the given words in what a committed lesson says.
fn numbers_after(lesson: &str, words: &str) -> Vec<f64> {
    let path = lessons().into_iter().find(|path| name(path).starts_with(lesson));
    let notebook = read(&path.expect("the lesson is there"));
    let said: Vec<String> = cells(&notebook).iter().map(said_by).collect();
    let rest = said
        .iter()
        .find_map(|said| said.split_once(words))
        .unwrap_or_else(|| panic!("lesson {lesson} says `{words}`"))
        .1;
    in_pieces(rest)
        .iter()
        .filter_map(|piece| piece.parse().ok())
        .collect()
}

/// In that cell the lesson itself asserts less, since a learner's processor may round differently.
#[test]
fn the_gan_with_the_lecturers_settings_ends_where_the_course_says() {
    let [mean, deviation] = numbers_after("12", "generated: mean")[..2] else {
        panic!("a mean and a deviation");
    };
    assert!((mean - 4.0).abs() <= 0.1, "mean {mean}");
    assert!((0.1..=0.3).contains(&deviation), "standard deviation {deviation}");
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
    // All of them are told: on another processor more than one may differ.
    let mut faults = Vec::new();
    for lesson in lessons() {
        let (executed, started) = (folder.path().join("executed.ipynb"), Instant::now());
        let output = run(&lesson, &executed);
        eprintln!("{}: {:.0} s", name(&lesson), started.elapsed().as_secs_f64());
        if !output.status.success() {
            faults.push(format!("{}:\n{}", name(&lesson), said(&output)));
            continue;
        }
        let (committed, executed) = (read(&lesson), read(&executed));
        for (before, after) in cells(&committed).iter().zip(cells(&executed)) {
            let (before_said, after_said) = (said_by(before), said_by(after));
            let same = if is_by_chance(before) {
                words_of(&before_said) == words_of(&after_said)
            } else {
                same_but_for_rounding(&before_said, &after_said)
            };
            if !same {
                faults.push(format!(
                    "{}, cell {}\n committed: {before_said}\n now:       {after_said}",
                    name(&lesson),
                    before["id"]
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Solved, and on the stock kernel: two promises in one run, since a lesson takes its minute.
#[test]
fn exercises_are_open_in_the_lesson_and_their_solutions_are_right_on_the_stock_kernel_too() {
    set_up();
    let folder = tempfile::tempdir().unwrap();
    let kernel = folder.path().join("kernels/stock");
    std::fs::create_dir_all(&kernel).unwrap();
    let specification = json!({"display_name": "Rust (stock evcxr)", "language": "rust",
        "argv": [env!("CARGO_BIN_EXE_course"), "stock-kernel", "--quick", "--connection-file", "{connection_file}"]});
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
    let all = lessons();
    for (number, lesson) in all.iter().enumerate() {
        let notebook = read(lesson);
        let mut faults = faults_of_file(lesson);
        faults.extend(faults_of_frame(
            &notebook,
            all.get(number + 1).map(|next| name(next)),
        ));
        assert!(faults.is_empty(), "{}\n{}", name(lesson), faults.join("\n"));
    }
}

/// Whoever reads a lesson's longer training sees that it was run, and that the file has what it says.
#[test]
fn weights_lie_beside_the_notebook_that_made_them_and_are_as_good_as_it_says() {
    let weights = files_in("notebooks/weights", "safetensors");
    let notebooks = files_in("notebooks/weights", "ipynb");
    let names = |files: &[PathBuf]| files.iter().map(|file| name(file)).collect::<Vec<_>>();
    assert_eq!(names(&weights), names(&notebooks));
    for path in notebooks {
        let faults = faults_of_file(&path);
        assert!(faults.is_empty(), "{}\n{}", name(&path), faults.join("\n"));
        let examined = |path: &Path, id: &str| {
            let notebook = read(path);
            let cell = cells(&notebook).iter().find(|cell| cell["id"] == id);
            said_by(cell.unwrap_or_else(|| panic!("{} has a cell {id}", path.display())))
        };
        let lesson = root()
            .join("notebooks/lectures")
            .join(name(&path))
            .with_extension("ipynb");
        let (then, now) = (
            examined(&path, "examine"),
            examined(&lesson, "load-longer-training"),
        );
        assert!(same_but_for_rounding(&then, &now), "made: {then}\nloaded: {now}");
    }
}

/// What is wrong with a notebook for a reader who does not run it.
fn faults_of_file(path: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    let size = std::fs::metadata(path).expect("the notebook is there").len();
    if size >= 2_000_000 {
        faults.push("is larger than 2 MB".to_owned());
    }
    let notebook = read(path);
    faults.extend(faults_of_notebook(&notebook));
    let mut count = 0;
    for cell in cells(&notebook) {
        if cell["cell_type"] == "code" && !text(&cell["source"]).trim().is_empty() {
            count += 1;
            if cell["execution_count"] != count {
                faults.push(format!("{}: was not run in order", cell["id"]));
            }
        }
        let of_cell = faults_of_cell(cell, path.parent().expect("a folder"));
        faults.extend(
            of_cell
                .into_iter()
                .map(|fault| format!("{}: {fault}", cell["id"])),
        );
    }
    faults
}

/// What is wrong with a notebook's format and metadata: nothing of the author's machine belongs there. What the kernel
/// says of its language does, or else JupyterLab writes it there and asks whether to save what was only read.
fn faults_of_notebook(notebook: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let kernel = json!({"display_name": "Rust (course)", "language": "rust", "name": "rust"});
    let language = json!({"name": "rust", "version": env!("CARGO_PKG_RUST_VERSION"), "file_extension": ".rs",
        "mimetype": "text/x-rust", "pygments_lexer": "rust", "codemirror_mode": "rust"});
    let wanted = json!({"kernelspec": kernel, "language_info": language});
    if notebook["metadata"] != wanted {
        faults.push(format!("metadata: {}, not {wanted}", notebook["metadata"]));
    }
    if notebook["nbformat"] != 4 || notebook["nbformat_minor"] != 5 {
        faults.push("is not of notebook format 4.5".to_owned());
    }
    let ids: BTreeSet<&str> = cells(notebook)
        .iter()
        .filter_map(|cell| cell["id"].as_str())
        .collect();
    if ids.len() != cells(notebook).len() {
        faults.push("two cells have one id".to_owned());
    }
    faults
}

/// What every lesson has round its own matter: objective, exercises with hints, a quiz, and the way on.
fn faults_of_frame(notebook: &Value, next: Option<String>) -> Vec<String> {
    let markdown = cells(notebook)
        .iter()
        .filter(|cell| cell["cell_type"] == "markdown");
    let sources: Vec<String> = markdown.map(|cell| text(&cell["source"])).collect();
    let (first, last) = (sources.first().cloned(), sources.last().cloned());
    let (first, last, whole) = (
        first.unwrap_or_default(),
        last.unwrap_or_default(),
        sources.join("\n\n"),
    );
    let mut faults = Vec::new();
    for wanted in ["# ", "**At the end of this", "https://colab.research.google.com/"] {
        if !first.contains(wanted) {
            faults.push(format!("the first cell has no {wanted:?}"));
        }
    }
    for wanted in [
        Some("## What you know, what comes next"),
        next.as_deref(),
        Some("**Read on**"),
    ] {
        if let Some(wanted) = wanted.filter(|wanted| !last.contains(wanted)) {
            faults.push(format!("the last cell has no {wanted:?}"));
        }
    }
    let tries = whole.split("\n### Try it ").skip(1);
    let without_hint = tries
        .clone()
        .filter(|task| !task.contains("<details><summary>Hint</summary>"));
    if tries.clone().count() < 3 || without_hint.count() > 0 {
        faults.push("fewer than three exercises, or one without a folded hint".to_owned());
    }
    let quiz = whole.split("\n## Quiz\n").nth(1).unwrap_or_default();
    let quiz = quiz.split("\n## ").next().unwrap_or_default();
    faults.extend(faults_of_quiz(quiz));
    faults
}

/// Three to five questions; each option is folded with an explanation, and one of them is right.
fn faults_of_quiz(quiz: &str) -> Vec<String> {
    let is_question = |line: &&str| {
        let number = line.strip_prefix("**").and_then(|line| line.split('.').next());
        number.is_some_and(|number| number.parse::<u8>().is_ok())
    };
    let mut questions: Vec<String> = Vec::new();
    for line in quiz.lines() {
        if is_question(&line) {
            questions.push(String::new());
        }
        if let Some(question) = questions.last_mut() {
            question.extend([line, "\n"]);
        }
    }
    let mut faults = Vec::new();
    if !(3..=5).contains(&questions.len()) {
        faults.push(format!("a quiz of {} questions", questions.len()));
    }
    for (question, number) in questions.iter().zip(1..) {
        let options: Vec<&str> = question.split("</summary>").skip(1).collect();
        let explained = |option: &&&str| {
            let words = option.split("</details>").next().unwrap_or_default();
            !words.replace("**Right.**", "").trim().is_empty()
        };
        let explained = options.iter().filter(explained).count();
        let right = options
            .iter()
            .filter(|option| option.contains("**Right.**"))
            .count();
        if options.len() < 2 || explained != options.len() || right != 1 {
            let options = options.len();
            faults.push(format!(
                "question {number}: {options} options, {explained} explained, {right} right"
            ));
        }
    }
    faults
}

/// What is wrong with a cell of a lesson that lies in a folder.
fn faults_of_cell(cell: &Value, folder: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    let source = text(&cell["source"]);
    if cell["cell_type"] == "code" && source.lines().count() > 30 {
        faults.push("is longer than 30 lines".to_owned());
    }
    let metadata = cell["metadata"].as_object();
    if metadata.is_none_or(|metadata| metadata.keys().any(|key| key != "tags")) {
        faults.push(format!("metadata: {}", cell["metadata"]));
    }
    let mut pages = Vec::new();
    if cell["cell_type"] == "markdown" {
        pages.push(source.clone());
    }
    for output in outputs(cell) {
        if output["output_type"] == "error" || output["name"] == "stderr" {
            faults.push("an error was left over".to_owned());
        }
        if output["metadata"]
            .as_object()
            .is_some_and(|metadata| !metadata.is_empty())
        {
            faults.push(format!("metadata of an output: {}", output["metadata"]));
        }
        pages.push(text(&output["data"]["text/html"]));
        pages.push(text(&output["data"]["image/svg+xml"]));
        let pictures = ["image/png", "image/jpeg", "image/svg+xml"];
        let is_picture = pictures.iter().any(|kind| !output["data"][kind].is_null());
        if is_picture && text(&output["data"]["text/plain"]).trim().is_empty() {
            faults.push("a picture without words for who cannot see it".to_owned());
        }
    }
    for page in &pages {
        if without_words(page) {
            faults.push("a picture without words for who cannot see it".to_owned());
        }
        let is_local = |link: &&str| !link.contains(':') && !link.starts_with('#');
        for link in links(page).into_iter().filter(is_local) {
            let link = link.split('#').next().unwrap_or_default();
            // Outside the repository there is nothing for whoever has cloned it.
            let is_there = |target: PathBuf| {
                let target = target.canonicalize();
                target.is_ok_and(|target| target.starts_with(root()))
            };
            if !is_there(folder.join(link)) {
                faults.push(format!("links to {link}, which is not there"));
            } else if !is_there(in_jupyterlab(link)) {
                faults.push(format!("links to {link}, which JupyterLab does not serve"));
            }
        }
    }
    // Of this machine or of another.
    let all = cell.to_string();
    for path in [
        "/home/", "/root/", "/Users/", "/tmp/", "/work/", "/opt/", "/mnt/", "file://", "C:\\\\",
    ] {
        if all.contains(path) {
            faults.push(format!("names a path: {path}"));
        }
    }
    faults
}

/// Where JupyterLab looks for a link of a lesson: it serves `notebooks/`, and goes up no further than that.
fn in_jupyterlab(link: &str) -> PathBuf {
    let mut way = vec!["lectures"];
    for part in link.split('/') {
        match part {
            ".." => drop(way.pop()),
            "." | "" => {}
            part => way.push(part),
        }
    }
    root().join("notebooks").join(way.join("/"))
}

/// Whether a picture in Markdown, HTML or SVG lacks its alternative text.
fn without_words(page: &str) -> bool {
    let says_nothing = |tag: &str, attribute: &str| {
        let value = tag.split(&format!(" {attribute}=\"")).nth(1);
        value.is_none_or(|rest| rest.split('"').next().is_none_or(|words| words.trim().is_empty()))
    };
    let tags = |start: &str| -> Vec<String> {
        let tags = page.split(start).skip(1);
        tags.map(|rest| format!(" {}", rest.split('>').next().unwrap_or_default()))
            .collect()
    };
    let in_markdown = page.split("![").skip(1);
    let mut in_markdown = in_markdown.filter_map(|rest| rest.split_once("](").map(|(words, _)| words));
    in_markdown.any(|words| words.trim().is_empty())
        || tags("<img ").iter().any(|tag| says_nothing(tag, "alt"))
        || tags("<svg ").iter().any(|tag| says_nothing(tag, "aria-label"))
}

/// The targets of Markdown's and HTML's links and pictures.
fn links(page: &str) -> Vec<&str> {
    let between = |start: &'static str, end: char| {
        let starts = page.split(start).skip(1);
        starts.filter_map(move |rest| rest.split(end).next())
    };
    between("](", ')')
        .chain(between(" href=\"", '"'))
        .chain(between(" src=\"", '"'))
        .collect()
}

#[test]
fn the_rules_for_lessons_find_what_breaks_them() {
    let folder = root().join("notebooks/lectures");
    let markdown = |source: &str| json!({"cell_type": "markdown", "metadata": {}, "source": source});
    let code =
        |output: Value| json!({"cell_type": "code", "metadata": {}, "source": "1", "outputs": [output]});
    let svg = |svg: &str| code(json!({"data": {"image/svg+xml": svg, "text/plain": "A picture."}}));
    for (cell, broken) in [
        (
            markdown("[The start](00-start-here.ipynb#map) and ![a cat](../../datasets/README.md)"),
            false,
        ),
        (markdown("[Nothing](no-such-page.ipynb)"), true),
        (markdown("[Not served](../../README.md)"), true),
        (markdown("[Outside](../../../)"), true),
        (markdown("<a href=\"no-such-page.ipynb\">nothing</a>"), true),
        (markdown("![](../../datasets/README.md)"), true),
        (markdown("<img src=\"../../datasets/README.md\">"), true),
        (
            markdown("<img src=\"../../datasets/README.md\" alt=\"a lesson\">"),
            false,
        ),
        (markdown("It lies in /home/me/course."), true),
        (svg("<svg width=\"1\" aria-label=\"A line\"></svg>"), false),
        (svg("<svg width=\"1\"></svg>"), true),
        (
            code(json!({"data": {"text/html": "<img src=\"data:image/png;base64,AAAA\">"}})),
            true,
        ),
        (code(json!({"data": {"image/png": "AAAA"}})), true),
        (code(json!({"name": "stderr", "text": "thread panicked"})), true),
        (code(json!({"metadata": {"isolated": true}})), true),
        (
            json!({"cell_type": "code", "metadata": {}, "source": "1;\n".repeat(31)}),
            true,
        ),
        (
            json!({"cell_type": "code", "metadata": {"collapsed": true}, "source": "1"}),
            true,
        ),
    ] {
        let faults = faults_of_cell(&cell, &folder);
        assert_eq!(!faults.is_empty(), broken, "{cell}: {faults:?}");
    }
    let option = "<details><summary>A. Yes</summary>\n\n";
    let question =
        format!("**1. Why?**\n{option}**Right.** So it is.\n</details>\n{option}No.\n</details>\n");
    assert!(faults_of_quiz(&question.repeat(3)).is_empty());
    assert_eq!(faults_of_quiz(&question.repeat(2)), ["a quiz of 2 questions"]);
    let unexplained = question.replace("No.", "");
    assert_eq!(faults_of_quiz(&unexplained.repeat(3)).len(), 3);
    assert_eq!(
        faults_of_quiz(&question.replace("So it is.", "").repeat(3)).len(),
        3
    );
}

#[test]
fn times_are_no_part_of_what_a_lesson_must_repeat() {
    assert_eq!(
        without_times("60 epochs · 0.4 s · loss 0.1"),
        "60 epochs · · loss 0.1"
    );
    assert_eq!(without_times("2.5 ms, then"), "then");
}
