//! Whether a value has become better.

use std::fmt;

/// Which values of a metric are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MonitorMode {
    /// What its name says: higher for accuracy, precision, recall, F1, AUC and R², lower for everything else.
    #[default]
    Auto,
    /// Lower ones.
    Min,
    /// Higher ones.
    Max,
}

impl MonitorMode {
    fn is_max(self, name: &str) -> bool {
        let metric = name.strip_prefix("val_").unwrap_or(name);
        match self {
            Self::Min => false,
            Self::Max => true,
            Self::Auto => {
                metric.contains("accuracy")
                    || ["precision", "recall", "f1", "auc", "r_squared"].contains(&metric)
            }
        }
    }
}

/// The best value so far, and for how long there was no better one. It starts empty.
#[derive(Debug, Clone, Default)]
pub struct Best {
    value: Option<f32>,
    waited: usize,
}

impl Best {
    /// The best value so far.
    pub fn value(&self) -> Option<f32> {
        self.value
    }

    /// How many epochs have ended without a better one.
    pub(super) fn waited(&self) -> usize {
        self.waited
    }

    pub(super) fn wait_anew(&mut self) {
        self.waited = 0;
    }

    /// Takes the next value, and says whether it is better than all before by more than `min_delta`.
    pub(super) fn improves(&mut self, name: &str, mode: MonitorMode, value: f32, min_delta: f32) -> bool {
        let gain = |best: f32| {
            if mode.is_max(name) {
                value - best
            } else {
                best - value
            }
        };
        let better = self.value.map_or(!value.is_nan(), |best| gain(best) > min_delta);
        if better {
            self.value = Some(value);
            self.waited = 0;
        } else {
            self.waited += 1;
        }
        better
    }
}

impl fmt::Display for Best {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Some(value) => write!(f, "best value {value}, no better one for {} epochs", self.waited),
            None => f.write_str("no value yet"),
        }
    }
}

crate::notebook::shows_in_words!(Best);
crate::notebook::shows_its_name!(MonitorMode);
