//! The one file that knows where the numbers lie.
//!
//! They lie in the memory that the CPU sees ([`Flat::Host`]), where operations of ours read and write them as slices
//! without a copy; or on the device of dfdx ([`Flat::Device`]): a GPU, if the library was built with its `cuda`
//! feature and one is there. All tensors of a thread lie in the same place, and nobody outside this file asks which,
//! except operations of ours, the steps of optimisers and the recording of gradients, which have a second form made of
//! dfdx's operations alone (`ops::portable`). So a step of training copies nothing from the device but what is to be
//! read: the loss, and outputs for metrics. An operation without a second form works on the device too: [`Values`] and
//! [`Link`] then carry the numbers to the CPU and back.
//!
//! Numbers that came from the CPU are still known there, until they change: class numbers and targets can be looked at
//! without a copy from the device.
//!
//! The environment variable `COURSE_DEVICE` decides where there is a choice: `cpu` leaves a GPU alone, and
//! `portable` calculates on the CPU as if it were a device, as tests do.

use std::cell::OnceCell;
use std::fmt::Display;
use std::sync::Arc;

use dfdx::prelude::{AutoDevice, CopySlice, Cpu, Gradients, Storage, TensorFromVec, TryMul, ZerosTensor};

/// Numbers in one contiguous row on one kind of device, without their shape and without a recording.
pub(crate) type Row<D> = dfdx::prelude::Tensor<(usize,), f32, D>;
/// What can go wrong on a device, in words: in practice, no memory left.
pub(crate) type DeviceError = String;

/// The numbers of a tensor.
#[derive(Clone)]
pub(crate) enum Flat {
    Host(Row<Cpu>),
    Device(Row<AutoDevice>, Known),
}

/// The numbers of a row on the device, where the CPU knows them.
type Known = Option<Arc<Vec<f32>>>;

/// Where the tensors of this thread lie.
enum Place {
    Host(Cpu),
    Device(AutoDevice),
}

thread_local! {
    // One for each thread, since a GPU belongs to the thread that opened it; tensors stay in their thread too.
    static PLACE: OnceCell<Place> = const { OnceCell::new() };
}

#[cfg(test)]
thread_local! {
    /// How many numbers were copied from the device to the CPU.
    static COPIED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many numbers this thread has copied from the device to the CPU.
#[cfg(test)]
pub(crate) fn copied() -> usize {
    COPIED.get()
}

/// Takes note of a copy from the device to the CPU, for tests.
fn note_copy(count: usize) {
    #[cfg(test)]
    COPIED.set(COPIED.get() + count);
    #[cfg(not(test))]
    let _ = count;
}

fn with_place<T>(work: impl FnOnce(&Place) -> T) -> T {
    PLACE.with(|place| work(place.get_or_init(Place::find)))
}

impl Place {
    fn find() -> Self {
        super::memory::keep_between_steps();
        let device = match std::env::var("COURSE_DEVICE").as_deref() {
            Ok("cpu") => None,
            Ok("portable") if !cfg!(feature = "cuda") => Some(AutoDevice::default()),
            _ => gpu(),
        };
        device.map_or_else(|| Self::Host(Cpu::default()), Self::Device)
    }
}

/// The GPU; if there is none, a sentence says so once.
#[cfg(feature = "cuda")]
fn gpu() -> Option<AutoDevice> {
    use dfdx::prelude::CudaError;

    static SAID: std::sync::Once = std::sync::Once::new();
    let open = || -> Result<AutoDevice, CudaError> {
        // Asked first, since dfdx stops the program where these two fail.
        cudarc::driver::result::init()?;
        cudarc::driver::result::device::get(0)?;
        let gpu = AutoDevice::try_build(0, 0)?;
        // A driver may be too old for what the library was built with; the first calculation shows it.
        gpu.try_tensor_from_vec(vec![1.0_f32], (1,))?.try_square()?;
        Ok(gpu)
    };
    let found = open();
    if let Err(error) = &found {
        let reason = match error {
            CudaError::Driver(error) => error
                .error_string()
                .map(|text| text.to_string_lossy().into_owned()),
            other => Ok(other.to_string()),
        };
        let reason = reason.unwrap_or_else(|_| "the driver does not say why".to_owned());
        SAID.call_once(|| println!("No GPU can be used ({reason}), so the CPU calculates."));
    }
    found.ok()
}

#[cfg(not(feature = "cuda"))]
fn gpu() -> Option<AutoDevice> {
    None
}

/// Moves numbers to where tensors lie (on the CPU: without copying them).
pub(crate) fn upload(values: Vec<f32>) -> Flat {
    let shape = (values.len(),);
    with_place(|place| match place {
        Place::Host(cpu) => Flat::Host(in_memory(cpu.try_tensor_from_vec(values, shape))),
        Place::Device(device) => {
            let mut row = in_memory(device.try_zeros_like(&shape));
            AutoDevice::copy_from(&mut row, &values);
            Flat::Device(row, Some(Arc::new(values)))
        }
    })
}

/// Whether the tensors of this thread lie where only dfdx sees them.
pub(crate) fn is_device_in_use() -> bool {
    with_place(|place| matches!(place, Place::Device(_)))
}

impl Flat {
    /// What the device has calculated.
    pub(crate) fn on_device(row: Row<AutoDevice>) -> Self {
        Self::Device(row, None)
    }

    /// Whether the CPU reads the numbers where they are.
    pub(crate) fn is_on_host(&self) -> bool {
        matches!(self, Self::Host(_))
    }

    /// Whether the CPU has the numbers, so that reading them is no copy from the device.
    pub(crate) fn is_known(&self) -> bool {
        matches!(self, Self::Host(_) | Self::Device(_, Some(_)))
    }

    /// The same numbers under a new identity, by which dfdx knows their gradient.
    pub(crate) fn anew(&self) -> Self {
        match self {
            Self::Host(_) => upload(Values::of(self).to_vec()),
            Self::Device(row, known) => Self::Device(in_memory(row.clone().try_mul(1.0)), known.clone()),
        }
    }

    /// self = keep · self + share · other where they lie on the device; self keeps its identity.
    pub(crate) fn blend(&mut self, keep: f32, other: &Self, share: f32) {
        match (self, other) {
            (Self::Device(row, known), Self::Device(other, _)) => {
                *known = None;
                in_memory(row.try_axpy(keep, other, share));
            }
            _ => unreachable!("only what lies on the device is blended there"),
        }
    }

    /// The numbers of another tensor, under the identity that this one has.
    pub(crate) fn replace(&mut self, other: &Self) {
        match (self, other) {
            (Self::Device(row, known), Self::Device(other, others)) => {
                // Zeros first: 0 · NaN is not 0.
                in_memory(row.try_fill_with_zeros());
                in_memory(row.try_axpy(1.0, other, 1.0));
                known.clone_from(others);
            }
            (own, other) => overwrite(own, &Values::of(other)),
        }
    }
}

/// The numbers of a tensor as the CPU reads them, for as long as this is held (on the CPU: without a copy).
#[derive(Clone)]
pub(crate) enum Values {
    Shared(Row<Cpu>),
    Copied(Arc<Vec<f32>>),
}

impl Values {
    pub(crate) fn of(flat: &Flat) -> Self {
        match flat {
            Flat::Host(row) => Self::Shared(row.clone()),
            Flat::Device(_, Some(known)) => Self::Copied(known.clone()),
            Flat::Device(row, None) => {
                let values = row.as_vec();
                note_copy(values.len());
                Self::Copied(Arc::new(values))
            }
        }
    }
}

impl std::ops::Deref for Values {
    type Target = [f32];
    fn deref(&self) -> &[f32] {
        match self {
            Self::Shared(row) => super::view::numbers(row),
            Self::Copied(values) => values,
        }
    }
}

/// Overwrites the numbers of a tensor, which keeps its identity.
fn overwrite(flat: &mut Flat, values: &[f32]) {
    match flat {
        Flat::Host(row) => Cpu::copy_from(row, values),
        Flat::Device(row, known) => {
            *known = None;
            AutoDevice::copy_from(row, values);
        }
    }
}

/// Changes the numbers of a tensor by a function of ours; the tensor keeps its identity (on the CPU: in place).
pub(crate) fn change(flat: &mut Flat, change: impl FnOnce(&mut [f32])) {
    match flat {
        Flat::Host(row) => change(super::view::numbers_mut(row)),
        Flat::Device(..) => {
            let mut values = Values::of(flat).to_vec();
            change(&mut values);
            overwrite(flat, &values);
        }
    }
}

/// A kind of device that dfdx calculates on.
pub(crate) trait Calculator: dfdx::prelude::Device<f32> {
    fn slots(slots: &mut Slots) -> &mut Gradients<f32, Self>;
    /// The numbers of a gradient, which nobody reads there again.
    fn take(gradient: &mut <Self as Storage<f32>>::Vec) -> Vec<f32>;
    fn add(gradient: &mut <Self as Storage<f32>>::Vec, values: &[f32]);
    fn set(gradient: &mut <Self as Storage<f32>>::Vec, values: &[f32]);
}

impl Calculator for Cpu {
    fn slots(slots: &mut Slots) -> &mut Gradients<f32, Self> {
        &mut slots.cpu
    }

    fn take(gradient: &mut <Self as Storage<f32>>::Vec) -> Vec<f32> {
        std::mem::take(&mut **gradient)
    }

    fn add(gradient: &mut <Self as Storage<f32>>::Vec, values: &[f32]) {
        super::slot::add_to(gradient, values);
    }

    fn set(gradient: &mut <Self as Storage<f32>>::Vec, values: &[f32]) {
        gradient.copy_from_slice(values);
    }
}

#[cfg(feature = "cuda")]
impl Calculator for dfdx::prelude::Cuda {
    fn slots(slots: &mut Slots) -> &mut Gradients<f32, Self> {
        &mut slots.gpu
    }

    fn take(gradient: &mut <Self as Storage<f32>>::Vec) -> Vec<f32> {
        in_memory(gradient.device().dtoh_sync_copy(&**gradient))
    }

    fn add(gradient: &mut <Self as Storage<f32>>::Vec, values: &[f32]) {
        let mut sum = Self::take(gradient);
        super::slot::add_to(&mut sum, values);
        Self::set(gradient, &sum);
    }

    fn set(gradient: &mut <Self as Storage<f32>>::Vec, values: &[f32]) {
        in_memory(gradient.device().htod_sync_copy_into(values, &mut **gradient));
    }
}

/// dfdx's own gradients, keyed by an identity that only dfdx can read.
pub(crate) struct Slots {
    cpu: Gradients<f32, Cpu>,
    #[cfg(feature = "cuda")]
    gpu: Gradients<f32, dfdx::prelude::Cuda>,
}

impl Slots {
    pub(crate) fn new() -> Self {
        Self {
            cpu: Gradients::leaky(),
            #[cfg(feature = "cuda")]
            gpu: Gradients::leaky(),
        }
    }
}

/// What to do with a gradient in the slots.
enum Errand {
    Take,
    Add(Vec<f32>),
    Set(Vec<f32>),
    Keep,
}

/// What an errand brings back.
enum Answer {
    Values(Vec<f32>),
    Tensor(Flat),
    Done,
}

type Reach = dyn Fn(&mut Slots, Errand) -> Result<Answer, DeviceError>;

/// The way to a tensor's gradient in the slots. It holds no reference to the tensor's numbers, so that their
/// memory can be used again before the backward pass.
pub(crate) struct Link(Box<Reach>);

impl Link {
    /// The way to the gradient of this row; `place` says where it lies.
    pub(crate) fn to<D: Calculator>(row: &Row<D>, place: fn(Row<D>) -> Flat) -> Self {
        let ghost = row.ghost();
        Self(Box::new(move |slots, errand| {
            let slots = D::slots(slots);
            let gradient = slots.get_or_alloc_mut(&ghost);
            let gradient = gradient.map_err(|error| error.to_string())?;
            match errand {
                Errand::Take => {
                    let values = D::take(gradient);
                    if is_device_in_use() {
                        note_copy(values.len());
                    }
                    return Ok(Answer::Values(values));
                }
                Errand::Keep => return Ok(Answer::Tensor(place(slots.get(&ghost)))),
                Errand::Add(values) => {
                    if is_device_in_use() {
                        note_copy(values.len());
                    }
                    D::add(gradient, &values);
                }
                Errand::Set(values) => D::set(gradient, &values),
            }
            Ok(Answer::Done)
        }))
    }

    /// Takes the gradient out, zeros if nothing reached it; nobody reads it there again.
    pub(crate) fn take(&self, slots: &mut Slots) -> Result<Vec<f32>, DeviceError> {
        match (self.0)(slots, Errand::Take)? {
            Answer::Values(values) => Ok(values),
            Answer::Tensor(_) | Answer::Done => Ok(Vec::new()),
        }
    }

    /// Adds to the gradient.
    pub(crate) fn add(&self, slots: &mut Slots, gradient: Vec<f32>) -> Result<(), DeviceError> {
        (self.0)(slots, Errand::Add(gradient)).map(|_| ())
    }

    /// Makes these values the gradient, whatever it was.
    pub(crate) fn set(&self, slots: &mut Slots, gradient: Vec<f32>) -> Result<(), DeviceError> {
        (self.0)(slots, Errand::Set(gradient)).map(|_| ())
    }

    /// The gradient as numbers that stay where they are, zeros if nothing reached it.
    pub(crate) fn keep(&self, slots: &mut Slots) -> Result<Flat, DeviceError> {
        match (self.0)(slots, Errand::Keep)? {
            Answer::Tensor(flat) => Ok(flat),
            Answer::Values(values) => Ok(upload(values)),
            Answer::Done => Ok(upload(Vec::new())),
        }
    }
}

/// Unwraps the result of an operation that can fail only when the machine has no memory left, in which case
/// Rust ends the program anyway.
pub(crate) fn in_memory<T>(result: Result<T, impl Display>) -> T {
    result.unwrap_or_else(|error| panic!("no memory left for a tensor: {error}"))
}
