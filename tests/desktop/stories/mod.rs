//! What people do with Keywright, done in the real window.

mod accessibility;
mod build;
mod definitions;
mod emulator;
mod forms;
mod hazards;
mod inspect;
mod keyboard;
mod keys;
mod live;
mod looks;
mod markup;
mod memory;
mod providers;
mod recipes;
mod rotation;
mod vault;
mod webhooks;

/// The screens of an unlocked window with two profiles: the keys that lead there, the name, and what is seen then.
const SCREENS: [(&str, &str, &str); 5] = [
    ("Mod+1", "build", "Claims"),
    ("Mod+2", "inspect", "Paste anywhere"),
    ("Mod+3", "keys", "checkout-2026-11"),
    ("Mod+4", "profiles", "Acme"),
    ("Mod+,", "settings", "Change passphrase"),
];
