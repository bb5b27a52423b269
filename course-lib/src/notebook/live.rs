//! A display that changes in place while a cell runs: progress, a growing curve, samples of a GAN.

use super::rich::Rich;
use super::wire::{self, Reader, Role};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// More updates than this only cost time: a reader cannot follow them.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// One place in a cell's output whose content is replaced as work goes on.
///
/// Where the reader cannot replace output (the stock kernel, a terminal), only the last state is shown.
///
/// ```
/// use course_lib::notebook::{LiveDisplay, Rich};
///
/// let mut progress = LiveDisplay::new();
/// for epoch in 1..=3 {
///     progress.update(&Rich::text(format!("epoch {epoch}/3")));
/// }
/// progress.finish(&Rich::text("done"));
/// ```
#[derive(Debug)]
pub struct LiveDisplay {
    id: String,
    shown: bool,
    last: Option<Instant>,
}

impl Default for LiveDisplay {
    fn default() -> Self {
        Self::new()
    }
}

impl LiveDisplay {
    /// A display that is not shown yet: the first update shows it.
    pub fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Self {
            id: format!("course-{}-{count}", std::process::id()),
            shown: false,
            last: None,
        }
    }

    /// Whether an update now would be shown: there is a reader for it, and the last one is 0.1 s ago.
    ///
    /// Ask before you build something expensive.
    pub fn is_due(&self) -> bool {
        wire::reader() == Reader::Kernel && self.last.is_none_or(|last| last.elapsed() >= SHORTEST_PAUSE)
    }

    /// Replaces what is shown, at most ten times a second; updates in between are dropped.
    pub fn update(&mut self, rich: &Rich) {
        if self.is_due() {
            self.send(rich);
        }
    }

    /// Replaces what is shown for the last time. This state is the one a saved notebook holds.
    pub fn finish(mut self, rich: &Rich) {
        self.send(rich);
    }

    fn send(&mut self, rich: &Rich) {
        let role = if self.shown {
            Role::Update(self.id.clone())
        } else {
            Role::Named(self.id.clone())
        };
        wire::send(rich, role);
        self.shown = true;
        self.last = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_displays_never_share_a_place() {
        assert_ne!(LiveDisplay::new().id, LiveDisplay::new().id);
    }

    #[test]
    fn outside_a_live_notebook_updates_are_not_due_and_cost_nothing() {
        assert!(!LiveDisplay::new().is_due());
    }
}
