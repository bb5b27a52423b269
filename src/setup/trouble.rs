//! What went wrong, told from what a child printed: the few causes that a learner can do something about.

/// What a line of a child's output gives away, as a sentence for the learner.
pub fn cause(line: &str) -> Option<&'static str> {
    const DISK: [&str; 3] = ["No space left on device", "os error 28)", "Disk quota exceeded"];
    const NETWORK: [&str; 9] = [
        // pip
        "Failed to establish a new connection",
        "NameResolutionError",
        "ProxyError",
        "ReadTimeoutError",
        "ConnectTimeoutError",
        // cargo
        "Could not resolve host",
        "Couldn't connect to server",
        "failed to download from",
        "spurious network error",
    ];
    const NO_WHEEL: [&str; 2] = ["No matching distribution found", "is not a supported wheel"];
    const HASHES: [&str; 1] = ["THESE PACKAGES DO NOT MATCH THE HASHES"];
    const LINKER: [&str; 2] = ["error: linker `", "failed to find tool"];
    let has = |words: &[&str]| words.iter().any(|word| line.contains(word));

    if has(&DISK) {
        Some(DISK_FULL)
    } else if has(&NETWORK) {
        Some(
            "the packages cannot be downloaded: check the network (behind a proxy, set HTTPS_PROXY) and start \
             again; it goes on where it stopped",
        )
    } else if has(&HASHES) {
        Some(
            "a downloaded package is not the one that requirements.lock names, so it was not installed; start \
             again, and if it stays so, find out what stands between this machine and the package index",
        )
    } else if has(&NO_WHEEL) {
        Some(
            "a package of requirements.lock is not to be had for this Python and machine; set COURSE_PYTHON to a \
             Python between 3.10 and 3.13",
        )
    } else if has(&LINKER) {
        Some(
            "the C compiler that Rust links with is missing; install it (Debian, Ubuntu: `sudo apt install \
             build-essential`; Fedora: `sudo dnf install gcc`; macOS: `xcode-select --install`) and start again",
        )
    } else {
        None
    }
}

/// The sentence for a full disk, wherever it was noticed.
pub const DISK_FULL: &str = "the disk is full, or your share of it; make room (`course doctor` says how much is \
     free, and the temporary folder counts too) and start again";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_recognised_from_pip_and_from_rustc() {
        for line in [
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "error: failed to write /c/deps/x.rmeta: No space left on device (os error 28)",
        ] {
            assert_eq!(cause(line), Some(DISK_FULL));
        }
    }

    #[test]
    fn a_missing_network_is_recognised_from_pip_and_from_cargo() {
        for line in [
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError('Failed to \
             establish a new connection: [Errno -3] Temporary failure in name resolution')'",
            "  [6] Could not resolve hostname (Could not resolve host: example.org)",
        ] {
            assert!(cause(line).unwrap().contains("check the network"));
        }
    }

    #[test]
    fn an_ordinary_error_is_left_to_its_own_words() {
        assert_eq!(cause("error[E0308]: mismatched types"), None);
    }
}
