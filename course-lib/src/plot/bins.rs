//! Histograms: equal bins that all histograms of a figure share, and what falls into each.

use super::canvas::{Area, Canvas, Point};
use super::frame::{Frame, clipped};
use super::series::{Mark, Series};
use super::theme::Color;
use super::values::span;

/// The bins that all histograms of a figure share.
#[derive(Debug, Clone, Default)]
pub(super) struct Bins {
    /// From the first bin's lower edge to the last bin's upper one; empty where there is no histogram.
    pub edges: Vec<f64>,
    /// Whether heights are densities instead of counts.
    pub shares: bool,
}

impl Bins {
    /// Bins for the histograms among the series: as many as wanted, or (0) as suit the data.
    pub fn new(series: &[Series], wanted: usize, range: Option<(f64, f64)>, shares: bool) -> Self {
        Self {
            edges: edges(series, wanted, range),
            shares,
        }
    }

    /// How high the bar over each bin is.
    pub fn heights(&self, series: &Series) -> Vec<f64> {
        let counts = counts(series, &self.edges).into_iter();
        if !self.shares {
            return counts.map(|count| count as f64).collect();
        }
        let all = series.x.len() as f64;
        let widths = self.edges.windows(2).map(|edges| edges[1] - edges[0]);
        counts
            .zip(widths)
            .map(|(count, width)| count as f64 / (all * width))
            .collect()
    }
}

fn edges(series: &[Series], wanted: usize, range: Option<(f64, f64)>) -> Vec<f64> {
    let values = || {
        series
            .iter()
            .filter(|s| s.mark == Mark::Histogram)
            .flat_map(|s| s.x.iter().copied())
    };
    if values().next().is_none() {
        return Vec::new();
    }
    let (mut low, mut high) = range.unwrap_or_else(|| span(values()));
    if high - low <= low.abs().max(high.abs()) * 1e-7 {
        let room = if low == 0.0 { 0.5 } else { low.abs() * 0.05 };
        (low, high) = (low - room, high + room);
    }
    let count = if wanted > 0 {
        wanted
    } else {
        suitable(values().collect(), high - low)
    };
    (0..=count)
        .map(|edge| low + (high - low) * edge as f64 / count as f64)
        .collect()
}

/// Freedman and Diaconis (1981): bins as wide as twice the middle half of the data over the cube root of its
/// size.
fn suitable(mut values: Vec<f64>, span: f64) -> usize {
    values.sort_unstable_by(f64::total_cmp);
    let quartile = |share: f64| values[((values.len() - 1) as f64 * share) as usize];
    let width = 2.0 * (quartile(0.75) - quartile(0.25)) / (values.len() as f64).cbrt();
    let count = if width > 0.0 { (span / width).ceil() } else { 10.0 };
    count.clamp(8.0, 40.0) as usize
}

/// How many values of a series fall into each bin; the last bin includes its upper edge.
fn counts(series: &Series, bins: &[f64]) -> Vec<usize> {
    let mut counts = vec![0; bins.len().saturating_sub(1)];
    let (Some(low), Some(high)) = (bins.first(), bins.last()) else {
        return counts;
    };
    let last = counts.len().saturating_sub(1);
    for value in series.x.iter().filter(|value| (*low..=*high).contains(*value)) {
        let bin = bins
            .partition_point(|edge| edge <= value)
            .saturating_sub(1)
            .min(last);
        counts[bin] += 1;
    }
    counts
}

/// Draws a histogram as one shape with an outline.
pub(super) fn draw(canvas: &mut Canvas<'_>, frame: &Frame, series: &Series, color: Color, bins: &Bins) {
    let ground = bins.edges.first().map(|low| (*low, 0.0));
    let tops = bins.heights(series).into_iter().zip(bins.edges.windows(2));
    let tops = tops.flat_map(|(height, edges)| [(edges[0], height), (edges[1], height)]);
    let all = ground
        .into_iter()
        .chain(tops)
        .chain(bins.edges.last().map(|high| (*high, 0.0)));
    let outline: Vec<Point> = all.map(|(x, y)| frame.at(x, y)).collect();
    canvas.polygon(&clipped(frame.area, outline.clone()), color, 0.38);
    // Along empty bins there is no outline: it would hide that of another histogram.
    let ground = frame.at(0.0, 0.0).1;
    for bars in outline.chunk_by(|a, b| a.1 != ground || b.1 != ground) {
        for part in frame.inside(bars) {
            canvas.path(&part, color, 1.6);
        }
    }
}

/// The small picture of a histogram in the legend.
pub(super) fn swatch(canvas: &mut Canvas<'_>, area: Area, color: Color) {
    let area = Area {
        left: area.left + 3.0,
        right: area.right - 3.0,
        ..area
    };
    canvas.rect(area, color, 0.38);
    canvas.path(&area.outline(), color, 1.6);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram_of(values: &[f64]) -> Series {
        Series {
            name: String::new(),
            mark: Mark::Histogram,
            x: values.to_vec(),
            y: Vec::new(),
        }
    }

    #[test]
    fn every_value_falls_into_one_bin_edges_included() {
        let series = histogram_of(&[0.0, 0.5, 1.0, 1.0, 2.0]);
        let bins = edges(std::slice::from_ref(&series), 4, None);
        assert_eq!(bins, [0.0, 0.5, 1.0, 1.5, 2.0]);
        assert_eq!(counts(&series, &bins), [1, 1, 2, 1]);
    }

    #[test]
    fn equal_values_fall_into_bins_too() {
        for value in [0.0, 7.0, -1e9] {
            let series = histogram_of(&[value; 3]);
            let bins = edges(std::slice::from_ref(&series), 0, None);
            assert_eq!(counts(&series, &bins).iter().sum::<usize>(), 3);
        }
    }

    #[test]
    fn the_area_of_a_histogram_of_shares_is_one() {
        let (few, many) = (histogram_of(&[0.0, 1.0, 2.5]), histogram_of(&[1.0; 40]));
        let series = [few, many];
        let bins = Bins::new(&series, 7, None, true);
        for one in &series {
            let widths = bins.edges.windows(2).map(|edges| edges[1] - edges[0]);
            let area: f64 = bins
                .heights(one)
                .iter()
                .zip(widths)
                .map(|(height, width)| height * width)
                .sum();
            assert!((area - 1.0).abs() < 1e-12, "{area}");
        }
    }
}
