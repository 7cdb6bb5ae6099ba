//! A page of memory for one secret value.

use std::ops::{Deref, DerefMut};

use zeroize::Zeroize;

/// A value in memory of its own, wiped when dropped.
///
/// On Unix that is a mapping that the system does not swap out (where its limit of locked memory allows) and, on Linux,
/// leaves out of core dumps. Elsewhere it is a box. Moving it moves a pointer.
pub struct Page<T: Zeroize>(place::Place<T>);

impl<T: Zeroize> Page<T> {
    /// Puts a value there. It should be empty, and be filled in place: this moves it.
    pub fn new(empty: T) -> Self {
        Self(place::Place::new(empty))
    }
}

impl<T: Zeroize> Deref for Page<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.get()
    }
}

impl<T: Zeroize> DerefMut for Page<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }
}

#[cfg(unix)]
mod place {
    #![allow(unsafe_code, reason = "a mapping is made, used and unmapped here, behind a type that owns it alone")]

    use std::alloc::{Layout, handle_alloc_error};
    use std::ptr::{self, NonNull};

    use rustix::mm::{MapFlags, ProtFlags, mlock, mmap_anonymous, munmap};
    use zeroize::Zeroize;

    /// A mapping with one value at its beginning.
    pub struct Place<T: Zeroize>(NonNull<T>);

    // SAFETY: the mapping belongs to this value alone, as a box does; threads may have it if they may have a `T`.
    unsafe impl<T: Zeroize + Send> Send for Place<T> {}
    // SAFETY: as above.
    unsafe impl<T: Zeroize + Sync> Sync for Place<T> {}

    impl<T: Zeroize> Place<T> {
        pub fn new(value: T) -> Self {
            let (access, kind) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE);
            // SAFETY: a new mapping at an address of the system's choice takes nobody's memory.
            let mapped = unsafe { mmap_anonymous(ptr::null_mut(), length::<T>(), access, kind) };
            let mapped = mapped.ok().and_then(|mapped| NonNull::new(mapped.cast::<T>()));
            let Some(place) = mapped else { handle_alloc_error(Layout::new::<T>()) };
            // What the system refuses here makes the page like any other: it is a second line behind the wiping.
            // SAFETY: both are told of a mapping that was just made, and change none of its bytes.
            unsafe {
                let _ = mlock(place.as_ptr().cast(), length::<T>());
                #[cfg(target_os = "linux")]
                let _ = rustix::mm::madvise(place.as_ptr().cast(), length::<T>(), rustix::mm::Advice::LinuxDontDump);
            }
            // SAFETY: the mapping is as long as a page, longer than `T`, aligned to a page, and nobody else knows it.
            unsafe { place.write(value) };
            Self(place)
        }

        pub fn get(&self) -> &T {
            // SAFETY: the value was written by `new` and lives until `drop`.
            unsafe { self.0.as_ref() }
        }

        pub fn get_mut(&mut self) -> &mut T {
            // SAFETY: as above, and `self` is borrowed alone.
            unsafe { self.0.as_mut() }
        }
    }

    impl<T: Zeroize> Drop for Place<T> {
        fn drop(&mut self) {
            self.get_mut().zeroize();
            // SAFETY: the value is dropped once, here, and its mapping given back after that.
            unsafe {
                self.0.drop_in_place();
                let _ = munmap(self.0.as_ptr().cast(), length::<T>());
            }
        }
    }

    /// Whole pages.
    fn length<T>() -> usize {
        size_of::<T>().max(1).next_multiple_of(rustix::param::page_size())
    }
}

#[cfg(not(unix))]
mod place {
    use zeroize::Zeroize;

    pub struct Place<T: Zeroize>(Box<T>);

    impl<T: Zeroize> Place<T> {
        pub fn new(value: T) -> Self {
            Self(Box::new(value))
        }

        pub fn get(&self) -> &T {
            &self.0
        }

        pub fn get_mut(&mut self) -> &mut T {
            &mut self.0
        }
    }

    impl<T: Zeroize> Drop for Place<T> {
        fn drop(&mut self) {
            self.0.zeroize();
        }
    }
}
