//! CryptoPay, as far as authentication goes: accounts with sessions, API keys with permissions, its documented answers.
//!
//! The document fits djangorestframework-simplejwt, so where it is silent, that package is played: its checks in their
//! order, its claims, and where asked for its bodies too.

mod answers;
mod ladder;
mod orders;
mod sessions;

use provider::definition::{FlowKind, Needs};

use crate::{
    answer::Answer,
    api::{Api, Call, Context, SimulatedApi},
    event::{Event, EventError},
    faults::Faults,
    incident::Incident,
    issuer::Issuer,
    refusal::Refusal,
    registered::Registered,
    resources::Resources,
    rules::{Operation, Rules},
};

/// The id of the definition.
const ID: &str = "cryptopay";
/// Who is counted where nobody has said who they are.
const ANYONE: &str = "anyone";

/// What signs the tokens, and the payment orders that callers made.
struct CryptoPay {
    issuer: Issuer,
    orders: Resources,
}

/// CryptoPay as it is played.
pub(crate) fn simulated() -> SimulatedApi {
    SimulatedApi { id: ID, rules: rules(), api: Box::new(new()) }
}

fn new() -> CryptoPay {
    CryptoPay { issuer: Issuer::new("cryptopay"), orders: Resources::default() }
}

impl Api for CryptoPay {
    fn answer(&mut self, call: &Call<'_>, context: &mut Context<'_>) -> Result<Answer, Refusal> {
        let session = match call.operation.flow {
            Some(FlowKind::Register) => sessions::register,
            Some(FlowKind::LogIn) => sessions::log_in,
            Some(FlowKind::Refresh) => sessions::refresh,
            Some(FlowKind::LogOut) => sessions::log_out,
            flow => {
                let caller = ladder::check(call, &self.issuer, context)?;
                let answer = match flow {
                    Some(FlowKind::Verify) => Ok(sessions::verify(&caller, call.rules)),
                    _ => orders::respond(call, &caller, &mut self.orders, context.now),
                };
                return Ok(answer.unwrap_or_else(|wrong| {
                    context.note(wrong.to_string());
                    answers::request(&wrong)
                }));
            }
        };
        context.count(ANYONE, call.rules.limit)?;
        session(call, &mut self.issuer, context)
    }

    fn refuse(&self, refusal: &Refusal, call: &Call<'_>, faults: &Faults) -> Answer {
        answers::refusal(refusal, call.operation, faults.native_bodies)
    }

    fn status(&self, status: u16, faults: &Faults) -> Answer {
        answers::status(status, faults.native_bodies)
    }

    fn other_method(&self, method: &str, _faults: &Faults) -> Answer {
        answers::other_method(method)
    }

    fn happen(&mut self, event: &Event<'_>, registered: &Registered, now: i64) -> Result<String, EventError> {
        orders::happen(&mut self.orders, event, ladder::owner(registered).0, now)
    }

    fn on_incident(&mut self, incident: &Incident<'_>, _now: i64) {
        match incident {
            Incident::ExpireAccess => self.issuer.expire_access(),
            Incident::BlacklistRefresh => self.issuer.blacklist_refresh(),
            _ => {}
        }
    }

    fn reset(&mut self) {
        *self = new();
        self.issuer.forget();
    }
}

/// CryptoPay's definition, the path of a single order, and logging out, which is not documented: the path and the
/// answer are those of dj-rest-auth, whose log-in CryptoPay's resembles.
fn rules() -> Rules {
    let definition = provider::built_in_named(ID).expect("CryptoPay's definition is built in");
    let mut rules = Rules::of(definition);
    let read = Needs { all: vec!["read".to_owned()], any: Vec::new() };
    rules.operations.push(Operation::new("GET", "/api/payment-orders/{id}/", read));
    for path in ["/api/auth/logout", "/api/auth/logout/"] {
        let log_out = Operation { flow: Some(FlowKind::LogOut), ..Operation::new("POST", path, Needs::default()) };
        rules.operations.push(log_out);
    }
    rules
}
