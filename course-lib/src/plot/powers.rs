//! An axis in powers of ten: equal factors are equally long.

use super::axis::{Axis, AxisOptions, plain, superscript};

/// Below this, numbers lose their digits.
const LEAST: f64 = 1e-300;

/// An axis over data of which the smallest and the largest positive value are given.
pub(super) fn axis(smallest: f64, largest: f64, options: AxisOptions) -> Axis {
    let (low, high) = options
        .range
        .filter(|(low, _)| *low > LEAST)
        .unwrap_or_else(|| ends(smallest, largest, options.slack));
    let ticks = marks(low, high, options.marks.max(2));
    Axis {
        low,
        high,
        ticks: labelled(ticks),
        logarithmic: true,
    }
}

fn ends(smallest: f64, largest: f64, slack: f64) -> (f64, f64) {
    let smallest = smallest.max(LEAST);
    let largest = largest.max(smallest);
    // Equal values get the room from a half to the double.
    let room = ((largest / smallest).ln() * slack).max(if largest > smallest * 1.0001 { 0.0 } else { 0.7 });
    ((smallest / room.exp()).max(LEAST), largest * room.exp())
}

/// Powers of ten, every second or third of them where there are many, or 1, 2 and 5 times each where there
/// are few.
fn marks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let decades = |step: i32| {
        let (first, last) = (low.log10().ceil() as i32, high.log10().floor() as i32);
        (first..=last)
            .filter(move |power| power.rem_euclid(step) == 0)
            .map(|power| 10f64.powi(power))
            .collect::<Vec<f64>>()
    };
    let whole = decades(1);
    if whole.len() > 2 {
        let step = whole.len().div_ceil(most) as i32;
        return decades(step);
    }
    let first = low.log10().floor() as i32;
    let steps: &[f64] = match whole.len() {
        2 => &[1.0, 3.0],
        1 if high / low > 4.0 => &[1.0, 2.0, 5.0],
        _ => &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0],
    };
    let all = (first..=first + 3).flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)));
    let found: Vec<f64> = all.filter(|value| (low..=high).contains(value)).collect();
    if found.len() > 1 {
        return found;
    }
    // A range so short that it is nearly straight.
    let options = AxisOptions {
        range: Some((low, high)),
        marks: most,
        ..AxisOptions::default()
    };
    Axis::new(low, high, options)
        .ticks
        .into_iter()
        .map(|(value, _)| value)
        .collect()
}

/// Written out where all of them are short, else as powers of ten.
fn labelled(marks: Vec<f64>) -> Vec<(f64, String)> {
    let are_short = marks.iter().all(|value| (0.999e-3..1e5).contains(value));
    let label = |value: f64| {
        if are_short {
            let text = plain(value, 6);
            return text.trim_end_matches('0').trim_end_matches('.').to_owned();
        }
        let power = (value.log10() + 1e-9).floor();
        let factor = value / 10f64.powf(power);
        let raised = format!("10{}", superscript(power as i32));
        if (factor - 1.0).abs() < 1e-6 {
            return raised;
        }
        let factor = plain(factor, 6);
        format!("{}×{raised}", factor.trim_end_matches('0').trim_end_matches('.'))
    };
    marks.into_iter().map(|value| (value, label(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(low: f64, high: f64) -> Vec<String> {
        let options = AxisOptions {
            marks: 6,
            logarithmic: true,
            ..AxisOptions::default()
        };
        let ticks = axis(low, high, options).ticks.into_iter();
        ticks.map(|(_, label)| label).collect()
    }

    #[test]
    fn marks_stand_at_powers_of_ten() {
        assert_eq!(written(1e-4, 1.0), ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"]);
        assert_eq!(
            written(1e-10, 1.0),
            ["10⁻¹⁰", "10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]
        );
        assert_eq!(written(1e-3, 10.0), ["0.001", "0.01", "0.1", "1", "10"]);
        assert_eq!(written(0.04, 0.9), ["0.05", "0.1", "0.2", "0.5"]);
    }

    #[test]
    fn short_and_extreme_ranges_have_marks_too() {
        for (low, high) in [
            (1.0, 1.0),
            (3.2, 3.4),
            (0.011, 0.019),
            (7e-9, 7.1e-9),
            (1e-320, 1e-310),
            (1e-305, 1e299),
        ] {
            assert!(
                written(low, high).len() > 1,
                "{low} to {high}: {:?}",
                written(low, high)
            );
        }
    }

    #[test]
    fn equal_factors_are_equally_long() {
        let options = AxisOptions {
            range: Some((0.01, 100.0)),
            logarithmic: true,
            ..AxisOptions::default()
        };
        let axis = axis(0.0, 0.0, options);
        assert_eq!([0.01, 1.0, 100.0].map(|value| axis.share(value)), [0.0, 0.5, 1.0]);
        assert!(axis.share(-1.0).is_nan());
    }
}
