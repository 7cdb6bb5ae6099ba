//! `keywright webhook listen`: a receiver on this computer that checks what comes, until Ctrl-C.

use std::sync::{Arc, Mutex, PoisonError, mpsc};

use clap::Args;
use host::{Interrupt, ListenError, Receiver};
use provider::{Seconds, parse_duration};
use wire::{ReceiverStarted, WebhookDelivery};
use workbench::{
    deliveries::{Deliveries, Handling, Received},
    ports::{Arrived, Reply},
    webhooks::Judging,
};

use crate::{
    commands::webhook_secrets::{Whose, judge},
    exit::{Exit, Failure},
    input::Input,
    output::Output,
    show, world,
};

#[derive(Debug, Args)]
pub struct Listen {
    #[command(flatten)]
    pub whose: Whose,
    /// The port on 127.0.0.1; a free one unless named
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Answer each with this status; 200 where it is good and 401 where it is not unless given
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(200..600))]
    pub answer: Option<u16>,
    /// End after so many deliveries; the exit code is then that of the first one that is not good
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub count: Option<u64>,
    /// How old a delivery may be, or how far ahead; the provider's tolerance unless given
    #[arg(long, value_name = "5m", value_parser = |text: &str| parse_duration(text).map_err(|e| e.to_string()))]
    pub tolerance: Option<Seconds>,
    /// The address that the provider sends to, up to the path, where it is signed too
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
}

/// What the receiver tells whoever prints.
enum Heard {
    /// A delivery, and what it says about the end.
    Delivery(Box<WebhookDelivery>, Exit),
    /// Something failed.
    Failed(Failure),
    /// Ctrl-C.
    Interrupted,
}

/// Receives until it is interrupted, or has received as many as were asked for.
pub fn run(arguments: &Listen, input: &Input, output: &Output) -> Result<Exit, Failure> {
    Input::only_one(&arguments.whose.readers())?;
    // It listens for long: the passphrase and the keys of the vault are gone by then, the secrets that it checks with stay.
    let trusted = memory::clean_stack(|| arguments.whose.judging(input, output))?;
    trusted.ready()?;
    let handling = Handling {
        judging: Judging { at: None, tolerance: arguments.tolerance.map(|it| it.0) },
        always: arguments.answer,
        url: arguments.url.clone(),
    };
    let (told, heard) = mpsc::channel();
    let ports = world::ports();
    let (deliveries, to_printer) = (Mutex::new(Deliveries::default()), told.clone());
    let answering = move |arrived: Arrived| -> Reply {
        let mut deliveries = deliveries.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = deliveries.take(arrived, &trusted, &handling, &ports);
        let (message, reply) = match taken {
            Ok((received, reply)) => {
                (Heard::Delivery(Box::new(WebhookDelivery::from(received)), exit(received)), reply)
            }
            Err(error) => (Heard::Failed(error.into()), Reply { status: 500, text: "not checked".to_owned() }),
        };
        // What was printed is not looked at again; of earlier ones only the ids are asked for.
        deliveries.forget_contents();
        // Nobody prints any more while the program ends.
        let _ = to_printer.send(message);
        reply
    };
    let interrupt = Interrupt::expect()
        .map_err(|error| Failure::new(Exit::Failed, format!("cannot wait for Ctrl-C: {error}"), None))?;
    let receiver = Receiver::start(arguments.port, Arc::new(answering))?;
    let address = format!("http://{}", receiver.address());
    output.begun(&ReceiverStarted { listening: address.clone() }, &format!("listening on {address}"))?;
    output.note("any path will do; Ctrl-C ends it");
    std::thread::spawn(move || {
        interrupt.wait();
        let _ = told.send(Heard::Interrupted);
    });

    let (mut count, mut good, mut end) = (0, 0, Exit::Done);
    for message in heard {
        let (delivery, exit) = match message {
            Heard::Delivery(delivery, exit) => (delivery, exit),
            Heard::Failed(failure) => return Err(failure),
            Heard::Interrupted => break,
        };
        output.part(&*delivery, || show::delivery(&delivery))?;
        count += 1;
        good += u64::from(exit == Exit::Done);
        if end == Exit::Done {
            end = exit;
        }
        if arguments.count == Some(count) {
            // The last answer is sent before this is over.
            drop(receiver);
            return Ok(end);
        }
    }
    output.note(&format!("{count} received, {good} good"));
    Ok(Exit::Done)
}

fn exit(received: &Received) -> Exit {
    received.check.as_ref().map_or(Exit::Malformed, judge)
}

impl From<ListenError> for Failure {
    fn from(error: ListenError) -> Self {
        let hint = error.hint();
        Self::new(Exit::Failed, error.to_string(), hint)
    }
}
