//! Memory for secrets: a page that is neither swapped nor dumped, a stack and a heap on which no copy stays.
//!
//! A secret that is moved by value leaves its bytes where it was. So a key is made where it stays, in a [`Page`] or a
//! box, and what moves is the pointer. Whatever libraries copied meanwhile goes with [`clean_stack`] and [`Wiping`].

mod page;
#[cfg(all(feature = "scan", target_os = "linux"))]
pub mod scan;

use std::alloc::System;
use std::hint::black_box;

use zeroizing_alloc::ZeroAlloc;

pub use page::Page;

/// An allocator that wipes what is freed, for the programs that hold secrets: buffers of libraries, such as those of a
/// request or of a message from the page, are freed with whatever was in them.
pub type Wiping = ZeroAlloc<System>;

/// The one value of [`Wiping`].
pub const WIPING: Wiping = ZeroAlloc(System);

/// How deep calls go that touch a secret: far deeper than any that was seen, far less than a thread's stack of 2 MiB.
const DEPTH: usize = 256 * 1024;

/// Does work that touches secrets, and wipes the stack that it used, 256 KiB deep. What it returns must hold no secret by
/// value, or the copy that travels up stays where it lay.
pub fn clean_stack<T>(work: impl FnOnce() -> T) -> T {
    let done = apart(work);
    wipe();
    done
}

/// A frame of its own, so that everything in it lies below the caller and is wiped.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// Writes zeros where the frames of earlier calls lay.
#[inline(never)]
fn wipe() {
    let mut below = [0_u8; DEPTH];
    // The optimiser must take the array for used, and so for written.
    black_box(&mut below);
}
