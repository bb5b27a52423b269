//! Values that are dropped by code of the library.
//!
//! What drops a value is made by rustc in each crate that drops one: for a tensor some fifty functions, one for each part
//! of each part. A cell of a notebook is a crate, so that was most of what there was to compile for a cell with a
//! tensor. A [`Kept`] part is dropped by a call of one function that the library has compiled already.
#![allow(unsafe_code)]

use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};

/// A value that the library drops.
pub(crate) struct Kept<T: DropHere>(ManuallyDrop<T>);

/// A type whose values the library drops; made by [`dropped_here`].
pub(crate) trait DropHere: Sized {
    /// Drops the value.
    ///
    /// # Safety
    /// Nobody may use the value afterwards.
    unsafe fn drop_here(value: &mut ManuallyDrop<Self>);
}

/// Lets [`Kept`] hold a type without parameters.
macro_rules! dropped_here {
    ($($type:ty),+ $(,)?) => {$(
        #[allow(unsafe_code)]
        impl $crate::kept::DropHere for $type {
            // A function of the library, which no other crate takes into its own code.
            #[inline(never)]
            unsafe fn drop_here(value: &mut std::mem::ManuallyDrop<Self>) {
                // SAFETY: the caller uses the value no more.
                unsafe { std::mem::ManuallyDrop::drop(value) }
            }
        }
    )+};
}
pub(crate) use dropped_here;

impl<T: DropHere> Kept<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(ManuallyDrop::new(value))
    }
}

impl<T: DropHere> Drop for Kept<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the field is private, nothing else here drops it or moves it out, and a value is dropped only once.
        unsafe { T::drop_here(&mut self.0) }
    }
}

impl<T: DropHere> Deref for Kept<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DropHere> DerefMut for Kept<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: DropHere + Clone> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: DropHere + PartialEq> PartialEq for Kept<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: DropHere + fmt::Debug> fmt::Debug for Kept<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: DropHere + Default> Default for Kept<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    dropped_here!(Rc<u8>, Option<Rc<u8>>);

    #[test]
    fn a_kept_value_is_dropped_once_and_with_what_holds_it() {
        let value = Rc::new(7);
        let kept = Kept::new(Rc::clone(&value));
        let copy = kept.clone();
        assert_eq!((**copy, Rc::strong_count(&value)), (7, 3));
        drop(kept);
        assert_eq!(Rc::strong_count(&value), 2);
        drop(copy);
        assert_eq!(Rc::strong_count(&value), 1);
    }

    #[test]
    fn what_is_replaced_is_dropped_too() {
        let value = Rc::new(7);
        let mut kept = Kept::new(Some(Rc::clone(&value)));
        *kept = None;
        assert_eq!(Rc::strong_count(&value), 1);
        drop(kept);
        assert_eq!(Rc::strong_count(&value), 1);
    }
}
