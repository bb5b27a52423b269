//! Work on many numbers, shared between the cores.

use std::path::Path;
use std::sync::Once;
use std::thread::available_parallelism;

use rayon::prelude::*;

/// Fewer values than this are done sooner than a second core is woken: some ten microseconds, in which a core copies
/// half a megabyte.
const WORTH_SHARING: usize = 1 << 17;

/// How many cores share the work.
///
/// When the main thread asks first, as in a kernel and in most programs, it becomes one of the threads that work. It
/// begins at once then, and takes over whatever the others have not begun when it is done, instead of sleeping until two
/// others have woken up. Work comes every millisecond while a network learns.
///
/// With one core nothing may be shared: other threads would wait for the main thread, which may wait for them.
pub(crate) fn cores() -> usize {
    static CHOSEN: Once = Once::new();
    CHOSEN.call_once(|| {
        if is_main_thread() && available_parallelism().is_ok_and(|cores| cores.get() > 1) {
            // Fails where somebody else has chosen before; the work is done all the same.
            let _ = rayon::ThreadPoolBuilder::new()
                .use_current_thread()
                .build_global();
        }
    });
    rayon::current_num_threads()
}

/// A thread that ends could not go on working for others. Where it cannot be known, none is taken for the main thread.
fn is_main_thread() -> bool {
    // `<process>/task/<thread>`; the main thread has the number of its process.
    let thread = std::fs::read_link("/proc/thread-self").unwrap_or_default();
    thread.file_name() == Path::new(&std::process::id().to_string()).file_name()
}

/// Calls `work(number of the first row, rows)` on parts of `values`, each of whole rows of `width` values; on
/// several cores at once if there is enough to do. `cost` says how many times as long as a copy a value takes.
pub(crate) fn for_rows(
    values: &mut [f32],
    width: usize,
    cost: usize,
    work: impl Fn(usize, &mut [f32]) + Sync,
) {
    let rows = values.len() / width.max(1);
    if rows < 2 || values.len().saturating_mul(cost) < WORTH_SHARING {
        work(0, values);
        return;
    }
    let cores = cores();
    if cores < 2 {
        work(0, values);
        return;
    }
    let part = rows.div_ceil(cores);
    values
        .par_chunks_mut(part * width)
        .enumerate()
        .for_each(|(number, chunk)| work(number * part, chunk));
}

/// Calls `work(first place, parts)` on parts of several rows of values that are changed together, all of the
/// same length; on several cores at once if there is enough to do.
pub(crate) fn for_parts<const N: usize>(
    rows: [&mut [f32]; N],
    cost: usize,
    work: impl Fn(usize, [&mut [f32]; N]) + Sync,
) {
    let count = rows.first().map_or(0, |row| row.len());
    if count.saturating_mul(cost) < WORTH_SHARING {
        work(0, rows);
        return;
    }
    let cores = cores();
    if cores < 2 {
        work(0, rows);
        return;
    }
    halve(rows, 0, count.div_ceil(cores), &work);
}

/// Calls `work` for each item and keeps the results in order; on several cores where that pays.
pub(crate) fn for_items<I: Send, R: Send>(
    items: Vec<I>,
    share: bool,
    work: impl Fn(I) -> R + Sync + Send,
) -> Vec<R> {
    if share && cores() > 1 {
        items.into_par_iter().map(work).collect()
    } else {
        items.into_iter().map(work).collect()
    }
}

fn halve<const N: usize>(
    rows: [&mut [f32]; N],
    first: usize,
    longest: usize,
    work: &(impl Fn(usize, [&mut [f32]; N]) + Sync),
) {
    let count = rows.first().map_or(0, |row| row.len());
    if count <= longest {
        work(first, rows);
        return;
    }
    let middle = count / 2;
    let mut after: [&mut [f32]; N] = std::array::from_fn(|_| Default::default());
    let mut places = after.iter_mut();
    let before = rows.map(|row| {
        let (before, rest) = row.split_at_mut(middle);
        if let Some(place) = places.next() {
            *place = rest;
        }
        before
    });
    rayon::join(
        || halve(before, first, longest, work),
        || halve(after, first + middle, longest, work),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_worked_on_once_and_knows_its_number() {
        for rows in [1, 2, 3, 7, 40_001] {
            let mut values = vec![0.0; rows * 3];
            for_rows(&mut values, 3, 8, |first, part| {
                for (row, values) in part.chunks_exact_mut(3).enumerate() {
                    values.iter_mut().for_each(|value| *value += (first + row) as f32);
                }
            });
            let expected = (0..rows).flat_map(|row| [row as f32; 3]);
            assert!(values.into_iter().eq(expected), "{rows} rows");
        }
    }

    #[test]
    fn values_that_belong_together_stay_together() {
        let mut first: Vec<f32> = (0..100_000).map(|i| i as f32).collect();
        let mut second = vec![0.0; 100_000];
        for_parts([&mut first, &mut second], 1, |start, [first, second]| {
            for (place, (a, b)) in first.iter_mut().zip(second).enumerate() {
                assert_eq!(*a, (start + place) as f32);
                *b = -*a;
                *a += 1.0;
            }
        });
        assert!(first.iter().zip(&second).all(|(a, b)| a + b == 1.0));
    }
}
