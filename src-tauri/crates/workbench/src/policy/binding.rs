//! Binding of a credential: provider, environment and hosts, sealed with it.

use jose::{
    key::{Secret as SharedSecret, SecretEncoding, SecretNotDecoded},
    webhook::{Method, Proof, Scheme},
};
use provider::{
    Definition, Environment, Tier,
    definition::{Credential as Role, Webhook},
};

use crate::{
    ground::{CredentialError, Error, PolicyError, ports::Ports},
    policy::consent,
    resolve::{
        definitions,
        environments::{base_url, check_key, label, refuse},
    },
    store::{
        records::{Binding, Credential, CredentialKind, Profile, Slot},
        session::Session,
    },
};

/// What the provider's definition says of a sealed credential.
pub(crate) fn role_of(
    session: &Session,
    credential: &Credential,
) -> Result<Option<(&'static Definition, Role<'static>)>, Error> {
    let Some(binding) = &credential.binding else { return Ok(None) };
    let definition = definitions::named(session, &binding.provider)?;
    let role = binding.role.as_deref().and_then(|id| definition.credentials.get(id));
    Ok(role.or_else(|| usual_role(definition, credential)).map(|role| (definition, role)))
}

/// The credential of the provider that this one is, where nobody said so.
pub(crate) fn usual_role<'d>(definition: &'d Definition, credential: &Credential) -> Option<Role<'d>> {
    let kinds = &definition.credentials;
    match credential.kind {
        CredentialKind::PrivateKey => definition.signing_key().map(Role::PrivateKey),
        CredentialKind::SharedSecret => definition.signing_secret().or(kinds.secrets.first()).map(Role::Secret),
        CredentialKind::ApiKey => kinds.api_keys.first().map(Role::ApiKey),
        CredentialKind::Login => kinds.logins.first().map(Role::Login),
        CredentialKind::Client => kinds.clients.first().map(Role::Client),
    }
}

/// Seals where a credential belongs, and says where the place names it. The provider's rules for keys are applied here,
/// before it is ever used. `role` is the id of the provider's credential, where it is known.
pub(crate) fn bind(
    credential: &mut Credential,
    definition: &Definition,
    environment: &Environment,
    profile: &Profile,
    role: Option<&str>,
) -> Result<Slot, Error> {
    if let Some(binding) = &credential.binding
        && (binding.provider != definition.id || binding.environment != environment.id)
    {
        return Err(Error::Policy(PolicyError::WrongEnvironment {
            key: credential.name.clone(),
            is: credential.kind.thing(),
            sealed: binding.label.clone(),
            wanted: label(definition, environment),
        }));
    }
    let known = credential.binding.as_ref().and_then(|binding| binding.role.as_deref()).or(role);
    let role = match known {
        Some(id) => definition.credentials.get(id),
        None => usual_role(definition, credential),
    };
    refuse(check_key(definition, credential))?;
    let role = role.ok_or_else(|| {
        Error::Credential(CredentialError::NotWanted {
            what: credential.kind.thing(),
            provider: definition.name.clone(),
        })
    })?;
    let hosts = if !definition.authenticates(role.id()) {
        // A webhook's secret is sent nowhere.
        Vec::new()
    } else if environment.is_emulated() {
        vec!["127.0.0.1".to_owned(), "localhost".to_owned(), "::1".to_owned()]
    } else {
        let url = base_url(profile, definition, environment, None)?;
        definition.hosts(&url, &profile.variables)?
    };
    credential.binding = Some(Binding {
        provider: definition.id.clone(),
        environment: environment.id.clone(),
        label: label(definition, environment),
        tier: environment.tier_or_live(),
        hosts,
        role: Some(role.id().to_owned()),
    });
    Ok((!definition.authenticates(role.id())).then(|| role.id().to_owned()))
}

/// Asks before a live credential may be sent to other hosts than it is sealed for, or loses its tier.
pub(crate) fn agree_to_hosts(before: &Credential, after: &Credential, ports: &Ports) -> Result<(), Error> {
    let (Some(from), Some(to)) = (&before.binding, &after.binding) else { return Ok(()) };
    if !goes_elsewhere(from, to) {
        return Ok(());
    }
    let act = format!("sending {} to {} instead of {}", after.name, to.hosts.join(", "), from.hosts.join(", "));
    consent::to_follow(&to.label, &after.name, &to.label, &act, ports)
}

/// Whether a live credential that is sealed again goes elsewhere by that.
pub(crate) fn goes_elsewhere(from: &Binding, to: &Binding) -> bool {
    from.tier == Tier::Live && (from.hosts != to.hosts || from.tier != to.tier)
}

/// The bytes that are sealed of a secret as the provider shows it: those that key the MAC; a secret that keys no MAC stays
/// the text of a key.
pub(crate) fn to_seal(
    webhook: &Webhook,
    text: &[u8],
    encoding: Option<SecretEncoding>,
) -> Result<SharedSecret, SecretNotDecoded> {
    let scheme = webhook.scheme();
    match is_mac(&scheme) {
        true => scheme.secret.decode(text, encoding),
        false => Ok(SharedSecret::new(text.to_vec())),
    }
}

pub(crate) fn is_mac(scheme: &Scheme) -> bool {
    matches!(&scheme.proof, Proof::Signature { method, .. } if *method != Method::Ed25519)
}

#[cfg(test)]
mod tests {
    use jose::{
        key::{Jwk, Key},
        webhook::{self, Material, Sample, TrustedSecret},
    };

    use super::*;

    /// Standard Webhooks: the secret begins with something that is not part of it, and the rest is base64.
    const DEFINITION: &str = r#"keywright-provider = 1
id = "acme"
name = "Acme"

[[environments]]
id = "test"
label = "Test"
base-url = "ask"

[webhook]
mac = "hmac-sha256"
secret-encoding = "base64"
secret-prefix = "whsec_"
signed = "{body}"
signature = { header = "webhook-signature", encoding = "base64" }
"#;

    #[test]
    fn what_is_sealed_of_a_secret_signs_what_its_text_signs() {
        let webhook = Definition::parse(DEFINITION).unwrap().webhook.unwrap();
        let text = b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let sealed = Jwk::from(Key::Secret(to_seal(&webhook, text, None).unwrap()));
        let sign = |material| {
            let secrets = [TrustedSecret { name: "acme", material }];
            webhook::sign(&webhook.scheme(), &secrets, &Sample { body: b"{}", ..Sample::default() }).unwrap()
        };
        assert_eq!(sign(Material::Key(&sealed)), sign(Material::Text(text)));
        assert!(to_seal(&webhook, b"whsec_not base64", None).is_err());
        let as_text = to_seal(&webhook, text, Some(SecretEncoding::Utf8)).unwrap();
        assert_eq!(as_text.bytes(), b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }
}
