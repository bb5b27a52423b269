//! What a lesson imports: `use course_lib::prelude::*;`.

pub use crate::callbacks;
pub use crate::check::{Verdict, check};
pub use crate::data::datasets::LogicGate;
pub use crate::data::{
    BatchOptions, Batches, DataFrame, Dataset, MinMaxScaler, SplitOptions, StandardScaler, TrainTest,
    batches, chronological_split, datasets, difference, from_one_hot, log, one_hot, shift_images,
    shift_images_at_random, train_test_split, undo_difference, undo_log, windows,
};
pub use crate::error::{Error, Result};
pub use crate::gan::{self, Gan, GanFit, GanHistory, Latent, NoiseSchedule};
pub use crate::layers;
pub use crate::layers::Activation::{
    ELU, GELU, LeakyReLU, Linear, ReLU, SELU, Sigmoid, Softmax, Softplus, Step, Swish, Tanh,
};
pub use crate::layers::{Activation, Dense, Dropout, Flatten, Initializer, Layer, Mode};
pub use crate::layers::{
    AveragePooling2D, BatchNormalization, Conv2D, Conv2DTranspose, Embedding, GaussianNoise,
    GlobalAveragePooling2D, LayerNormalization, MaxPooling2D, Padding, Reshape, UpSampling2D, ZeroPadding2D,
};
pub use crate::layers::{Bidirectional, GRU, LSTM, Recurrent, RepeatVector, SimpleRNN, State};
pub use crate::lectures::{
    BasicNetwork, DeepStack, Learn, Neuron, OneWeight, Race, Surface, Tape, TruthTable, TwoLayerNetwork, Var,
    collapse, descend, surfaces,
};
pub use crate::losses::{self, Loss};
pub use crate::metrics::{self, ConfusionMatrix, Metric, RocCurve};
pub use crate::model::{
    CSVLogger, Callback, EarlyStopping, Fit, History, Input, LearningRateSchedule, ModelCheckpoint,
    MonitorMode, ReduceLROnPlateau, Score, Seq2Seq, Sequential, Summary, Training, on_epoch_end,
};
pub use crate::notebook::{Show, input};
pub use crate::optimizers::{Adagrad, Adam, AdamW, Optimizer, Parameters, RMSprop, SGD, Schedule};
pub use crate::plot::{self, Figure, ImageGrid, Motion, Plot};
pub use crate::quiz::Quiz;
pub use crate::random::{RandomStream, Seed};
pub use crate::tensor::{Gradients, Tensor, without_gradients};
