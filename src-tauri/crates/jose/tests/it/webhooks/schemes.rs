//! The schemes of providers, as parameters.

use keywright_jose::{
    Alg,
    key::SecretEncoding,
    pointer::Pointer,
    webhook::{
        Covered, Encoding, FieldList, Method, Place, Proof, Scheme, SecretForm, SignatureFormat, Template, Timestamp,
        TimestampPlace, TimestampUnit,
    },
};

/// The scheme of a vector, by the name of its file.
pub fn scheme(name: &str) -> Scheme {
    match name {
        "gr4vy" => Scheme {
            id_header: Some("X-Gr4vy-Webhook-ID".to_owned()),
            ..timed(
                hmac("{timestamp}.{body}", hex(Some(","))),
                "X-Gr4vy-Webhook-Signatures",
                "X-Gr4vy-Webhook-Timestamp",
            )
        },
        "stripe" => {
            let written = SignatureFormat { members: texts(&["v1"]), ..hex(Some(",")) };
            member(hmac("{timestamp}.{body}", written), "Stripe-Signature", "t")
        }
        "finix" => {
            let written = SignatureFormat { members: texts(&["sig"]), ..hex(Some(",")) };
            member(hmac("{timestamp}:{body}", written), "Finix-Signature", "timestamp")
        }
        "standard-webhooks" => standard("webhook", Method::HmacSha256, &["v1,whsec_", "whsec_"], "v1,"),
        "svix" => standard("svix", Method::HmacSha256, &["v1,whsec_", "whsec_"], "v1,"),
        "standard-webhooks-asymmetric" => {
            standard("webhook", Method::Ed25519, &["v1a,whpk_", "v1a,whsk_", "whpk_", "whsk_"], "v1a,")
        }
        "github" => {
            let written = SignatureFormat { prefixes: texts(&["sha256="]), ..hex(None) };
            at(hmac("{body}", written), "X-Hub-Signature-256")
        }
        "slack" => v0("X-Slack-Signature", "X-Slack-Request-Timestamp"),
        "zoom" => v0("x-zm-signature", "x-zm-request-timestamp"),
        "revolut" => {
            let written = SignatureFormat { prefixes: texts(&["v1="]), ..hex(Some(",")) };
            in_milliseconds(timed(
                hmac("v1.{timestamp}.{body}", written),
                "Revolut-Signature",
                "Revolut-Request-Timestamp",
            ))
        }
        "hubspot" => in_milliseconds(timed(
            hmac("{method}{url}{body}{timestamp}", base64()),
            "X-HubSpot-Signature-v3",
            "X-HubSpot-Request-Timestamp",
        )),
        "square" => at(hmac("{url}{body}", base64()), "x-square-hmacsha256-signature"),
        "coinify" => at(hmac("{body}", hex(None)), "X-Coinify-Webhook-Signature"),
        "cryptopay" => at(hmac("{body}", hex(None)), "X-Webhook-Signature"),
        "primer" => Scheme {
            place: Place::Headers(texts(&["X-Signature-Primary", "X-Signature-Secondary"])),
            ..at(hmac("{body}", base64()), "")
        },
        "paystack" => {
            let covers = Covered::Text(Template::parse("{body}").unwrap());
            let proof = Proof::Signature { method: Method::HmacSha512, covers, written: hex(None) };
            at(proof, "x-paystack-signature")
        }
        "adyen-banking" => with_secret(at(hmac("{body}", base64()), "HmacSignature"), SecretEncoding::Hex),
        "adyen-items" => {
            let item = "/notificationItems/0/NotificationRequestItem";
            let names = ["pspReference", "originalReference", "merchantAccountCode", "merchantReference"];
            let more = ["amount/value", "amount/currency", "eventCode", "success"];
            let pointers = names.iter().chain(&more).map(|name| pointer(&format!("{item}/{name}"))).collect();
            let list = FieldList::Fixed(pointers);
            let covers = Covered::Fields { list, separator: ":".to_owned() };
            let proof = Proof::Signature { method: Method::HmacSha256, covers, written: base64() };
            let scheme = with_secret(at(proof, ""), SecretEncoding::Hex);
            Scheme { place: Place::Body(pointer(&format!("{item}/additionalData/hmacSignature"))), ..scheme }
        }
        "spreedly" => {
            let list =
                FieldList::Named { names: pointer("/transaction/signed/fields"), within: pointer("/transaction") };
            let covers = Covered::Fields { list, separator: "|".to_owned() };
            let proof = Proof::Signature { method: Method::HmacSha1, covers, written: hex(None) };
            Scheme { place: Place::Body(pointer("/transaction/signed/signature")), ..at(proof, "") }
        }
        "mailgun" => {
            let list = FieldList::Fixed(vec![pointer("/signature/timestamp"), pointer("/signature/token")]);
            let covers = Covered::Fields { list, separator: String::new() };
            let proof = Proof::Signature { method: Method::HmacSha256, covers, written: hex(None) };
            let timestamp = five_minutes(TimestampPlace::Body(pointer("/signature/timestamp")));
            Scheme { place: Place::Body(pointer("/signature/signature")), timestamp, ..at(proof, "") }
        }
        "discord" => {
            let covers = Covered::Text(Template::parse("{timestamp}{body}").unwrap());
            let proof = Proof::Signature { method: Method::Ed25519, covers, written: hex(None) };
            with_secret(timed(proof, "X-Signature-Ed25519", "X-Signature-Timestamp"), SecretEncoding::Hex)
        }
        "plaid" => {
            let claim = "request_body_sha256".to_owned();
            let proof = Proof::Token { algs: vec![Alg::ES256], claim, encoding: Encoding::Hex };
            let timestamp = five_minutes(TimestampPlace::Claim("iat".to_owned()));
            Scheme { timestamp, ..at(proof, "Plaid-Verification") }
        }
        other => panic!("no scheme is called {other}"),
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn pointer(text: &str) -> Pointer {
    Pointer::parse(text).unwrap()
}

fn written(encoding: Encoding, separator: Option<&str>) -> SignatureFormat {
    SignatureFormat { encoding, separator: separator.map(str::to_owned), members: Vec::new(), prefixes: Vec::new() }
}

fn hex(separator: Option<&str>) -> SignatureFormat {
    written(Encoding::Hex, separator)
}

fn base64() -> SignatureFormat {
    written(Encoding::Base64, None)
}

fn hmac(template: &str, written: SignatureFormat) -> Proof {
    let covers = Covered::Text(Template::parse(template).unwrap());
    Proof::Signature { method: Method::HmacSha256, covers, written }
}

/// A scheme without a timestamp.
fn at(proof: Proof, header: &str) -> Scheme {
    let place = Place::Headers(vec![header.to_owned()]);
    Scheme { proof, place, secret: SecretForm::default(), timestamp: None, id_header: None }
}

fn with_secret(scheme: Scheme, encoding: SecretEncoding) -> Scheme {
    Scheme { secret: SecretForm { encoding, prefixes: Vec::new() }, ..scheme }
}

fn five_minutes(place: TimestampPlace) -> Option<Timestamp> {
    Some(Timestamp { place, unit: TimestampUnit::Seconds, past: 300, future: 300 })
}

/// A scheme with the time in a field of its own.
fn timed(proof: Proof, header: &str, timestamp: &str) -> Scheme {
    let place = TimestampPlace::Header { name: timestamp.to_owned(), member: None };
    Scheme { timestamp: five_minutes(place), ..at(proof, header) }
}

/// A scheme with the time in the same list.
fn member(proof: Proof, header: &str, key: &str) -> Scheme {
    let place = TimestampPlace::Header { name: header.to_owned(), member: Some(key.to_owned()) };
    Scheme { timestamp: five_minutes(place), ..at(proof, header) }
}

fn in_milliseconds(scheme: Scheme) -> Scheme {
    let timestamp = scheme.timestamp.map(|timestamp| Timestamp { unit: TimestampUnit::Milliseconds, ..timestamp });
    Scheme { timestamp, ..scheme }
}

fn v0(header: &str, timestamp: &str) -> Scheme {
    let written = SignatureFormat { prefixes: texts(&["v0="]), ..hex(None) };
    timed(hmac("v0:{timestamp}:{body}", written), header, timestamp)
}

/// Standard Webhooks: `id.timestamp.body`, a list with spaces.
fn standard(name: &str, method: Method, secrets: &[&str], prefix: &str) -> Scheme {
    let written = SignatureFormat { prefixes: texts(&[prefix]), ..written(Encoding::Base64, Some(" ")) };
    let covers = Covered::Text(Template::parse("{id}.{timestamp}.{body}").unwrap());
    let proof = Proof::Signature { method, covers, written };
    Scheme {
        secret: SecretForm { encoding: SecretEncoding::Base64, prefixes: texts(secrets) },
        id_header: Some(format!("{name}-id")),
        ..timed(proof, &format!("{name}-signature"), &format!("{name}-timestamp"))
    }
}
