//! Key details: everything that may be shown of one key, and what can be asked about it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use workbench::keys;

use crate::{Finding, KeyEvent, KeyRow, Target};

/// A key with everything that may be shown of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyDetail {
    /// As in the list.
    pub key: KeyRow,
    /// The public half by form; none for a secret.
    pub public_forms: Vec<PublicForm>,
    /// The forms in which the private half can be saved.
    pub private_formats: Vec<PrivateForm>,
    /// What is noticed.
    pub findings: Vec<Finding>,
    /// When a deleted key goes for good, in seconds since 1970.
    #[ts(type = "number | null")]
    pub gone_at: Option<i64>,
    /// When it is due to be rotated, in seconds since 1970, where that lies ahead.
    #[ts(type = "number | null")]
    pub due_from: Option<i64>,
    /// What happened to it, the first thing first.
    pub history: Vec<KeyEvent>,
}

/// A form of the public half, written out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PublicForm {
    /// Which form.
    pub format: PublicFormat,
    /// What people call it.
    pub label: &'static str,
    /// The public half; DER in base64.
    pub text: String,
}

/// A form of the private half, by name alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PrivateForm {
    /// Which form.
    pub format: PrivateFormat,
    /// What people call it.
    pub label: &'static str,
    /// Whether it can be encrypted with a passphrase.
    pub encrypts: bool,
}

/// Forms with a name on the wire.
macro_rules! formats {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(rename_all = "lowercase")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl From<keys::$name> for $name {
            fn from(format: keys::$name) -> Self {
                match format {
                    $(keys::$name::$variant => Self::$variant,)*
                }
            }
        }

        impl From<$name> for keys::$name {
            fn from(format: $name) -> Self {
                match format {
                    $($name::$variant => Self::$variant,)*
                }
            }
        }
    };
}

formats! {
    /// A form of a public half.
    PublicFormat {
        /// One JWK.
        Jwk,
        /// A JWK Set of one key.
        Jwks,
        /// SPKI in PEM.
        Spki,
        /// SPKI in DER.
        Der,
    }
}

formats! {
    /// A form of a private key or a secret.
    PrivateFormat {
        /// PKCS#8 in PEM.
        Pkcs8,
        /// One JWK.
        Jwk,
        /// SEC1 in PEM.
        Sec1,
        /// PKCS#1 in PEM.
        Pkcs1,
        /// PKCS#8 in DER.
        Der,
        /// A secret as text.
        Text,
        /// A secret in hexadecimal.
        Hex,
        /// A secret in base64.
        Base64,
    }
}

impl From<&keys::Detail<'_>> for KeyDetail {
    fn from(detail: &keys::Detail<'_>) -> Self {
        let public = detail.public.iter();
        let private = detail.private.iter();
        Self {
            key: KeyRow::from(&detail.row),
            public_forms: public
                .map(|(format, text)| PublicForm {
                    format: (*format).into(),
                    label: format.label(),
                    text: text.clone(),
                })
                .collect(),
            private_formats: private
                .map(|format| PrivateForm {
                    format: (*format).into(),
                    label: format.label(),
                    encrypts: format.encrypts(),
                })
                .collect(),
            findings: detail.findings.iter().map(Finding::from).collect(),
            gone_at: detail.gone_at,
            due_from: detail.due_from,
            history: detail.history.iter().map(KeyEvent::from).collect(),
        }
    }
}

/// A key to make.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewKey {
    /// Its name.
    pub name: String,
    /// The algorithm that it signs with.
    pub alg: String,
    /// The size of an RSA key.
    pub rsa_bits: u32,
    /// Where it shall belong.
    pub place: Option<Target>,
    /// The number by which the job is cancelled.
    pub job: u32,
}

/// Whether a name that was read off somewhere is a key's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// Whether it is.
    pub same: bool,
    /// What it is.
    pub words: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl From<&keys::Comparison> for Comparison {
    fn from(comparison: &keys::Comparison) -> Self {
        let keys::Comparison { same, words, hint } = comparison.clone();
        Self { same, words, hint }
    }
}
