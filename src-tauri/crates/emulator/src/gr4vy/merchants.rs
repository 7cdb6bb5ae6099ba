//! Merchant accounts, and what callers made in each since the start. A transaction and a buyer are there from the start.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{MERCHANT, answers, bodies};
use crate::{answer::Answer, api::Call, refusal::Refusal, resources::Resources, words::shorten};

/// The merchant account of a caller who names none.
pub(super) const DEFAULT: &str = "default";
/// Where no operation is about a merchant account.
const ACCOUNT_WIDE: [&str; 4] = ["/api-key-pairs", "/merchant-accounts", "/payment-service-definitions", "/roles"];
/// How many merchant accounts are kept.
const KEPT: usize = 100;

/// Whether there is a merchant account of this id: there is one for every id that is well formed.
pub(super) fn is_known(id: &str) -> bool {
    !id.is_empty() && id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// The merchant account that the request names, else Gr4vy's `default`.
pub(super) fn named<'a>(call: &Call<'a>) -> Result<&'a str, Answer> {
    let Some(value) = call.headers.get(MERCHANT) else { return Ok(DEFAULT) };
    value.to_str().ok().filter(|text| is_known(text)).ok_or_else(|| {
        answers::bad_request("header", &format!("/{MERCHANT}"), "The merchant account ID is empty or malformed")
    })
}

/// Whether a caller with access to `own`, to all where that is empty, may do what the request asks for. One that names no account at all
/// is answered elsewhere.
pub(super) fn allow(call: &Call<'_>, own: &[String]) -> Result<(), Refusal> {
    let wide = ACCOUNT_WIDE.iter().any(|path| call.operation.path.starts_with(path));
    match named(call) {
        Ok(id) if !wide && !own.is_empty() && !own.iter().any(|known| known == id) => {
            Err(Refusal::Merchant { found: shorten(id), wanted: own.join(", ") })
        }
        _ => Ok(()),
    }
}

/// What a merchant account has.
pub(super) struct Merchant {
    pub(super) transactions: Resources,
    pub(super) buyers: Resources,
    pub(super) sessions: Resources,
}

/// The merchant accounts that were asked for.
#[derive(Default)]
pub(super) struct Merchants {
    known: BTreeMap<String, Merchant>,
    /// Where something was made last.
    latest: Option<String>,
}

impl Merchant {
    fn new(id: &str) -> Self {
        let mut merchant =
            Self { transactions: Resources::default(), buyers: Resources::default(), sessions: Resources::default() };
        merchant.transactions.keep(bodies::sample_transaction(id));
        merchant.buyers.keep(bodies::sample_buyer(id));
        merchant
    }
}

impl Merchants {
    /// The merchant account of this id, which [is known](is_known).
    pub(super) fn named(&mut self, id: &str) -> &mut Merchant {
        if !self.known.contains_key(id) && self.known.len() >= KEPT {
            self.known.pop_first();
        }
        self.known.entry(id.to_owned()).or_insert_with(|| Merchant::new(id))
    }

    /// Remembers that something was made there.
    pub(super) fn made_at(&mut self, id: &str) {
        self.latest = Some(id.to_owned());
    }

    /// A thing of a kind: the one of this id in any merchant account, else the latest where something was made last.
    pub(super) fn find(&mut self, id: Option<&str>, kind: fn(&mut Merchant) -> &mut Resources) -> Option<&mut Value> {
        let latest = self.latest.clone().unwrap_or_else(|| DEFAULT.to_owned());
        // It is there once it was asked for.
        self.named(&latest);
        match id {
            None => self.known.get_mut(&latest).and_then(|merchant| kind(merchant).latest_mut()),
            Some(id) => self.known.values_mut().find_map(|merchant| kind(merchant).find_mut(id)),
        }
    }
}
