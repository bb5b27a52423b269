//! The Rust side of `benches/compare.py`: one network of a lesson, trained when a line on stdin says so.
//!
//! `benches/sides/protocol.py` has the table of lines. Each network is a function in [`networks`], written as a lesson
//! writes it; [`trainee`] is what can be trained and scored, [`task`] the data and settings that all sides share.

mod networks;
mod task;
mod trainee;

use std::fs::File;
use std::io::{self, BufRead, BufWriter, Write};
use std::time::Instant;

use course_lib::prelude::*;

use task::Task;
use trainee::Trainee;

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("compare FOLDER: the folder of one network, as benches/sides/data.py writes it")?;
    let mut task = Task::read(folder.as_ref())?;
    let Some(network) = networks::by_name(&task.name) else {
        answer("absent")?;
        return Ok(());
    };
    let mut trainee = network(&task)?;
    answer("ready")?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        if let Some(seed) = line.strip_prefix("again ") {
            task.seed = Seed(seed.parse()?);
            trainee = network(&task)?;
            answer("ready")?;
        } else {
            answer(&obey(&line, &mut *trainee)?)?;
        }
    }
    Ok(())
}

fn obey(line: &str, trainee: &mut dyn Trainee) -> Outcome<String> {
    match line.split_whitespace().collect::<Vec<_>>()[..] {
        ["train", epochs] => {
            let epochs = epochs.parse()?;
            let started = Instant::now();
            let loss = trainee.train(epochs)?;
            Ok(format!("trained {} {loss}", started.elapsed().as_secs_f64()))
        }
        ["score"] => Ok(format!("score {}", trainee.score()?)),
        ["draw", ..] => {
            write(&trainee.draw()?, line["draw".len()..].trim())?;
            Ok("drawn".to_owned())
        }
        ["slow"] => trainee.slow().map(|()| "slowed".to_owned()),
        _ => Err(
            format!("'{line}' is not 'train EPOCHS', 'score', 'draw FILE', 'slow' or 'again SEED'").into(),
        ),
    }
}

/// The numbers of a tensor as little-endian `f32`.
fn write(values: &Tensor, file: &str) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(file)?);
    for value in values.to_vec() {
        file.write_all(&value.to_le_bytes())?;
    }
    file.flush()
}

fn answer(line: &str) -> io::Result<()> {
    println!("{line}");
    io::stdout().flush()
}
