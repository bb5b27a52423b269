//! `course`: opens the course, runs its notebooks, and is the Rust kernel that they run on.

mod data;
mod doctor;
mod environment;
mod home;
mod kernel;
mod lab;
mod pool;
mod quick_build;
mod run;
mod setup;
mod standard_library;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use environment::KernelFolder;
use home::Home;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// rust-analyzer makes millions of small pieces: a kernel starts a second sooner than with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Deep generative neural networks, as Rust notebooks: the course you run instead of Colab.
///
/// `course lab` sets everything up and opens JupyterLab; start there.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Set up what is missing and open the lessons in JupyterLab.
    ///
    /// The first run builds the notebook environment, which takes minutes; it says what it does and goes on
    /// where it stopped. Later runs start in seconds. Ctrl-C ends JupyterLab and everything it started.
    Lab(lab::LabArgs),
    /// Do all set-up that `course lab` needs, without opening anything.
    Setup,
    /// Execute notebooks without a browser.
    ///
    /// Exits with 0 if every cell ran, with 1 if a cell failed, with 2 if a notebook could not be run at all.
    Run(run::RunArgs),
    /// Say what is installed, and what to do about what is missing.
    Doctor,
    /// Say which data sets the lessons read, and check their files.
    Data {
        #[command(subcommand)]
        task: data::DataTask,
    },
    /// Be the Rust kernel of a notebook; Jupyter calls this.
    Kernel {
        /// The file in which Jupyter says which ports to use.
        #[arg(short = 'f', long)]
        connection_file: PathBuf,
    },
    /// Be a kernel that waits for a notebook; `course lab` calls this.
    #[command(hide = true)]
    WarmKernel,
    /// Be the stock evcxr kernel in the prebuilt environment; the tests compare with it.
    #[command(hide = true)]
    StockKernel {
        /// The file in which Jupyter says which ports to use.
        #[arg(short = 'f', long)]
        connection_file: PathBuf,
        /// Compile cells as the course's kernel does, which saves time where time is not what is compared.
        #[arg(long)]
        quick: bool,
    },
}

fn main() -> ExitCode {
    // In a kernel, evcxr finds this program under the names of Rust's own tools.
    if let Some(exit) = quick_build::called_as_tool() {
        return exit;
    }
    // evcxr starts this program again to run the cells: before anything else is done.
    if kernel::child::is_child()
        && let Err(error) = kernel::child::run_cells()
    {
        eprintln!("the output of the cells cannot reach the kernel: {error}");
        return ExitCode::FAILURE;
    }
    evcxr::runtime_hook();
    // How the stock kernel is called; its own code reads the arguments.
    if std::env::args().nth(1).as_deref() == Some("--control_file") {
        return exit_code(evcxr_jupyter::main().map(|()| ExitCode::SUCCESS));
    }
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("COURSE_LOG")
                .unwrap_or_else(|_| "warn,course=info".into()),
        )
        .with_writer(std::io::stderr)
        .without_time()
        .init();
    exit_code(carry_out(Arguments::parse().command))
}

fn exit_code(result: Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}

fn carry_out(task: Task) -> Result<ExitCode> {
    let home = Home::find()?;
    match task {
        Task::Lab(arguments) => lab::lab(&home, arguments).map(|()| ExitCode::SUCCESS),
        Task::Setup => {
            let mut steps = setup::Steps::new();
            setup::run(&home, &mut steps)?;
            steps.summary();
            Ok(ExitCode::SUCCESS)
        }
        Task::Run(arguments) => {
            let arguments = arguments.check()?;
            let _folder = enter_kernel_folder(&home)?;
            run::run(&home, &arguments)
        }
        Task::Doctor => doctor::doctor(&home),
        Task::Data { task } => data::data(&home, &task),
        Task::Kernel { connection_file } => {
            if let Some(result) = pool::claim(&home, &connection_file) {
                return result;
            }
            // A kernel that ended here would be started again and again by JupyterLab, and nobody would learn why. So it
            // lives, and tells whoever runs a cell.
            let folder = enter_kernel_folder(&home);
            let ready = folder
                .as_ref()
                .map(|_| home.clone())
                .map_err(|error| format!("{error:#}"));
            kernel::Kernel::start(ready)?.serve(&connection_file)?;
            Ok(ExitCode::SUCCESS)
        }
        Task::WarmKernel => {
            let folder = enter_kernel_folder(&home)?;
            let kernel = kernel::Kernel::start(Ok(home.clone()))?;
            pool::wait(&home, kernel)?;
            drop(folder);
            Ok(ExitCode::SUCCESS)
        }
        Task::StockKernel {
            connection_file,
            quick,
        } => {
            let folder = KernelFolder::hold(&KernelFolder::create(&home)?)?;
            let mut stock = Command::new(std::env::current_exe()?);
            stock.arg("--control_file").arg(connection_file);
            stock.env("EVCXR_TMPDIR", folder.path());
            prepare(&mut stock, &home);
            if let Some(tools) = find_tools(&home) {
                tools.put_in_front(&mut stock, &folder.path().join("bin"), &home, quick)?;
            }
            let status = stock.status().context("the stock kernel could not be started")?;
            Ok(ExitCode::from(if status.success() { 0 } else { 2 }))
        }
    }
}

const KERNEL_FOLDER: &str = "COURSE_KERNEL_FOLDER";

/// Gives this process a folder of the prebuilt environment to compile cells in.
///
/// evcxr reads where that is from the environment, and a process cannot safely change its own. So the program
/// starts itself again in its own place.
fn enter_kernel_folder(home: &Home) -> Result<KernelFolder> {
    // With the number of this process, since what the cells start inherits the variable.
    let prefix = format!("{}:", std::process::id());
    let given = std::env::var(KERNEL_FOLDER).unwrap_or_default();
    if let Some(folder) = given.strip_prefix(&prefix) {
        return KernelFolder::hold(Path::new(folder));
    }
    let folder = KernelFolder::create(home)?;
    let mut own = Command::new(std::env::current_exe()?);
    own.args(std::env::args_os().skip(1))
        .env(KERNEL_FOLDER, format!("{prefix}{}", folder.display()))
        .env("EVCXR_TMPDIR", &folder);
    pool::remember_environment(&mut own);
    prepare(&mut own, home);
    if let Some(tools) = find_tools(home) {
        let links = folder.join("bin");
        tools.put_in_front(&mut own, &links, home, true)?;
        tools.blind_evcxrs_analyzer(&mut own, &links);
    }
    Err(become_program(&mut own))
}

fn find_tools(home: &Home) -> Option<quick_build::Tools> {
    let tools = quick_build::Tools::find(home.toolchain().as_deref());
    if tools.is_none() {
        tracing::warn!("cargo was not found; install Rust from https://rustup.rs");
    }
    tools
}

/// Replaces this process by another; returns only if that fails.
fn become_program(program: &mut Command) -> anyhow::Error {
    anyhow::Error::new(program.exec()).context("the kernel could not be started")
}

/// Gives a kernel's process the environment that evcxr reads.
fn prepare(program: &mut Command, home: &Home) {
    // A learner's own evcxr settings may move the folder and add dependencies.
    program.env("EVCXR_CONFIG_DIR", home.state().join("evcxr"));
    // The compiler of the clone, also where the notebook lies outside it.
    if let Some(toolchain) = home.toolchain() {
        program.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    // Cargo points this at its target folder, where a library of another build may lie that has our library's name.
    for name in ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"] {
        let Some(paths) = std::env::var_os(name) else {
            continue;
        };
        let own = std::env::current_exe()
            .ok()
            .and_then(|exe| Some(exe.parent()?.to_owned()));
        let others = std::env::split_paths(&paths)
            .filter(|path| own.as_ref().is_none_or(|own| !path.starts_with(own)));
        if let Ok(others) = std::env::join_paths(others) {
            program.env(name, others);
        }
    }
}
