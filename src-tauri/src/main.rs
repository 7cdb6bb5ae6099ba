//! Starts the window.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::io::Write;
use std::process::ExitCode;

use keywright_desktop::Asked;

fn main() -> ExitCode {
    host::harden("keywright-desktop");
    let inspect = match Asked::read(std::env::args_os().skip(1)) {
        Ok(Asked::Window { inspect }) => inspect,
        Ok(Asked::Text(text)) => {
            // A reader who has seen enough of it closes the pipe.
            let _ = writeln!(std::io::stdout(), "{text}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            let _ = fail(error);
            return ExitCode::from(2);
        }
    };
    #[cfg(target_os = "linux")]
    {
        if !has_display() {
            return fail("no display here: the command line, keywright, does the same work");
        }
        prefer_plain_buffers();
    }

    match keywright_desktop::run(inspect) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            keywright_desktop::tell(&error);
            ExitCode::FAILURE
        }
    }
}

/// Says why there is no window, for whoever started it from a terminal.
fn fail(reason: impl std::fmt::Display) -> ExitCode {
    // Nothing is left to do about a closed stderr.
    let _ = writeln!(std::io::stderr(), "keywright-desktop: {reason}");
    ExitCode::FAILURE
}

/// Asked before GTK is, which panics without one.
#[cfg(target_os = "linux")]
fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Keeps WebKitGTK off DMA-BUF, which leaves the window blank with several graphics drivers.
///
/// Who sets `WEBKIT_DISABLE_DMABUF_RENDERER`, to whatever value, has decided.
#[cfg(target_os = "linux")]
fn prefer_plain_buffers() {
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(SWITCH).is_none() {
        #[allow(unsafe_code, reason = "no other thread exists yet that could read the environment meanwhile")]
        unsafe {
            std::env::set_var(SWITCH, "1");
        }
    }
}
