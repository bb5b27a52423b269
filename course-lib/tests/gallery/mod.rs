//! What every picture must be, whatever it shows.

use course_lib::plot::Plot;

/// A picture travels inside its notebook.
const MOST_BYTES: usize = 200_000;

/// Parses the picture, checks what every picture must have, and keeps it to be looked at.
pub fn keep(name: &str, plot: &Plot) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("gallery");
    std::fs::create_dir_all(&folder).unwrap();
    plot.save(folder.join(format!("{name}.svg"))).unwrap();

    assert!(
        plot.svg().len() < MOST_BYTES,
        "{name}: {} bytes in a notebook",
        plot.svg().len()
    );
    let document =
        roxmltree::Document::parse(plot.svg()).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    let root = document.root_element();
    let number = |text: &str| text.parse::<f64>().unwrap();
    assert_eq!(root.attribute("role"), Some("img"));
    assert_eq!(root.attribute("aria-label"), Some(plot.alt()), "{name}");
    assert!(
        !plot.alt().is_empty() && !plot.svg().contains("NaN") && !plot.svg().contains("inf"),
        "{name}"
    );
    let view: Vec<f64> = root
        .attribute("viewBox")
        .unwrap()
        .split(' ')
        .map(number)
        .collect();
    let (width, height) = (view[2], view[3]);
    for node in document.descendants() {
        assert!(
            node.attribute("id").is_none(),
            "{name}: ids would clash between two pictures of a page"
        );
        for (across, limit) in [
            ("x", width),
            ("y", height),
            ("cx", width),
            ("cy", height),
            ("x1", width),
            ("y2", height),
        ] {
            if let Some(place) = node.attribute(across).map(number) {
                assert!(
                    (-0.5..=limit + 0.5).contains(&place),
                    "{name}: {across} = {place} is outside the card"
                );
            }
        }
        for point in node.attribute("points").unwrap_or_default().split_whitespace() {
            let (x, y) = point.split_once(',').unwrap();
            assert!(
                (0.0..=width).contains(&number(x)) && (0.0..=height).contains(&number(y)),
                "{name}: {point}"
            );
        }
    }
}

/// Numbers that look random and are the same every time.
pub fn noise(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0 - 0.5
    }
}
