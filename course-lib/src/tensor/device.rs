//! The one file that knows where the numbers lie.
//!
//! dfdx picks the device when the library is compiled (`AutoDevice`); everything else in the library speaks
//! of [`Flat`] tensors and of slices of `f32`, and does not know.

use std::sync::OnceLock;

use dfdx::prelude::{AutoDevice, CopySlice, HasErr, Storage, TensorFromVec};

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
    DEVICE.get_or_init(|| {
        super::memory::keep_between_steps();
        Device::default()
    })
}

/// Moves numbers to the device (on the CPU: without copying them).
pub(crate) fn upload(values: Vec<f32>) -> Flat {
    let count = values.len();
    device().tensor_from_vec(values, (count,))
}

/// The numbers of a tensor as the CPU reads them, for as long as this is held (on the CPU: without a copy).
#[derive(Clone)]
pub(crate) struct Values(Flat);

impl Values {
    pub(crate) fn of(flat: &Flat) -> Self {
        Self(flat.clone())
    }
}

impl std::ops::Deref for Values {
    type Target = [f32];
    fn deref(&self) -> &[f32] {
        super::view::numbers(&self.0)
    }
}

/// Overwrites the numbers of a tensor, which keeps its identity: how weights change.
pub(crate) fn overwrite(flat: &mut Flat, values: &[f32]) {
    Device::copy_from(flat, values);
}

/// Changes the numbers of a tensor in place, which keeps its identity: how an optimiser moves a weight.
pub(crate) fn change(flat: &mut Flat, change: impl FnOnce(&mut [f32])) {
    change(super::view::numbers_mut(flat));
}

type Find = dyn for<'a> Fn(&'a mut Slots) -> Result<&'a mut <Device as Storage<f32>>::Vec, DeviceError>;

/// The way to a tensor's gradient in the slots. It holds no reference to the tensor's numbers, so that their
/// memory can be used again before the backward pass.
pub(crate) struct Link(Box<Find>);

impl Link {
    pub(crate) fn to(flat: &Flat) -> Self {
        let ghost = flat.ghost();
        Self(Box::new(move |slots| slots.get_or_alloc_mut(&ghost)))
    }

    /// Takes the gradient out, zeros if nothing reached it; nobody reads it there again.
    pub(crate) fn take(&self, slots: &mut Slots) -> Result<Vec<f32>, DeviceError> {
        (self.0)(slots).map(|slot| std::mem::take(&mut **slot))
    }

    /// Adds to the gradient.
    pub(crate) fn add(&self, slots: &mut Slots, gradient: Vec<f32>) -> Result<(), DeviceError> {
        let slot = (self.0)(slots)?;
        slot.iter_mut()
            .zip(gradient)
            .for_each(|(own, other)| *own += other);
        Ok(())
    }
}

/// Unwraps the result of an operation that can fail only when the machine has no memory left, in which case
/// Rust ends the program anyway.
pub(crate) fn in_memory<T>(result: Result<T, DeviceError>) -> T {
    result.unwrap_or_else(|error| panic!("no memory left for a tensor: {error}"))
}
