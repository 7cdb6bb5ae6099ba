//! Window commands: every row of the one table (`wire::for_each_command`) calls the job of its name.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use data_encoding::BASE64;
use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::Value;
use tauri::ipc::{Invoke, InvokeBody};
use tauri::{Manager, Runtime};
use wire::{Code, ErrorBody};

use crate::app_state::AppState;
use crate::jobs;

macro_rules! dispatch {
    ($( $(#[doc = $doc:literal])* $name:ident: $request:ty => $answer:ty; )*) => {
        /// The name of every command.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Answers one call of the page; false if there is no such command. Whether the page may call it was decided
        /// before, by the permissions.
        pub(crate) fn handle<R: Runtime>(invoke: Invoke<R>) -> bool {
            match invoke.message.command() {
                $( stringify!($name) => answer::<R, $request, $answer>(invoke, jobs::$name), )*
                _ => return false,
            }
            true
        }
    };
}
wire::for_each_command!(dispatch);

/// A request that the page sealed, since it holds a secret.
fn opened<Q: DeserializeOwned>(app: &AppState, command: &str, sealed: &str) -> serde_json::Result<Q> {
    let sealed = BASE64.decode(sealed.as_bytes()).map_err(serde_json::Error::custom)?;
    let request = app.request_keys.open(command, &sealed).map_err(serde_json::Error::custom)?;
    serde_json::from_slice(&request)
}

/// Runs `job` with the call's one argument, `request`, on a thread that may wait.
fn answer<R, Q, A>(invoke: Invoke<R>, job: fn(&AppState, Q) -> Result<A, ErrorBody>)
where
    R: Runtime,
    Q: DeserializeOwned + Send + 'static,
    A: Serialize + Send + 'static,
{
    let Invoke { message, resolver, .. } = invoke;
    let app = Arc::clone(message.webview_ref().state::<Arc<AppState>>().inner());
    let request = memory::clean_stack(|| match message.payload() {
        InvokeBody::Json(arguments) => match &arguments["sealed"] {
            Value::String(sealed) => opened(&app, message.command(), sealed),
            _ => Q::deserialize(&arguments["request"]),
        },
        InvokeBody::Raw(_) => Err(serde_json::Error::custom("bytes")),
    });
    // What serde says may quote what was typed.
    let Ok(request) = request else {
        let body = format!("the request of {:?} is not what it takes", message.command());
        return resolver.reject(ErrorBody::new(Code::Usage, body, None));
    };
    tauri::async_runtime::spawn_blocking(move || {
        // Without an answer the page would wait for ever.
        // What the job leaves on the stack of this thread, which serves the next one, is wiped.
        match memory::clean_stack(|| catch_unwind(AssertUnwindSafe(|| job(&app, request)))) {
            Ok(Ok(answer)) => resolver.resolve(answer),
            Ok(Err(error)) => resolver.reject(error),
            Err(_) => resolver.reject(ErrorBody::new(
                Code::System,
                "this ended in a fault of Keywright itself; nothing was changed by it",
                Some("try again; if it stays so, please report it"),
            )),
        }
    });
}
