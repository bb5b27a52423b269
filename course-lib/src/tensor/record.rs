//! How a calculation is recorded, so that gradients can be found by walking it backwards.
//!
//! As in PyTorch, the recording belongs to the results: every result of an operation on a tensor
//! [with gradient](super::Tensor::with_gradient) holds a node, a node holds its operation's backward step
//! and the nodes of its operands. Dropping the result drops what only it needed; only steps that lead to
//! the loss are run; several losses can share a part.
//!
//! Operations of dfdx and of ours meet in one recording. Those of dfdx leave gradients in dfdx's `Gradients`,
//! which we call slots; ours hand them from node to node. Where a tensor passes from one kind to the other, a
//! [`Link`] carries its gradient over.
//!
//! dfdx calls this a tape. Its own `OwnedTape` is one list a calculation, moved along by value and run only
//! from inside dfdx; [`Recorder`] is ours, plugged in where dfdx lets a caller choose (`Tape`, `Merge`).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dfdx::prelude::{Gradients, Merge, NoneTape, Tape};

use super::device::{Calculator, DeviceError, Link, Slots, is_device_in_use, upload};
use super::gradient::OfLeaf;
use super::slot::{Slot, add_to};
use crate::error::{Error, Result};

/// A backward step of dfdx: it finds and leaves gradients in dfdx's slots.
type ForeignStep = Box<dyn FnOnce(&mut Slots) -> Result<(), DeviceError>>;
/// A backward step of ours: it gets the gradient of its result and adds to those of its operands.
pub(crate) type OwnStep = Box<dyn FnOnce(Vec<f32>, &mut [Slot])>;

enum Task {
    /// An operation of dfdx whose backward step is still to run.
    Foreign(ForeignStep),
    /// An operation of ours, and how many values each operand has.
    Own(OwnStep, Vec<usize>),
    /// Nothing of its own: three or more recordings came together here.
    Join,
    /// A tensor that gradients are wanted for, and how many values it has.
    Leaf(usize),
    /// A step that has run; its numbers are freed.
    Spent,
}

/// One recorded operation, or a tensor at which recording starts.
pub(crate) struct Node {
    /// Later operations have larger numbers: the order in which to walk back.
    order: u64,
    task: RefCell<Task>,
    /// `None` for an operand of ours that needs no gradient.
    operands: RefCell<Vec<Option<Rc<Node>>>>,
    /// What has arrived so far of the result's gradient; empty before anything has. Steps of ours hand it on
    /// here without dfdx's slots, which would be filled with zeros first and then added to.
    gradient: RefCell<Vec<f32>>,
    /// The way to the result's gradient in dfdx's slots, if an operation of dfdx has the tensor as its result
    /// or as an operand.
    link: RefCell<Option<Link>>,
    /// The last walk that came by.
    seen: Cell<u64>,
}

thread_local! {
    static COUNTER: Cell<u64> = const { Cell::new(1) };
    static PAUSED: Cell<bool> = const { Cell::new(false) };
    /// Within [`frozen_except`]: the number of the one leaf that is recorded, 0 for none.
    static FROZEN: Cell<Option<u64>> = const { Cell::new(None) };
}

fn next_number() -> u64 {
    COUNTER.with(|counter| {
        let number = counter.get();
        counter.set(number + 1);
        number
    })
}

/// Runs a calculation without recording it: less memory, less time, no gradients. As PyTorch's `no_grad`.
///
/// ```
/// use course_lib::tensor::{Tensor, without_gradients};
///
/// let w = Tensor::scalar(3.0).with_gradient();
/// let y = without_gradients(|| &w * 2.0);
/// assert!(!y.has_gradient());
/// ```
pub fn without_gradients<T>(calculation: impl FnOnce() -> T) -> T {
    /// Ends the pause also when the calculation panics.
    struct Resume(bool);
    impl Drop for Resume {
        fn drop(&mut self) {
            PAUSED.set(self.0);
        }
    }
    let _resume = Resume(PAUSED.replace(true));
    calculation()
}

/// Runs a calculation in which every tensor made with gradient counts as a constant, except the given one, while
/// the recording of results goes on. What a model's weights are then not asked for is not calculated either.
pub(crate) fn frozen_except<T>(input: &Recorder, calculation: impl FnOnce() -> T) -> T {
    /// Thaws also when the calculation panics.
    struct Thaw(Option<u64>);
    impl Drop for Thaw {
        fn drop(&mut self) {
            FROZEN.set(self.0);
        }
    }
    let _thaw = Thaw(FROZEN.replace(Some(input.leaf_number().unwrap_or(0))));
    calculation()
}

/// What a tensor knows of how it came about: up to two recordings that meet in the next operation.
#[derive(Clone, Default)]
pub(crate) struct Recorder([Option<Rc<Node>>; 2]);

impl Recorder {
    /// Recording starts here, at so many values.
    pub(crate) fn leaf(count: usize) -> Self {
        Self([Some(Node::new(Task::Leaf(count), Vec::new())), None])
    }

    /// A result of ours of the given operands, with the number of values of each.
    pub(crate) fn own<'a>(
        operands: impl IntoIterator<Item = (&'a Recorder, usize)>,
        step: impl FnOnce() -> OwnStep,
    ) -> Self {
        let mut nodes = Vec::new();
        let mut counts = Vec::new();
        for (operand, count) in operands {
            nodes.push(if operand.is_hidden() { None } else { operand.node() });
            counts.push(count);
        }
        if nodes.iter().all(Option::is_none) {
            return Self::default();
        }
        Self([Some(Node::new(Task::Own(step(), counts), nodes)), None])
    }

    /// The one node of a tensor's recording.
    fn node(&self) -> Option<Rc<Node>> {
        debug_assert!(self.0[1].is_none(), "a tensor is the result of one operation");
        self.0[0].clone()
    }

    /// Says that gradients of this tensor pass through dfdx's slots too.
    pub(crate) fn link(&self, link: impl FnOnce() -> Link) {
        if let Some(node) = &self.0[0] {
            node.link.borrow_mut().get_or_insert_with(link);
        }
    }

    pub(crate) fn is_recording(&self) -> bool {
        self.0[0].is_some()
    }

    /// Whether both belong to the same result, and so to the same identity in dfdx.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (&self.0[0], &other.0[0]) {
            (Some(own), Some(theirs)) => Rc::ptr_eq(own, theirs),
            _ => false,
        }
    }

    /// Whether the next operation shall see a constant: within [`without_gradients`], and a weight that is
    /// [frozen](frozen_except).
    fn is_hidden(&self) -> bool {
        if PAUSED.get() {
            return true;
        }
        let Some(but) = FROZEN.get() else { return false };
        self.leaf_number().is_some_and(|number| number != but)
    }

    /// The recording as the next operation shall see it.
    pub(crate) fn for_operation(&self) -> Self {
        if self.is_recording() && self.is_hidden() {
            Self::default()
        } else {
            self.clone()
        }
    }

    /// The number of the leaf this is, if it is one.
    pub(crate) fn leaf_number(&self) -> Option<u64> {
        let node = self.0[0].as_ref()?;
        matches!(*node.task.borrow(), Task::Leaf(_)).then_some(node.order)
    }

    /// Walks back from here, a single number, and returns each leaf's number and gradient, in the order of
    /// their numbers.
    pub(crate) fn walk_back(self) -> Result<Vec<(u64, OfLeaf)>> {
        let start = self.node();
        let nodes = self.reachable();
        if nodes
            .iter()
            .any(|node| matches!(*node.task.borrow(), Task::Spent))
        {
            return Err(Error::new("backward")
                .expected("a calculation that was not walked back before")
                .got("one whose steps have run and are freed")
                .hint("run the forward pass again before the second backward"));
        }
        let mut slots = Slots::new();
        let on_device = is_device_in_use();
        if let Some(node) = &start {
            node.begin(&mut slots, on_device)
                .map_err(|error| no_memory(&error))?;
        }
        let mut gradients = Vec::new();
        for node in nodes {
            if matches!(*node.task.borrow(), Task::Leaf(_)) {
                let gradient = node.of_leaf(&mut slots, on_device);
                let gradient = gradient.map_err(|error| no_memory(&error))?;
                gradients.extend(gradient.map(|gradient| (node.order, gradient)));
                continue;
            }
            let operands = node.operands.take();
            match node.task.replace(Task::Spent) {
                Task::Foreign(step) => node
                    .run_foreign(step, &mut slots)
                    .map_err(|error| no_memory(&error))?,
                Task::Own(step, counts) => {
                    let gradient = node.arrived(&mut slots).map_err(|error| no_memory(&error))?;
                    if !gradient.is_empty() {
                        run_own(step, gradient, &operands, &counts);
                    }
                }
                Task::Join | Task::Leaf(_) | Task::Spent => {}
            }
        }
        gradients.reverse();
        Ok(gradients)
    }

    /// Every node that leads here, latest first.
    fn reachable(self) -> Vec<Rc<Node>> {
        let walk = next_number();
        let mut pending: Vec<Rc<Node>> = self.0.into_iter().flatten().collect();
        let mut nodes = Vec::new();
        while let Some(node) = pending.pop() {
            if node.seen.replace(walk) != walk {
                pending.extend(node.operands.borrow().iter().flatten().cloned());
                nodes.push(node);
            }
        }
        nodes.sort_unstable_by_key(|node| std::cmp::Reverse(node.order));
        nodes
    }
}

fn no_memory(error: &DeviceError) -> Error {
    Error::new("backward")
        .expected("memory for the gradients")
        .got(error.as_str())
        .hint("use a smaller batch")
}

fn run_own(step: OwnStep, gradient: Vec<f32>, operands: &[Option<Rc<Node>>], counts: &[usize]) {
    let mut slots: Vec<Slot> = operands
        .iter()
        .zip(counts)
        .map(|(operand, count)| match operand {
            Some(node) => Slot::wanted(node.gradient.take(), *count),
            None => Slot::unwanted(),
        })
        .collect();
    step(gradient, &mut slots);
    for (operand, slot) in operands.iter().zip(slots) {
        if let Some(node) = operand {
            node.add(slot.into_gradient());
        }
    }
}

impl Node {
    fn new(task: Task, operands: Vec<Option<Rc<Node>>>) -> Rc<Self> {
        Rc::new(Self {
            order: next_number(),
            task: RefCell::new(task),
            operands: RefCell::new(operands),
            gradient: RefCell::default(),
            link: RefCell::default(),
            seen: Cell::new(0),
        })
    }

    /// Adds to the result's gradient.
    fn add(&self, gradient: Vec<f32>) {
        let mut known = self.gradient.borrow_mut();
        if known.is_empty() {
            *known = gradient;
        } else {
            add_to(&mut known, &gradient);
        }
    }

    /// The gradient of a number with respect to itself, where a walk begins.
    fn begin(&self, slots: &mut Slots, on_device: bool) -> Result<(), DeviceError> {
        match &*self.link.borrow() {
            Some(link) if on_device => link.set(slots, vec![1.0]),
            _ => {
                self.add(vec![1.0]);
                Ok(())
            }
        }
    }

    /// The gradient of a leaf, where its numbers lie; none if nothing could reach it.
    fn of_leaf(&self, slots: &mut Slots, on_device: bool) -> Result<Option<OfLeaf>, DeviceError> {
        if !on_device {
            return self.arrived(slots).map(|values| Some(OfLeaf::Values(values)));
        }
        let Task::Leaf(count) = *self.task.borrow() else {
            return Ok(None);
        };
        let from_ours = self.gradient.take();
        let flat = match &*self.link.borrow() {
            Some(link) => {
                if !from_ours.is_empty() {
                    link.add(slots, from_ours)?;
                }
                link.keep(slots)?
            }
            None if from_ours.is_empty() => return Ok(None),
            None => upload(from_ours),
        };
        Ok(Some(OfLeaf::on_device(flat, count)))
    }

    /// The result's gradient as far as steps of ours and of dfdx have brought it.
    fn arrived(&self, slots: &mut Slots) -> Result<Vec<f32>, DeviceError> {
        if let Some(link) = &*self.link.borrow() {
            self.add(link.take(slots)?);
        }
        Ok(self.gradient.take())
    }

    fn run_foreign(&self, step: ForeignStep, slots: &mut Slots) -> Result<(), DeviceError> {
        let from_ours = self.gradient.take();
        if let (Some(link), false) = (&*self.link.borrow(), from_ours.is_empty()) {
            link.add(slots, from_ours)?;
        }
        step(slots)
    }
}

// A recurrent network records thousands of operations in one chain: dropping it one inside the other
// would overflow the stack.
impl Drop for Node {
    fn drop(&mut self) {
        let mut pending: Vec<Rc<Node>> = self.operands.take().into_iter().flatten().collect();
        while let Some(node) = pending.pop() {
            if let Some(mut node) = Rc::into_inner(node) {
                pending.extend(std::mem::take(node.operands.get_mut()).into_iter().flatten());
            }
        }
    }
}

impl Merge<NoneTape> for Recorder {
    fn merge(self, _: NoneTape) -> Self {
        self
    }
}

impl Merge<Recorder> for Recorder {
    fn merge(self, other: Recorder) -> Self {
        let mut merged = self.0;
        for node in other.0.into_iter().flatten() {
            if merged.iter().flatten().any(|known| Rc::ptr_eq(known, &node)) {
                continue;
            }
            match merged.iter_mut().find(|place| place.is_none()) {
                Some(place) => *place = Some(node),
                None => merged = [Some(Node::new(Task::Join, merged.into())), Some(node)],
            }
        }
        Self(merged)
    }
}

// `Default` does not record, so dfdx's composed operations that start an empty tape inside (`softmax`,
// `log_softmax`, `normalize`, `prelu`, `var`, `stddev`) would lose a part of the gradient: we do not call them.
impl<D: Calculator> Tape<f32, D> for Recorder {
    const OWNS_TAPE: bool = true;

    fn add_backward_op<F>(&mut self, step: F)
    where
        F: 'static + FnOnce(&mut Gradients<f32, D>) -> Result<(), D::Err>,
    {
        if self.is_recording() {
            let step = |slots: &mut Slots| step(D::slots(slots)).map_err(|error| error.to_string());
            let operands = std::mem::take(&mut self.0);
            self.0[0] = Some(Node::new(Task::Foreign(Box::new(step)), operands.into()));
        }
    }
}
