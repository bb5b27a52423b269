//! A picture that cannot be drawn says why, and a file is written whole or not at all.

use course_lib::notebook::Show;
use course_lib::plot::{self, Figure, Plot};

fn refused(plot: course_lib::error::Result<Plot>, parts: &[&str]) {
    let text = plot.expect_err("a refusal").to_string();
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

fn line() -> Plot {
    Figure::new()
        .title("a < b")
        .x_label("x")
        .y_label("y")
        .line("one", &[1, 2], &[3.0, 4.0])
        .draw()
        .unwrap()
}

#[test]
fn nothing_to_draw_is_an_error() {
    refused(Figure::new().draw(), &["Figure::draw", "at least one series"]);
    refused(
        Figure::new().line("loss", &[0.0; 0], &[0.0; 0]).draw(),
        &["line", "at least one value", "`loss`"],
    );
    refused(
        Figure::new().histogram("ages", &[0.0f32; 0]).draw(),
        &["histogram", "`ages`"],
    );
    refused(
        plot::bars(&[""; 0], &[0.0; 0]).draw(),
        &["bars", "at least one value"],
    );
    refused(
        plot::scatter(&[0.0; 0], &[0.0; 0], &[""; 0]).draw(),
        &["scatter", "at least one value"],
    );
    refused(plot::beside(&[] as &[Figure]), &["beside", "one to four figures"]);
}

#[test]
fn numbers_that_are_none_are_named_with_their_place() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        refused(
            Figure::new().line("loss", &[1, 2], &[0.5, bad]).draw(),
            &["finite numbers for y of series `loss`", "position 1"],
        );
        refused(
            Figure::new().histogram("ages", &[bad]).draw(),
            &["`ages`", "position 0"],
        );
        refused(plot::bars(&["a"], &[bad]).draw(), &["bars", "position 0"]);
        refused(
            plot::histogram(&[1.0, bad], &["a", "b"]).draw(),
            &["histogram", "`b`"],
        );
    }
    refused(
        Figure::new().line("", &[1e301, 2.0], &[0.0, 0.0]).draw(),
        &["finite numbers for x", "position 0"],
    );
}

#[test]
fn series_of_different_length_are_refused() {
    refused(
        Figure::new().line("loss", &[1, 2, 3], &[0.5]).draw(),
        &["as many x values as y values", "3 and 1"],
    );
    refused(
        plot::scatter(&[1.0], &[1.0, 2.0], &["a"]).draw(),
        &["scatter", "1 y values"],
    );
    refused(
        plot::scatter(&[1.0, 2.0], &[1.0, 2.0], &["a"]).draw(),
        &["2 classes, one for each value"],
    );
    refused(plot::bars(&["a", "b"], &[1.0]).draw(), &["2 names and 1 values"]);
}

#[test]
fn the_first_mistake_is_the_one_that_is_reported() {
    let figure = Figure::new().bins(0).line("loss", &[1], &[f32::NAN]);
    refused(figure.draw(), &["Figure::bins", "1 to 200 bins"]);
    refused(
        plot::beside(&[Figure::new().line("", &[1], &[1.0]), figure]),
        &["Figure::bins"],
    );
}

#[test]
fn impossible_wishes_are_refused() {
    let figure = || Figure::new().line("", &[1], &[1.0]);
    refused(figure().size(10, 400).draw(), &["Figure::size", "10 × 400"]);
    refused(
        figure().x_range(1.0, 1.0).draw(),
        &["Figure::x_range", "the lower one first"],
    );
    refused(figure().y_range(2.0, f64::NAN).draw(), &["Figure::y_range"]);
    let measured: Vec<f32> = (0..50).map(|value| value as f32 / 3.0).collect();
    refused(
        plot::histogram(&measured, &measured).draw(),
        &["at most 10 classes", "50 different ones"],
    );
}

#[test]
fn a_picture_shows_as_words_and_as_svg() {
    let rich = line().rich();
    let forms: Vec<&str> = rich.forms().iter().map(|(mime, _)| *mime).collect();
    assert_eq!(forms, ["text/plain", "image/svg+xml"]);
    assert_eq!(
        rich.forms()[0].1,
        "Line chart \"a < b\": y against x. one: from 3 to 4."
    );
    assert!(rich.forms()[1].1.contains("a &lt; b"));
    let spoken = Figure::new()
        .line("", &[1], &[1.0])
        .alt("in my words")
        .draw()
        .unwrap();
    assert_eq!(spoken.alt(), "in my words");
}

#[test]
fn the_same_data_gives_the_same_picture() {
    assert_eq!(line(), line());
}

#[test]
fn a_picture_is_saved_whole_and_leaves_nothing_beside_it() {
    let folder =
        std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("save-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("größe.svg");
    line().save(&path).unwrap();
    line().save(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), line().svg());
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);

    for (path, part) in [
        (folder.join("a.jpg"), ".svg or .png"),
        (folder.join("a.gif"), ".svg or .png"),
        (folder.join("none/a.svg"), "check that the folder exists"),
    ] {
        let text = line().save(path).unwrap_err().to_string();
        assert!(text.contains(part), "{text}");
    }
    // A folder stands where the file should be: the temporary file is taken away again.
    std::fs::create_dir(folder.join("b.svg")).unwrap();
    assert!(line().save(folder.join("b.svg")).is_err());
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
    std::fs::remove_dir_all(folder).unwrap();
}
