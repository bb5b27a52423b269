//! How far something is, and how long it takes, in a line of text.

/// Cells of the bar that shows how much is done.
const BAR: usize = 24;

/// A bar, full up to `share`, from 0 to 1.
pub(crate) fn bar(share: f64) -> String {
    let full = ((share * BAR as f64).round() as usize).min(BAR);
    format!("{}{}", "█".repeat(full), "░".repeat(BAR - full))
}

/// So many seconds as people say it.
pub(crate) fn in_words(seconds: f64) -> String {
    if seconds < 1.0 {
        format!("{seconds:.2} s")
    } else if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{:.0} min {:.0} s", (seconds / 60.0).floor(), seconds % 60.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_empty_at_first_and_full_at_the_end() {
        assert_eq!(bar(0.0), "░".repeat(BAR));
        assert_eq!(bar(0.5).matches('█').count(), BAR / 2);
        assert_eq!(bar(1.5), "█".repeat(BAR));
    }

    #[test]
    fn times_are_told_to_the_digit_that_matters() {
        assert_eq!(
            [0.123, 12.34, 125.0].map(in_words),
            ["0.12 s", "12.3 s", "2 min 5 s"]
        );
    }
}
