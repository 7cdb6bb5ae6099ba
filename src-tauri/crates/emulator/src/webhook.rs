//! Webhooks: signed as the provider's definition says, with the secret that was registered, and delivered to a program
//! on this computer alone.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use data_encoding::{BASE64, BASE64URL, HEXLOWER};
use provider::{
    Loopback,
    definition::{Mac, SignatureEncoding, TimeUnit, Webhook},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use url::{Host, Url};

use crate::{
    event::{Event, EventError},
    mac,
    secret::Secret,
    state::{Changing, State},
    words::shorten,
};

/// Longest body, in bytes.
const LONGEST: usize = 1024 * 1024;
/// How long a delivery may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most bytes that are read of an answer: its status is all that counts.
const READ: u64 = 16 * 1024;
/// A webhook to deliver.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The id of the provider that is to have sent it.
    pub provider: &'a str,
    /// Where it goes: `http` and an address of this computer.
    pub url: &'a str,
    /// What it says.
    pub payload: Payload<'a>,
}

/// What a webhook says.
#[derive(Debug, Clone, Copy)]
pub enum Payload<'a> {
    /// This, byte for byte, whatever it is about.
    Text(&'a str),
    /// That this event happened, which it does with the delivery.
    Event(Event<'a>),
}

/// Why a webhook was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The provider is not played, or sends no webhooks that are signed with a secret.
    #[error("{found:?} signs no webhooks with a secret; wanted gr4vy, hedge or cryptopay")]
    Provider {
        /// What was named.
        found: String,
    },
    /// No secret is registered.
    #[error("no webhook secret is registered for {provider:?}; register the one that the receiver has")]
    NoSecret {
        /// The id of the provider.
        provider: String,
    },
    /// The address leads elsewhere than to this computer, or is none.
    #[error("the address is {found:?}, wanted http and this computer, such as http://127.0.0.1:8000/webhooks")]
    Address {
        /// What was named, shortened.
        found: String,
    },
    /// The body is too long.
    #[error("the body has {found} bytes, wanted at most {LONGEST}")]
    TooLong {
        /// Its length.
        found: usize,
    },
    /// The event that it is to tell of did not happen.
    #[error(transparent)]
    Event(#[from] EventError),
    /// Nobody listens there, or the connection broke.
    #[error("the receiver was not reached: {0}")]
    Connection(#[source] io::Error),
    /// The receiver took too long.
    #[error("the receiver did not answer within {} s", PATIENCE.as_secs())]
    TooSlow,
    /// What came back is not HTTP.
    #[error("the receiver did not answer with HTTP")]
    NotHttp,
    /// The emulator was stopped meanwhile.
    #[error("the emulator was stopped")]
    Stopped,
}

/// A webhook with its signature, ready to go.
pub(crate) struct Parcel {
    address: SocketAddr,
    request: Vec<u8>,
}

/// Lets happen what a webhook tells of, and signs it by the emulator's clock.
pub(crate) fn prepare(state: &Arc<State>, delivery: &Delivery<'_>) -> Result<Parcel, DeliveryError> {
    let Delivery { provider, url, payload } = *delivery;
    let elsewhere = || DeliveryError::Address { found: shorten(url) };
    let url = Url::parse(url).map_err(|_| elsewhere())?;
    let address = here(&url).ok_or_else(elsewhere)?;
    if let Payload::Text(text) = payload
        && text.len() > LONGEST
    {
        return Err(DeliveryError::TooLong { found: text.len() });
    }
    let unknown = || DeliveryError::Provider { found: shorten(provider) };
    let definition = provider::built_in_named(provider).ok_or_else(unknown)?;
    let scheme = definition.webhook.as_ref().filter(|webhook| webhook.mac == Mac::HmacSha256).ok_or_else(unknown)?;
    let now = state.now();
    let (fields, body) = {
        let mut state = state.lock();
        let Changing { apis, registered, .. } = &mut *state;
        // Nothing happens where nothing could be sent.
        if registered.webhooks.signing(provider, now).is_empty() {
            return Err(DeliveryError::NoSecret { provider: provider.to_owned() });
        }
        let body = match payload {
            Payload::Text(text) => text.to_owned(),
            Payload::Event(event) => {
                let simulated = apis.iter_mut().find(|simulated| simulated.id == provider).ok_or_else(unknown)?;
                simulated.api.happen(&event, registered, now)?
            }
        };
        (signed_fields(scheme, &registered.webhooks.signing(provider, now), &body, now), body)
    };
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let authority = provider::authority(&url);
    let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n{fields}\r\n",
        body.len()
    );
    Ok(Parcel { address, request: [head.as_bytes(), body.as_bytes()].concat() })
}

/// The header fields that carry the signature and what belongs to it.
fn signed_fields(scheme: &Webhook, secrets: &[&Secret], body: &str, now: i64) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let (mut time, mut id) = (String::new(), String::new());
    if let Some(place) = &scheme.timestamp {
        let value = if place.unit == TimeUnit::Ms { now.saturating_mul(1000) } else { now };
        time = value.to_string();
        fields.extend(place.header.clone().map(|name| (name, time.clone())));
    }
    if let Some(name) = &scheme.id_header {
        id = uuid::Uuid::new_v4().to_string();
        fields.push((name.clone(), id.clone()));
    }
    let template = scheme.signed.as_ref().map_or("{body}", |template| template.text());
    // The body comes last, so that nothing in it is taken for a part of the template.
    let message = template.replace("{timestamp}", &time).replace("{id}", &id).replace("{body}", body);
    let encoded = |secret: &&Secret| {
        let mac = mac::make(secret, message.as_bytes());
        match scheme.signature.encoding {
            Some(SignatureEncoding::Base64) => BASE64.encode(&mac),
            Some(SignatureEncoding::Base64url) => BASE64URL.encode(&mac),
            Some(SignatureEncoding::Hex) | None => HEXLOWER.encode(&mac),
        }
    };
    // Where there is no separator there is one secret: nothing else could be changed to.
    let separator = scheme.signature.separator.as_deref().unwrap_or_default();
    let signatures: Vec<String> = secrets.iter().map(encoded).collect();
    fields.extend(scheme.signature.header.first().map(|name| (name.clone(), signatures.join(separator))));
    fields
}

/// The socket that an address on this computer leads to. A name is not looked up: somebody could have given it another
/// address (RFC 6761 §6.3).
fn here(url: &Url) -> Option<SocketAddr> {
    let plain = url.scheme() == "http" && url.username().is_empty() && url.password().is_none();
    let address = match (provider::loopback(url)?, url.host()?) {
        (Loopback::Name, _) => IpAddr::from(Ipv4Addr::LOCALHOST),
        (Loopback::Address, Host::Ipv4(address)) => address.into(),
        (Loopback::Address, Host::Ipv6(_)) => Ipv6Addr::LOCALHOST.into(),
        (Loopback::Address, Host::Domain(_)) => return None,
    };
    plain.then(|| SocketAddr::new(address, url.port_or_known_default().unwrap_or(80)))
}

impl Parcel {
    /// Sends it, and reads the status of the answer. A redirect is not followed.
    pub(crate) async fn send(self) -> Result<u16, DeliveryError> {
        match tokio::time::timeout(PATIENCE, self.exchange()).await {
            Ok(done) => status(&done.map_err(DeliveryError::Connection)?).ok_or(DeliveryError::NotHttp),
            Err(_) => Err(DeliveryError::TooSlow),
        }
    }

    async fn exchange(self) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(&self.request).await?;
        let mut answer = Vec::new();
        let mut reader = stream.take(READ);
        // The first line is enough; a receiver may keep the connection open after it.
        while !answer.contains(&b'\n') && reader.read_buf(&mut answer).await? > 0 {}
        Ok(answer)
    }
}

/// The status in the first line of an answer (RFC 9112 §4).
fn status(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?.strip_prefix("HTTP/1.")?;
    line.split(' ').nth(1)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_is_delivered_to() {
        let leads = |text: &str| Url::parse(text).ok().and_then(|url| here(&url)).map(|address| address.to_string());
        for (url, address) in [
            ("http://127.0.0.1:8000/hook", "127.0.0.1:8000"),
            ("http://127.9.9.9/", "127.9.9.9:80"),
            ("http://2130706433/", "127.0.0.1:80"),
            ("http://localhost", "127.0.0.1:80"),
            ("http://api.localhost:5000/", "127.0.0.1:5000"),
            ("http://LOCALHOST./", "127.0.0.1:80"),
            ("http://[::1]:81/x?y=z", "[::1]:81"),
        ] {
            assert_eq!(leads(url).as_deref(), Some(address), "{url}");
        }
        for url in [
            "https://127.0.0.1/",
            "http://example.org/",
            "http://127.0.0.1.example.org/",
            "http://localhost@example.org/",
            "http://user@127.0.0.1/",
            "http://0.0.0.0/",
            "http://192.168.0.1/",
            "http://[::ffff:127.0.0.1]/",
            "http://notlocalhost/",
            "http://localhost.example.org/",
            "/hook",
            "",
        ] {
            assert_eq!(leads(url), None, "{url}");
        }
    }

    /// The vector in the tests of all of Gr4vy's packages.
    #[test]
    fn gr4vys_published_vector_comes_out() {
        let secret = "Ik4L-8FH0ihWczctcIPXZRR_8F0fPNgmhEfVBbZ3zNwqQVa1Or4tBz4Pgw2eNaVDod7H56Y268h_wohEUaWbUg";
        let scheme = provider::built_in_named("gr4vy").unwrap().webhook.as_ref().unwrap();
        let fields = signed_fields(scheme, &[&Secret::new(secret.as_bytes())], "payload", 1_744_018_920);
        let value = |name: &str| fields.iter().find(|(found, _)| found == name).unwrap().1.clone();
        assert_eq!(value("X-Gr4vy-Webhook-Timestamp"), "1744018920");
        assert_eq!(value("X-Gr4vy-Webhook-ID").len(), 36);
        assert_eq!(
            value("X-Gr4vy-Webhook-Signatures"),
            "78aca0c78005107a654a957b8566fa6e0e5e06aea92d7da72a6da9e5a690d013"
        );
    }

    #[test]
    fn the_status_is_read_from_the_first_line() {
        assert_eq!(status(b"HTTP/1.1 204 No Content\r\nA: b\r\n"), Some(204));
        assert_eq!(status(b"HTTP/1.0 401\r\n"), Some(401));
        assert_eq!((status(b""), status(b"SSH-2.0-x\r\n"), status(b"\xff\xff")), (None, None, None));
    }
}
