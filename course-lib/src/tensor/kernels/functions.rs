//! Functions that a compiler can calculate for eight or sixteen numbers at once: no branches, no calls. Good to
//! 2 units in the last place of an `f32`, which the tests check.
//!
//! Source of the polynomials: S. L. Moshier, Cephes Mathematical Library (`expf`, `tanhf`).

use std::f32::consts::LOG2_E;

/// eˣ. Below -87.3, where an `f32` runs out of digits, it is 0; above 88.3 it stays at 2.2e38, which is finite.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // Adding it leaves only the digits before the point: the nearest whole number, in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    // ln 2 in two parts, the first with few digits, so that n · HIGH is exact.
    const HIGH: f32 = 0.693_359_4;
    const LOW: f32 = -2.121_944_4e-4;
    let lost = x < -87.3;
    let x = if lost { -87.3 } else { x };
    let x = if x > 88.3 { 88.3 } else { x };
    let rounded = x * LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = x - n * HIGH - n * LOW;
    let polynomial = ((((1.987_569_1e-4 * r + 1.398_2e-3) * r + 8.333_452e-3) * r + 4.166_579_6e-2) * r
        + 0.166_666_65)
        * r
        + 0.5;
    let mantissa = polynomial * r * r + r + 1.0;
    // 2ⁿ: n goes where an `f32` has its exponent.
    let power = f32::from_bits((rounded.to_bits() << 23).wrapping_add(127 << 23));
    if lost { 0.0 } else { mantissa * power }
}

/// eˣ - 1, with all digits also near 0.
#[inline(always)]
pub(crate) fn exp_m1(x: f32) -> f32 {
    // The series up to x⁸, exact enough up to 0.35.
    let series = (((((x / 40_320.0 + 1.0 / 5_040.0) * x + 1.0 / 720.0) * x + 1.0 / 120.0) * x + 1.0 / 24.0)
        * x
        + 1.0 / 6.0)
        * x
        + 0.5;
    let near = series * x * x + x;
    if x.abs() < 0.35 { near } else { exp(x) - 1.0 }
}

/// 1 / (1 + e⁻ˣ).
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ).
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    // Near 0 the quotient loses digits, and a polynomial has them.
    let square = x * x;
    let near = ((((-5.704_988e-3 * square + 2.063_909e-2) * square - 5.373_971_6e-2) * square
        + 0.133_314_42)
        * square
        - 0.333_332_8)
        * square
        * x
        + x;
    let e = exp(-2.0 * x.abs());
    let far = ((1.0 - e) / (1.0 + e)).copysign(x);
    if x.abs() < 0.625 { near } else { far }
}

/// ln(1 + x) for x from 0 to 1.
#[inline(always)]
pub(crate) fn ln_1p(x: f32) -> f32 {
    // ln(1 + x) = 2 artanh(s), of which the series is taken up to s¹³.
    let s = x / (2.0 + x);
    let z = s * s;
    let series =
        (((((z / 13.0 + 1.0 / 11.0) * z + 1.0 / 9.0) * z + 1.0 / 7.0) * z + 0.2) * z + 1.0 / 3.0) * z;
    2.0 * s * series + 2.0 * s
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worst(approximate: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64, range: f32) -> f64 {
        (-100_000..=100_000)
            .map(|step| step as f32 / 100_000.0 * range)
            .filter(|x| *x != 0.0)
            .map(|x| {
                let expected = exact(f64::from(x));
                ((f64::from(approximate(x)) - expected) / expected).abs()
            })
            .fold(0.0, f64::max)
    }

    #[test]
    fn functions_are_exact_to_two_units_in_the_last_place() {
        let two_units = 2.0 * f64::from(f32::EPSILON);
        assert!(worst(exp, f64::exp, 87.0) <= two_units);
        assert!(worst(exp_m1, f64::exp_m1, 12.0) <= 2.0 * two_units);
        assert!(worst(exp_m1, f64::exp_m1, 1e-3) <= two_units);
        assert!(worst(tanh, f64::tanh, 12.0) <= two_units);
        assert!(worst(tanh, f64::tanh, 1e-3) <= two_units);
        assert!(worst(|x| ln_1p(x.abs()), |x| x.abs().ln_1p(), 1.0) <= two_units);
        assert!(worst(|x| ln_1p(x.abs()), |x| x.abs().ln_1p(), 1e-6) <= two_units);
        assert!(worst(sigmoid, |x| 1.0 / (1.0 + (-x).exp()), 80.0) <= 1.5 * two_units);
    }

    #[test]
    fn far_out_the_functions_end_in_their_limits() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(tanh(0.0), 0.0);
        assert_eq!((tanh(50.0), tanh(-f32::INFINITY)), (1.0, -1.0));
        assert_eq!(sigmoid(f32::INFINITY), 1.0);
        assert!(sigmoid(-f32::INFINITY) < 1e-37);
        assert_eq!((exp(-100.0), exp(-f32::INFINITY)), (0.0, 0.0));
        assert!(exp(f32::INFINITY).is_finite());
    }

    #[test]
    fn what_is_not_a_number_stays_so() {
        for function in [exp, exp_m1, tanh, sigmoid] {
            assert!(function(f32::NAN).is_nan());
        }
    }
}
