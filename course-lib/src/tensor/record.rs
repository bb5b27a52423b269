//! How a calculation is recorded, so that gradients can be found by walking it backwards.
//!
//! As in PyTorch, the recording belongs to the results: every result of an operation on a tensor
//! [with gradient](super::Tensor::with_gradient) holds a node, a node holds its operation's backward step
//! and the nodes of its operands. Dropping the result drops what only it needed; only steps that lead to
//! the loss are run; several losses can share a part.
//!
//! dfdx calls this a tape. Its own `OwnedTape` is one list a calculation, moved along by value and run only
//! from inside dfdx; [`Recorder`] is ours, plugged in where dfdx lets a caller choose (`Tape`, `Merge`).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dfdx::prelude::{Merge, NoneTape, Tape};

use super::device::{Device, DeviceError, Slots};
use crate::error::{Error, Result};

type Step = Box<dyn FnOnce(&mut Slots) -> Result<(), DeviceError>>;
type Extract = Box<dyn Fn(&mut Slots) -> Result<Vec<f32>, DeviceError>>;

enum Task {
    /// An operation whose backward step is still to run.
    Step(Step),
    /// Nothing of its own: three or more recordings came together here.
    Join,
    /// A tensor that gradients are wanted for.
    Leaf(Extract),
    /// A step that has run; its numbers are freed.
    Spent,
}

/// One recorded operation, or a tensor at which recording starts.
pub(crate) struct Node {
    /// Later operations have larger numbers: the order in which to walk back.
    order: u64,
    task: RefCell<Task>,
    operands: RefCell<[Option<Rc<Node>>; 2]>,
    /// The last walk that came by.
    seen: Cell<u64>,
}

thread_local! {
    static COUNTER: Cell<u64> = const { Cell::new(1) };
    static PAUSED: Cell<bool> = const { Cell::new(false) };
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

/// What a tensor knows of how it came about: up to two recordings that meet in the next operation.
#[derive(Clone, Default)]
pub(crate) struct Recorder([Option<Rc<Node>>; 2]);

impl Recorder {
    /// Recording starts here; `extract` fetches the gradient once it is known.
    pub(crate) fn leaf(extract: impl Fn(&mut Slots) -> Result<Vec<f32>, DeviceError> + 'static) -> Self {
        Self([Some(Node::new(Task::Leaf(Box::new(extract)), [None, None])), None])
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

    /// The recording as the next operation shall see it: none within [`without_gradients`].
    pub(crate) fn for_operation(&self) -> Self {
        if self.is_recording() && PAUSED.get() {
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

    /// Walks back from here and returns each leaf's number and gradient, in the order of their numbers.
    /// `slots` already holds the gradient of the starting point.
    pub(crate) fn walk_back(self, mut slots: Slots) -> Result<Vec<(u64, Vec<f32>)>> {
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
        let mut leaves = Vec::new();
        for node in nodes {
            let is_leaf = matches!(*node.task.borrow(), Task::Leaf(_));
            if is_leaf {
                leaves.push(node);
                continue;
            }
            if let Task::Step(step) = node.task.replace(Task::Spent) {
                step(&mut slots).map_err(|error| no_memory(&error))?;
            }
            node.operands.replace([None, None]);
        }
        let mut gradients = Vec::with_capacity(leaves.len());
        for node in leaves.into_iter().rev() {
            if let Task::Leaf(extract) = &*node.task.borrow() {
                let gradient = extract(&mut slots).map_err(|error| no_memory(&error))?;
                gradients.push((node.order, gradient));
            }
        }
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
        .got(error.to_string())
        .hint("use a smaller batch")
}

impl Node {
    fn new(task: Task, operands: [Option<Rc<Node>>; 2]) -> Rc<Self> {
        Rc::new(Self {
            order: next_number(),
            task: RefCell::new(task),
            operands: RefCell::new(operands),
            seen: Cell::new(0),
        })
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
                None => merged = [Some(Node::new(Task::Join, merged)), Some(node)],
            }
        }
        Self(merged)
    }
}

// `Default` does not record, so dfdx's composed operations that start an empty tape inside (`softmax`,
// `log_softmax`, `normalize`, `prelu`, `var`, `stddev`) would lose a part of the gradient: we do not call them.
impl Tape<f32, Device> for Recorder {
    const OWNS_TAPE: bool = true;

    fn add_backward_op<F>(&mut self, step: F)
    where
        F: 'static + FnOnce(&mut Slots) -> Result<(), DeviceError>,
    {
        if self.is_recording() {
            let operands = std::mem::take(&mut self.0);
            self.0[0] = Some(Node::new(Task::Step(Box::new(step)), operands));
        }
    }
}
