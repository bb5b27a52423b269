//! The kernel as a front end sees it: the built program, driven over real sockets.

mod support;

use jupyter_protocol::{CompleteRequest, InspectRequest, IsCompleteRequest, JupyterMessage};
use serde_json::json;
use std::time::{Duration, Instant};
use support::client::{Kernel, execute_request};

#[test]
fn cells_print_show_and_return_values_in_order() {
    let mut kernel = Kernel::start();

    let answer = kernel.execute("println!(\"one\"); eprintln!(\"two\"); print!(\"three\");");
    assert_eq!(answer.status(), "ok", "{answer:?}");
    assert_eq!(
        answer.stream("stdout"),
        "one\nthree",
        "also what has no line feed"
    );
    assert_eq!(answer.stream("stderr"), "two\n");
    assert_eq!(answer.kinds(), ["execute_input", "stream", "stream", "stream"]);
    assert_eq!(answer.reply["execution_count"], 1);

    assert_eq!(kernel.execute("let a = 20 + 1;").result(), None);
    let answer = kernel.execute("a * 2");
    assert_eq!(answer.result(), Some("42"));
    assert_eq!(answer.of("execute_result").next().unwrap()["execution_count"], 3);

    let displays = kernel.execute(
        "for text in [\"<b>1</b>\", \"<b>2</b>\"] {\n\
         println!(\"EVCXR_BEGIN_CONTENT text/html\\n{text}\\nEVCXR_END_CONTENT\");\n}\nprintln!(\"after\");",
    );
    assert_eq!(
        displays.kinds(),
        ["execute_input", "display_data", "display_data", "stream"]
    );
    let html: Vec<&str> = displays
        .of("display_data")
        .filter_map(|content| content["data"]["text/html"].as_str())
        .collect();
    assert_eq!(html, ["<b>1</b>", "<b>2</b>"]);

    // The library is there without a `:dep` line, and the line that the stock kernel needs costs nothing.
    let shown = kernel.execute(
        "use course_lib::notebook::{Rich, Show};\nstruct Dot;\nimpl Show for Dot {\n    fn rich(&self) -> Rich {\n        \
         Rich::text(\"dot\").svg(\"<svg/>\")\n    }\n}\ncourse_lib::shows_itself!(Dot);\nDot.show();\nDot",
    );
    assert_eq!(
        shown.kinds(),
        ["execute_input", "display_data", "execute_result"],
        "{shown:?}"
    );
    assert_eq!(
        shown.of("execute_result").next().unwrap()["data"]["image/svg+xml"],
        "<svg/>"
    );
    // The session's first `?` costs the picture nothing.
    let picture = kernel.execute(
        "use course_lib::plot::Figure;\nFigure::new().line(\"a\", &[0.0, 1.0], &[0.0, 1.0]).draw()?",
    );
    let data = &picture.of("execute_result").next().unwrap()["data"];
    assert!(data["image/svg+xml"].is_string(), "{picture:?}");
    let undrawn = kernel.execute("Figure::new().line(\"a\", &[0.0, 1.0], &[0.0, 1.0])");
    let data = &undrawn.of("execute_result").next().unwrap()["data"];
    assert!(data["image/svg+xml"].is_string(), "it draws itself: {undrawn:?}");
    let since = Instant::now();
    let dep = format!(
        ":dep course-lib = {{ path = {:?} }}",
        support::root().join("course-lib")
    );
    assert_eq!(kernel.execute(&dep).status(), "ok");
    assert!(
        since.elapsed() < Duration::from_secs(1),
        "a `:dep` line for the library was compiled"
    );

    let live = kernel.execute(
        "let mut live = course_lib::notebook::LiveDisplay::new();\nlive.update(&Rich::text(\"epoch 1\"));\n\
         live.finish(&Rich::text(\"epoch 2\"));",
    );
    assert_eq!(
        live.kinds(),
        ["execute_input", "display_data", "update_display_data"],
        "{live:?}"
    );
    let ids: Vec<_> = live.published[1..]
        .iter()
        .map(|(_, c)| &c["transient"]["display_id"])
        .collect();
    assert!(ids[0] == ids[1] && ids[0].is_string());

    assert_eq!(
        kernel.execute("for _ in 0..2 {}").result(),
        None,
        "a loop's () is no value to show"
    );
    assert_eq!(kernel.execute("").status(), "ok");
    assert_eq!(kernel.execute("// nothing but a comment").status(), "ok");
    let vars = kernel.execute(":vars");
    assert!(
        vars.of("execute_result")
            .any(|content| content.to_string().contains("a")),
        "{vars:?}"
    );

    let silent = kernel.ask(execute_request(
        "println!(\"unseen\"); a",
        &json!({"silent": true}),
    ));
    assert_eq!((silent.status(), silent.published.len()), ("ok", 0), "{silent:?}");

    let much = kernel.execute("for i in 0..200_000 { println!(\"line {i} of a long output\"); }");
    let text = much.stream("stdout");
    assert_eq!(text.lines().count(), 200_000);
    assert_eq!(text.lines().last(), Some("line 199999 of a long output"));

    let bytes = kernel.execute(
        "{ use std::io::Write; std::io::stdout().write_all(b\"a\\xff\\xfeb\\n\")?; }\nprintln!(\"after\");",
    );
    assert_eq!(bytes.stream("stdout"), "a\u{fffd}\u{fffd}b\nafter\n", "{bytes:?}");
}

#[test]
fn errors_are_errors_and_variables_survive_what_can_be_survived() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute("let kept = vec![1, 2, 3];").status(), "ok");

    let compile = kernel.execute("let ok = 1;\nlet wrong: i32 = \"text\";");
    assert_eq!(compile.status(), "error");
    assert_eq!(compile.reply["ename"], "CompileError");
    assert!(
        compile.reply["evalue"]
            .as_str()
            .unwrap()
            .contains("mismatched types (E0308)")
    );
    let traceback = compile.traceback();
    assert!(
        traceback.contains("cell 2:2:") && traceback.contains("let wrong: i32"),
        "{traceback}"
    );
    assert!(!traceback.contains("evcxr"), "{traceback}");

    let closure = kernel.execute("let f = |x: i32| x + 1;");
    assert_eq!(closure.reply["ename"], "CompileError");
    let told = closure.traceback();
    assert!(
        told.contains("cell 3:1:5") && told.contains("let f: Box<dyn Fn(f32) -> f32>"),
        "{told}"
    );

    let panic = kernel.execute("println!(\"before\");\nlet index = 7;\nlet x = kept[index];");
    assert_eq!(
        (panic.status(), panic.stream("stdout").as_str()),
        ("error", "before\n")
    );
    assert_eq!(panic.reply["ename"], "Panic");
    assert_eq!(
        panic.reply["evalue"],
        "index out of bounds: the len is 3 but the index is 7"
    );
    let traceback = panic.traceback();
    assert!(
        traceback.contains("cell 4:3:1") && traceback.contains("kept[index]"),
        "{traceback}"
    );
    assert!(
        !traceback.contains("rustc") && !traceback.contains("stack backtrace"),
        "{traceback}"
    );
    assert_eq!(panic.stream("stderr"), "", "a panic is told once");
    assert_eq!(
        kernel.execute("kept.len()").result(),
        Some("3"),
        "variables survive a panic"
    );

    kernel.execute("fn fails(n: i32) -> i32 {\n    if n > 0 {\n        panic!(\"deep\");\n    }\n    n\n}");
    let deep = kernel.execute("fails(1)");
    assert!(deep.traceback().contains("cell 6:3:9"), "{}", deep.traceback());

    let left = kernel
        .execute("eprintln!(\"a warning\");\nlet n: i32 = \"x\".parse::<i32>()?;\nprintln!(\"unseen\");");
    assert_eq!(
        (left.status(), left.reply["ename"].as_str()),
        ("error", Some("ParseIntError"))
    );
    assert_eq!(left.reply["evalue"], "invalid digit found in string");
    assert_eq!(
        left.stream("stderr"),
        "a warning\n",
        "what the cell printed is not the error"
    );
    assert_eq!(left.stream("stdout"), "");
    assert!(left.traceback().contains("cell 8:2:"), "{}", left.traceback());

    for (code, how) in [
        ("std::process::exit(3)", "exit status: 3"),
        ("std::process::abort()", "SIGABRT"),
        (
            "fn f(n: u64) -> u64 { if n == 0 { 0 } else { std::hint::black_box(f(n + 1)) + 1 } }\nf(1)",
            "signal",
        ),
    ] {
        kernel.execute("let gone = 1;");
        let died = kernel.execute(&format!("println!(\"last words\");\n{code};"));
        assert_eq!(
            (died.status(), died.reply["ename"].as_str()),
            ("error", Some("ProcessDied")),
            "{died:?}"
        );
        assert!(died.reply["evalue"].as_str().unwrap().contains(how), "{died:?}");
        assert_eq!(died.stream("stdout"), "last words\n");
        assert!(
            died.traceback().contains("All variables are gone"),
            "{}",
            died.traceback()
        );
        let after = kernel.execute("gone");
        assert_eq!(after.reply["ename"], "CompileError", "{after:?}");
        assert_eq!(
            kernel.execute("course_lib::notebook::interrupted()").result(),
            Some("false")
        );
    }

    let thread = kernel
        .execute("let r = std::thread::spawn(|| { if true { panic!(\"elsewhere\") } }).join().is_err();\nr");
    assert_eq!(
        (thread.status(), thread.result()),
        ("ok", Some("true")),
        "{thread:?}"
    );
    assert!(thread.stream("stderr").contains("elsewhere"), "{thread:?}");

    let iterator = kernel.execute("let doubled = vec![1].into_iter().map(|x| 2 * x);");
    assert!(
        iterator.traceback().contains("collect()"),
        "{}",
        iterator.traceback()
    );
}

/// rust-analyzer reads a short copy of the standard library; nothing that a cell can name may be missing there.
#[test]
fn variables_get_the_types_that_the_standard_library_gives() {
    let mut kernel = Kernel::start();
    if !rust_src() {
        eprintln!("set-up could not install rust-src: no session knows the standard library then");
        return;
    }
    let typed = [
        ("has_avx2", "std::is_x86_feature_detected!(\"avx2\")", "bool"),
        (
            "words",
            "std::collections::HashMap::from([(\"a\", 1.5)])",
            "std::collections::HashMap<&'static str, f64>",
        ),
        (
            "first",
            "words.iter().map(|(k, v)| (k.len(), *v)).next()",
            "Option<(usize, f64)>",
        ),
        ("largest", "words.values().copied().fold(0.0, f64::max)", "f64"),
        (
            "unique",
            "std::collections::HashSet::from([1, 2])",
            "std::collections::HashSet<i32>",
        ),
        (
            "common",
            "unique.intersection(&unique).copied().collect::<Vec<_>>()",
            "Vec<i32>",
        ),
        ("double", "[1.0_f32; 4].map(|x| x * 2.0)", "[f32; 4]"),
        (
            "parsed",
            "\"12\".parse::<u8>().ok().and_then(|n| n.checked_add(1))",
            "Option<u8>",
        ),
        ("five", "std::thread::spawn(|| 5).join().unwrap()", "i32"),
        (
            "lines",
            "std::process::Command::new(\"ls\").output()?.stdout",
            "Vec<u8>",
        ),
        (
            "user",
            "std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(\"/\")?)",
            "u32",
        ),
        (
            "kept",
            "std::sync::Arc::new(std::sync::Mutex::new(vec![\"a\"]))",
            "std::sync::Arc<std::sync::Mutex<Vec<&'static str>>>",
        ),
        (
            "sorted",
            "std::collections::BinaryHeap::from(vec![3, 1]).into_sorted_vec()",
            "Vec<i32>",
        ),
        (
            "address",
            "\"127.0.0.1:80\".parse::<std::net::SocketAddr>()?",
            "std::net::SocketAddr",
        ),
        ("hello", "\"olleh\".chars().rev().collect::<String>()", "String"),
    ];
    let cell: String = typed
        .iter()
        .map(|(name, value, _)| format!("let {name} = {value};\n"))
        .collect();
    let answer = kernel.execute(&cell);
    assert_eq!(answer.status(), "ok", "{answer:?}");
    let told = kernel.execute(":vars");
    let told = format!("{}{}", told.stream("stdout"), told.result().unwrap_or_default());
    for (name, _, kind) in typed {
        assert!(
            told.lines().any(|line| line == format!("{name}: {kind}")),
            "{name}: {kind} in\n{told}"
        );
    }
}

#[test]
fn cells_with_variables_are_as_the_learner_wrote_them() {
    let mut kernel = Kernel::start();
    // Patterns, types that the cell defines itself, one name twice, a value at the end.
    let answer = kernel.execute(
        "struct Point { x: f64, y: i64 }\nlet (a, mut b) = (1u8, vec![1.5]);\n\
         let Point { x, y: height } = Point { x: 0.5, y: 2 };\nlet a = f64::from(a) + x; // one more\n\
         let Some(c) = Some(\"c\") else { panic!() };\nb.push(a);\n(a, b.len(), height, c)",
    );
    assert_eq!(answer.result().unwrap(), "(1.5, 2, 2, \"c\")", "{answer:?}");
    let answer = kernel.execute("b.push(2.5); (a, b, height, c, x)");
    assert_eq!(
        answer.result().unwrap(),
        "(1.5, [1.5, 1.5, 2.5], 2, \"c\", 0.5)",
        "{answer:?}"
    );

    // What is behind a variable in its line is told where the learner sees it.
    for (code, place) in [
        ("let ä = 5; ä.nothing()", ":1:14 "),
        ("let one = 1;\nlet two = 2; let three: i32 = \"3\"; two", ":2:31 "),
        ("let owned = vec![1]; let part = &owned[..]; part.len()", ":1:26 "),
    ] {
        let told = kernel.execute(code).traceback();
        assert!(told.contains(place), "{code}\n{told}");
        assert!(!told.contains("cfg("), "{told}");
    }
    let panic = kernel
        .execute("let zero = \"0\".parse::<usize>()?;\nlet part = 1 / zero; part\n")
        .traceback();
    assert!(panic.contains("divide by zero"), "{panic}");
    let panic = kernel
        .execute("let zero = \"0\".parse::<usize>()?;\nlet part = 1 / zero;\npart")
        .traceback();
    assert!(panic.contains(":2:1 ") && !panic.contains("cfg("), "{panic}");

    // A crate that a cell names is known in that cell, and after it.
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).unwrap();
    std::fs::create_dir(folder.path().join("src")).unwrap();
    write(
        "Cargo.toml",
        "[package]\nname = \"kettle\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n",
    );
    write(
        "src/lib.rs",
        "/// Boils.\npub struct Kettle(pub f32);\npub fn kettle() -> Kettle { Kettle(100.0) }\n",
    );
    let answer = kernel.execute(&format!(
        "// Tea\n:dep kettle = {{ path = {:?} }}\nlet kettle = kettle::kettle();",
        folder.path()
    ));
    assert_eq!(answer.status(), "ok", "{answer:?}");
    assert_eq!(kernel.execute("kettle.0").result().unwrap(), "100.0");
    let variables = kernel.execute(":vars").result().unwrap().to_owned();
    assert!(variables.contains("kettle: kettle::Kettle"), "{variables}");
    let about = kernel.execute(":doc kettle::Kettle").result().unwrap().to_owned();
    assert!(about.contains("Boils."), "{about}");
}

/// evcxr adds tokio then. Where that is not built as the library has it, cargo builds polars and the library once more,
/// for longer than these tests wait.
#[test]
fn a_cell_may_await() {
    let mut kernel = Kernel::start();
    let answer = kernel
        .execute("use course_lib::prelude::*;\nasync fn ones() -> Result<Tensor> { Tensor::ones([2]) }");
    assert_eq!(answer.status(), "ok", "{answer:?}");
    let answer = kernel.execute("let ones = ones().await?;\nones.sum().item()?");
    assert_eq!(answer.result(), Some("2.0"), "{answer:?}");
    // The runtime lives on with its threads.
    let answer = kernel.execute("tokio::spawn(async { 21 * 2 }).await?");
    assert_eq!(answer.result(), Some("42"), "{answer:?}");
}

#[test]
fn interrupt_while_rust_starts_stops_the_cells_that_wait_for_it() {
    let mut kernel = Kernel::start();
    let send = |kernel: &mut Kernel, code: &str| {
        let request = execute_request(code, &json!({}));
        let id = request.header.msg_id.clone();
        kernel.send(request);
        id
    };
    let early = ["let early = 1;", "println!(\"never\");"].map(|code| send(&mut kernel, code));
    // They come on another socket than the interrupt.
    std::thread::sleep(Duration::from_millis(500));
    kernel.interrupt();
    std::thread::sleep(Duration::from_millis(500));
    let late = send(&mut kernel, "let late = 2; println!(\"{late}\");");

    let [first, second] = early.map(|id| kernel.collect(&id));
    assert_eq!(first.reply["ename"], "KeyboardInterrupt", "{first:?}");
    assert!(first.traceback().contains("was not run"), "{first:?}");
    assert_eq!(second.status(), "aborted", "{second:?}");
    assert_eq!(second.stream("stdout"), "");
    let late = kernel.collect(&late);
    assert_eq!(late.stream("stdout"), "2\n", "{late:?}");
}

#[test]
fn cells_queued_behind_a_failed_one_are_not_run() {
    let mut kernel = Kernel::start();
    let cells = [
        "let a = 1;",
        "panic!(\"stop\");",
        "println!(\"never\");",
        "println!(\"never\");",
    ];
    let requests: Vec<JupyterMessage> = cells
        .iter()
        .map(|code| execute_request(code, &json!({})))
        .collect();
    let ids: Vec<String> = requests
        .iter()
        .map(|request| request.header.msg_id.clone())
        .collect();
    for request in requests {
        kernel.send(request);
    }
    let answers: Vec<_> = ids.iter().map(|id| kernel.collect(id)).collect();
    let statuses: Vec<&str> = answers.iter().map(support::client::Answer::status).collect();
    assert_eq!(statuses, ["ok", "error", "aborted", "aborted"]);
    assert!(answers[2].published.is_empty());

    let sent = [
        execute_request("panic!(\"go on\");", &json!({"stop_on_error": false})),
        execute_request("println!(\"runs\");", &json!({})),
    ];
    std::thread::sleep(Duration::from_millis(300));
    let ids: Vec<String> = sent.iter().map(|request| request.header.msg_id.clone()).collect();
    for request in sent {
        kernel.send(request);
    }
    kernel.collect(&ids[0]);
    assert_eq!(kernel.collect(&ids[1]).stream("stdout"), "runs\n");
}

#[test]
fn output_arrives_while_the_cell_runs_and_interrupt_stops_it() {
    let mut kernel = Kernel::start();
    kernel.execute("let kept = 5;");

    let listens = execute_request(
        "print!(\"working\"); { use std::io::Write; std::io::stdout().flush()?; }\n\
         while !course_lib::notebook::interrupted() { std::thread::sleep(std::time::Duration::from_millis(5)); }\n\
         Err(course_lib::error::Error::interrupted(\"loop\"))?;",
        &json!({}),
    );
    let id = listens.header.msg_id.clone();
    kernel.send(listens);
    assert_eq!(kernel.wait_for_output(&id), "working");
    let since = Instant::now();
    kernel.interrupt();
    let stopped = kernel.collect(&id);
    assert!(
        since.elapsed() < Duration::from_millis(1500),
        "{:?}",
        since.elapsed()
    );
    assert_eq!(
        (stopped.status(), stopped.reply["ename"].as_str()),
        ("error", Some("KeyboardInterrupt"))
    );
    assert_eq!(
        kernel.execute("kept").result(),
        Some("5"),
        "a loop that listens loses nothing"
    );

    let deaf = execute_request("println!(\"deaf\"); loop { std::hint::spin_loop(); }", &json!({}));
    let id = deaf.header.msg_id.clone();
    kernel.send(deaf);
    assert_eq!(kernel.wait_for_output(&id), "deaf\n");
    kernel.interrupt();
    let killed = kernel.collect(&id);
    assert_eq!(killed.reply["ename"], "KeyboardInterrupt");
    assert!(
        killed.traceback().contains("run again: cell 1 (`kept`)"),
        "{}",
        killed.traceback()
    );
    assert_eq!(kernel.execute("1 + 1").result(), Some("2"), "the kernel goes on");
    assert_eq!(kernel.execute("kept").status(), "error");
}

/// evcxr alone would forget all that the cell has made, for it stores variables at the end of a cell.
#[test]
fn what_a_cell_has_made_stays_when_an_error_or_an_interrupt_leaves_it() {
    let mut kernel = Kernel::start();
    let left = kernel.execute(
        "use course_lib::prelude::*;\nlet first = vec![1, 2];\nlet gone = first.clone();\ndrop(gone);\n\
         for word in [\"1\", \"x\"] {\n    let never_kept: i32 = word.parse()?;\n}\nlet later = 3;",
    );
    assert_eq!(left.reply["ename"], "ParseIntError", "{left:?}");
    assert_eq!(kernel.execute("first").result(), Some("[1, 2]"));
    for name in ["gone", "never_kept", "later"] {
        assert_eq!(kernel.execute(name).status(), "error", "{name}");
    }

    let training = execute_request(
        "let x = Tensor::from_rows(&[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])?;\n\
         let y = Tensor::from_rows(&[[0.0], [1.0], [1.0], [0.0]])?;\n\
         let layers = layers![Dense::new(8).activation(Tanh), Dense::new(1).activation(Sigmoid)];\n\
         let mut model = Sequential::new(Input(2), layers, Seed(7))?;\n\
         model.compile(Adam::default(), Loss::BinaryCrossentropy, &[Metric::Accuracy])?;\n\
         let untrained = model.evaluate(&x, &y)?.get(\"loss\")?;\n\
         let history = model.fit(&x, &y, Fit { epochs: 50_000_000, ..Fit::default() })?;",
        &json!({}),
    );
    let id = training.header.msg_id.clone();
    kernel.send(training);
    kernel.wait_for("update_display_data", &id);
    kernel.interrupt();
    let stopped = kernel.collect(&id);
    assert_eq!(stopped.reply["ename"], "KeyboardInterrupt", "{stopped:?}");
    assert!(
        stopped
            .traceback()
            .contains("also `x`, `y`, `model`, `untrained`, which this cell made"),
        "{}",
        stopped.traceback()
    );
    let better = kernel.execute("model.evaluate(&x, &y)?.get(\"loss\")? < untrained");
    assert_eq!(better.result(), Some("true"), "{better:?}");

    // What is not there is not said to be there.
    let stopped = execute_request(
        "let list = vec![1, 2];\nlet sum: i32 = list.iter().sum();\nwhile !course_lib::notebook::interrupted() {}\n\
         Err(Error::interrupted(\"the loop\"))?;",
        &json!({}),
    );
    let id = stopped.header.msg_id.clone();
    kernel.send(stopped);
    kernel.wait_for("execute_input", &id);
    std::thread::sleep(Duration::from_secs(2));
    kernel.interrupt();
    let told = kernel.collect(&id).traceback();
    assert!(told.contains("also `list`, `sum`, which"), "{told}");
    assert_eq!(kernel.execute("list.len() + sum as usize").result(), Some("5"));
}

#[test]
fn an_interrupt_is_never_lost() {
    let mut kernel = Kernel::start();
    kernel.execute("let kept = 5;");
    let send = |kernel: &mut Kernel, code: &str| {
        let request = execute_request(code, &json!({}));
        let id = request.header.msg_id.clone();
        kernel.send(request);
        id
    };
    // Cells that end by themselves before anybody would have to end them.
    let short = "println!(\"short\");\nstd::thread::sleep(std::time::Duration::from_millis(900));";
    let ids = [short, "println!(\"never\");", short].map(|code| send(&mut kernel, code));
    assert_eq!(kernel.wait_for_output(&ids[0]), "short\n");
    kernel.interrupt();
    let answers = ids.map(|id| kernel.collect(&id));
    assert_eq!(answers[0].reply["ename"], "KeyboardInterrupt", "{answers:?}");
    assert!(
        answers[0].traceback().contains("all variables are kept"),
        "{answers:?}"
    );
    assert_eq!([answers[1].status(), answers[2].status()], ["aborted", "aborted"]);
    assert_eq!(kernel.execute("kept").result(), Some("5"));

    // However it meets many cells in a row, one is interrupted, and none behind that one runs.
    for wait in [0, 100, 250] {
        let ids: Vec<String> = (0..12)
            .map(|n| send(&mut kernel, &format!("println!(\"cell {n}\");")))
            .collect();
        kernel.wait_for("execute_input", &ids[0]);
        std::thread::sleep(Duration::from_millis(wait));
        kernel.interrupt();
        let answers: Vec<_> = ids.iter().map(|id| kernel.collect(id)).collect();
        let place = answers
            .iter()
            .position(|answer| answer.status() == "error")
            .expect("one cell is told of the interrupt");
        assert_eq!(answers[place].reply["ename"], "KeyboardInterrupt");
        assert!(
            answers[place + 1..]
                .iter()
                .all(|answer| answer.status() == "aborted"),
            "{answers:?}"
        );
        assert_eq!(kernel.execute("kept").result(), Some("5"));
    }
}

#[test]
fn a_panic_ends_its_cell_whatever_comes_between_it_and_the_end() {
    let mut kernel = Kernel::start();
    kernel.execute(
        "let kept = 5;\nstruct Loud(u64);\nimpl Drop for Loud {\n    fn drop(&mut self) {\n        \
         std::thread::sleep(std::time::Duration::from_millis(self.0));\n        println!(\"dropped\");\n    }\n}\n\
         struct Bad;\nimpl std::fmt::Debug for Bad {\n    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> \
         std::fmt::Result {\n        panic!(\"undrawable\")\n    }\n}",
    );
    for wait in [0, 700] {
        let code = format!("let loud = Loud({wait});\nif kept == 5 {{\n    panic!(\"while it lives\");\n}}");
        let panic = kernel.execute(&code);
        assert_eq!(panic.reply["ename"], "Panic", "{panic:?}");
        assert_eq!(panic.reply["evalue"], "while it lives", "{panic:?}");
        assert!(panic.traceback().contains("panicked here"), "{panic:?}");
        assert_eq!(panic.stream("stdout"), "dropped\n");
    }
    let undrawable = kernel.execute("println!(\"before\");\nBad");
    assert_eq!(undrawable.reply["evalue"], "undrawable", "{undrawable:?}");
    assert_eq!(
        undrawable.stream("stdout"),
        "before\n",
        "no message of the library is shown"
    );
    let threads = kernel.execute(
        "let other = std::thread::spawn(|| panic!(\"elsewhere\")).join().is_err();\n\
         let own = std::panic::catch_unwind(|| panic!(\"caught\")).is_err();\nprintln!(\"{other} {own}\");",
    );
    assert_eq!(threads.status(), "ok", "{threads:?}");
    assert_eq!(threads.stream("stdout"), "true true\n");
    assert!(threads.stream("stderr").contains("elsewhere"), "{threads:?}");
    assert!(
        threads.stream("stderr").contains("the cell panicked: caught"),
        "{threads:?}"
    );
    // A cell may lead panics elsewhere.
    let quiet = kernel.execute("std::panic::set_hook(Box::new(|_| {}));\npanic!(\"unseen\");");
    assert_eq!(quiet.reply["ename"], "Panic", "{quiet:?}");
    assert_eq!(kernel.execute("kept").result(), Some("5"));
}

#[test]
fn the_session_begins_anew_where_a_cell_asks_for_that() {
    let mut kernel = Kernel::start();
    kernel.execute("use course_lib::prelude::*;\nlet a = 1;\nfn seven() -> i32 { 7 }");
    let restarted =
        kernel.execute(":env COURSE_TEST=here\n:restart\nprintln!(\"{}\", std::env::var(\"COURSE_TEST\")?);");
    assert_eq!(restarted.status(), "ok", "{restarted:?}");
    let said = restarted.stream("stdout");
    assert!(
        said.contains("run again: cell 1 (`a`)") && said.ends_with("here\n"),
        "{said}"
    );
    let unknown = kernel.execute("a");
    assert_eq!(unknown.status(), "error");
    assert!(!unknown.traceback().contains("moved"), "{}", unknown.traceback());
    assert_eq!(
        kernel.execute("seven()").result(),
        Some("7"),
        "functions are kept"
    );

    // The new process is the kernel's as the first one was.
    let listens = |kernel: &mut Kernel| {
        assert_eq!(kernel.execute("panic!(\"seen\")").reply["evalue"], "seen");
        let loops = execute_request(
            "let b = 2;\nprintln!(\"looping\");\nwhile !course_lib::notebook::interrupted() {}\n\
             Err(course_lib::error::Error::interrupted(\"the loop\"))?;",
            &json!({}),
        );
        let id = loops.header.msg_id.clone();
        kernel.send(loops);
        kernel.wait_for_output(&id);
        kernel.interrupt();
        assert_eq!(kernel.collect(&id).reply["ename"], "KeyboardInterrupt");
        assert_eq!(kernel.execute("b").result(), Some("2"));
    };
    listens(&mut kernel);

    assert_eq!(kernel.execute(":clear").status(), "ok");
    assert_eq!(kernel.execute("seven()").status(), "error");
    assert_eq!(kernel.execute("b").status(), "error");
    let answer = kernel.execute("use course_lib::prelude::*;\nTensor::ones([2])?.sum().item()?");
    assert_eq!(answer.result(), Some("2.0"), "{answer:?}");
    listens(&mut kernel);

    let quit = kernel.execute(":quit");
    assert_eq!(quit.reply["ename"], "CommandNotPossible", "{quit:?}");
    assert_eq!(kernel.execute("b").result(), Some("2"));
}

#[test]
fn evcxrs_commands_do_what_they_do_there() {
    let mut kernel = Kernel::start();
    kernel.execute("let rate = 1.5_f32;");
    assert_eq!(kernel.execute(":type rate").result(), Some("rate: f32"));
    assert_eq!(kernel.execute(":opt 3").result(), Some("Optimization: 3\n"));
    assert_eq!(
        kernel.execute("rate * 2.0").result(),
        Some("3.0"),
        "also optimised"
    );
    let help = kernel.execute(":help");
    for command in [":dep", ":vars", ":type", ":opt"] {
        assert!(
            help.result().is_some_and(|text| text.contains(command)),
            "{help:?}"
        );
    }
    assert_eq!(kernel.execute(":timing").result(), Some("Timing: true\n"));
    let timed = kernel.execute("rate");
    assert_eq!(timed.result(), Some("1.5"));
    assert!(
        timed.stream("stdout").starts_with("Took ") && timed.stream("stdout").ends_with(" s\n"),
        "{timed:?}"
    );
    assert_eq!(kernel.execute(":nonsense").status(), "error");
}

#[test]
fn a_cell_may_ask_for_a_line_of_input() {
    let mut kernel = Kernel::start();
    let asks = |kernel: &mut Kernel, code: &str| {
        let request = execute_request(code, &json!({}));
        let id = request.header.msg_id.clone();
        kernel.send(request);
        id
    };
    let id = asks(
        &mut kernel,
        "println!(\"EVCXR_INPUT_REQUEST:name?\");\nlet mut line = String::new();\n\
         std::io::stdin().read_line(&mut line)?;\nprintln!(\"hello {}\", line.trim());",
    );
    assert_eq!(kernel.answer_input("Ada")["prompt"], "name?");
    assert_eq!(kernel.collect(&id).stream("stdout"), "hello Ada\n");

    let id = asks(
        &mut kernel,
        "use course_lib::prelude::*;\nlet epochs: usize = input(\"Epochs: from 1 to 9: \")?.parse()?;\nepochs * 2",
    );
    assert_eq!(kernel.answer_input("4")["prompt"], "Epochs: from 1 to 9: ");
    assert_eq!(kernel.collect(&id).result(), Some("8"));
    // Whoever asks again and again can be interrupted.
    let id = asks(&mut kernel, "loop {\n    input(\"again? \")?;\n}");
    kernel.answer_input("yes");
    kernel.question();
    kernel.interrupt();
    let stopped = kernel.collect(&id);
    assert_eq!(stopped.reply["ename"], "KeyboardInterrupt", "{stopped:?}");
    assert_eq!(kernel.execute("epochs").result(), Some("4"));
}

#[test]
fn front_ends_learn_what_they_ask_for() {
    let mut kernel = Kernel::start();
    let info = kernel
        .ask(JupyterMessage::new(jupyter_protocol::KernelInfoRequest {}, None))
        .reply;
    assert_eq!(
        (info["status"].as_str(), info["language_info"]["name"].as_str()),
        (Some("ok"), Some("rust"))
    );
    assert_eq!(info["language_info"]["file_extension"], ".rs");

    kernel.execute("let größe = String::from(\"é\");");
    // The cursor is counted in characters, not in bytes.
    let code = "let ä = größe.to_upper".to_owned();
    let cursor_pos = code.chars().count();
    let found = kernel
        .ask(JupyterMessage::new(CompleteRequest { code, cursor_pos }, None))
        .reply;
    let has = |name: &str| {
        found["matches"]
            .as_array()
            .unwrap()
            .iter()
            .any(|m| m.as_str().unwrap().starts_with(name))
    };
    if found["matches"].as_array().unwrap().is_empty() {
        // Without the standard library's sources (the component rust-src) its methods are not known; the
        // course library's are.
        assert!(!rust_src(), "{found}");
    } else {
        assert!(has("to_uppercase"), "{found}");
    }
    let code = "course_lib::notebook::Live".to_owned();
    let cursor_pos = code.chars().count();
    let found = kernel
        .ask(JupyterMessage::new(CompleteRequest { code, cursor_pos }, None))
        .reply;
    assert!(
        found["matches"]
            .as_array()
            .unwrap()
            .contains(&json!("LiveDisplay")),
        "{found}"
    );
    assert_eq!(
        (found["cursor_start"].as_u64(), found["cursor_end"].as_u64()),
        (Some(22), Some(26))
    );

    for (code, status) in [("1", "complete"), ("fn f() {", "incomplete"), ("(]", "invalid")] {
        let request = IsCompleteRequest {
            code: code.to_owned(),
        };
        assert_eq!(
            kernel.ask(JupyterMessage::new(request, None)).reply["status"],
            status,
            "{code}"
        );
    }

    let unknown = jupyter_protocol::UnknownMessage {
        msg_type: "odd_request".into(),
        content: json!({}),
    };
    assert_eq!(
        kernel.ask(JupyterMessage::new(unknown, None)).reply["status"],
        "error"
    );
    assert_eq!(kernel.shut_down(true)["restart"], true);
}

#[test]
fn the_kernel_explains_names_errors_and_where_variables_went() {
    let mut kernel = Kernel::start();
    let prelude = "use course_lib::prelude::*;\n/// Twice as much.\nfn double(x: f32) -> f32 { 2.0 * x }\n\
                   let owned = vec![1, 2, 3];";
    assert_eq!(kernel.execute(prelude).status(), "ok");

    let mut inspect = |code: &str, cursor: usize| {
        let request = InspectRequest {
            code: code.to_owned(),
            cursor_pos: cursor,
            detail_level: Some(0),
        };
        kernel.ask(JupyterMessage::new(request, None)).reply
    };
    if rust_src() {
        let reply = inspect("let y = double(1.0);", 10);
        assert!(
            reply["found"] == true && reply["data"]["text/plain"].to_string().contains("Twice as much"),
            "{reply}"
        );
        assert!(reply["data"]["text/html"].to_string().contains("<p>"), "{reply}");
        let reply = inspect("fn inner() {\n    let x = Tensor::linspace(0.0, 1.0, 5);\n}", 42);
        assert!(
            reply["data"]["text/plain"]
                .to_string()
                .contains("pub fn linspace"),
            "{reply}"
        );
        let reply = inspect("owned", 3);
        assert!(
            reply["data"]["text/plain"].to_string().contains("Vec<i32>"),
            "{reply}"
        );
    }
    assert_eq!(inspect("1 + 1", 3)["found"], false);

    let expressions = json!({"sum": "owned.iter().sum::<i32>()", "none": "nothing_here"});
    let answer = kernel.ask(execute_request(
        "println!(\"ran\");",
        &json!({"user_expressions": expressions}),
    ));
    assert_eq!(
        (answer.status(), answer.stream("stdout").as_str()),
        ("ok", "ran\n"),
        "{answer:?}"
    );
    assert_eq!(
        answer.kinds(),
        ["execute_input", "stream"],
        "values asked for aside are shown to nobody else"
    );
    let values = &answer.reply["user_expressions"];
    assert_eq!(values["sum"]["data"]["text/plain"], "6", "{values}");
    assert_eq!(values["none"]["ename"], "CompileError", "{values}");

    assert_eq!(kernel.execute("let taken = owned;").status(), "ok");
    let gone = kernel.execute("owned.len()").traceback();
    assert!(gone.contains("`owned` was moved by cell 3"), "{gone}");
    assert!(gone.contains(":explain E0425"), "{gone}");

    // A type that is defined anew takes its old values along, which is told where one is asked for.
    kernel.execute("struct Point { x: f32 }\nlet point = Point { x: 1.5 };");
    assert_eq!(kernel.execute("struct Point { x: f32, y: f32 }").status(), "ok");
    assert_eq!(kernel.execute("println!(\"beside\");").status(), "ok");
    let lost = kernel.execute("println!(\"{}\", point.x);");
    assert_eq!(lost.reply["status"], "error", "{lost:?}");
    assert!(
        lost.stream("stderr")
            .contains("variable point was redefined, so was lost"),
        "{lost:?}"
    );

    let explained = kernel.execute(":explain E0382");
    let shown = explained.of("execute_result").next().unwrap()["data"].to_string();
    assert!(
        shown.contains("moved") && shown.contains("text/markdown"),
        "{shown}"
    );
    assert_eq!(kernel.execute(":explain nonsense").status(), "error");

    let slice = kernel.execute("let slice = &taken[1..];").traceback();
    assert!(slice.contains(".to_vec()"), "{slice}");

    // Which calls led to a panic is told only on request.
    let panic = "let none: Option<u8> = None;\nnone.unwrap();";
    assert!(!kernel.execute(panic).traceback().contains("unwrap_failed"));
    assert!(
        kernel
            .execute(":backtrace")
            .result()
            .unwrap()
            .contains(":backtrace off")
    );
    let traced = kernel.execute(panic).traceback();
    assert!(traced.contains("core::option::unwrap_failed"), "{traced}");
    assert!(
        !traced.contains("load_and_run") && !traced.contains("report_panic"),
        "{traced}"
    );
    assert!(
        kernel
            .execute(":backtrace perhaps")
            .traceback()
            .contains("expected `:backtrace on`")
    );
    kernel.execute(":backtrace off");
    assert!(!kernel.execute(panic).traceback().contains("unwrap_failed"));
}

fn rust_src() -> bool {
    let output = std::process::Command::new("rustc")
        .args(["--print", "sysroot"])
        .output()
        .unwrap();
    let sysroot = String::from_utf8(output.stdout).unwrap();
    std::path::Path::new(sysroot.trim())
        .join("lib/rustlib/src/rust/library/std")
        .is_dir()
}
