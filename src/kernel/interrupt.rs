//! What happens when the learner presses Interrupt.
//!
//! While a cell compiles, the compiler is stopped. While it runs, it is first asked: loops of the library listen
//! (`course_lib::notebook::interrupted`), stop, and every variable is kept. What does not listen is ended together
//! with its variables.

use super::channel::StopRequest;
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// How long a cell may take to stop by itself.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long it is waited for the end of a compiler that was stopped, before the next is looked for.
const A_MOMENT: Duration = Duration::from_millis(50);

#[derive(Debug, Default)]
struct Running {
    /// Counts cells, so that one cell's interrupt never hits the next.
    cell: u64,
    is_running: bool,
    interrupted: bool,
}

/// Interrupts the running cell from another thread.
#[derive(Debug, Clone)]
pub struct Interrupter {
    running: Arc<(Mutex<Running>, Condvar)>,
    stop: StopRequest,
    process: Arc<Mutex<Child>>,
}

impl Interrupter {
    /// For the cells that run in `process` and may listen to `stop`.
    pub fn new(stop: StopRequest, process: Arc<Mutex<Child>>) -> Self {
        Self {
            running: Arc::default(),
            stop,
            process,
        }
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A cell starts; nothing happens if that was said already.
    pub fn begin(&self) {
        let mut running = self.running();
        if running.is_running {
            return;
        }
        *running = Running {
            cell: running.cell + 1,
            is_running: true,
            interrupted: false,
        };
    }

    /// The cell has ended. Returns whether it was interrupted.
    pub fn end(&self) -> bool {
        let mut running = self.running();
        running.is_running = false;
        self.running.1.notify_all();
        running.interrupted
    }

    /// Whether the running cell was interrupted.
    pub fn is_interrupted(&self) -> bool {
        let running = self.running();
        running.is_running && running.interrupted
    }

    /// Stops the running cell, if there is one; returns when it has stopped or cannot be stopped by more.
    pub fn interrupt(&self) {
        if let Some(cell) = self.ask() {
            self.stop(cell);
        }
    }

    /// Marks the running cell as interrupted. `None` if none runs.
    pub fn ask(&self) -> Option<u64> {
        let mut running = self.running();
        running.interrupted |= running.is_running;
        running.is_running.then_some(running.cell)
    }

    /// Stops the cell; returns when it has stopped or cannot be stopped by more.
    pub fn stop(&self, cell: u64) {
        // Before it runs nothing is lost, however long that takes. rust-analyzer cannot be stopped; the compiler that
        // comes after it can.
        let mut limit = Duration::ZERO;
        while !self.stop.is_running() {
            if self.has_ended_within(limit, cell) {
                return;
            }
            stop_compiler(self.cells());
            limit = A_MOMENT;
        }
        self.stop.send();
        if self.has_ended_within(PATIENCE, cell) {
            return;
        }
        if let Err(error) = self.process.lock().unwrap_or_else(PoisonError::into_inner).kill() {
            tracing::error!("the cells' process cannot be ended: {error}");
        }
        self.has_ended_within(PATIENCE, cell);
    }

    /// The number of the cells' process.
    pub fn cells(&self) -> u32 {
        self.process.lock().unwrap_or_else(PoisonError::into_inner).id()
    }

    /// Waits for the end of the cell. Returns whether it came.
    fn has_ended_within(&self, limit: Duration, cell: u64) -> bool {
        let goes_on = |running: &mut Running| running.is_running && running.cell == cell;
        let (running, timeout) = self
            .running
            .1
            .wait_timeout_while(self.running(), limit, goes_on)
            .unwrap_or_else(PoisonError::into_inner);
        drop(running);
        !timeout.timed_out()
    }
}

/// Ends every process below this one but that of the cells. Returns whether there was one.
pub fn stop_compiler(cells: u32) -> bool {
    let mut system = System::new();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, ProcessRefreshKind::nothing());
    let parents: Vec<(Pid, Pid)> = system
        .processes()
        .iter()
        .filter(|(_, process)| process.thread_kind().is_none())
        .filter_map(|(pid, process)| Some((*pid, process.parent()?)))
        .collect();
    let mut family = vec![Pid::from_u32(std::process::id())];
    let mut at = 0;
    while let Some(parent) = family.get(at).copied() {
        let children = parents
            .iter()
            .filter(|(pid, of)| *of == parent && pid.as_u32() != cells);
        family.extend(children.map(|(pid, _)| *pid));
        at += 1;
    }
    let compilers = &family[1..];
    for pid in compilers {
        if let Some(process) = system.process(*pid) {
            process.kill();
        }
    }
    !compilers.is_empty()
}
