//! Checks of a webhook section: something is signed, it can be found, and so can its signature.

use jose::webhook::Slot;

use super::{
    Checker,
    place::{Step, steps},
};
use crate::definition::{Mac, TimestampPlace, Webhook};

impl Checker<'_> {
    pub(super) fn webhook(&mut self) {
        let Some(webhook) = &self.definition.webhook else { return };
        self.webhook_place(webhook);
        if webhook.mac == Mac::Jwt {
            self.webhook_token(webhook)
        } else {
            self.webhook_signature(webhook)
        }
        if let Some(timestamp) = &webhook.timestamp {
            self.webhook_timestamp(webhook, timestamp);
        }
        if let Some(name) = &webhook.id_header {
            self.field_name(steps!["webhook", "id-header"], name);
        }
        self.webhook_texts(webhook);
    }

    /// The signature stands in header fields, or in the body.
    fn webhook_place(&mut self, webhook: &Webhook) {
        let place = &webhook.signature;
        for name in place.header.iter() {
            self.field_name(steps!["webhook", "signature", "header"], name);
        }
        match (place.header.is_empty(), &place.pointer) {
            (true, None) => self.fault(steps!["webhook", "signature"], "no place", "header, or pointer"),
            (false, Some(_)) => {
                self.fault(steps!["webhook", "signature", "pointer"], "a pointer beside header", "one of the two")
            }
            _ => {}
        }
    }

    /// A token brings what it needs with it.
    fn webhook_token(&mut self, webhook: &Webhook) {
        match &webhook.token {
            None => self.fault(steps!["webhook", "mac"], "\"jwt\" without saying what it carries", "[webhook.token]"),
            Some(token) if token.algs.is_empty() => {
                self.fault(steps!["webhook", "token", "algs"], "no algorithm", "at least one");
            }
            Some(_) => {}
        }
        for (key, given) in [("signed", webhook.signed.is_some()), ("fields", webhook.fields.is_some())] {
            if given {
                let found = "something that is signed beside a token";
                self.fault(steps!["webhook", key], found, "none where mac is \"jwt\"");
            }
        }
        let place = &webhook.signature;
        let keys = [
            ("encoding", place.encoding.is_some()),
            ("separator", place.separator.is_some()),
            ("member", !place.member.is_empty()),
            ("prefix", !place.prefix.is_empty()),
        ];
        for (key, _) in keys.into_iter().filter(|(_, given)| *given) {
            let found = "a way to write a signature, where a token stands";
            self.fault(steps!["webhook", "signature", key], found, "none where mac is \"jwt\"");
        }
    }

    /// A signature says what it covers and how it is written.
    fn webhook_signature(&mut self, webhook: &Webhook) {
        if webhook.token.is_some() {
            self.fault(steps!["webhook", "token"], "a token", "none unless mac is \"jwt\"");
        }
        if webhook.signature.encoding.is_none() {
            let wanted = "encoding: \"hex\", \"base64\" or \"base64url\"";
            self.fault(steps!["webhook", "signature"], "a signature that is not said how to read", wanted);
        }
        match (&webhook.signed, &webhook.fields) {
            (None, None) => self.fault(steps!["webhook"], "nothing that is signed", "signed, or fields"),
            (Some(_), Some(_)) => self.fault(steps!["webhook", "fields"], "fields beside signed", "one of the two"),
            (Some(_), None) => self.webhook_signed(webhook),
            (None, Some(_)) => self.webhook_fields(webhook),
        }
    }

    fn webhook_signed(&mut self, webhook: &Webhook) {
        let Some(template) = &webhook.signed else { return };
        let at = steps!["webhook", "signed"];
        if !template.has(&Slot::Body) {
            self.fault(at, format!("{:?}", template.text()), "a text with {body} in it");
        } else if webhook.signature.pointer.is_some() {
            self.fault(at, "{body}, which holds the signature", "fields, where the signature stands in the body");
        }
        if template.has(&Slot::Timestamp) && webhook.timestamp.is_none() {
            self.fault(at, "{timestamp} without a place for it", "[webhook.timestamp]");
        }
        if template.has(&Slot::Id) && webhook.id_header.is_none() {
            self.fault(at, "{id} without a place for it", "id-header");
        }
        for slot in template.slots() {
            if let Slot::Header(name) = slot {
                self.field_name(at, name);
            }
        }
    }

    fn webhook_fields(&mut self, webhook: &Webhook) {
        let Some(fields) = &webhook.fields else { return };
        let at = steps!["webhook", "fields"];
        match (fields.pointers.is_empty(), &fields.named_by) {
            (true, None) => self.fault(at, "no member", "pointers, or named-by"),
            (false, Some(_)) => {
                self.fault(steps!["webhook", "fields", "named-by"], "named-by beside pointers", "one of the two")
            }
            _ => {}
        }
        if fields.within.is_some() && fields.named_by.is_none() {
            self.fault(steps!["webhook", "fields", "within"], "within without named-by", "pointers from the root");
        }
        for (i, pointer) in fields.pointers.iter().enumerate() {
            if Some(pointer) == webhook.signature.pointer.as_ref() {
                let at = steps!["webhook", "fields", "pointers", i];
                self.fault(at, format!("\"{}\", where the signature stands", pointer.0), "members that it can cover");
            }
        }
    }

    /// The time stands in one place.
    fn webhook_timestamp(&mut self, webhook: &Webhook, timestamp: &TimestampPlace) {
        let places = [timestamp.header.is_some(), timestamp.pointer.is_some(), timestamp.claim.is_some()];
        if places.iter().filter(|given| **given).count() != 1 {
            let found = format!("{} places", places.iter().filter(|given| **given).count());
            self.fault(steps!["webhook", "timestamp"], found, "one of header, pointer and claim");
        }
        if let Some(name) = &timestamp.header {
            self.field_name(steps!["webhook", "timestamp", "header"], name);
        } else if timestamp.member.is_some() {
            self.fault(steps!["webhook", "timestamp", "member"], "a member without header", "the header with the list");
        }
        if timestamp.claim.is_some() && webhook.mac != Mac::Jwt {
            let found = "a claim, where there is no token";
            self.fault(steps!["webhook", "timestamp", "claim"], found, "header or pointer, unless mac is \"jwt\"");
        }
        if timestamp.tolerance.0 == 0 {
            self.fault(steps!["webhook", "timestamp", "tolerance"], "0 s, which no delivery keeps", "some seconds");
        }
    }

    /// Texts that would match anything, or nothing.
    fn webhook_texts(&mut self, webhook: &Webhook) {
        let place = &webhook.signature;
        let lists: [(&[Step<'_>], &[String]); 3] = [
            (steps!["webhook", "secret-prefix"], &webhook.secret_prefix),
            (steps!["webhook", "signature", "member"], &place.member),
            (steps!["webhook", "signature", "prefix"], &place.prefix),
        ];
        for (at, texts) in lists {
            if texts.iter().any(String::is_empty) {
                self.fault(at, "an empty text", "none, or some characters");
            }
        }
        let Some(separator) = &place.separator else { return };
        let at = steps!["webhook", "signature", "separator"];
        if separator.is_empty() {
            self.fault(at, "an empty text", "what stands between two signatures");
        } else if let Some(prefix) = place.prefix.iter().find(|prefix| prefix.contains(separator.as_str())) {
            self.fault(at, format!("{separator:?}, which stands in the prefix {prefix:?}"), "one that does not");
        }
    }
}
