//! What a kernel has to bear: clients that lie, cells that do their worst to their process, learners who lose patience.

mod support;

use jupyter_protocol::{JupyterMessage, JupyterMessageContent, KernelInfoRequest, UnknownMessage};
use serde_json::json;
use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};
use support::client::{Answer, Kernel, execute_request};

/// C functions that std does not show, for cells that do without it.
const C: &str = "unsafe extern \"C\" { fn close(descriptor: i32) -> i32; fn fork() -> i32; fn setsid() -> i32; \
                 fn _exit(status: i32) -> !; }";

/// Sends a cell without waiting for its end.
fn send(kernel: &mut Kernel, code: &str) -> String {
    let request = execute_request(code, &json!({}));
    let id = request.header.msg_id.clone();
    kernel.send(request);
    id
}

/// Runs a cell that works, and so shows that the kernel does.
fn goes_on(kernel: &mut Kernel) {
    let answer = kernel.execute("20 + 22");
    assert_eq!(answer.result(), Some("42"), "{answer:?}");
}

/// The number of the cells' process.
fn process_of(kernel: &mut Kernel) -> String {
    let answer = kernel.execute("std::process::id()");
    answer.result().expect("a process has a number").to_owned()
}

fn kill(process: &str) {
    let status = Command::new("kill").args(["-9", process]).status().unwrap();
    assert!(status.success());
}

fn error_of(answer: &Answer) -> (&str, &str) {
    let text = |key: &str| answer.reply[key].as_str().unwrap_or_default();
    (text("ename"), text("evalue"))
}

#[test]
fn messages_that_nobody_should_send_are_logged_and_the_next_cell_runs() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut kernel = Kernel::start_with_log(&log);
    goes_on(&mut kernel);

    let mark = folder.path().join("mark");
    kernel.send_forged(execute_request(
        &format!("std::fs::write({mark:?}, \"\")?;"),
        &json!({}),
    ));
    goes_on(&mut kernel);
    assert!(!mark.exists(), "a cell with a forged signature was run");

    // Truncated, empty, without an end of the addresses, with content that is not what the signature is of.
    let header = json!({"msg_id": "1", "username": "", "session": "s", "msg_type": "execute_request",
        "version": "5.3", "date": "2026-01-01T00:00:00Z"})
    .to_string();
    for frames in [
        &[b"<IDS|MSG>".as_slice()][..],
        &[b"<IDS|MSG>", b"signature", header.as_bytes()],
        &[b""],
        &[b"\xff\xfe\x00garbage", b"\x00", b"\r\n"],
        &[
            b"<IDS|MSG>",
            b"",
            header.as_bytes(),
            b"{}",
            b"{}",
            br#"{"code": "1"}"#,
        ],
        &[b"<IDS|MSG>", b"zz", b"not JSON", b"{", b"\xff", b""],
    ] {
        kernel.send_frames(frames);
        goes_on(&mut kernel);
    }

    // No ZeroMQ at all.
    for bytes in [b"GET / HTTP/1.1\r\n\r\n".as_slice(), &[0xff; 4096], b""] {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", kernel.connection.shell_port)).unwrap();
        let _ = stream.write_all(bytes);
    }
    goes_on(&mut kernel);

    let unknown = |kind: &str| UnknownMessage {
        msg_type: kind.to_owned(),
        content: json!({"any": "thing"}),
    };
    let answer = kernel.ask(JupyterMessage::new(unknown("dream_request"), None));
    assert_eq!(answer.status(), "error", "{answer:?}");
    assert!(error_of(&answer).1.contains("dream_request"), "{answer:?}");
    // Without an answer: it is no request.
    kernel.send(JupyterMessage::new(unknown("dream"), None));
    goes_on(&mut kernel);

    let short = JupyterMessage::new(
        UnknownMessage {
            msg_type: "execute_request".to_owned(),
            content: json!({"code": "println!(\"short\");"}),
        },
        None,
    );
    let answer = kernel.ask(short);
    assert_eq!(
        (answer.status(), answer.stream("stdout").as_str()),
        ("ok", "short\n"),
        "{answer:?}"
    );
    assert!(answer.reply["execution_count"].as_u64() > Some(1), "{answer:?}");
    let wrong = UnknownMessage {
        msg_type: "execute_request".to_owned(),
        content: json!({"code": 5}),
    };
    assert_eq!(kernel.ask(JupyterMessage::new(wrong, None)).status(), "error");

    let said = std::fs::read_to_string(&log).unwrap();
    for expected in ["not signed with this kernel's key", "dream_request", "dream"] {
        assert!(said.contains(expected), "{expected} is not in the log:\n{said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn requests_beside_cells_are_answered_also_while_a_cell_runs() {
    let mut kernel = Kernel::start();
    let message = |kind: &str, content| {
        let content = JupyterMessageContent::from_type_and_content(kind, content).unwrap();
        JupyterMessage::new(content, None)
    };
    let comms = kernel.ask(message("comm_info_request", json!({})));
    assert_eq!(
        (comms.status(), &comms.reply["comms"]),
        ("ok", &json!({})),
        "{comms:?}"
    );
    kernel.send(message(
        "comm_open",
        json!({"comm_id": "1", "target_name": "widget", "data": {}}),
    ));
    let closed = loop {
        let message = kernel.published();
        if message.message_type() == "comm_close" {
            break message;
        }
    };
    let JupyterMessageContent::CommClose(closed) = closed.content else {
        panic!("{closed:?}")
    };
    assert_eq!(
        closed.comm_id.0, "1",
        "whoever opens a comm learns that nobody is there"
    );
    kernel.send(message("comm_msg", json!({"comm_id": "1", "data": {}})));
    goes_on(&mut kernel);
    for kind in ["create_subshell_request", "debug_request"] {
        let unknown = UnknownMessage {
            msg_type: kind.to_owned(),
            content: json!({}),
        };
        let refused = kernel.ask_control(JupyterMessage::new(unknown, None));
        assert_eq!(refused["status"], "error", "{refused}");
        assert!(refused["evalue"].to_string().contains(kind), "{refused}");
    }

    // An interrupt with nothing to interrupt is not kept for the next cell.
    kernel.interrupt();
    kernel.execute("let kept = 5;");
    kernel.interrupt();
    goes_on(&mut kernel);

    let folder = tempfile::tempdir().unwrap();
    let go = folder.path().join("go");
    let waits = format!(
        "println!(\"waiting\");\nwhile !std::path::Path::new({go:?}).exists() {{ \
         std::thread::sleep(std::time::Duration::from_millis(5)); }}\nprintln!(\"went\");"
    );
    let id = send(&mut kernel, &waits);
    assert_eq!(kernel.wait_for_output(&id), "waiting\n");
    let info = kernel.ask_control(JupyterMessage::new(KernelInfoRequest {}, None));
    assert_eq!(info["implementation"], "course", "{info}");
    std::fs::write(&go, "").unwrap();
    let ended = kernel.collect(&id);
    assert_eq!(
        (ended.status(), ended.stream("stdout").as_str()),
        ("ok", "went\n"),
        "{ended:?}"
    );

    let silent = json!({"silent": true, "store_history": true});
    let before = kernel.execute("kept").reply["execution_count"].as_u64().unwrap();
    let answer = kernel.ask(execute_request("let also = kept + 1;", &silent));
    assert_eq!((answer.status(), answer.published.len()), ("ok", 0), "{answer:?}");
    let answer = kernel.ask(execute_request("panic!(\"quietly\")", &silent));
    assert_eq!(
        (answer.status(), answer.published.len()),
        ("error", 0),
        "{answer:?}"
    );
    let after = kernel.execute("also");
    assert_eq!(
        (after.result(), after.reply["execution_count"].as_u64()),
        (Some("6"), Some(before + 1))
    );

    let asks = "println!(\"EVCXR_INPUT_REQUEST:name?\");\nlet mut line = String::new();\n\
                std::io::stdin().read_line(&mut line)?;\nprintln!(\"{}\", line.trim());";
    let answer = kernel.ask(execute_request(asks, &json!({"allow_stdin": false})));
    assert_eq!(error_of(&answer).0, "InputNotPossible", "{answer:?}");
    goes_on(&mut kernel);
    let id = send(&mut kernel, asks);
    kernel.question();
    kernel.interrupt();
    let answer = kernel.collect(&id);
    assert_eq!(error_of(&answer).0, "KeyboardInterrupt", "{answer:?}");
    assert_eq!(kernel.execute("kept").result(), Some("5"));
}

#[test]
fn a_cell_that_ends_or_mutilates_its_process_is_told_so_and_the_kernel_goes_on() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute(C).status(), "ok");

    // Whatever ends the process: the message says what it was, and what to run again.
    let overflow =
        "fn down(n: u64) -> u64 { if n == 0 { 0 } else { std::hint::black_box(down(n + 1)) + 1 } }\n";
    for (code, why) in [
        (
            "vec![0u8; std::hint::black_box(1 << 46)].len()".to_owned(),
            "memory ran out: the cell asked for 70368.7 GB",
        ),
        (format!("{overflow}down(1)"), "the stack overflowed"),
        (
            format!("{overflow}std::thread::spawn(|| down(1)).join().is_ok()"),
            "a thread whose stack overflowed",
        ),
        (
            "unsafe { *(std::hint::black_box(8) as *mut i32) = 1 };".to_owned(),
            "a wrong memory access",
        ),
        ("std::process::exit(3);".to_owned(), "exit status: 3"),
        ("std::process::abort();".to_owned(), "SIGABRT"),
        (
            "for descriptor in 3..64 { unsafe { close(descriptor) }; }".to_owned(),
            "ended the process",
        ),
    ] {
        let made = kernel.execute("let gone = 1;").reply["execution_count"]
            .as_u64()
            .unwrap();
        let died = kernel.execute(&format!("println!(\"last words\");\n{code}"));
        let (name, value) = error_of(&died);
        assert!(name == "ProcessDied" && value.contains(why), "{code}: {died:?}");
        assert_eq!(died.stream("stdout"), "last words\n", "{died:?}");
        let again = format!("run again: cell {made} (`gone`)");
        assert!(died.traceback().contains(&again), "{}", died.traceback());
        assert!(
            !died.stream("stderr").contains("evcxr"),
            "{}",
            died.stream("stderr")
        );
        goes_on(&mut kernel);
    }

    // Killed from outside: the cell that ran is told, and the next one if none ran.
    kernel.execute("let gone = 1;");
    let process = process_of(&mut kernel);
    kill(&process);
    let answer = kernel.execute("println!(\"never\");");
    assert_eq!(error_of(&answer).0, "ProcessDied", "{answer:?}");
    assert!(
        error_of(&answer)
            .1
            .contains("before this cell, which was not run"),
        "{answer:?}"
    );
    assert_eq!(answer.stream("stdout"), "");
    goes_on(&mut kernel);
    let process = process_of(&mut kernel);
    let id = send(&mut kernel, "println!(\"running\"); loop {}");
    assert_eq!(kernel.wait_for_output(&id), "running\n");
    kill(&process);
    let answer = kernel.collect(&id);
    assert!(error_of(&answer).1.contains("SIGKILL"), "{answer:?}");
    goes_on(&mut kernel);

    // A process that goes on, without the ways on which it is heard.
    kernel.execute("let kept = 5;");
    for close in [
        "unsafe { close(1) }; println!(\"lost\");",
        "unsafe { close(2) }; eprintln!(\"lost\");",
        "unsafe { close(0); close(1); close(2) };",
        "unsafe { close(1) }; panic!(\"unheard\");",
        // The next file that is opened has the number of standard output.
        "unsafe { close(1) }; std::mem::forget(std::fs::File::open(\"/dev/null\")?); println!(\"lost\");",
    ] {
        let answer = kernel.execute(close);
        assert_eq!(error_of(&answer).0, "OutputClosed", "{close}: {answer:?}");
        let heard = kernel.execute("println!(\"heard\"); eprintln!(\"too\"); kept");
        assert_eq!(
            (heard.stream("stdout").as_str(), heard.stream("stderr").as_str()),
            ("heard\n", "too\n")
        );
        assert_eq!(heard.result(), Some("5"), "{heard:?}");
    }
    let answer =
        kernel.execute("unsafe extern \"C\" { fn no_such_function(); }\nunsafe { no_such_function() };");
    assert_eq!(error_of(&answer).0, "LinkError", "{answer:?}");
    assert!(
        error_of(&answer)
            .1
            .ends_with("undefined symbol: no_such_function"),
        "{answer:?}"
    );
    assert_eq!(kernel.execute("kept").result(), Some("5"));

    // A thread that panics: in the cell, and when the cell has long been over.
    let answer =
        kernel.execute("std::thread::spawn(|| { if true { panic!(\"elsewhere\") } }).join().is_err()");
    assert_eq!(
        (answer.result(), answer.status()),
        (Some("true"), "ok"),
        "{answer:?}"
    );
    assert!(
        answer.stream("stderr").contains("panicked: elsewhere"),
        "{answer:?}"
    );
    let id = send(
        &mut kernel,
        "std::thread::spawn(|| { std::thread::sleep(std::time::Duration::from_millis(300)); panic!(\"late\") });",
    );
    let told = kernel.wait_for("stream", &id);
    assert!(told["text"].as_str().unwrap().contains("late"), "{told}");
    assert_eq!(kernel.execute("kept").result(), Some("5"));
}

#[test]
fn a_process_that_a_cell_leaves_behind_holds_nothing_up() {
    let mut kernel = Kernel::start();
    assert_eq!(kernel.execute(C).status(), "ok");
    let folder = tempfile::tempdir().unwrap();
    let (go, gone) = (folder.path().join("go"), folder.path().join("gone"));

    // By a shell: holds the cell's output open, and writes when the cell is long over.
    let script = format!(
        "(while [ ! -e {0} ]; do sleep 0.1; done; echo late; echo late >&2; touch {1}) & echo started",
        go.display(),
        gone.display()
    );
    let code = format!("std::process::Command::new(\"sh\").args([\"-c\", {script:?}]).status()?;");
    let answer = kernel.execute(&code);
    assert_eq!(
        (answer.status(), answer.stream("stdout").as_str()),
        ("ok", "started\n"),
        "{answer:?}"
    );
    goes_on(&mut kernel);
    std::fs::write(&go, "").unwrap();
    let since = Instant::now();
    while !gone.exists() {
        assert!(
            since.elapsed() < Duration::from_secs(60),
            "the daemon has not written"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    goes_on(&mut kernel);

    // By `fork` alone: a copy of the process, with all that it has open. It lives until the file is there, or a minute.
    let end = folder.path().join("end");
    let fork = format!(
        "if unsafe {{ fork() }} == 0 {{\n    unsafe {{ setsid() }};\n    for _ in 0..600 {{\n        \
         if std::path::Path::new({end:?}).exists() {{ println!(\"late\"); unsafe {{ _exit(0) }} }}\n        \
         std::thread::sleep(std::time::Duration::from_millis(100));\n    }}\n    unsafe {{ _exit(1) }}\n}}\n\
         println!(\"forked\");"
    );
    let answer = kernel.execute(&fork);
    assert_eq!(
        (answer.status(), answer.stream("stdout").as_str()),
        ("ok", "forked\n"),
        "{answer:?}"
    );
    goes_on(&mut kernel);
    let since = Instant::now();
    let died = kernel.execute("println!(\"last words\"); std::process::exit(3);");
    assert_eq!(error_of(&died).0, "ProcessDied", "{died:?}");
    assert_eq!(died.stream("stdout"), "last words\n");
    assert!(
        since.elapsed() < Duration::from_secs(50),
        "the cell's end waited for the daemon's"
    );
    goes_on(&mut kernel);
    std::fs::write(&end, "").unwrap();
    goes_on(&mut kernel);
    // A copy that goes on as if it were the cell ends with the cell.
    let answer = kernel.execute("let copy = unsafe { fork() };\nprintln!(\"here\");");
    assert_eq!(answer.status(), "ok", "{answer:?}");
    goes_on(&mut kernel);
    assert_eq!(
        kernel.execute("copy > 0").result(),
        Some("true"),
        "the first process holds the variables"
    );
}

#[test]
fn interrupt_stops_what_compiles_trains_or_does_not_listen() {
    let mut kernel = Kernel::start();
    let prepared = kernel.execute(
        "use course_lib::prelude::*;\n\
         let x = Tensor::from_rows(&[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])?;\n\
         let y = Tensor::from_rows(&[[0.0], [1.0], [1.0], [0.0]])?;\n\
         let mut model = Sequential::new(Input(2), layers![Dense::new(8).activation(Tanh), \
         Dense::new(1).activation(Sigmoid)], Seed(7))?;\n\
         model.compile(Adam::default(), Loss::BinaryCrossentropy, &[Metric::Accuracy])?;\n\
         let untrained = model.evaluate(&x, &y)?.get(\"loss\")?;",
    );
    assert_eq!(prepared.status(), "ok", "{prepared:?}");

    // Training: what has been learnt so far stays.
    let id = send(
        &mut kernel,
        "let history = model.fit(&x, &y, Fit { epochs: 50_000_000, ..Fit::default() })?;",
    );
    kernel.wait_for("display_data", &id);
    kernel.wait_for("update_display_data", &id);
    let since = Instant::now();
    kernel.interrupt();
    let stopped = kernel.collect(&id);
    assert_eq!(error_of(&stopped).0, "KeyboardInterrupt", "{stopped:?}");
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    assert!(
        stopped.traceback().contains("all variables are kept"),
        "{}",
        stopped.traceback()
    );
    let better = kernel.execute("model.evaluate(&x, &y)?.get(\"loss\")? < untrained");
    assert_eq!(
        better.result(),
        Some("true"),
        "the half-trained model is there: {better:?}"
    );

    // Compiling: a constant that takes rustc minutes to calculate.
    let long = "#[allow(long_running_const_eval)]\nconst LONG: u64 = { let mut i = 0u64; while i < 30_000_000_000 { \
                i += 1; } i };\nprintln!(\"{LONG}\");";
    let id = send(&mut kernel, long);
    // A request may leave this client only while it waits for something.
    kernel.wait_for("execute_input", &id);
    std::thread::sleep(Duration::from_secs(2));
    kernel.interrupt();
    let stopped = kernel.collect(&id);
    assert_eq!(error_of(&stopped).0, "KeyboardInterrupt", "{stopped:?}");
    assert!(
        stopped.traceback().contains("all variables are kept"),
        "{}",
        stopped.traceback()
    );
    assert_eq!(kernel.execute("untrained > 0.0").result(), Some("true"));

    // At once: rust-analyzer may be at the cell, or rustc, or it may run.
    for wait in [0, 50, 150] {
        let id = send(
            &mut kernel,
            "let twice = untrained * 2.0;\nwhile !course_lib::notebook::interrupted() {}\n\
                       Err(Error::interrupted(\"the loop\"))?;",
        );
        std::thread::sleep(Duration::from_millis(wait));
        kernel.wait_for("status", &id);
        kernel.interrupt();
        let stopped = kernel.collect(&id);
        assert_eq!(error_of(&stopped).0, "KeyboardInterrupt", "{stopped:?}");
        assert_eq!(kernel.execute("untrained > 0.0").result(), Some("true"));
    }

    // A loop that does not listen takes its process along.
    let id = send(&mut kernel, "println!(\"deaf\");\nloop {}");
    assert_eq!(kernel.wait_for_output(&id), "deaf\n");
    let since = Instant::now();
    kernel.interrupt();
    let killed = kernel.collect(&id);
    assert_eq!(error_of(&killed).0, "KeyboardInterrupt", "{killed:?}");
    assert!(
        since.elapsed() >= Duration::from_secs(2),
        "it had two seconds to stop by itself"
    );
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    let told = killed.traceback();
    assert!(told.contains("All variables are gone"), "{told}");
    assert!(
        told.contains("run again: cell 1 (`model`, `untrained`, `x`, `y`)"),
        "{told}"
    );
    assert_eq!(kernel.execute("untrained").status(), "error");
    goes_on(&mut kernel);
}

#[test]
fn much_output_and_many_cells_leave_the_kernel_as_it_was() {
    let mut kernel = Kernel::start();
    kernel.execute("let numbers: Vec<f32> = (0..100).map(|n| n as f32).collect();");
    let megabytes = 50;

    let line = kernel.execute(&format!("print!(\"{{}}\", \"x\".repeat({megabytes}_000_000));"));
    assert_eq!(line.stream("stdout").len(), megabytes * 1_000_000, "one line");
    let lines = kernel.execute(&format!(
        "for i in 0..{megabytes} * 10_000 {{ println!(\"{{i:099}}\"); }}"
    ));
    let text = lines.stream("stdout");
    assert_eq!(text.len(), megabytes * 1_000_000);
    assert_eq!(
        text.lines().last().map(|line| line.trim_start_matches('0')),
        Some("499999")
    );
    drop(text);
    let shown = kernel.execute(&format!(
        "use course_lib::notebook::{{Rich, Show}};\nstruct Big;\nimpl Show for Big {{\n    fn rich(&self) -> Rich {{ \
         Rich::text(\"big\").html(&\"<b>x</b>\".repeat({megabytes} * 125_000)) }}\n}}\n\
         course_lib::shows_itself!(Big);\nBig"
    ));
    let html = &shown.of("execute_result").next().unwrap()["data"]["text/html"];
    assert_eq!(html.as_str().map(str::len), Some(megabytes * 1_000_000));
    drop(shown);
    // Jupyter's server throws away what comes in more than a thousand messages a second.
    let many = kernel.execute(
        "for i in 0..3000 {\n    println!(\"{i}\");\n    let mut x = 0u64;\n    for j in 0..100_000 { x ^= \
         std::hint::black_box(j); }\n}",
    );
    assert_eq!(many.stream("stdout").lines().count(), 3000);
    assert!(
        many.of("stream").count() < 300,
        "{} messages",
        many.of("stream").count()
    );
    let bytes = kernel.execute(
        "{ use std::io::Write; std::io::stderr().write_all(b\"a\\xff\\xfeb\\n\")?; std::io::stdout().write_all(b\"\\xc3\")?; }",
    );
    assert_eq!(
        (bytes.stream("stderr").as_str(), bytes.stream("stdout").as_str()),
        ("a\u{fffd}\u{fffd}b\n", "\u{fffd}")
    );

    let (kernel_process, cells) = (kernel.process.id().to_string(), process_of(&mut kernel));
    let folder = kernel
        .execute("println!(\"{}\", std::env::var(\"EVCXR_TMPDIR\")?);")
        .stream("stdout");
    let mut run = |count: u64| {
        for n in 0..count {
            let (code, value) = match n % 4 {
                0 => (format!("let number = {n};"), None),
                1 => ("number + 1".to_owned(), Some(n.to_string())),
                2 => ("println!(\"{}\", numbers.len());".to_owned(), None),
                _ => (
                    "course_lib::tensor::Tensor::from_vec(numbers.clone(), [100])?.mean()".to_owned(),
                    None,
                ),
            };
            let answer = kernel.execute(&code);
            assert_eq!(answer.status(), "ok", "{code}: {answer:?}");
            if let Some(value) = value {
                assert_eq!(answer.result(), Some(value.as_str()), "{code}: {answer:?}");
            }
        }
    };
    // The first ones fill caches.
    run(40);
    let measure = || Measured::of(&kernel_process, &cells, folder.trim());
    let (before, since) = (measure(), Instant::now());
    let count = short_cells();
    run(count);
    let after = measure();
    eprintln!("{count} cells in {:.1?}: {before:?} → {after:?}", since.elapsed());
    let grown = |now: u64, then: u64| now.saturating_sub(then);
    assert!(
        grown(after.kernel, before.kernel) < 40_000 + 200 * count,
        "the kernel grows: {after:?}"
    );
    assert!(
        grown(after.cells, before.cells) < 10_000 + 200 * count,
        "the cells' process grows: {after:?}"
    );
    assert!(
        after.descriptors <= before.descriptors + 5,
        "descriptors are left open: {after:?}"
    );
    assert!(
        after.disk < 100_000,
        "the kernel's own files take more than 100 MB: {after:?}"
    );
}

/// How many cells are run. By hand it may be more: `SHORT_CELLS=1000 cargo test --test kernel_trouble much`.
fn short_cells() -> u64 {
    std::env::var("SHORT_CELLS").map_or(200, |count| count.parse().expect("SHORT_CELLS is a number"))
}

/// What a kernel takes: memory and disk in kilobytes.
#[derive(Debug)]
struct Measured {
    kernel: u64,
    cells: u64,
    /// Of both together; where the system tells.
    descriptors: usize,
    /// Of the files that no other kernel shares.
    disk: u64,
}

impl Measured {
    fn of(kernel: &str, cells: &str, folder: &str) -> Self {
        let memory = |process: &str| {
            let output = Command::new("ps")
                .args(["-o", "rss=", "-p", process])
                .output()
                .unwrap();
            String::from_utf8_lossy(&output.stdout)
                .trim()
                .parse()
                .expect("ps tells a number")
        };
        let descriptors =
            |process: &str| std::fs::read_dir(format!("/proc/{process}/fd")).map_or(0, Iterator::count);
        Self {
            kernel: memory(kernel),
            cells: memory(cells),
            descriptors: descriptors(kernel) + descriptors(cells),
            disk: support::own_files(std::path::Path::new(folder)) / 1000,
        }
    }
}
