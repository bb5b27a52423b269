//! What two lists have in common, in their order: patience diff (Cohen, 2003).
//!
//! What starts and ends alike is paired; between, things that are there just once in both lists are, as far
//! as their orders agree; and so on between those.

use std::collections::HashMap;
use std::hash::Hash;

/// Pairs of places of equal things, in the order of both lists.
pub(super) fn alike<T: Eq + Hash>(a: &[T], b: &[T]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    between(a, b, (0, 0), &mut pairs);
    pairs
}

fn between<T: Eq + Hash>(a: &[T], b: &[T], start: (usize, usize), pairs: &mut Vec<(usize, usize)>) {
    let same = |pair: &(&T, &T)| pair.0 == pair.1;
    let head = a.iter().zip(b).take_while(same).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
    let (inner_a, inner_b) = (&a[..a.len() - tail], &b[..b.len() - tail]);

    pairs.extend((0..head).map(|at| (start.0 + at, start.1 + at)));
    let start = (start.0 + head, start.1 + head);
    let mut done = (0, 0);
    let anchors = in_order(anchors(inner_a, inner_b));
    for (at_a, at_b) in anchors.iter().copied() {
        let place = (start.0 + done.0, start.1 + done.1);
        between(&inner_a[done.0..at_a], &inner_b[done.1..at_b], place, pairs);
        pairs.push((start.0 + at_a, start.1 + at_b));
        done = (at_a + 1, at_b + 1);
    }
    if !anchors.is_empty() {
        let place = (start.0 + done.0, start.1 + done.1);
        between(&inner_a[done.0..], &inner_b[done.1..], place, pairs);
    }
    let end = (start.0 + inner_a.len(), start.1 + inner_b.len());
    pairs.extend((0..tail).map(|at| (end.0 + at, end.1 + at)));
}

/// Where things stand that each list has just once, in the order of the first.
fn anchors<T: Eq + Hash>(a: &[T], b: &[T]) -> Vec<(usize, usize)> {
    let mut places: HashMap<&T, (Vec<usize>, Vec<usize>)> = HashMap::new();
    a.iter()
        .enumerate()
        .for_each(|(at, thing)| places.entry(thing).or_default().0.push(at));
    b.iter()
        .enumerate()
        .for_each(|(at, thing)| places.entry(thing).or_default().1.push(at));
    let once = places.into_values().filter_map(|(a, b)| match (&a[..], &b[..]) {
        ([a], [b]) => Some((*a, *b)),
        _ => None,
    });
    let mut once: Vec<(usize, usize)> = once.collect();
    once.sort_unstable();
    once
}

/// The longest part of pairs in which the second places rise as the first do.
fn in_order(pairs: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    // For each length the pair with which a rising part of that length ends lowest, and for each pair the one
    // before.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::new();
    for (number, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < pair.1);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(number);
        } else {
            ends[length] = number;
        }
    }
    let steps = std::iter::successors(ends.last().copied(), |number| before[*number]);
    let mut part: Vec<(usize, usize)> = steps.map(|number| pairs[number]).collect();
    part.reverse();
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn letters(a: &str, b: &str) -> String {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        alike(&a, &b).iter().map(|(at, _)| a[*at]).collect()
    }

    #[test]
    fn what_both_have_is_found_in_their_order() {
        assert_eq!(
            letters("title axis data", "title axis more data"),
            "title axis data"
        );
        assert_eq!(letters("abcde", "abXde"), "abde");
        assert_eq!(letters("abc", ""), "");
        assert_eq!(letters("xbacy", "zabcw").len(), 2);
    }

    proptest! {
        #[test]
        fn pairs_are_equal_and_rise_in_both_lists(a: Vec<u8>, b: Vec<u8>) {
            let (a, b): (Vec<u8>, Vec<u8>) = (a.iter().map(|x| x % 8).collect(), b.iter().map(|x| x % 8).collect());
            let pairs = alike(&a, &b);
            prop_assert!(pairs.iter().all(|(x, y)| a[*x] == b[*y]));
            prop_assert!(pairs.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
            prop_assert_eq!(alike(&a, &a).len(), a.len());
        }
    }
}
