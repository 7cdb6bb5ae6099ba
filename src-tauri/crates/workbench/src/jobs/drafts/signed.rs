//! Reading a draft whose call carries a token that is signed here.

use jose::{
    expression,
    json::{Document, Kind, Span},
    rewrite::base64_characters,
    sign::{self, DraftError, SigningKey},
};

use super::{
    Signs,
    context::Context,
    findings,
    noted::{Fix, Noted, Typed},
    notes,
    outline::{Item, outline},
    reading::{ClaimSpan, DraftReading, blank, finish, no_key},
    syntax,
    text::{self, TextEdit},
};
use crate::{
    ground::{Error, ports::Ports, words},
    jobs::tokens,
    policy::consent,
    store::{draft::Draft, session::Session},
};

/// Reads a draft. `signs` says whether a token with its terms is made.
pub(super) fn read(
    session: &Session,
    draft: &Draft,
    context: &Context,
    signs: Signs<'_>,
    ports: &Ports,
) -> Result<DraftReading, Error> {
    let header = match &draft.header {
        Some(typed) => jose::rewrite::compact(typed).unwrap_or_else(|_| typed.clone()),
        None => context.header(ports),
    };
    let mut reading = blank(context, header);
    let document = match Document::parse(&draft.claims) {
        Ok(document) => document,
        Err(error) => {
            let mut fault = syntax::fault(&draft.claims, &error);
            if draft.claims.trim().is_empty() {
                let everything = TextEdit::new(Span::new(0, draft.claims.len()), context.recipe(ports));
                fault.fixes = vec![Fix { title: "Start from the recipe".to_owned(), edits: vec![everything] }];
            }
            reading.findings.push(fault);
            let fault = format!("line {} is not JSON", error.line);
            reading.summary = fault.clone();
            return Ok(blocked(reading, context, draft, fault, ports));
        }
    };
    let resolved = expression::resolve(&document, context.signing, &mut || tokens::uuid(ports), true);
    let typed = Typed { document, resolved };
    reading.claims = typed.resolved.text.text.clone();
    (reading.times, reading.findings) = findings::judge(context, &typed, &reading.header, ports);
    let root = typed.document.root();
    if root.kind() != Kind::Object {
        let fault = format!("the claims are {}", root.kind().name());
        reading.findings.push(not_object(root.kind(), root.span()));
        reading.summary = fault.clone();
        return Ok(blocked(reading, context, draft, fault, ports));
    }
    let outline = outline(&typed.document, context.claims());
    reading.notes = notes::notes(context, &typed, &outline);
    reading.pills = notes::pills(&typed);
    reading.spans = spans(&typed, &outline);
    reading.scopes = context.definition.scopes_in(&reading.claims);
    reading.summary = summary(context, &typed);

    let jws = sign::Draft::jwt(&reading.header, &reading.claims);
    let key = context.key.as_ref().ok();
    let fault = match (&jws, key) {
        (Err(error), _) => Some(fault_words(error)),
        (_, None) => no_key(context),
        (Ok(jws), Some(key)) => match key.value.signs_with() {
            Ok(alg) => jws.check_alg(alg).err().map(|error| fault_words(&error)),
            Err(error) => Some(error.to_string()),
        },
    };
    let fault = fault.or_else(|| {
        typed.resolved.errors.first().map(|(span, _)| {
            let found = &draft.claims[span.start..span.end];
            format!("{} is not an expression", words::short(found))
        })
    });
    if let Some(fault) = fault {
        return Ok(blocked(reading, context, draft, fault, ports));
    }
    let terms = || consent::terms(context.definition, &reading.claims, ports.clock.now());
    if let (Ok(jws), Some(key)) = (&jws, key)
        && signs(terms())?
    {
        let jwk = session.open_key(key)?;
        match SigningKey::new(key.value.signs_with()?, &jwk, false) {
            Ok(signing) => reading.token = Some(jws.sign(&signing)?),
            Err(unfit) => return Ok(blocked(reading, context, draft, unfit.to_string(), ports)),
        }
    } else {
        reading.unsigned = Some("not signed".to_owned());
    }
    finish(&mut reading, context, draft, None, ports);
    Ok(reading)
}

fn blocked(mut reading: DraftReading, context: &Context, draft: &Draft, fault: String, ports: &Ports) -> DraftReading {
    reading.unsigned = Some(fault.clone());
    finish(&mut reading, context, draft, Some(fault), ports);
    reading
}

fn not_object(found: Kind, span: Span) -> Noted {
    let message = format!("the claims of a token are an object; this is {}", found.name());
    let finding = jose::Finding::new(jose::Code::NotObject, message).at(jose::Part::Payload, span);
    Noted { finding, span, fixes: Vec::new() }
}

/// What keeps a draft from being signed, in a few words.
fn fault_words(error: &DraftError) -> String {
    match error {
        DraftError::Duplicate { path, .. } => format!("{path:?} stands twice"),
        DraftError::NotJson { error, .. } => format!("line {} of the header is not JSON", error.line),
        error => error.to_string(),
    }
}

fn spans(typed: &Typed<'_>, outline: &[Item<'_, '_, '_>]) -> Vec<ClaimSpan> {
    let span = |item: &Item<'_, '_, '_>| {
        let whole = text::whole(item.node);
        ClaimSpan { typed: whole, characters: base64_characters(typed.resolved.text.after(whole)) }
    };
    outline.iter().map(span).collect()
}

/// `5 required, all present`; `exp and jti are missing`; `7 claims` where nothing is required.
fn summary(context: &Context, typed: &Typed<'_>) -> String {
    use provider::definition::Presence;
    let root = typed.document.root();
    let required: Vec<&str> = (context.claims().iter())
        .filter(|claim| claim.presence == Presence::Required)
        .map(|claim| claim.name.as_str())
        .collect();
    let missing: Vec<&str> = required.iter().copied().filter(|name| root.get(name).is_none()).collect();
    match (required.len(), missing.as_slice()) {
        (0, _) => words::plural(root.members().count(), "claim"),
        (all, []) => format!("{all} required, all present"),
        (_, [one]) => format!("{one} is missing"),
        (_, several) => format!("{} are missing", words::list(several)),
    }
}
