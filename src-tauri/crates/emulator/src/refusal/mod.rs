//! Every reason for which a request is refused, in words for the log.
//!
//! The provider's answer never tells these: it says 401 or 403 and one documented sentence. They are for the person at
//! the emulator.

mod authorization;
mod credential;
mod request;
mod session;

pub use authorization::AuthorizationRefusal;
pub use credential::CredentialRefusal;
pub use request::RequestRefusal;
pub use session::SessionRefusal;

use crate::{
    clock::{people, span},
    log::Check,
};

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The `Authorization` field is not as it should be.
    #[error(transparent)]
    Authorization(#[from] AuthorizationRefusal),

    /// Five parts: an encrypted token.
    #[error("5 parts: this is a JWE, an encrypted token; wanted a signed one with 3")]
    Encrypted,
    /// Not three parts.
    #[error("{found} part{} between dots, wanted 3", if *.found == 1 { "" } else { "s" })]
    Parts {
        /// How many there are.
        found: usize,
    },
    /// A part is not canonical base64url without padding (RFC 7515 §2).
    #[error("the {part} is not base64url: {reason}")]
    NotBase64url {
        /// Which part.
        part: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A part decodes to bytes that are not UTF-8.
    #[error("the {part} is not UTF-8")]
    NotUtf8 {
        /// Which part.
        part: &'static str,
    },
    /// A part is not JSON.
    #[error("the {part} is not JSON: {reason}")]
    NotJson {
        /// Which part.
        part: &'static str,
        /// What the parser said.
        reason: String,
    },
    /// A part is JSON, and not an object.
    #[error("the {part} is {found}, wanted an object")]
    NotObject {
        /// Which part.
        part: &'static str,
        /// What it is instead.
        found: &'static str,
    },
    /// A member stands twice.
    #[error("the {part} has the member {member:?} twice")]
    Duplicate {
        /// Which part.
        part: &'static str,
        /// The member.
        member: String,
    },

    /// A header member is missing.
    #[error("the header has no {member:?}")]
    HeaderMissing {
        /// The member.
        member: &'static str,
    },
    /// A header member has another type than text.
    #[error("the header's {member:?} is {found}, wanted a string")]
    HeaderType {
        /// The member.
        member: &'static str,
        /// What it is instead.
        found: &'static str,
    },
    /// `typ` is fixed and this is another.
    #[error("\"typ\" is {found:?}; the provider fixes it to {wanted:?}")]
    Typ {
        /// What the header says.
        found: String,
        /// What it should say.
        wanted: String,
    },
    /// `alg` is none, in whatever case.
    #[error("\"alg\" is {found:?}: the token is not signed")]
    AlgNone {
        /// As it was written.
        found: String,
    },
    /// `alg` is not among the provider's.
    #[error("\"alg\" is {found:?}; the provider takes {wanted}")]
    Alg {
        /// What the header says.
        found: String,
        /// What the provider takes.
        wanted: String,
    },
    /// `crit` names extensions that are not understood (RFC 7515 §4.1.11), or is malformed.
    #[error("\"crit\" asks for {found}, which is not understood here")]
    Critical {
        /// What it names.
        found: String,
    },

    /// No registered key has this `kid`.
    #[error("no registered key has the kid {found:?}{}", .close.as_ref().map_or(String::new(), |kid| format!("; it is the thumbprint of {kid} made without zero-padding the coordinates")))]
    UnknownKid {
        /// What the header says, shortened.
        found: String,
        /// The key whose unpadded thumbprint this is.
        close: Option<String>,
    },
    /// The key pair that `kid` names is not active: it was revoked.
    #[error("the key pair that \"kid\" names is not active: it was revoked")]
    KeyInactive,
    /// The key pair that `kid` names was deleted.
    #[error("the key pair that \"kid\" names was deleted")]
    KeyDeleted,
    /// The key that `kid` names cannot make this `alg`.
    #[error("\"alg\" is {alg}, and the key that \"kid\" names is {key}, which makes {makes}")]
    AlgKey {
        /// What the header says.
        alg: String,
        /// What the key is: `a P-521 key`.
        key: &'static str,
        /// What it can make.
        makes: String,
    },

    /// The third part is empty.
    #[error("the signature is empty")]
    SignatureMissing,
    /// The signature is ASN.1 DER instead of R‖S (RFC 7518 §3.4).
    #[error("the signature is DER-encoded, wanted the {wanted} bytes of R and S side by side")]
    SignatureDer {
        /// Bytes of R‖S.
        wanted: usize,
    },
    /// The signature has another length than the algorithm's.
    #[error("the signature has {found} bytes, wanted {wanted}")]
    SignatureLength {
        /// Bytes found.
        found: usize,
        /// Bytes that the algorithm gives with this key.
        wanted: usize,
    },
    /// The signature does not fit the token and the key.
    #[error("the signature does not verify with the key that \"kid\" names")]
    SignatureBad,
    /// The MAC does not fit the token and the secret.
    #[error("the signature does not verify with {key}")]
    Mac {
        /// Whose secret it was.
        key: String,
    },

    /// A required claim is missing.
    #[error("the claim {claim:?} is missing")]
    ClaimMissing {
        /// The claim.
        claim: String,
    },
    /// A claim has the wrong type.
    #[error("{claim:?} is {found}, wanted {wanted}")]
    ClaimType {
        /// The claim.
        claim: String,
        /// What it is.
        found: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A time is far too large for seconds.
    #[error("{claim:?} is {found}: that is {unit}, wanted seconds")]
    Unit {
        /// The claim.
        claim: &'static str,
        /// Its value.
        found: i64,
        /// The unit that it looks like.
        unit: &'static str,
    },
    /// `exp` has passed.
    #[error(
        "the token expired {} ago, at {}: \"exp\" is {exp}, and the emulator's clock says {now}",
        span(.now.saturating_sub(*.exp)), people(*.exp)
    )]
    Expired {
        /// The claim.
        exp: i64,
        /// The emulator's clock.
        now: i64,
    },
    /// The token is not valid yet.
    #[error(
        "the token is good from {} on, {} from now: {claim:?} is {time}, and the emulator's clock says {now}",
        people(*.time), span(.time.saturating_sub(*.now))
    )]
    NotYet {
        /// The claim that says so.
        claim: &'static str,
        /// Its value.
        time: i64,
        /// The emulator's clock.
        now: i64,
    },

    /// The scopes do not allow the operation.
    #[error("the operation needs {wanted}; the token has {found}")]
    Scope {
        /// What the operation needs.
        wanted: String,
        /// What the token has.
        found: String,
    },

    /// The scopes of the token do, and the roles of its key pair do not allow the operation.
    #[error("the operation needs {wanted}; the roles of the key pair give {found}")]
    Role {
        /// What the operation needs.
        wanted: String,
        /// What the roles give.
        found: String,
    },
    /// The key pair has no access to the merchant account.
    #[error("the merchant account is {found:?}; the key pair has access to {wanted}")]
    Merchant {
        /// What the request is about.
        found: String,
        /// The merchant accounts of the pair.
        wanted: String,
    },
    /// Nobody gives a role that allows more than they may do themselves.
    #[error("the role {role:?} gives {lacks}, which the caller may not do")]
    RoleBeyond {
        /// Its place in the list that was sent, from 0.
        index: usize,
        /// The slug of the role.
        role: &'static str,
        /// The scopes that the caller lacks.
        lacks: String,
    },
    /// Nobody gives access to a merchant account that they have no access to.
    #[error("access to {found} is given; the caller has access to {wanted}")]
    MerchantBeyond {
        /// What is given.
        found: String,
        /// What the caller has.
        wanted: String,
    },

    /// One call too many.
    #[error(
        "the limit is {calls} in {}, and this is one more; the count begins anew in {}",
        span((*.seconds).into()), span((*.left).into())
    )]
    Limited {
        /// The calls that are allowed.
        calls: u32,
        /// In so many seconds.
        seconds: u32,
        /// Seconds until the count begins anew.
        left: u32,
    },
    /// What was registered does not let it in.
    #[error(transparent)]
    Credential(#[from] CredentialRefusal),
    /// The token was made here, and is no longer good or not good for this.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// The body of a request that itself authenticates is wrong.
    #[error(transparent)]
    Request(#[from] RequestRefusal),
}

impl Refusal {
    /// The check that failed.
    pub fn check(&self) -> Check {
        use Refusal::*;
        match self {
            Authorization(_) => Check::Authorization,
            Encrypted
            | Parts { .. }
            | NotBase64url { .. }
            | NotUtf8 { .. }
            | NotJson { .. }
            | NotObject { .. }
            | Duplicate { .. } => Check::Form,
            HeaderMissing { .. } | HeaderType { .. } | Typ { .. } | AlgNone { .. } | Alg { .. } | Critical { .. } => {
                Check::Header
            }
            UnknownKid { .. } | KeyInactive | KeyDeleted | AlgKey { .. } => Check::Key,
            SignatureMissing | SignatureDer { .. } | SignatureLength { .. } | SignatureBad | Mac { .. } => {
                Check::Signature
            }
            ClaimMissing { .. } | ClaimType { .. } | Unit { .. } => Check::Claims,
            Expired { .. } | NotYet { .. } => Check::Times,
            Scope { .. } | Role { .. } | Merchant { .. } | RoleBeyond { .. } | MerchantBeyond { .. } => Check::Scope,
            Limited { .. } => Check::Limit,
            Credential(refusal) => refusal.check(),
            Session(_) => Check::Session,
            Request(_) => Check::Body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_read_them() {
        let now = 1_796_000_000;
        let told = [
            Refusal::Expired { exp: now - 3905, now },
            Refusal::Expired { exp: i64::MIN, now },
            Refusal::NotYet { claim: "nbf", time: now + 50, now },
            Refusal::Limited { calls: 3, seconds: 60, left: 59 },
            CredentialRefusal::Expired { name: "key_1".into(), at: now - 86_400, now }.into(),
        ];
        let told: Vec<String> = told.iter().map(Refusal::to_string).collect();
        assert!(told.iter().all(|reason| reason.is_ascii()), "it stands in a header field");
        insta::assert_snapshot!(told.join("\n"), @r#"
        the token expired 1 h 5 min ago, at 2026-11-29 23:48:15 UTC: "exp" is 1795996095, and the emulator's clock says 1796000000
        the token expired 106751991167300 d 15 h ago, at -9223372036854775808: "exp" is -9223372036854775808, and the emulator's clock says 1796000000
        the token is good from 2026-11-30 00:54:10 UTC on, 50 s from now: "nbf" is 1796000050, and the emulator's clock says 1796000000
        the limit is 3 in 1 min, and this is one more; the count begins anew in 59 s
        the API key key_1 expired 1 d ago, at 2026-11-29 00:53:20 UTC (1795913600), and the emulator's clock says 1796000000
        "#);
    }
}
