//! The table of findings: everything that Keywright can say about a token, a key or a webhook, once each.
//!
//! A finding is a value, not an error. Its code, severity and source come from the table; the message says what was
//! found and what was wanted in this case; the hint says what to do.

use std::fmt;

use crate::json::Span;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// A careful verifier refuses this.
    Error,
    /// Some verifier refuses this, or it weakens the token.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a finding speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// How the token is written: parts, base64url, JSON.
    Structure,
    /// Header parameters.
    Header,
    /// The key, and whether it fits the algorithm.
    Key,
    /// The signature itself.
    Signature,
    /// Times in the claims set.
    Time,
    /// Other claims.
    Claims,
    /// Scopes.
    Scopes,
    /// Environment and address.
    Environment,
    /// The delivery of a webhook.
    Webhook,
}

impl Group {
    /// All groups in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Structure,
        Self::Header,
        Self::Key,
        Self::Signature,
        Self::Time,
        Self::Claims,
        Self::Scopes,
        Self::Environment,
        Self::Webhook,
    ];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Header => "header",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Time => "time",
            Self::Claims => "claims",
            Self::Scopes => "scopes",
            Self::Environment => "environment",
            Self::Webhook => "webhook",
        }
    }
}

/// The part of a token that a position counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The compact serialization as found in the input; positions count bytes of it.
    Token,
    /// The decoded header text.
    Header,
    /// The decoded payload text.
    Payload,
}

impl Part {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Header => "header",
            Self::Payload => "payload",
        }
    }
}

/// Where a finding points: bytes of the text of one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which text.
    pub part: Part,
    /// Which bytes of it.
    pub span: Span,
}

/// One thing that was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which row of the table.
    pub code: Code,
    /// Where, if it has a place.
    pub place: Option<Place>,
    /// What was found and what was wanted, lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Changes of the text that undo it, the likeliest first.
    pub repairs: Vec<Repair>,
}

/// A change of a text of JSON that undoes a finding. It says what becomes of the value that the finding points at; where
/// nothing is pointed at, the outermost object is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// Another value in the same place, as JSON text.
    Value(String),
    /// Another name for the member.
    Name(String),
    /// The member or element is taken out.
    Remove,
    /// A member of this name is added to the object.
    Member(String),
    /// Scopes are taken out of the set and others put in.
    Scopes {
        /// Those that go.
        out: Vec<String>,
        /// Those that come.
        add: Vec<String>,
    },
}

impl Finding {
    /// A finding without a place or a hint.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, place: None, message: message.into(), hint: None, repairs: Vec::new() }
    }

    /// The same, with a change that undoes it.
    #[must_use]
    pub fn repair(mut self, repair: Repair) -> Self {
        self.repairs.push(repair);
        self
    }

    /// The same, pointing at bytes of a part.
    #[must_use]
    pub fn at(mut self, part: Part, span: Span) -> Self {
        self.place = Some(Place { part, span });
        self
    }

    /// The same, with advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// How grave it is.
    pub fn severity(&self) -> Severity {
        self.code.row().severity
    }

    /// Whether a careful verifier refuses because of it.
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The code.
    pub code: Code,
    /// The code as text: lower case with hyphens, stable for scripts.
    pub name: &'static str,
    /// What it speaks of.
    pub group: Group,
    /// How grave it is.
    pub severity: Severity,
    /// What it means, in a few words.
    pub title: &'static str,
    /// Where that is laid down, or where it was learned.
    pub source: &'static str,
}

macro_rules! findings {
    ($($code:ident $name:literal $group:ident $severity:ident $title:literal $source:literal;)*) => {
        /// The code of a finding. Names are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $title] $code,)* }

        /// Every finding, grouped.
        pub static TABLE: &[Row] = &[
            $(Row {
                code: Code::$code,
                name: $name,
                group: Group::$group,
                severity: Severity::$severity,
                title: $title,
                source: $source,
            },)*
        ];
    };
}

#[rustfmt::skip]
findings! {
    // How the token is written.
    NoToken            "no-token"             Structure Error   "No token in the input"                                     "RFC 7515 §7.1";
    PartCount          "part-count"           Structure Error   "Not three parts between dots"                              "RFC 7515 §7.1";
    Encrypted          "encrypted"            Structure Info    "An encrypted token (JWE), not a signed one"                "RFC 7516 §9";
    JoinedTokens       "joined-tokens"        Structure Error   "Two tokens that stand together as one"                     "RFC 7515 §7.1";
    EmptyPart          "empty-part"           Structure Error   "A part is empty"                                           "RFC 7515 §7.1";
    ForeignCharacter   "foreign-character"    Structure Error   "A character outside base64url"                             "RFC 4648 §5";
    Padding            "padding"              Structure Error   "Padding, which base64url in a token does not have"         "RFC 7515 §2";
    WhiteSpace         "white-space"          Structure Error   "White space inside the token"                              "RFC 7515 §2";
    TrailingBits       "trailing-bits"        Structure Error   "The last character carries bits that are not zero"         "RFC 4648 §3.5";
    PartLength         "part-length"          Structure Error   "A length that base64url cannot have"                       "RFC 4648 §5";
    NotUtf8            "not-utf8"             Structure Error   "Bytes that are not UTF-8"                                  "RFC 7515 §5.2";
    ByteOrderMark      "byte-order-mark"      Structure Error   "A byte order mark before the JSON text"                    "RFC 8259 §8.1";
    NotJson            "not-json"             Structure Error   "Not JSON"                                                  "RFC 8259";
    NotObject          "not-object"           Structure Error   "JSON, but not an object"                                   "RFC 7519 §7.2";
    TooDeep            "too-deep"             Structure Error   "Nested deeper than common parsers read"                    "RFC 8259 §9";
    DuplicateMember    "duplicate-member"     Structure Error   "A member appears twice"                                    "RFC 7515 §4, RFC 7519 §4";
    BigInteger         "big-integer"          Structure Warning "An integer that loses digits in a double"                  "RFC 8259 §6";
    ExponentNumber     "exponent-number"      Structure Warning "A number in exponent form"                                 "RFC 8259 §6";
    LoneSurrogate      "lone-surrogate"       Structure Warning "Half of a surrogate pair in a string"                      "RFC 8259 §8.2";
    ProtoMember        "proto-member"         Structure Warning "A member named __proto__"                                  "RFC 8725 §2.4";
    LargeToken         "large-token"          Structure Warning "Longer than the header many servers accept (8 KB)"         "RFC 9110 §5.4";
    PayloadNotClaims   "payload-not-claims"   Structure Info    "The payload is not a claims set: a JWS, not a JWT"         "RFC 7515 §3, RFC 7519 §3";
    PayloadDetached    "payload-detached"     Structure Info    "The payload is empty, or it travels apart from the token"  "RFC 7515 appendix F, RFC 7797 §4";
    JsonSerialization  "json-serialization"   Structure Info    "A JWS in JSON, flattened or with several signatures"       "RFC 7515 §7.2";
    SelectiveDisclosure "selective-disclosure" Structure Info   "An SD-JWT, of which the issuer's part is read"             "RFC 9901 §4";
    AroundToken        "around-token"         Structure Info    "Something that stood around the token was left out"        "RFC 6750 §2.1";
    MoreTokens         "more-tokens"          Structure Info    "The text holds another token, which is not read"           "practice";

    // Header parameters.
    AlgMissing         "alg-missing"          Header    Error   "No algorithm in the header"                                "RFC 7515 §4.1.1";
    AlgNone            "alg-none"             Header    Error   "An unsecured token: alg none"                              "RFC 8725 §3.1, CVE-2015-9235";
    AlgCase            "alg-case"             Header    Error   "An algorithm name in the wrong case"                       "RFC 7515 §4.1.1";
    AlgUnknown         "alg-unknown"          Header    Error   "An algorithm that is not a signature algorithm"            "RFC 7518 §3.1";
    HeaderType         "header-type"          Header    Error   "A header parameter of the wrong type"                      "RFC 7515 §4.1";
    HeaderSurrogate    "header-surrogate"     Header    Error   "Half of a surrogate pair in the header"                    "RFC 7493 §2.1, RFC 8259 §8.2";
    CritUnknown        "crit-unknown"         Header    Error   "A critical extension that is not understood"               "RFC 7515 §4.1.11";
    CritMalformed      "crit-malformed"       Header    Error   "A crit parameter that breaks its own rules"                "RFC 7515 §4.1.11";
    UnencodedPayload   "unencoded-payload"    Header    Error   "b64 is false: the payload is not base64url"                "RFC 7797 §3";
    KidMissing         "kid-missing"          Header    Warning "No kid where the server looks the key up by it"            "RFC 7515 §4.1.4";
    KidEmpty           "kid-empty"            Header    Error   "A kid that names nothing"                                  "RFC 7515 §4.1.4";
    KidOther           "kid-other"            Header    Error   "The kid names another key than the one that signs"         "RFC 7515 §4.1.4";
    KidNotThumbprint   "kid-not-thumbprint"   Header    Warning "The kid is not the thumbprint of the key"                  "RFC 7638 §3";
    KidUnpadded        "kid-unpadded"         Header    Error   "The kid was computed without padding the coordinates"      "RFC 7518 §6.2.1.2, RFC 7638 §3";
    KidCharacters      "kid-characters"       Header    Warning "The kid holds path or query characters"                    "RFC 8725 §3.10";
    KeyUrl             "key-url"              Header    Warning "The token points at a key on the network"                  "RFC 8725 §3.10, CVE-2018-0114";
    KeyUrlNotHttps     "key-url-not-https"    Header    Error   "The token points at a key over plain HTTP"                 "RFC 7515 §4.1.2, §4.1.5";
    KeyUrlPrivate      "key-url-private"      Header    Error   "The token points at a key on a private host"               "RFC 8725 §3.10";
    EmbeddedKey        "embedded-key"         Header    Warning "The token brings a key of its own, which proves nothing"   "RFC 7515 §4.1.3, CVE-2018-0114";
    PrivateKeyInHeader "private-key-in-header" Header   Error   "A private key in the header, where everybody reads it"     "RFC 7515 §4.1.3, RFC 7517 §9.2";
    TypAdvice          "typ-advice"           Header    Info    "The typ parameter is missing or unusual"                   "RFC 7519 §5.1, RFC 8725 §3.11";
    ZipOnJws           "zip-on-jws"           Header    Warning "Compression, which only encrypted tokens have"             "RFC 7516 §4.1.3";
    NestedToken        "nested-token"         Header    Warning "The payload is another token"                              "RFC 7519 §5.2";
    HeaderFixed        "header-fixed"         Header    Warning "A header parameter that differs from what the provider fixes" "provider";

    // The key, and whether it fits.
    AlgKeyType         "alg-key-type"         Key       Error   "The algorithm takes another type of key"                   "RFC 7518 §3.1";
    AlgCurve           "alg-curve"            Key       Error   "The algorithm takes a key on another curve"                "RFC 7518 §3.4";
    AlgNotTheKeys      "alg-not-the-keys"     Key       Error   "The key is bound to another algorithm"                     "RFC 7517 §4.4";
    AlgNotAllowed      "alg-not-allowed"      Key       Error   "An algorithm that is not on the allowed list"              "RFC 8725 §3.1";
    KeyUse             "key-use"              Key       Error   "The key says it is for something else"                     "RFC 7517 §4.2, §4.3";
    RsaShort           "rsa-short"            Key       Error   "An RSA key under 2048 bits"                                "RFC 7518 §3.3";
    RsaExponent        "rsa-exponent"         Key       Error   "An RSA public exponent that is not safe"                   "FIPS 186-5 §5.4";
    RsaModulus         "rsa-modulus"          Key       Error   "An RSA modulus that cannot be right"                       "FIPS 186-5 §5.1";
    Roca               "roca"                 Key       Error   "An RSA modulus of the weak ROCA family"                    "CVE-2017-15361";
    PointOffCurve      "point-off-curve"      Key       Error   "The public point is not on the curve"                      "SEC 1 §3.2.2.1";
    KeyMismatch        "key-mismatch"         Key       Error   "The private and the public half do not belong together"    "RFC 8725 §3.4";
    CoordinateLength   "coordinate-length"    Key       Error   "A coordinate that is not of the field's length"            "RFC 7518 §6.2.1.2";
    SecretEmpty        "secret-empty"         Key       Error   "An empty secret"                                           "RFC 7518 §3.2";
    SecretShort        "secret-short"         Key       Warning "A secret shorter than the hash"                            "RFC 7518 §3.2";
    SecretKnown        "secret-known"         Key       Error   "A secret that everybody knows"                             "RFC 8725 §3.5";
    SecretIsKey        "secret-is-key"        Key       Error   "The text of a key used as a secret"                        "RFC 8725 §2.1, CVE-2022-29217";
    SecretNewline      "secret-newline"       Key       Warning "The secret ends with a line break"                         "practice";
    SetMixed           "set-mixed"            Key       Error   "A key set that mixes private and public keys"              "RFC 7517 §9.2";
    SetDuplicateKid    "set-duplicate-kid"    Key       Error   "Two keys of a set share a kid"                             "RFC 7517 §4.5";
    KeyPassedOver      "key-passed-over"      Key       Warning "A key of the set that is of no use here"                   "RFC 7517 §5";
    KeyForm            "key-form"             Key       Info    "A key file that other programs may refuse"                 "RFC 7468 §2";
    SecretUnderAlg     "secret-under-alg"     Key       Error   "A secret too short for the algorithm that it names"        "RFC 7518 §3.2";
    SecretGuessable    "secret-guessable"     Key       Error   "A secret so short that it can be guessed"                  "NIST SP 800-131A §10";
    SecretMarked       "secret-marked"        Key       Info    "The mark of a signature before a webhook's secret"         "provider";
    RsaPrime           "rsa-prime"            Key       Error   "An RSA modulus that is a prime"                            "FIPS 186-5 §5.1";
    KeyAdvice          "key-advice"           Key       Info    "A key that will do, with something to know about it"       "provider";

    // The signature.
    SignatureMissing   "signature-missing"    Signature Error   "The signature is empty"                                    "RFC 7515 §5.2";
    SignatureBad       "signature-bad"        Signature Error   "The signature does not verify"                             "RFC 7515 §5.2";
    PayloadChanged     "payload-changed"      Signature Error   "The token was changed after it was signed"                 "RFC 7515 §5.2";
    NoKey              "no-key"               Signature Info    "There is no key to judge the signature with"               "RFC 7515 §6";
    NotJudged          "not-judged"           Signature Info    "The signature is not judged"                               "RFC 7515 §5.2";
    OneOfSeveral       "one-of-several"       Signature Info    "One signature of several over the same payload"            "RFC 7515 §7.2.1";
    SignedAsWritten    "signed-as-written"    Signature Info    "The signature is good, though the token is not well written" "RFC 7515 §2, §5.2";
    KidUnknown         "kid-unknown"          Signature Warning "No known key has this kid"                                 "RFC 7515 §6";
    KeyByTrial         "key-by-trial"         Signature Info    "The key was found by trying each that fits"                "RFC 7515 §6, appendix D";
    EcdsaLength        "ecdsa-length"         Signature Error   "An ECDSA signature of the wrong length"                    "RFC 7518 §3.4";
    EcdsaDer           "ecdsa-der"            Signature Error   "An ECDSA signature in DER, where R and S side by side are wanted" "RFC 7518 §3.4";
    EcdsaRange         "ecdsa-range"          Signature Error   "R or S is zero or not below the order of the curve"        "FIPS 186-5 §6.4.2, CVE-2022-21449";
    SignatureLength    "signature-length"     Signature Error   "A signature of the wrong length"                           "RFC 7518 §3";
    NearMiss           "near-miss"            Signature Info    "The signature would verify if one thing were different"    "practice";

    // Times (seconds since 1970-01-01T00:00:00Z).
    NotNumericDate     "not-numeric-date"     Time      Error   "A time that is not a NumericDate"                          "RFC 7519 §2";
    Milliseconds       "milliseconds"         Time      Error   "A time in milliseconds, microseconds or nanoseconds"       "RFC 7519 §2";
    DurationForTime    "duration-for-time"    Time      Error   "A duration where a point in time is wanted"                "RFC 7519 §4.1.4";
    FractionalTime     "fractional-time"      Time      Info    "A time with a fraction of a second"                        "RFC 7519 §2";
    Expired            "expired"              Time      Error   "The token has expired"                                     "RFC 7519 §4.1.4";
    NotYetValid        "not-yet-valid"        Time      Error   "The token is not valid yet"                                "RFC 7519 §4.1.5";
    IssuedAhead        "issued-ahead"         Time      Warning "The token was issued in the future"                        "RFC 7519 §4.1.6";
    ExpMissing         "exp-missing"          Time      Warning "The token never expires"                                   "RFC 8725 §3.10";
    ExpNotUsual        "exp-not-usual"        Time      Info    "A kind of token that has no exp by its own rules"          "RFC 9449 §4.2, RFC 8417 §2.2, RFC 9901 §4.3";
    ExpBeforeStart     "exp-before-start"     Time      Warning "The token expires before it begins"                        "RFC 7519 §4.1.4, §4.1.5";
    ExpiresSoon        "expires-soon"         Time      Warning "The token expires within seconds"                          "practice";
    LifetimeTooLong    "lifetime-too-long"    Time      Error   "The token lives longer than the provider allows"           "provider";
    LifetimeUnusual    "lifetime-unusual"     Time      Warning "The lifetime is outside what the provider advises"         "provider";

    // Other claims.
    IssuerWrong        "issuer-wrong"         Claims    Error   "Another issuer than the one expected"                      "RFC 7519 §4.1.1";
    AudienceWrong      "audience-wrong"       Claims    Error   "The token is for another audience"                         "RFC 7519 §4.1.3";
    RegisteredType     "registered-type"      Claims    Error   "A registered claim of the wrong type"                      "RFC 7519 §4.1";
    PrivateKeyInClaims "private-key-in-claims" Claims   Error   "A private key in the claims, where everybody reads it"     "RFC 7517 §9.2, RFC 7800 §3.2";
    ClaimMissing       "claim-missing"        Claims    Error   "A claim that the provider requires is missing"             "provider";
    ClaimForbidden     "claim-forbidden"      Claims    Error   "A claim that the provider does not take"                   "provider";
    ClaimUnknown       "claim-unknown"        Claims    Warning "A claim that the provider does not name"                   "provider";
    ClaimType          "claim-type"           Claims    Error   "A claim of the wrong type"                                 "provider";
    ClaimValue         "claim-value"          Claims    Error   "A claim whose value the provider does not take"            "provider";
    ExpressionUnknown  "expression-unknown"   Claims    Error   "A text that begins with a dollar and is not an expression"     "practice";

    // Scopes.
    ScopeMalformed     "scope-malformed"      Scopes    Error   "A scope that breaks the provider's grammar"                "provider";
    ScopeUnknown       "scope-unknown"        Scopes    Warning "A scope that is not in the provider's catalogue"           "provider";
    ScopeUnlisted      "scope-unlisted"       Scopes    Error   "A scope that the provider does not have"                   "provider";
    ScopeMissing       "scope-missing"        Scopes    Error   "A scope that the endpoint needs is missing"                "provider";
    ScopeRedundant     "scope-redundant"      Scopes    Info    "A scope that another one already gives"                    "provider";
    ScopeWriteOnly     "scope-write-only"     Scopes    Info    "Write without read"                                        "provider";
    ScopesAll          "scopes-all"           Scopes    Warning "Every scope at once"                                       "RFC 9700 §2.3";
    ScopesEmpty        "scopes-empty"         Scopes    Warning "No scope at all"                                           "provider";
    ScopeDataUnused    "scope-data-unused"    Scopes    Warning "Data that has no effect without its scope"                 "provider";

    // Environment and address.
    WrongEnvironment   "wrong-environment"    Environment Error "A credential of one environment used in another"           "provider";
    PlainHttp          "plain-http"           Environment Error "HTTP outside this computer"                                "RFC 6750 §5.3";
    HostNotAllowed     "host-not-allowed"     Environment Error "A host that this credential may not be sent to"            "RFC 6750 §5.2";

    // Deliveries of webhooks. What is said of their secrets, and near misses, stand above.
    WebhookSignatureMissing "webhook-signature-missing" Webhook Error "The signature is not where the provider puts it"        "provider";
    WebhookPartMissing "webhook-part-missing" Webhook   Error   "A header field, member or claim that the check needs is missing" "provider";
    WebhookFieldTwice  "webhook-field-twice"  Webhook   Error   "A header field stands more than once"                      "RFC 9110 §5.3";
    WebhookMalformed   "webhook-malformed"    Webhook   Error   "The signature is not written as the provider writes it"    "provider";
    WebhookNotJson     "webhook-not-json"     Webhook   Error   "The body is not JSON, and the check needs members of it"   "RFC 8259";
    WebhookTimeMalformed "webhook-time-malformed" Webhook Error "The timestamp is not a whole number"                       "provider";
    WebhookTimeUnit    "webhook-time-unit"    Webhook   Error   "The timestamp counts in another unit"                      "provider";
    WebhookOld         "webhook-old"          Webhook   Error   "The delivery is older than the tolerance"                  "provider";
    WebhookAhead       "webhook-ahead"        Webhook   Error   "The delivery is from the future"                           "provider";
    WebhookReplay      "webhook-replay"       Webhook   Info    "Nothing says when the delivery was signed"                 "practice";
    WebhookUncovered   "webhook-uncovered"    Webhook   Warning "Something that is relied on is not covered by the signature" "practice";
    WebhookSecret      "webhook-secret"       Webhook   Error   "The secret is not of the form that the provider hands out" "provider";
    WebhookMismatch    "webhook-mismatch"     Webhook   Error   "The signature is not the work of the secret over these bytes" "provider";
    WebhookBodyChanged "webhook-body-changed" Webhook   Error   "The body is not the one whose hash the token carries"      "provider";
}

impl Code {
    /// Everything the table says about this code.
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The code as text.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What it speaks of.
    pub fn group(self) -> Group {
        self.row().group
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_row_stands_where_its_code_points_and_names_are_unique() {
        let mut names = HashSet::new();
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.code as usize, index);
            assert!(names.insert(row.name), "{} twice", row.name);
            assert!(row.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        }
    }

    #[test]
    fn rows_stand_together_by_group() {
        let groups: Vec<Group> = TABLE.iter().map(|row| row.group).collect();
        assert!(groups.is_sorted());
    }
}
