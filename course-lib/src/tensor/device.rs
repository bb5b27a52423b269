//! The one file that knows where the numbers lie.
//!
//! dfdx picks the device when the library is compiled (`AutoDevice`); everything else in the library speaks
//! of [`Flat`] tensors and of slices of `f32`, and does not know.

use std::sync::OnceLock;

use dfdx::prelude::{AutoDevice, CopySlice, HasErr, HasShape, TensorFromVec};

/// Where tensors live.
pub(crate) type Device = AutoDevice;
/// What can go wrong there: in practice, no memory left.
pub(crate) type DeviceError = <Device as HasErr>::Err;
/// Numbers in one contiguous row, without their shape and without a recording.
pub(crate) type Flat = dfdx::prelude::Tensor<(usize,), f32, Device>;
/// dfdx's own gradients, keyed by an identity that only dfdx can read.
pub(crate) type Slots = dfdx::prelude::Gradients<f32, Device>;

/// The device all tensors share: making one seeds a generator, so it is made once.
fn device() -> &'static Device {
    static DEVICE: OnceLock<Device> = OnceLock::new();
    DEVICE.get_or_init(Device::default)
}

/// Moves numbers to the device (on the CPU: without copying them).
pub(crate) fn upload(values: Vec<f32>) -> Flat {
    let count = values.len();
    device().tensor_from_vec(values, (count,))
}

/// Copies the numbers of a tensor into memory that the CPU can read.
pub(crate) fn download(flat: &Flat) -> Vec<f32> {
    let mut values = vec![0.0; flat.shape().0];
    Device::copy_into(flat, &mut values);
    values
}

/// Overwrites the numbers of a tensor, which keeps its identity: how weights change.
pub(crate) fn overwrite(flat: &mut Flat, values: &[f32]) {
    Device::copy_from(flat, values);
}

/// `flat` = `flat` + `change`, in place: how an optimiser moves a weight.
pub(crate) fn shift(flat: &mut Flat, change: Vec<f32>) -> Result<(), DeviceError> {
    flat.try_axpy(1.0, &upload(change), 1.0)
}

/// A function that finds the gradient of `flat` among the slots (zeros if nothing reached it yet) and takes
/// it out, leaving an empty one; [`put_back`] returns it. It holds no reference to the tensor's numbers, so
/// that their memory can be used again before the backward pass.
pub(crate) fn take_gradient(flat: &Flat) -> impl Fn(&mut Slots) -> Result<Vec<f32>, DeviceError> + use<> {
    let ghost = flat.ghost();
    move |slots| {
        slots
            .get_or_alloc_mut(&ghost)
            .map(|slot| std::mem::take(&mut **slot))
    }
}

/// The counterpart of [`take_gradient`].
pub(crate) fn put_back(flat: &Flat) -> impl Fn(&mut Slots, Vec<f32>) -> Result<(), DeviceError> + use<> {
    let ghost = flat.ghost();
    move |slots, values| slots.get_or_alloc_mut(&ghost).map(|slot| **slot = values)
}

/// Unwraps the result of an operation that can fail only when the machine has no memory left, in which case
/// Rust ends the program anyway.
pub(crate) fn in_memory<T>(result: Result<T, DeviceError>) -> T {
    result.unwrap_or_else(|error| panic!("no memory left for a tensor: {error}"))
}
