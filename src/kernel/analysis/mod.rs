//! rust-analyzer, as the kernel asks it: for the types of a cell's variables, for what may stand at the cursor, and for
//! what a name is.
//!
//! evcxr has a rust-analyzer of its own, which takes all files for the learner's: for every cell it asks of all that it
//! knows of the standard library and the course's whether it still holds. So that one is shown an empty world
//! (`quick_build`), in which it answers at once, and the types that it cannot know there are written into the cell
//! (`hidden`). What the cell looks like among all that came before is evcxr's to say (`context`).

mod completions;
mod context;
mod documentation;
pub mod hidden;
mod types;
mod workspace;

pub use completions::Match;
pub use context::{Context, Place};
pub use types::Variable;
pub use workspace::Dependencies;

use anyhow::{Result, anyhow};
use ra_ap_ide::{Analysis, AnalysisHost, FileId};
use ra_ap_ide_db::ChangeWithProcMacros;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Instant;

/// A cell as evcxr lays it out, with something of most that lessons use.
const WARM_UP: &str = "use course_lib::prelude::*;\n\
    async fn evcxr_analysis_wrapper(number: Tensor) -> Result<(), String> {\n\
    let number = \"1\".parse::<f32>()?; let list: Vec<f32> = vec![number];\n\
    let sum = list.iter().map(|x| x * 2.0).sum::<f32>(); println!(\"{sum}\");\n\
    let check = course_lib::check::check(true, \"\", \"\"); check.\n\
    Ok(()) }";
/// Where completions are asked for in it.
const WARM_UP_CURSOR: &str = "check.\n";

/// rust-analyzer, which reads what it needs while the session starts.
pub struct Analyst(State);

enum State {
    Reading(JoinHandle<Result<Knowledge>>),
    Ready(Knowledge),
    Failed,
}

impl Analyst {
    /// Has it begin to read all that cells can use in a kernel that lives in `kernel`. `source` is the standard library's.
    pub fn start(kernel: &Path, dependencies: Dependencies, source: Option<PathBuf>) -> Self {
        let kernel = kernel.to_owned();
        Self(State::Reading(std::thread::spawn(move || {
            let started = Instant::now();
            let mut knowledge = Knowledge::gather(&kernel, dependencies, source)?;
            tracing::debug!("rust-analyzer has read all after {:.1?}", started.elapsed());
            // Whatever it does not know then, it finds out when asked.
            let _ = catch_unwind(AssertUnwindSafe(|| knowledge.warm_up()));
            tracing::debug!("rust-analyzer is warm after {:.1?}", started.elapsed());
            Ok(knowledge)
        })))
    }

    /// What it knows, once it has read all. To be asked for when evcxr has laid out a cell, and with it the crates in use.
    pub fn knowledge(&mut self) -> Result<&mut Knowledge> {
        if let State::Reading(_) = self.0
            && let State::Reading(reading) = std::mem::replace(&mut self.0, State::Failed)
        {
            let knowledge = reading.join().map_err(|_| anyhow!("rust-analyzer panicked"))??;
            self.0 = State::Ready(knowledge);
        }
        match &mut self.0 {
            State::Ready(knowledge) => {
                knowledge.keep_up()?;
                Ok(knowledge)
            }
            _ => Err(anyhow!("rust-analyzer could not be started")),
        }
    }
}

/// What rust-analyzer knows.
pub struct Knowledge {
    host: AnalysisHost,
    cell: FileId,
    dependencies: Dependencies,
    kernel: PathBuf,
    source: Option<PathBuf>,
}

impl Knowledge {
    fn gather(kernel: &Path, dependencies: Dependencies, source: Option<PathBuf>) -> Result<Self> {
        let workspace = workspace::read(kernel, &dependencies, source.clone())?;
        let mut host = AnalysisHost::default();
        host.apply_change(workspace.change);
        Ok(Self {
            host,
            cell: workspace.cell,
            dependencies,
            kernel: kernel.to_owned(),
            source,
        })
    }

    /// Reads all anew if a cell has named another crate.
    fn keep_up(&mut self) -> Result<()> {
        let dependencies = Dependencies::now(&self.kernel)?;
        if dependencies != self.dependencies {
            *self = Self::gather(&self.kernel, dependencies, self.source.clone())?;
        }
        Ok(())
    }

    /// Goes on with another cell, or with the same one as it is being written.
    fn read(&mut self, text: &str) {
        let mut change = ChangeWithProcMacros::default();
        change.change_file(self.cell, Some(text.to_owned()));
        self.host.apply_change(change);
    }

    /// Finds out what most cells have it find out, seconds of work, while the session is starting and the learner reads the
    /// lesson's first lines.
    fn warm_up(&mut self) -> Result<()> {
        self.variables(WARM_UP)?;
        let cursor = WARM_UP
            .find(WARM_UP_CURSOR)
            .map_or(0, |start| start + WARM_UP_CURSOR.len() - 1);
        self.completions(&Place {
            text: WARM_UP.to_owned(),
            cursor,
        })?;
        Ok(())
    }

    fn analysis(&self) -> Analysis {
        self.host.analysis()
    }
}
