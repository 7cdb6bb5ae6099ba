//! Values of claims that a call makes: the call of a sheet, and what its answer holds.

use jose::json::Document;
use provider::{Definition, definition::SheetCall};

use super::{context::Context, edit::set_scopes, sheets, text};
use crate::{
    ground::{Error, Thing, TokenError, names, ports::Ports},
    jobs::requests::SentCall,
    store::{
        draft::{CallTarget, Draft},
        session::Session,
    },
};

/// What came of the call that makes the value of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// The value.
    Value(String),
    /// None, and why.
    Nothing {
        /// What happened, a sentence.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
}

/// The draft of the call that makes the value of a claim: this one with that call and the scopes that it needs.
pub fn creation(session: &Session, draft: &Draft, claim: &str, ports: &Ports) -> Result<Draft, Error> {
    let context = Context::resolve(session, draft, ports)?;
    let definition = context.definition;
    let call = call_of(definition, claim)?;
    let endpoint = definition.endpoint(&call.endpoint).ok_or_else(|| no_call(claim))?;
    let scopes = definition.minimal_scopes([endpoint]);
    let not_json = |error| Error::Token(TokenError::NotJson { what: "the claims set".to_owned(), error });
    let document = Document::parse(&draft.claims).map_err(not_json)?;
    let edits = if scopes.is_empty() { None } else { set_scopes(&context, &document, &scopes) };
    Ok(Draft {
        claims: text::apply(&draft.claims, &edits.unwrap_or_default()),
        target: Some(CallTarget::Endpoint(endpoint.id.clone())),
        body: endpoint.body.clone(),
        ..draft.clone()
    })
}

/// What came of that call, where it was made; `failed` says why it was not.
pub fn created(
    session: &Session,
    draft: &Draft,
    claim: &str,
    sent: Option<&SentCall>,
    failed: Option<&str>,
    ports: &Ports,
) -> Result<Created, Error> {
    let context = Context::resolve(session, draft, ports)?;
    let call = call_of(context.definition, claim)?;
    let nothing = |message, hint| Ok(Created::Nothing { message, hint });
    let Some(sent) = sent else { return nothing(failed.unwrap_or("No call was made.").to_owned(), None) };
    if !sent.verdict.is_as_wanted() {
        return nothing(sent.verdict.sentence.clone(), sent.verdict.next.clone());
    }
    let body = sent.exchange.outcome.as_ref().map(|answer| String::from_utf8_lossy(&answer.body)).unwrap_or_default();
    match value_in(&body, call).filter(|value| sheets::takes(context.definition, claim, value)) {
        Some(value) => Ok(Created::Value(value)),
        None => nothing(format!("The answer has no value at {} that {claim} takes.", call.value.0), None),
    }
}

fn value_in(body: &str, call: &SheetCall) -> Option<String> {
    let document = Document::parse(body).ok()?;
    Some(call.value.0.find(document.root())?.as_str()?.into_owned())
}

fn call_of<'d>(definition: &'d Definition, claim: &str) -> Result<&'d SheetCall, Error> {
    let sheet = sheets::find(definition, claim)?;
    sheet.create.as_ref().ok_or_else(|| no_call(claim))
}

fn no_call(claim: &str) -> Error {
    names::not_found(Thing::SheetCall, claim, [])
}
