//! Looks in words, for what has neither table nor picture.

/// Gives types that have a `Display` its text as their look.
macro_rules! shows_in_words {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::notebook::Show for $type {
            fn rich(&self) -> $crate::notebook::Rich {
                $crate::notebook::Rich::text(self.to_string())
            }
        }

        $crate::shows_itself!($type);
    )+};
}

/// Gives types that have a `Display` and a method `table()` both as their look: the text, and the table as HTML.
macro_rules! shows_with_table {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::notebook::Show for $type {
            fn rich(&self) -> $crate::notebook::Rich {
                $crate::notebook::Rich::text(self.to_string()).html(self.table().html())
            }
        }

        $crate::shows_itself!($type);
    )+};
}

/// Gives sets of options a look: the name, and each option with its value, as in
/// `BatchOptions(batch_size = 32, shuffle = true)`.
macro_rules! shows_options {
    ($($type:ident $(<$life:lifetime>)? { $($option:ident),+ $(,)? })+) => {$(
        impl std::fmt::Display for $type $(<$life>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let options = [$(format!("{} = {:?}", stringify!($option), self.$option)),+];
                write!(f, "{}({})", stringify!($type), options.join(", "))
            }
        }

        $crate::notebook::shows_in_words!($type $(<$life>)?);
    )+};
}

/// Gives enums whose `Debug` is how a learner writes them that name as their look.
macro_rules! shows_its_name {
    ($($type:ty),+ $(,)?) => {$(
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{self:?}")
            }
        }

        $crate::notebook::shows_in_words!($type);
    )+};
}

pub(crate) use {shows_in_words, shows_its_name, shows_options, shows_with_table};

#[cfg(test)]
mod tests {
    use crate::data::{BatchOptions, SplitOptions};
    use crate::layers::{Initializer, Padding};
    use crate::model::callbacks::EarlyStopping;
    use crate::notebook::{Rich, Show};
    use crate::plot::Palette;
    use crate::random::Seed;

    #[test]
    fn options_say_their_names_and_values() {
        assert_eq!(
            BatchOptions::default().to_string(),
            "BatchOptions(batch_size = 32, shuffle = true, seed = Seed(0), drop_last = false)"
        );
        assert_eq!(
            SplitOptions::default().to_string(),
            "SplitOptions(test_fraction = 0.2, shuffle = true, seed = Seed(0), stratify = false)"
        );
        assert_eq!(
            EarlyStopping::default().rich(),
            Rich::text(
                "EarlyStopping(monitor = \"val_loss\", min_delta = 0.0, patience = 0, mode = Auto, \
                 restore_best_weights = false)"
            )
        );
    }

    #[test]
    fn names_are_as_a_learner_writes_them() {
        assert_eq!(Initializer::Uniform(0.05).to_string(), "Uniform(0.05)");
        assert_eq!(Padding::Same.rich(), Rich::text("Same"));
        assert_eq!(Palette::Diverging.to_string(), "Diverging");
        assert_eq!(Seed(7).to_string(), "Seed(7)");
    }
}
