//! Warm kernels: started before anybody asks, so that opening a notebook does not wait for rust-analyzer.
//!
//! - `keeper`, in `course lab`, starts one kernel ahead and, when a notebook takes it, another.
//! - `offer` is how such a kernel waits: a file in `.course/pool` says that it is there, and on its socket it hears
//!   which notebook wants it.
//! - `claim`, in the `course kernel` that Jupyter starts, looks for an offer. If there is one, that process stays only
//!   to stand in for the kernel: Jupyter signals it, waits for it and kills it, and the kernel hears of each. If there
//!   is none, it becomes a kernel itself, as it does without `course lab`.
//! - `sameness` says whether the kernel that waits is the one that Jupyter would have started.
//!
//! A kernel may be claimed while it still starts; the notebook then waits for the rest of the start only.

mod claim;
mod keeper;
mod offer;
mod sameness;

pub use claim::claim;
pub use keeper::Keeper;
pub use offer::{Asked, Claimed};
pub use sameness::{environment_of_kernel, remember_environment};

use crate::home::Home;
use crate::kernel::Kernel;
use anyhow::Result;
use offer::Offer;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Where the offers lie.
fn folder(home: &Home) -> PathBuf {
    home.state().join("pool")
}

/// What a notebook's stand-in tells the kernel that it claims.
#[derive(Debug, Serialize, Deserialize)]
struct Wish {
    /// Jupyter's file with the ports to listen on.
    connection_file: PathBuf,
    /// The folder that the notebook lies in, from which its cells see their files.
    folder: PathBuf,
}

/// Words that a kernel and its stand-in exchange, a line each.
mod words {
    /// The kernel has heard the wish and grants it.
    pub const TAKEN: &str = "taken";
    /// The kernel ends, as it should.
    pub const ENDED: &str = "ended";
    /// The stand-in was asked by signal to interrupt the cell.
    pub const INTERRUPT: &str = "interrupt";
    /// The stand-in was asked by signal to end.
    pub const END: &str = "end";
}

/// Has a kernel wait for a notebook and serve it. `course lab`, whose pipe is this process's standard input, ends a wait
/// that is not wanted any more.
pub fn wait(home: &Home, kernel: Kernel) -> Result<()> {
    let Some(claimed) = Offer::open(home)?.wait(&mut std::io::stdin().lock())? else {
        return Ok(());
    };
    // For the keeper, which starts another.
    println!("{}", words::TAKEN);
    kernel.serve_claimed(claimed)
}
