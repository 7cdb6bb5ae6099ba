//! Second start: a person who starts the program again gets the window that there is.
//!
//! On Unix that is found by a locked file and a socket (`host::first_window`), elsewhere by Tauri's plugin.

use std::sync::Arc;

use tauri::{AppHandle, Builder, Manager, Runtime};
use wire::Event;

use crate::app_state::AppState;
use crate::arguments::Asked;
use crate::window;
#[cfg(not(unix))]
pub(crate) use plugin::{claim, ended, plugged};
#[cfg(unix)]
pub(crate) use unix::{claim, ended, plugged};

/// What a second start asks for is done by the first, if the desk is there already.
fn started_again<R: Runtime>(app: &AppHandle<R>, arguments: impl IntoIterator<Item = String>) {
    window::show(app);
    let asked = Asked::read(arguments.into_iter().map(Into::into));
    if let (Ok(Asked::Window { inspect: true }), Some(state)) = (asked, app.try_state::<Arc<AppState>>()) {
        state.tell(&Event::InspectAsked);
    }
}

#[cfg(unix)]
mod unix {
    use std::sync::{Mutex, PoisonError};

    use host::first_window::{self, Claim, ClaimError, FirstWindow};

    use super::{AppHandle, AppState, Arc, Builder, Manager, Runtime, started_again};
    use crate::adapters::Adapters;
    use crate::arguments::INSPECT;
    use crate::start_error::StartError;

    /// A start that is the first. None inside where nobody can find it: there is no folder for the file.
    pub(crate) struct First(Option<FirstWindow>);

    /// None where another window heard of this start.
    pub(crate) fn claim<R: Runtime>(adapters: &Adapters<R>) -> Result<Option<First>, StartError> {
        let Some(folder) = adapters.memory.as_ref().and_then(|file| file.parent()) else {
            return Ok(Some(First(None)));
        };
        match first_window::claim(folder, if adapters.inspect { INSPECT } else { "" }) {
            Ok(Claim::First(first)) => Ok(Some(First(Some(first)))),
            Ok(Claim::Another) => Ok(None),
            // A home that can only be read still gets its window.
            Err(ClaimError::NoFile { .. }) => Ok(Some(First(None))),
            Err(error) => Err(error.into()),
        }
    }

    impl First {
        /// Hears of other starts from now on, and says how the run before this one ended.
        pub(crate) fn begin<R: Runtime>(self, app: &AppHandle<R>) {
            let Some(mut first) = self.0 else { return };
            if let Some(before) = first.before() {
                app.state::<Arc<AppState>>().note_last_run(before.clone());
            }
            let heard = app.clone();
            first.hear(move |message| {
                let again = heard.clone();
                let arguments: Vec<String> = message.split_whitespace().map(str::to_owned).collect();
                // An application that ends shows nothing any more.
                let _ = heard.run_on_main_thread(move || started_again(&again, arguments));
            });
            app.manage(Mutex::new(first));
        }
    }

    /// The application ends as it should.
    pub(crate) fn ended<R: Runtime>(app: &AppHandle<R>) {
        if let Some(first) = app.try_state::<Mutex<FirstWindow>>() {
            first.lock().unwrap_or_else(PoisonError::into_inner).closed();
        }
    }

    /// Nothing has to be plugged in.
    pub(crate) fn plugged<R: Runtime>(builder: Builder<R>) -> Builder<R> {
        builder
    }
}

#[cfg(not(unix))]
mod plugin {
    use super::{AppHandle, Builder, Runtime, started_again};
    use crate::adapters::Adapters;
    use crate::start_error::StartError;

    /// The plugin ends a second start by itself.
    pub(crate) struct First;

    pub(crate) fn claim<R: Runtime>(_: &Adapters<R>) -> Result<Option<First>, StartError> {
        Ok(Some(First))
    }

    impl First {
        pub(crate) fn begin<R: Runtime>(self, _: &AppHandle<R>) {}
    }

    pub(crate) fn ended<R: Runtime>(_: &AppHandle<R>) {}

    /// First of all plugins: a second start ends before it does anything.
    pub(crate) fn plugged<R: Runtime>(builder: Builder<R>) -> Builder<R> {
        builder.plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
            started_again(app, arguments.into_iter().skip(1))
        }))
    }
}
