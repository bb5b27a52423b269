//! How memory that tensors leave is used again.
//!
//! A training step takes some tens of megabytes and leaves them at its end. As glibc's allocator comes, it gives such
//! memory back to the system at once and asks for it anew in the next step; the system then fills every page with
//! zeros again. In a convolutional network that was half of the time of a step (46 ms instead of 25 ms for the network
//! of lesson 09, measured on two cores). So the allocator is told to keep more.
//!
//! Elsewhere than on Linux with glibc nothing is done: other allocators keep memory by themselves.
#![allow(unsafe_code)]

/// So much unused memory the process keeps for its next allocations, in bytes: four steps of a large lesson.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT: libc::c_int = 256 << 20;

/// Blocks from this size on are still taken from the system and given back one by one, in bytes: whole datasets,
/// not steps of training. It is the largest size that glibc takes here.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE: libc::c_int = 32 << 20;

/// Lets the process keep the memory of a training step for the next one.
pub(crate) fn keep_between_steps() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: `mallopt` takes two numbers, and may be called at any time and on any thread: it changes settings under the
    // allocator's own lock and touches no memory that is in use. It answers 0 where it does not know a setting, and
    // then all stays as it was.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
    }
}
