//! The Rust side of `benches/compare.py`: one network of a lesson, trained when a line on stdin says so.
//!
//! `benches/sides/protocol.py` has the table of lines. Each network is a function in [`networks`], written as a lesson
//! writes it; [`trainee`] is what can be trained and scored, [`task`] the data and settings that all sides share.

mod networks;
mod task;
mod trainee;

use std::io::{self, BufRead, Write};
use std::time::Instant;

use task::Task;
use trainee::Trainee;

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("compare FOLDER: the folder of one network, as benches/sides/data.py writes it")?;
    let task = Task::read(folder.as_ref())?;
    let Some(network) = networks::by_name(&task.name) else {
        answer("absent")?;
        return Ok(());
    };
    let mut trainee = network(&task)?;
    answer("ready")?;
    for line in io::stdin().lock().lines() {
        answer(&obey(&line?, &mut *trainee)?)?;
    }
    Ok(())
}

fn obey(line: &str, trainee: &mut dyn Trainee) -> std::result::Result<String, Box<dyn std::error::Error>> {
    match line.split_whitespace().collect::<Vec<_>>()[..] {
        ["train", epochs] => {
            let epochs = epochs.parse()?;
            let started = Instant::now();
            let loss = trainee.train(epochs)?;
            Ok(format!("trained {} {loss}", started.elapsed().as_secs_f64()))
        }
        ["score"] => Ok(format!("score {}", trainee.score()?)),
        _ => Err(format!("'{line}' is neither 'train EPOCHS' nor 'score'").into()),
    }
}

fn answer(line: &str) -> io::Result<()> {
    println!("{line}");
    io::stdout().flush()
}
