//! A table is read, looked at and turned into numbers, or says in words why not.

use course_lib::data::DataFrame;
use course_lib::notebook::Show;

fn people() -> DataFrame {
    DataFrame::from_csv("name,age,height\nAda,36,165.5\nAlan,41,178\nGrace,85,160.25\n").unwrap()
}

fn message<T>(result: course_lib::error::Result<T>) -> String {
    match result {
        Ok(_) => panic!("expected an error"),
        Err(error) => error.to_string(),
    }
}

fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

fn html(frame: &DataFrame) -> String {
    let rich = frame.rich();
    rich.forms()
        .iter()
        .find(|(mime, _)| *mime == "text/html")
        .map(|(_, html)| html.clone())
        .unwrap()
}

#[test]
fn a_table_knows_its_shape_columns_and_first_rows() {
    let frame = people();
    assert_eq!(frame.shape(), (3, 3));
    assert_eq!(frame.columns(), ["name", "age", "height"]);
    assert_eq!(frame.head(2).shape(), (2, 3));
    assert_eq!(frame.head(99).shape(), (3, 3));
    assert_eq!(frame.head(0).shape(), (0, 3));
}

#[test]
fn columns_are_chosen_left_out_and_read() {
    let frame = people();
    assert_eq!(
        frame.select(&["height", "name"]).unwrap().columns(),
        ["height", "name"]
    );
    assert_eq!(frame.drop(&["age"]).unwrap().columns(), ["name", "height"]);
    assert_eq!(frame.column("age").unwrap(), [36.0, 41.0, 85.0]);
    assert_eq!(frame.words("name").unwrap(), ["Ada", "Alan", "Grace"]);
    assert_eq!(frame.is("name", "Alan").unwrap(), [0.0, 1.0, 0.0]);
}

#[test]
fn columns_become_a_tensor_row_after_row() {
    let tensor = people().to_tensor(&["height", "age"]).unwrap();
    assert_eq!(tensor.shape(), [3, 2]);
    assert_eq!(tensor.to_vec(), [165.5, 36.0, 178.0, 41.0, 160.25, 85.0]);
}

#[test]
fn whatever_polars_can_do_is_there_too() {
    assert_eq!(people().height(), 3);
}

#[test]
fn a_decimal_point_that_comes_late_does_not_break_the_column() {
    let rows: String = (0..500).map(|row| format!("{row}\n")).collect();
    let frame = DataFrame::from_csv(&format!("x\n{rows}0.25\n")).unwrap();
    assert_eq!(frame.column("x").unwrap()[500], 0.25);
}

#[test]
fn an_unknown_column_is_named_with_the_nearest_known_one() {
    let text = message(people().column("hieght"));
    assert_says(
        &text,
        &[
            "column:",
            "`hieght`",
            "did you mean `height`?",
            "`name`, `age`, `height`",
        ],
    );
    assert_says(
        &message(people().select(&["salary"])),
        &["select:", "`salary`", "the columns are"],
    );
    assert_says(&message(people().drop(&["salary"])), &["drop:", "`salary`"]);
    assert_says(&message(people().select(&["age", "age"])), &["`age` twice"]);
}

#[test]
fn words_asked_for_as_numbers_are_shown_with_their_row() {
    assert_says(
        &message(people().column("name")),
        &["numbers in column `name`", "row 0: `Ada`", "frame.is("],
    );
    assert_says(
        &message(people().to_tensor(&["age", "name"])),
        &["to_tensor:", "column `name`"],
    );
    assert_says(
        &message(people().is("name", "Grce")),
        &["`Grce`", "did you mean `Grace`?"],
    );
}

#[test]
fn a_missing_value_is_named_with_its_column_and_row() {
    let frame = DataFrame::from_csv("a,b\n1,2\n3,\n5,6\n").unwrap();
    assert_says(
        &message(frame.column("b")),
        &["column `b`", "a missing value in row 1", "drop_missing"],
    );
    assert_eq!(frame.drop_missing().unwrap().column("b").unwrap(), [2.0, 6.0]);

    let frame = DataFrame::from_csv("a\n1.5\nNaN\n").unwrap();
    assert_says(&message(frame.to_tensor(&["a"])), &["column `a`", "NaN in row 1"]);
    let frame = DataFrame::from_csv("a\n1.5\n1e99\n").unwrap();
    assert_says(&message(frame.column("a")), &["column `a`", "in row 1"]);
}

#[test]
fn a_tensor_of_no_column_or_no_row_is_refused() {
    assert_says(
        &message(people().to_tensor(&[] as &[&str])),
        &["to_tensor:", "at least one row and one column"],
    );
    assert_says(&message(people().head(0).to_tensor(&["age"])), &["0 rows"]);
}

#[test]
fn a_file_that_is_missing_empty_or_no_csv_says_so() {
    let folder = std::env::temp_dir().join(format!("course-csv-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let with = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.join(name), bytes).unwrap();
        message(DataFrame::read_csv(folder.join(name)))
    };
    assert_says(
        &message(DataFrame::read_csv(folder.join("none.csv"))),
        &["read_csv:", "none.csv", "does not exist"],
    );
    assert_says(
        &message(DataFrame::read_csv("no/such.csv")),
        &["a relative path starts from"],
    );
    assert_says(
        &message(DataFrame::read_csv(&folder)),
        &["read_csv:", "a CSV file"],
    );
    assert_says(&with("empty.csv", b""), &["empty.csv", "which is empty"]);
    assert_says(&with("blank.csv", b" \n\n"), &["which is empty"]);
    assert_says(
        &with("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        &["picture.csv", "not UTF-8 text"],
    );
    assert_says(&with("zero.csv", b"a,b\n1,\0\n"), &["not text"]);
    assert_says(
        &with("ragged.csv", b"a,b\n1,2\n1,2,3,4\n"),
        &["ragged.csv", "CSV: a line of column names"],
    );
    assert_says(&with("twice.csv", b"a,a\n1,2\n"), &["two columns are named `a`"]);
    std::fs::write(folder.join("good.csv"), "a,b\n1,2\n").unwrap();
    assert_eq!(
        DataFrame::read_csv(folder.join("good.csv")).unwrap().shape(),
        (1, 2)
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn values_are_counted_the_most_frequent_first() {
    let frame = DataFrame::from_csv("fruit\npear\napple\napple\n\"\"\napple\n").unwrap();
    let counts = frame.value_counts("fruit").unwrap();
    assert_eq!(counts.columns(), ["fruit", "count", "%"]);
    assert_eq!(counts.words("fruit").unwrap()[0], "apple");
    assert_eq!(counts.column("count").unwrap()[0], 3.0);
    assert_eq!(counts.column("%").unwrap()[0], 60.0);
    assert_says(&message(frame.value_counts("froot")), &["did you mean `fruit`?"]);
}

#[test]
fn a_description_leaves_out_words_and_missing_values() {
    let frame = DataFrame::from_csv("name,x,one\na,1,4\nb,,\nc,3,\n").unwrap();
    let description = frame.describe().unwrap();
    assert_eq!(description.words("column").unwrap(), ["x", "one"]);
    assert_eq!(description.column("count").unwrap(), [2.0, 1.0]);
    assert_eq!(description.column("mean").unwrap(), [2.0, 4.0]);
    // One value has no spread, as in pandas.
    assert_says(&message(description.column("std")), &["NaN in row 1"]);
    let words = DataFrame::from_csv("name\na\n").unwrap();
    assert_says(
        &message(words.describe()),
        &["describe:", "at least one column of numbers"],
    );
}

#[test]
fn a_table_shows_as_aligned_text_and_as_html() {
    let frame = people();
    assert_eq!(
        frame.to_string(),
        "name   age  height\n\
         -----  ---  ------\n\
         Ada     36  165.50\n\
         Alan    41  178.00\n\
         Grace   85  160.25\n\
         3 rows × 3 columns"
    );
    let html = html(&frame);
    assert_says(
        &html,
        &[
            "<td style=\"text-align: right\">165.50</td>",
            "<td style=\"text-align: left\">Ada</td>",
        ],
    );
    assert_says(&html, &["3 rows × 3 columns"]);
}

#[test]
fn what_comes_from_data_cannot_break_the_page() {
    let frame = DataFrame::from_csv("<b>x</b>\n<script>alert('1 & \"2\"')</script>\n").unwrap();
    let html = html(&frame);
    assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    assert_says(&html, &["&lt;b&gt;x&lt;/b&gt;", "&lt;script&gt;"]);
}

#[test]
fn a_large_table_is_cut_in_the_middle_both_ways() {
    let names: Vec<String> = (0..40).map(|column| format!("c{column}")).collect();
    let row = |row: usize| {
        (0..40)
            .map(|column| (row * column).to_string())
            .collect::<Vec<_>>()
            .join(",")
    };
    let rows: Vec<String> = (0..500).map(row).collect();
    let frame = DataFrame::from_csv(&format!("{}\n{}\n", names.join(","), rows.join("\n"))).unwrap();
    let text = frame.to_string();
    assert_eq!(text.lines().count(), 2 + 11 + 1, "{text}");
    assert_says(&text, &["c0", "c39", "…", "500 rows × 40 columns"]);
    assert!(!text.contains("c20"), "{text}");
    let header = text.lines().next().unwrap();
    assert_eq!(header.split_whitespace().count(), 12, "{header}");
}

#[test]
fn a_long_cell_is_shortened_and_a_missing_one_is_a_dash() {
    let frame =
        DataFrame::from_csv(&format!("text,number\n{},\n\"two\nlines\",2\n", "é".repeat(300))).unwrap();
    let text = frame.to_string();
    assert_says(&text, &["é…", "—", "two lines"]);
    assert!(text.lines().all(|line| line.chars().count() < 80), "{text}");
}

#[test]
fn results_become_a_table_column_by_column() {
    let table = DataFrame::new()
        .with("seed", &[1, 2])
        .and_then(|table| table.with("accuracy", &[0.98_f32, 0.99]))
        .and_then(|table| table.with_words("verdict", &["good", "better"]))
        .unwrap();
    assert_eq!(table.columns(), ["seed", "accuracy", "verdict"]);
    assert_eq!(table.column("accuracy").unwrap(), [0.98, 0.99]);
    assert!(html(&table).contains(">2</td>"), "{}", html(&table));
    assert!(html(&table).contains(">0.99</td>"), "{}", html(&table));

    let short = message(table.clone().with("short", &[1.0]));
    assert_says(&short, &["2 values for column `short`", "got 1"]);
    let twice = message(table.with_words("seed", &["a", "b"]));
    assert_says(&twice, &["`seed`", "a name of its own"]);
}
