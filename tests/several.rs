//! Many kernels open at once in one clone, as in front of a class that opens every lesson.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use support::client::Kernel;
use support::{own_files, set_up};

/// What a cell of the kernel prints.
fn printed(kernel: &mut Kernel, code: &str) -> String {
    let answer = kernel.execute(&format!("println!(\"{{}}\", {code});"));
    assert_eq!(answer.status(), "ok", "{code}: {answer:?}");
    answer.stream("stdout").trim().to_owned()
}

fn folder_of(kernel: &mut Kernel) -> PathBuf {
    printed(kernel, "std::env::var(\"EVCXR_TMPDIR\")?").into()
}

#[test]
fn ten_kernels_work_beside_each_other_and_what_a_killed_one_leaves_the_next_one_removes() {
    set_up();
    // Started together, so that all of them set up their folders at the same time.
    let started: Vec<_> = (0..10)
        .map(|number| {
            thread::spawn(move || {
                let mut kernel = Kernel::start();
                let made = kernel.execute(&format!(
                    "use course_lib::prelude::*;\nlet own = Tensor::vector(&[{number}.0, 1.0])?;"
                ));
                assert_eq!(made.status(), "ok", "kernel {number}: {made:?}");
                kernel
            })
        })
        .collect();
    let mut kernels: Vec<Kernel> = started
        .into_iter()
        .map(|thread| thread.join().expect("a kernel starts beside nine others"))
        .collect();
    let folders: Vec<PathBuf> = kernels.iter_mut().map(folder_of).collect();
    for (number, folder) in folders.iter().enumerate() {
        assert!(
            !folders[..number].contains(folder),
            "two kernels share {}",
            folder.display()
        );
        let own = own_files(folder) / 1_000_000;
        assert!(own < 100, "kernel {number} takes {own} MB of its own");
    }

    // Two work at the same time, in cells of different names and values.
    thread::scope(|scope| {
        for (number, kernel) in kernels[..2].iter_mut().enumerate() {
            scope.spawn(move || {
                for cell in 0..8 {
                    let code = format!("own.sum().item()? + {cell}.0");
                    let expected = format!("{}", number + 1 + cell);
                    assert_eq!(printed(kernel, &code), expected, "kernel {number}, cell {cell}");
                }
            });
        }
    });

    // One ruins its own folder, and one is killed. The others see nothing of either.
    std::fs::remove_dir_all(folders[0].join("target")).unwrap();
    let killed = printed(&mut kernels[1], "std::os::unix::process::parent_id()");
    let status = Command::new("kill").args(["-9", &killed]).status().unwrap();
    assert!(status.success());
    for (number, kernel) in kernels.iter_mut().enumerate().skip(2) {
        assert_eq!(
            printed(kernel, "own.sum().item()?"),
            format!("{}", number + 1),
            "kernel {number}"
        );
    }

    kernels[1].process.wait().unwrap();
    assert!(folders[1].is_dir(), "a killed kernel cannot remove anything");
    let mut next = Kernel::start();
    assert_eq!(printed(&mut next, "1 + 1"), "2");
    assert!(
        !folders[1].exists(),
        "the next start removes what the killed kernel left"
    );
    let living = |folder: &Path| folder.join("Cargo.toml").is_file();
    assert!(
        folders[2..].iter().all(|folder| living(folder)),
        "and nothing of those that live"
    );
}
