//! One axis: which values it spans, where its marks stand, and how their numbers are written.

/// A scale from `low` to `high` with marks at round numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    pub low: f64,
    pub high: f64,
    /// Value and label of every mark.
    pub ticks: Vec<(f64, String)>,
    /// In powers of ten: equal factors are equally long.
    pub logarithmic: bool,
}

/// What an axis is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AxisOptions {
    /// Ends given by the caller; the axis is otherwise a little longer than the data.
    pub range: Option<(f64, f64)>,
    /// Starts at zero and touches it, as bars must.
    pub from_zero: bool,
    /// Marks at whole numbers only, as for epochs.
    pub whole: bool,
    /// In powers of ten.
    pub logarithmic: bool,
    /// How many marks there is room for.
    pub marks: usize,
    /// Free space beyond the data at each end, as a share of its span.
    pub slack: f64,
}

impl Axis {
    /// An axis over data that spans `smallest` to `largest`, both finite.
    pub fn new(smallest: f64, largest: f64, options: AxisOptions) -> Self {
        if options.logarithmic {
            return super::powers::axis(smallest, largest, options);
        }
        let (low, high) = match options.range {
            Some(range) => range,
            None => ends(smallest, largest, options),
        };
        // A single mark would not say how long a step is.
        let try_with = |marks| {
            let step = step(high - low, marks, options.whole);
            (step, marks_between(low, high, step))
        };
        let wanted = options.marks.max(2);
        let found = (wanted..12).map(try_with).find(|(_, values)| values.len() > 1);
        let (step, values) = found.unwrap_or_else(|| try_with(wanted));
        let labels = labels(&values, step);
        Self {
            low,
            high,
            ticks: values.into_iter().zip(labels).collect(),
            logarithmic: false,
        }
    }

    /// Where a value lies: 0 at the low end, 1 at the high end. NaN for what has no place on the axis.
    pub fn share(&self, value: f64) -> f64 {
        if self.logarithmic {
            return (value / self.low).ln() / (self.high / self.low).ln();
        }
        (value - self.low) / (self.high - self.low)
    }
}

fn ends(smallest: f64, largest: f64, options: AxisOptions) -> (f64, f64) {
    let (mut low, mut high) = (smallest, largest);
    if options.from_zero {
        (low, high) = (low.min(0.0), high.max(0.0));
    }
    let size = low.abs().max(high.abs());
    // Values that are equal, or nearly, for the numbers on the axis to tell them apart.
    if high - low <= size * 1e-7 {
        let room = if options.whole || size == 0.0 {
            1.0
        } else {
            size * 0.1
        };
        (low, high) = (low - room, high + room);
        if options.from_zero {
            low = low.max(0.0);
        }
        return (low, high);
    }
    let room = (high - low) * options.slack;
    let at_zero = |end: f64| options.from_zero && end == 0.0;
    (
        if at_zero(low) { low } else { low - room },
        if at_zero(high) { high } else { high + room },
    )
}

/// The multiples of `step` from `low` to `high`.
fn marks_between(low: f64, high: f64, step: f64) -> Vec<f64> {
    let slip = step * 1e-6;
    let first = ((low - slip) / step).ceil();
    let count = (((high + slip) / step).floor() - first + 1.0).clamp(0.0, 40.0) as usize;
    (0..count).map(|mark| (first + mark as f64) * step).collect()
}

/// The distance of marks: 1, 2 or 5 times a power of ten, so that at most `marks` fit into `span`.
fn step(span: f64, marks: usize, whole: bool) -> f64 {
    let least = span / marks as f64;
    let power = 10f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|step| *step >= least * 0.999_999);
    let step = step.unwrap_or(10.0 * power);
    if whole { step.max(1.0) } else { step }
}

fn labels(values: &[f64], step: f64) -> Vec<String> {
    let largest = values
        .iter()
        .fold(0.0, |largest: f64, value| largest.max(value.abs()));
    if largest >= 1e6 || (largest > 0.0 && largest < 1e-3) {
        let power = (largest.log10() + 1e-9).floor();
        let decimals = (power - (step.log10() + 1e-9).floor()).clamp(0.0, 9.0) as usize;
        let scientific = |value: &f64| match value {
            0.0 => "0".to_owned(),
            value => format!(
                "{}×10{}",
                plain(value / 10f64.powf(power), decimals),
                superscript(power as i32)
            ),
        };
        return values.iter().map(scientific).collect();
    }
    let decimals = (-(step.log10() + 1e-9).floor()).clamp(0.0, 9.0) as usize;
    values.iter().map(|value| plain(*value, decimals)).collect()
}

/// A number as it is printed: a true minus sign, and no minus before zero.
pub(crate) fn plain(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let is_zero = text.chars().all(|letter| letter == '0' || letter == '.');
    let text = thousands(&text);
    if value < 0.0 && !is_zero {
        format!("−{text}")
    } else {
        text
    }
}

/// Sets the digits of numbers from ten thousand apart in threes.
fn thousands(text: &str) -> String {
    let (whole, decimals) = text.split_at(text.find('.').unwrap_or(text.len()));
    if whole.len() < 5 {
        return text.to_owned();
    }
    let mut apart = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            apart.push('\u{202F}');
        }
        apart.push(digit);
    }
    apart + decimals
}

/// A number with about three significant digits, for labels beside data.
pub(crate) fn brief(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-3..1e6).contains(&size) {
        let power = (size.log10() + 1e-9).floor();
        return format!(
            "{}×10{}",
            plain(value / 10f64.powf(power), 2),
            superscript(power as i32)
        );
    }
    let most = if size == 0.0 {
        0
    } else {
        (2.0 - size.log10().floor()).clamp(0.0, 6.0) as usize
    };
    let text = plain(value, most);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

pub(super) fn superscript(number: i32) -> String {
    let raised = |letter| match letter {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32(digit as u32 - '0' as u32 + '⁰' as u32).unwrap_or(digit),
    };
    number.to_string().chars().map(raised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(low: f64, high: f64, options: AxisOptions) -> Vec<String> {
        let options = AxisOptions { marks: 6, ..options };
        Axis::new(low, high, options)
            .ticks
            .into_iter()
            .map(|(_, label)| label)
            .collect()
    }

    #[test]
    fn marks_stand_at_round_numbers() {
        assert_eq!(
            written(0.0, 1.0, AxisOptions::default()),
            ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
        );
        assert_eq!(
            written(-40.0, 40.0, AxisOptions::default()),
            ["−40", "−20", "0", "20", "40"]
        );
        assert_eq!(written(0.0, 2e5, AxisOptions::default())[1], "50\u{202F}000");
        assert_eq!(
            written(
                1.0,
                4.0,
                AxisOptions {
                    whole: true,
                    ..Default::default()
                }
            ),
            ["1", "2", "3", "4"]
        );
    }

    #[test]
    fn huge_and_tiny_numbers_are_written_with_powers_of_ten() {
        assert_eq!(written(0.0, 2e9, AxisOptions::default())[1], "0.5×10⁹");
        assert_eq!(
            written(0.0, 1e-5, AxisOptions::default()).last().unwrap(),
            "1.0×10⁻⁵"
        );
        assert_eq!(brief(1.23456e12), "1.23×10¹²");
        assert_eq!(brief(-0.5), "−0.5");
    }

    #[test]
    fn equal_values_still_span_an_axis() {
        for value in [0.0, 5.0, -3e20, 1e-12, 123_456_789.0] {
            for from_zero in [false, true] {
                let axis = Axis::new(
                    value,
                    value,
                    AxisOptions {
                        from_zero,
                        marks: 5,
                        ..Default::default()
                    },
                );
                assert!(
                    axis.low < axis.high && axis.low <= value && value <= axis.high,
                    "{axis:?}"
                );
                assert!(!axis.ticks.is_empty(), "{axis:?}");
            }
        }
    }
}
