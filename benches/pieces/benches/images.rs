//! What lessons 09 and 14 do to images: convolution, its transpose, pooling, batch normalisation; and the other layers
//! for images.

use course_lib::prelude::*;
use course_pieces::layer;
use criterion::{Criterion, criterion_group, criterion_main};

fn convolution(criterion: &mut Criterion) {
    for (channels, size, filters) in [(1, 28, 32), (32, 13, 64)] {
        let name = format!("convolution 3x3, {channels}-{filters}, {size}x{size}, batch 128");
        let places = (size - 2) * (size - 2);
        let operations = 2 * 128 * places * filters * channels * 9;
        let layers = layers![Conv2D::new(filters, 3).activation(ReLU)];
        layer(criterion, &name, [channels, size, size], 128, operations, layers);
    }
}

fn transposed(criterion: &mut Criterion) {
    // Lesson 14's DCGAN: 7x7 pixels become 14x14.
    let layers = layers![Conv2DTranspose::new(64, 4).stride(2).padding(Padding::Pixels(1))];
    let operations = 2 * 64 * 49 * 128 * 64 * 16;
    layer(
        criterion,
        "transposed convolution 4x4, 128-64, batch 64",
        [128, 7, 7],
        64,
        operations,
        layers,
    );
}

fn pooling(criterion: &mut Criterion) {
    let mut of_maps = |name: &str, layers| {
        layer(
            criterion,
            &format!("{name}, 32 x 26 x 26, batch 128"),
            [32, 26, 26],
            128,
            0,
            layers,
        );
    };
    of_maps("max pooling 2x2", layers![MaxPooling2D::new(2)]);
    of_maps("average pooling 2x2", layers![AveragePooling2D::new(2)]);
    of_maps("global average pooling", layers![GlobalAveragePooling2D::new()]);
}

fn larger(criterion: &mut Criterion) {
    let mut of_maps = |name: &str, layers| {
        layer(
            criterion,
            &format!("{name}, 64 x 14 x 14, batch 64"),
            [64, 14, 14],
            64,
            0,
            layers,
        );
    };
    of_maps("up-sampling 2x2", layers![UpSampling2D::new(2)]);
    of_maps("zero padding by 1", layers![ZeroPadding2D::new(1)]);
}

fn normalisation(criterion: &mut Criterion) {
    let of = || layers![BatchNormalization::new()];
    layer(criterion, "batch normalisation 512, batch 64", [512], 64, 0, of());
    layer(
        criterion,
        "batch normalisation 64 x 14 x 14, batch 64",
        [64, 14, 14],
        64,
        0,
        of(),
    );
}

criterion_group!(benches, convolution, transposed, pooling, larger, normalisation);
criterion_main!(benches);
