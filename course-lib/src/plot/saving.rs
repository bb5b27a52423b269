//! How far the saving of an animation is: shown where it takes longer than a moment.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::notebook::how_far::{bar, in_words};
use crate::notebook::{LiveDisplay, Rich};

/// Whoever waits no longer than this wants to see nothing.
const MOMENT: Duration = Duration::from_secs(1);

pub(super) struct Saving {
    file: String,
    frames: usize,
    done: usize,
    started: Instant,
    display: Option<LiveDisplay>,
}

impl Saving {
    pub fn new(path: &Path, frames: usize) -> Self {
        Self {
            file: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            frames,
            done: 0,
            started: Instant::now(),
            display: None,
        }
    }

    /// Before each frame, with the number of those that are done.
    pub fn frame(&mut self, done: usize) {
        self.done = done;
        let elapsed = self.started.elapsed();
        if elapsed < MOMENT || done == 0 {
            return;
        }
        let display = self.display.get_or_insert_default();
        if display.is_due() {
            let left = elapsed.as_secs_f64() / done as f64 * (self.frames - done) as f64;
            display.update(&Rich::text(line(
                &self.file,
                done,
                self.frames,
                &format!("{} left", in_words(left)),
            )));
        }
    }
}

/// At the end the line stays, with the time that it took, and how far it came where it was interrupted.
impl Drop for Saving {
    fn drop(&mut self) {
        let Some(display) = self.display.take() else {
            return;
        };
        let time = in_words(self.started.elapsed().as_secs_f64());
        let done = if self.done + 1 == self.frames {
            self.frames
        } else {
            self.done
        };
        display.finish(&Rich::text(line(&self.file, done, self.frames, &time)));
    }
}

fn line(file: &str, done: usize, frames: usize, time: &str) -> String {
    let share = done as f64 / frames as f64;
    format!("{} {file}: {done} of {frames} frames, {time}", bar(share))
}
