//! `course lab`: sets up what is missing, opens JupyterLab, and stops it again.

use crate::home::Home;
use crate::pool::Keeper;
use crate::setup::jupyter::{self, Options, Running};
use crate::setup::lock::Lock;
use crate::setup::{self, Steps};
use anyhow::{Result, bail};
use clap::Args;
use std::time::Duration;

/// Set everything up and open JupyterLab on the lessons.
#[derive(Debug, Args)]
pub struct LabArgs {
    /// The port to listen on [default: 8888, or the next free one]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,

    /// The address to listen at; anything but the default opens the notebooks to other machines
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: String,

    /// Only print the address, for a machine without a browser
    #[arg(long)]
    pub no_browser: bool,

    /// Keep no kernel ready for the next notebook: spares half a gigabyte of memory, and each notebook starts in
    /// three seconds instead of half a second
    #[arg(long)]
    pub no_warm_kernel: bool,
}

/// Sets up what is missing, starts JupyterLab, and returns when it has been stopped.
///
/// There is one JupyterLab a clone: two would write over each other's open notebooks. A second `course lab` says
/// where the first one is, and fails only if it was asked for another port.
pub fn lab(home: &Home, args: LabArgs) -> Result<()> {
    let _lock = match take_place(home)? {
        Place::Ours(lock) => lock,
        Place::Taken(running) => return point_to(&running, args.port),
    };
    jupyter::forget(home)?;
    if args.port.is_some() {
        // Before minutes of set-up, not after.
        jupyter::choose_port(&args.host, args.port)?;
    }

    let mut steps = Steps::new();
    setup::run(home, &mut steps)?;
    let options = Options {
        port: jupyter::choose_port(&args.host, args.port)?,
        host: args.host,
        browser: !args.no_browser && has_desktop(),
    };
    let _keeper = if args.no_warm_kernel {
        None
    } else {
        let home = home.clone();
        Some(Keeper::start(move || jupyter::warm_kernel(&home))?)
    };
    let server = steps.run("JupyterLab", |step| jupyter::start(home, &options, step))?;
    steps.summary();

    if !jupyter::is_loopback(&options.host) {
        eprintln!(
            "\nJupyterLab listens at {}: whoever reaches this machine and has the token below can run programs on it \
             as you, and nothing is encrypted on the way.",
            options.host
        );
    }
    println!("\nJupyterLab is at {}\nCtrl-C stops it.", server.url());
    server.wait()
}

enum Place {
    Ours(Lock),
    Taken(Running),
}

/// Makes this the clone's one `course lab`, or finds the JupyterLab of the other.
fn take_place(home: &Home) -> Result<Place> {
    let mut told = false;
    loop {
        if let Some(lock) = Lock::try_take(&jupyter::lock_file(home))? {
            return Ok(Place::Ours(lock));
        }
        if let Some(running) = jupyter::running(home) {
            return Ok(Place::Taken(running));
        }
        if !told {
            eprintln!("waiting for another `course lab`, which is starting or stopping in this clone ...");
            told = true;
        }
        std::thread::sleep(Duration::from_millis(300));
    }
}

fn point_to(running: &Running, asked: Option<u16>) -> Result<()> {
    match asked {
        Some(port) if port != running.port => bail!(
            "JupyterLab already runs in this clone at {}; to have it on port {port}, stop it first (Ctrl-C where it \
             was started, or `kill {}`)",
            running.url,
            running.pid
        ),
        _ => {
            println!("JupyterLab already runs in this clone, at {}", running.url);
            Ok(())
        }
    }
}

/// Whether there is a screen to open a browser on. Without one, Python would look for a browser in text mode and
/// start that with no terminal to show itself on.
fn has_desktop() -> bool {
    cfg!(target_os = "macos")
        || ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running() -> Running {
        Running {
            pid: 7,
            address: "127.0.0.1".into(),
            port: 8888,
            url: "http://x".into(),
        }
    }

    #[test]
    fn a_second_start_points_to_the_first_and_is_no_error() {
        point_to(&running(), None).unwrap();
        point_to(&running(), Some(8888)).unwrap();
    }

    #[test]
    fn a_second_start_on_another_port_says_why_not() {
        let error = point_to(&running(), Some(8899)).unwrap_err().to_string();
        assert!(error.contains("http://x") && error.contains("kill 7"), "{error}");
    }

    #[test]
    fn the_place_of_a_killed_lab_is_free_again() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path()).unwrap();
        std::fs::create_dir_all(home.state()).unwrap();
        std::fs::write(
            home.state().join("lab.json"),
            serde_json::to_vec(&running()).unwrap(),
        )
        .unwrap();
        assert!(matches!(take_place(&home).unwrap(), Place::Ours(_)));
    }
}
