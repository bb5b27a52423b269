//! Pictures that a cell leaves as its last line without `.draw()?`: they draw themselves.

use super::{Bars, Figure, Graph, HeatMap, Network, Spread};
use crate::notebook::{Rich, Show};

macro_rules! draws_itself {
    ($($picture:ty),+ $(,)?) => {$(
        impl Show for $picture {
            /// The drawn picture; in words what is wrong where it cannot be drawn.
            fn rich(&self) -> Rich {
                self.draw().map_or_else(|error| Rich::text(error.to_string()), |plot| plot.rich())
            }
        }

        crate::shows_itself!($picture);
    )+};
}

draws_itself!(Figure, Bars, Spread, Graph, HeatMap, Network<'_>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::bars;

    fn has_picture(rich: &Rich) -> bool {
        rich.forms().iter().any(|(mime, _)| *mime == "image/svg+xml")
    }

    #[test]
    fn a_picture_that_was_not_drawn_draws_itself() {
        let figure = Figure::new().line("rising", &[0.0, 1.0], &[0.0, 1.0]);
        assert_eq!(figure.rich(), figure.draw().unwrap().rich());
        assert!(has_picture(&figure.rich()));
        assert!(has_picture(&bars(&["a", "b"], &[1, 2]).rich()));
    }

    #[test]
    fn one_that_cannot_be_drawn_says_why() {
        let rich = Figure::new().line("bent", &[0.0, 1.0], &[0.0]).rich();
        assert!(!has_picture(&rich));
        let (_, text) = &rich.forms()[0];
        assert!(text.contains("expected"), "{text}");
    }
}
