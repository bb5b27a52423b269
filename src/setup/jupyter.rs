//! JupyterLab: started with all its files below the clone, and stopped without a trace.

use super::python;
use super::steps::Step;
use crate::home::Home;
use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};

/// The port that JupyterLab has everywhere.
const DEFAULT_PORT: u16 = 8888;

/// How many ports after the default one are tried.
const PORTS_TRIED: u16 = 50;

/// A cold start on a slow disk takes 20 s.
const START_LIMIT: Duration = Duration::from_secs(120);

/// JupyterLab ends itself and its kernels within the 10 s that `jupyter_server_config.py` gives them; after this
/// time it hangs.
const STOP_LIMIT: Duration = Duration::from_secs(15);

const CONFIG: &str = include_str!("jupyter_server_config.py");

/// Settings of JupyterLab's own windows: no question about news in the first minute, and no look for updates.
const SETTINGS: &str = r#"{
  "@jupyterlab/apputils-extension:notification": { "checkForUpdates": false, "fetchNews": "false" }
}
"#;

/// Nothing is ever rebuilt: the installed JupyterLab is the one in the lock file.
const PAGE: &str = r#"{ "buildAvailable": false, "buildCheck": false }
"#;

/// Where JupyterLab keeps all it would otherwise put into the home folder.
fn folder(home: &Home) -> PathBuf {
    home.state().join("jupyter")
}

/// What the server prints.
fn log(home: &Home) -> PathBuf {
    folder(home).join("lab.log")
}

fn state_file(home: &Home) -> PathBuf {
    home.state().join("lab.json")
}

/// The lock that a `course lab` holds from its first to its last moment.
pub fn lock_file(home: &Home) -> PathBuf {
    home.state().join("lab.lock")
}

/// A JupyterLab that runs in this clone.
#[derive(Debug, Serialize, Deserialize)]
pub struct Running {
    pub pid: u32,
    pub address: String,
    pub port: u16,
    /// With the token: who has it can run programs.
    pub url: String,
}

/// The JupyterLab of this clone, if there is one and it answers.
pub fn running(home: &Home) -> Option<Running> {
    let text = fs::read_to_string(state_file(home)).ok()?;
    let running: Running = serde_json::from_str(&text).ok()?;
    answers(&running.address, running.port).then_some(running)
}

/// Forgets a JupyterLab whose `course` was killed. For the holder of the lock only.
pub fn forget(home: &Home) -> Result<()> {
    match fs::remove_file(state_file(home)) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", state_file(home).display()))
        }
        _ => Ok(()),
    }
}

/// Whether only this machine can reach what listens at `host`.
pub fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A free port at `host`: the one asked for or, if none was, the default or the next free one after it.
pub fn choose_port(host: &str, asked: Option<u16>) -> Result<u16> {
    match asked {
        Some(port) => free_port(host, port)?.with_context(|| {
            format!(
                "port {port} is taken by another program; choose another with --port, or leave --port away"
            )
        }),
        None => {
            for port in DEFAULT_PORT..DEFAULT_PORT + PORTS_TRIED {
                if let Some(free) = free_port(host, port)? {
                    if port != DEFAULT_PORT {
                        eprintln!("port {DEFAULT_PORT} is taken by another program, so this is port {port}");
                    }
                    return Ok(free);
                }
            }
            bail!(
                "the ports from {DEFAULT_PORT} to {} are all taken; choose a free one with --port",
                DEFAULT_PORT + PORTS_TRIED - 1
            )
        }
    }
}

/// The port, if nothing listens on it; the system's choice for port 0.
fn free_port(host: &str, port: u16) -> Result<Option<u16>> {
    match TcpListener::bind((host, port)) {
        Ok(listener) => Ok(Some(
            listener.local_addr().context("a port cannot be read")?.port(),
        )),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Ok(None),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            bail!("port {port} needs the rights of an administrator; choose one above 1023 with --port")
        }
        Err(error) => bail!("this machine cannot listen at --host {host}: {error}"),
    }
}

/// Whether a Jupyter server answers there.
fn answers(address: &str, port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let limit = Duration::from_millis(1000);
        let place = (address, port)
            .to_socket_addrs()?
            .next()
            .ok_or(ErrorKind::NotFound)?;
        let mut stream = TcpStream::connect_timeout(&place, limit)?;
        stream.set_read_timeout(Some(limit))?;
        let request = format!("GET /api HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        Ok(&start == b"HTTP/1.1 200")
    };
    ask().unwrap_or(false)
}

/// How to start JupyterLab.
#[derive(Debug)]
pub struct Options {
    pub host: String,
    pub port: u16,
    pub browser: bool,
}

/// A started JupyterLab. It stops when this is dropped, or this process dies, because the pipe closes.
#[derive(Debug)]
pub struct Server {
    child: Child,
    pipe: Option<ChildStdin>,
    home: Home,
    url: String,
}

/// Starts JupyterLab on the notebooks, and waits until it answers.
pub fn start(home: &Home, options: &Options, step: &Step) -> Result<Server> {
    step.say("starting the server");
    write_settings(home)?;
    let page = first_page(home);
    // Whoever starts the course in a container may want to know the token beforehand.
    let token = std::env::var("JUPYTER_TOKEN")
        .ok()
        .filter(|token| !token.is_empty())
        .unwrap_or_else(|| uuid::Uuid::new_v4().simple().to_string());
    let address = reachable_address(&options.host);
    let shown = if address.contains(':') {
        format!("[{address}]")
    } else {
        address.clone()
    };
    let url = format!("http://{shown}:{}{page}?token={token}", options.port);

    let mut child = command(home, options, &page, &token)?
        .spawn()
        .context("JupyterLab cannot be started")?;
    let pipe = child.stdin.take();
    let mut server = Server {
        child,
        pipe,
        home: home.clone(),
        url,
    };

    let limit = Instant::now() + START_LIMIT;
    while !answers(&address, options.port) {
        if let Some(status) = server.exited()? {
            bail!("JupyterLab did not start ({status}); {}", last_words(home));
        }
        if Instant::now() > limit {
            bail!(
                "JupyterLab did not answer within {} s; {}",
                START_LIMIT.as_secs(),
                last_words(home)
            );
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let running = Running {
        pid: std::process::id(),
        address,
        port: options.port,
        url: server.url.clone(),
    };
    write_private(&state_file(home), &serde_json::to_vec_pretty(&running)?)?;
    Ok(server)
}

impl Server {
    /// Where it is, with the token.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits until JupyterLab is shut down from its menu, or until Ctrl-C or the end of the terminal stops it.
    pub fn wait(mut self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("signals cannot be waited for")?;
        let result = runtime.block_on(self.wait_for_end());
        forget(&self.home)?;
        result
    }

    async fn wait_for_end(&mut self) -> Result<()> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        let mut look = tokio::time::interval(Duration::from_millis(200));
        loop {
            tokio::select! {
                _ = interrupt.recv() => break,
                _ = terminate.recv() => break,
                _ = hangup.recv() => break,
                _ = look.tick() => if let Some(status) = self.exited()? {
                    if status.success() {
                        println!("JupyterLab was shut down.");
                        return Ok(());
                    }
                    bail!("JupyterLab ended by itself ({status}); {}", last_words(&self.home));
                },
            }
        }

        // The terminal may be gone by now, so a failure to write must not be one to stop.
        let _ = writeln!(std::io::stderr(), "\nstopping JupyterLab and its kernels ...");
        self.pipe = None;
        let limit = Instant::now() + STOP_LIMIT;
        while self.exited()?.is_none() {
            if Instant::now() > limit {
                let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
                self.child.wait().context("JupyterLab cannot be waited for")?;
            }
            look.tick().await;
        }
        Ok(())
    }

    fn exited(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().context("JupyterLab cannot be waited for")
    }
}

fn command(home: &Home, options: &Options, page: &str, token: &str) -> Result<Command> {
    let own = folder(home);
    let log = private_file(&log(home))?;
    let program = python::program(home, "jupyter-lab");
    let mut command = Command::new(program);
    command
        .arg(format!("--ServerApp.root_dir={}", home.notebooks().display()))
        .arg(format!("--ServerApp.ip={}", options.host))
        .arg(format!("--ServerApp.port={}", options.port))
        .arg(format!(
            "--ServerApp.open_browser={}",
            if options.browser { "True" } else { "False" }
        ))
        .arg(format!("--LabApp.default_url={page}"));
    surround(&mut command, home)?;
    command
        .env("JUPYTER_CONFIG_DIR", own.join("config"))
        .env("JUPYTER_DATA_DIR", own.join("data"))
        .env("JUPYTER_RUNTIME_DIR", own.join("runtime"))
        .env("JUPYTERLAB_SETTINGS_DIR", own.join("settings"))
        .env("JUPYTERLAB_WORKSPACES_DIR", own.join("workspaces"))
        .env("IPYTHONDIR", own.join("ipython"))
        // Not as an argument, which everyone on the machine can read.
        .env("JUPYTER_TOKEN", token)
        // A group of its own: Ctrl-C must not reach it, or it asks whether it was meant.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(log.try_clone().context("the log cannot be shared")?)
        .stderr(log);
    Ok(command)
}

/// What JupyterLab and its kernels find around them: the folder and the environment variables.
fn surround(command: &mut Command, home: &Home) -> Result<()> {
    command
        .current_dir(home.notebooks())
        .env("COURSE_HOME", home.root())
        .env("VIRTUAL_ENV", python::folder(home))
        .env("PATH", path(home)?);
    for name in [
        "JUPYTER_PATH",
        "JUPYTER_CONFIG_PATH",
        "JUPYTER_NO_CONFIG",
        "JUPYTERLAB_DIR",
        "PYTHONHOME",
        "PYTHONPATH",
    ] {
        command.env_remove(name);
    }
    Ok(())
}

/// Starts a kernel that waits for a notebook, with all around it as JupyterLab would give it.
pub fn warm_kernel(home: &Home) -> Result<Command> {
    fs::create_dir_all(folder(home)).with_context(|| format!("{} cannot be made", folder(home).display()))?;
    let log = File::options()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(log(home))
        .context("the log of JupyterLab cannot be written")?;
    let course = std::env::current_exe().context("this program's own path cannot be read")?;
    let mut command = Command::new(course);
    command.arg("warm-kernel");
    surround(&mut command, home)?;
    // Ctrl-C is for `course lab`, which then ends the kernel itself.
    command.process_group(0).stderr(log);
    Ok(command)
}

/// In JupyterLab's terminals, `course`, `jupyter` and `nbgrader` are those of this clone.
fn path(home: &Home) -> Result<OsString> {
    let mut folders = vec![python::folder(home).join("bin")];
    let course = std::env::current_exe().context("this program's own path cannot be read")?;
    folders.extend(course.parent().map(Path::to_owned));
    folders.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    std::env::join_paths(folders)
        .context("the clone's path holds a colon, which no PATH can; rename its folder")
}

fn write_settings(home: &Home) -> Result<()> {
    let config = folder(home).join("config");
    let defaults = config.join("labconfig");
    fs::create_dir_all(&defaults).with_context(|| format!("{} cannot be made", defaults.display()))?;
    for (path, text) in [
        (config.join("jupyter_server_config.py"), CONFIG),
        (defaults.join("default_setting_overrides.json"), SETTINGS),
        (defaults.join("page_config.json"), PAGE),
    ] {
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

/// The page that opens: the first lecture for a newcomer, and for others what they left open.
fn first_page(home: &Home) -> String {
    let workspaces = folder(home).join("workspaces");
    let been_here = fs::read_dir(workspaces).is_ok_and(|mut files| files.next().is_some());
    let lectures = home.notebooks().join("lectures");
    let first = fs::read_dir(lectures)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".ipynb"))
        .min();
    match first {
        Some(name) if !been_here => format!("/lab/tree/lectures/{}", percent_encoded(&name)),
        _ => "/lab".to_owned(),
    }
}

fn percent_encoded(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// An address by which this machine itself reaches what listens at `host`.
fn reachable_address(host: &str) -> String {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) if address.is_unspecified() => "127.0.0.1".to_owned(),
        Ok(IpAddr::V6(address)) if address.is_unspecified() => "::1".to_owned(),
        _ => host.to_owned(),
    }
}

/// The end of the server's log, for an error.
fn last_words(home: &Home) -> String {
    let path = log(home);
    let text = fs::read(&path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last: String = lines[lines.len().saturating_sub(10)..]
        .iter()
        .map(|line| format!("\n    {line}"))
        .collect();
    format!("the last lines of its log {}:{last}", path.display())
}

fn write_private(path: &Path, content: &[u8]) -> Result<()> {
    private_file(path)?
        .write_all(content)
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// An empty file that only its owner can read, because a token will be in it.
fn private_file(path: &Path) -> Result<File> {
    File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::kernelspec;
    use std::collections::HashMap;
    use std::os::unix::fs::PermissionsExt;
    use std::thread;

    const HOST: &str = "127.0.0.1";

    fn clone() -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path()).unwrap();
        fs::create_dir_all(home.notebooks().join("lectures")).unwrap();
        fs::create_dir_all(super::folder(&home)).unwrap();
        (folder, home)
    }

    fn options(port: u16) -> Options {
        Options {
            host: HOST.to_owned(),
            port,
            browser: false,
        }
    }

    #[test]
    fn a_port_that_was_asked_for_and_is_taken_is_an_error() {
        let other = TcpListener::bind((HOST, 0)).unwrap();
        let port = other.local_addr().unwrap().port();
        let error = choose_port(HOST, Some(port)).unwrap_err().to_string();
        assert!(error.contains(&format!("port {port} is taken")), "{error}");
        assert_ne!(choose_port(HOST, Some(0)).unwrap(), port);
    }

    #[test]
    fn without_a_wish_a_free_port_is_found() {
        let port = choose_port(HOST, None).unwrap();
        assert!((DEFAULT_PORT..DEFAULT_PORT + PORTS_TRIED).contains(&port));
    }

    #[test]
    fn an_address_that_is_not_this_machines_is_an_error_and_no_taken_port() {
        let error = choose_port("192.0.2.1", None).unwrap_err().to_string();
        assert!(error.contains("cannot listen at --host 192.0.2.1"), "{error}");
    }

    #[test]
    fn only_loopback_addresses_are_private() {
        assert!(is_loopback("127.0.0.1") && is_loopback("::1") && is_loopback("localhost"));
        assert!(!is_loopback("0.0.0.0") && !is_loopback("192.0.2.1") && !is_loopback("example.org"));
    }

    #[test]
    fn everything_that_jupyter_writes_lies_below_the_clone() {
        let (_folder, home) = clone();
        let command = command(&home, &options(1), "/lab", "secret").unwrap();
        let set: HashMap<_, _> = command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        for name in [
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
            "IPYTHONDIR",
        ] {
            assert!(
                Path::new(set[std::ffi::OsStr::new(name)]).starts_with(home.state()),
                "{name}"
            );
        }
    }

    #[test]
    fn the_token_is_in_no_argument_and_in_no_file_that_others_can_read() {
        let (_folder, home) = clone();
        let command = command(&home, &options(1), "/lab", "secret").unwrap();
        assert!(
            command
                .get_args()
                .all(|argument| !argument.to_string_lossy().contains("secret"))
        );
        write_private(&state_file(&home), b"secret").unwrap();
        for file in [log(&home), state_file(&home)] {
            assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o077, 0);
        }
    }

    #[test]
    fn a_newcomer_sees_the_first_lecture_and_others_what_they_left_open() {
        let (_folder, home) = clone();
        assert_eq!(first_page(&home), "/lab");
        for name in ["02 loss.ipynb", "01 a neuron.ipynb", "00.txt"] {
            fs::write(home.notebooks().join("lectures").join(name), "").unwrap();
        }
        assert_eq!(first_page(&home), "/lab/tree/lectures/01%20a%20neuron.ipynb");

        let workspaces = super::folder(&home).join("workspaces");
        fs::create_dir_all(&workspaces).unwrap();
        fs::write(workspaces.join("default.jupyterlab-workspace"), "").unwrap();
        assert_eq!(first_page(&home), "/lab");
    }

    #[test]
    fn a_server_that_listens_everywhere_is_reached_at_the_loopback_address() {
        assert_eq!(reachable_address("0.0.0.0"), "127.0.0.1");
        assert_eq!(reachable_address("192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn a_state_file_counts_only_while_its_server_answers() {
        let (_folder, home) = clone();
        assert!(running(&home).is_none());
        let listener = TcpListener::bind((HOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Running {
            pid: 1,
            address: HOST.to_owned(),
            port,
            url: "http://x".to_owned(),
        };
        fs::write(state_file(&home), serde_json::to_vec(&state).unwrap()).unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            assert!(stream.read(&mut request).unwrap() > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        });
        assert_eq!(running(&home).unwrap().port, port);
        server.join().unwrap();

        assert!(running(&home).is_none(), "nothing listens there any more");
        forget(&home).unwrap();
        forget(&home).unwrap();
    }

    #[test]
    fn a_server_that_ends_at_once_is_an_error_with_its_last_words() {
        let (_folder, home) = clone();
        let program = python::program(&home, "jupyter-lab");
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(&program, "#!/bin/sh\necho bad config; exit 4\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let port = choose_port(HOST, Some(0)).unwrap();

        let mut steps = crate::setup::steps::Steps::new();
        let error = steps
            .run("JupyterLab", |step| start(&home, &options(port), step))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("did not start (exit status: 4)") && error.contains("bad config"),
            "{error}"
        );
        assert!(running(&home).is_none());
    }

    #[test]
    fn the_configuration_names_the_kernel_that_is_installed() {
        assert!(CONFIG.contains(&format!("allowed_kernelspecs = {{\"{}\"}}", kernelspec::NAME)));
        for text in [SETTINGS, PAGE] {
            serde_json::from_str::<serde_json::Value>(text).unwrap();
        }
    }
}
