//! Types that hold secrets lack the impls that would show or copy them. This file does not compile if one appears.

use std::fmt::{Debug, Display};

use keywright_vault::{Change, Locked, Passphrase, Secret, SlotKey, Unlocked};

/// Asks for the one `Lacks<_>` that every type has. A type that also has the forbidden impl has two, and the compiler
/// cannot choose.
macro_rules! lacks {
    ($forbidden:ident: $($holder:ty),+) => {
        const _: () = {
            trait Lacks<A> {
                fn chosen() {}
            }
            impl<T: ?Sized> Lacks<()> for T {}
            struct Has;
            impl<T: ?Sized + $forbidden> Lacks<Has> for T {}
            $(let _ = <$holder as Lacks<_>>::chosen;)+
        };
    };
}

lacks!(Debug: Passphrase, SlotKey, Unlocked, Change<'static>, Secret<'static>);
lacks!(Display: Passphrase, SlotKey, Unlocked, Change<'static>, Secret<'static>);
lacks!(Clone: Passphrase, SlotKey, Unlocked);

/// The window holds an unlocked vault behind a lock and uses it from many threads.
#[test]
fn vaults_travel_between_threads() {
    fn travels<T: Send + Sync>() {}
    travels::<Locked>();
    travels::<Unlocked>();
    travels::<Passphrase>();
    travels::<SlotKey>();
}
