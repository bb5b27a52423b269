//! The one file that knows where the numbers lie.
//!
//! They lie in the memory that the CPU sees ([`Flat::Host`]), where operations of ours read and write them as slices
//! without a copy; or on the device of dfdx ([`Flat::Device`]): a GPU, if the library was built with its `cuda`
//! feature and one is there. All tensors of a thread lie in the same place, and nobody outside this file asks which,
//! except operations that have a second form made of dfdx's operations alone (`ops::portable`). Every other operation
//! of ours works on the device too: [`Values`] and [`Link`] then carry the numbers to the CPU and back.
//!
//! The environment variable `COURSE_DEVICE` decides where there is a choice: `cpu` leaves a GPU alone, and
//! `portable` calculates on the CPU as if it were a device, as tests do.

use std::cell::OnceCell;
use std::fmt::Display;
use std::sync::Arc;

use dfdx::prelude::{AutoDevice, CopySlice, Cpu, Gradients, Storage, TensorFromVec};

/// Numbers in one contiguous row on one kind of device, without their shape and without a recording.
pub(crate) type Row<D> = dfdx::prelude::Tensor<(usize,), f32, D>;
/// What can go wrong on a device, in words: in practice, no memory left.
pub(crate) type DeviceError = String;

/// The numbers of a tensor.
#[derive(Clone)]
pub(crate) enum Flat {
    Host(Row<Cpu>),
    Device(Row<AutoDevice>),
}

/// Where the tensors of this thread lie.
enum Place {
    Host(Cpu),
    Device(AutoDevice),
}

thread_local! {
    // One for each thread, since a GPU belongs to the thread that opened it; tensors stay in their thread too.
    static PLACE: OnceCell<Place> = const { OnceCell::new() };
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
        Place::Device(device) => Flat::Device(in_memory(device.try_tensor_from_vec(values, shape))),
    })
}

impl Flat {
    /// Whether the CPU reads the numbers where they are.
    pub(crate) fn is_on_host(&self) -> bool {
        matches!(self, Self::Host(_))
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
            Flat::Device(row) => Self::Copied(Arc::new(row.as_vec())),
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

/// Overwrites the numbers of a tensor, which keeps its identity: how weights change.
pub(crate) fn overwrite(flat: &mut Flat, values: &[f32]) {
    match flat {
        Flat::Host(row) => Cpu::copy_from(row, values),
        Flat::Device(row) => AutoDevice::copy_from(row, values),
    }
}

/// Changes the numbers of a tensor, which keeps its identity (on the CPU: in place): how an optimiser moves a weight.
pub(crate) fn change(flat: &mut Flat, change: impl FnOnce(&mut [f32])) {
    match flat {
        Flat::Host(row) => change(super::view::numbers_mut(row)),
        Flat::Device(row) => {
            let mut values = row.as_vec();
            change(&mut values);
            AutoDevice::copy_from(row, &values);
        }
    }
}

/// A kind of device that dfdx calculates on.
pub(crate) trait Calculator: dfdx::prelude::Device<f32> {
    fn slots(slots: &mut Slots) -> &mut Gradients<f32, Self>;
    /// The numbers of a gradient, which nobody reads there again.
    fn take(gradient: &mut <Self as Storage<f32>>::Vec) -> Vec<f32>;
    fn add(gradient: &mut <Self as Storage<f32>>::Vec, values: &[f32]);
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
        in_memory(gradient.device().htod_sync_copy_into(&sum, &mut **gradient));
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
}

type Reach = dyn Fn(&mut Slots, Errand) -> Result<Vec<f32>, DeviceError>;

/// The way to a tensor's gradient in the slots. It holds no reference to the tensor's numbers, so that their
/// memory can be used again before the backward pass.
pub(crate) struct Link(Box<Reach>);

impl Link {
    pub(crate) fn to<D: Calculator>(row: &Row<D>) -> Self {
        let ghost = row.ghost();
        Self(Box::new(move |slots, errand| {
            let gradient = D::slots(slots).get_or_alloc_mut(&ghost);
            let gradient = gradient.map_err(|error| error.to_string())?;
            match errand {
                Errand::Take => return Ok(D::take(gradient)),
                Errand::Add(values) => D::add(gradient, &values),
            }
            Ok(Vec::new())
        }))
    }

    /// Takes the gradient out, zeros if nothing reached it; nobody reads it there again.
    pub(crate) fn take(&self, slots: &mut Slots) -> Result<Vec<f32>, DeviceError> {
        (self.0)(slots, Errand::Take)
    }

    /// Adds to the gradient.
    pub(crate) fn add(&self, slots: &mut Slots, gradient: Vec<f32>) -> Result<(), DeviceError> {
        (self.0)(slots, Errand::Add(gradient)).map(|_| ())
    }
}

/// Unwraps the result of an operation that can fail only when the machine has no memory left, in which case
/// Rust ends the program anyway.
pub(crate) fn in_memory<T>(result: Result<T, impl Display>) -> T {
    result.unwrap_or_else(|error| panic!("no memory left for a tensor: {error}"))
}
