//! Import of keys: files and pasted text are looked into, a preview shows what they hold, and the chosen keys are kept. The
//! private bytes wait here, in memory that is wiped, and go from here into the vault.

use std::collections::BTreeMap;

use jose::{
    Alg, Code, Finding,
    key::{DeclaredAlg, Key, check, read},
};
use provider::definition::PrivateKey;
use zeroize::Zeroizing;

use crate::{
    ground::{Error, KeyError, names, ports::Ports},
    jobs::keys::{self, Coming, Incoming, Kept, Read},
    resolve::key_facts,
    store::{records::Credential, session::Session},
};

/// How many files are looked at in one go.
pub const MOST_FILES: usize = 20;

/// How many bytes a file of keys may have; a larger one is not even read.
pub const MOST_BYTES: usize = read::MAX_BYTES;

/// How many previews wait at a time; the oldest is forgotten.
const MOST_PREVIEWS: usize = 8;

/// Something that may hold keys: a file that was chosen or dropped, or the clipboard.
pub struct KeySource {
    /// Where it comes from, for people: "checkout.pem", "pasted text".
    pub from: String,
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Whether `from` is the name of a file, from which the keys may take theirs.
    pub is_file: bool,
    /// When that file was changed last, in seconds since 1970: perhaps when the key was made.
    pub modified: Option<i64>,
}

/// What was found. Nothing private is in it.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The number by which it is spoken of.
    pub preview: u64,
    /// Where it comes from.
    pub from: String,
    /// What it turned out to be: "PKCS#8 in PEM".
    pub form: String,
    /// Every key in it.
    pub items: Vec<Item>,
    /// Whether something in it wants a passphrase.
    pub encrypted: bool,
    /// What was noticed of the whole.
    pub findings: Vec<Finding>,
}

/// One key that was found.
#[derive(Debug, Clone)]
pub struct Item {
    /// Type and size in words.
    pub describe: String,
    /// Whether it can sign.
    pub private: bool,
    /// `private-key`, `public-key` or `shared-secret`.
    pub kind: &'static str,
    /// The name it brings, or its thumbprint.
    pub kid: Option<String>,
    /// Its RFC 7638 thumbprint.
    pub thumbprint: Option<String>,
    /// The algorithms that it can sign with, the usual one first.
    pub algs: Vec<Alg>,
    /// The name of the same key in the vault.
    pub already: Option<String>,
    /// A name that is free.
    pub suggested: String,
    /// When its file was changed last, in seconds since 1970: to be offered as the time when the key was made.
    pub made: Option<i64>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// The previews of a session. It holds private keys, so it has no `Debug`; dropping it wipes them.
#[derive(Default)]
pub struct Imports {
    last: u64,
    held: BTreeMap<u64, Held>,
}

struct Held {
    from: String,
    forms: Vec<String>,
    found: Vec<Found>,
    /// What wants a passphrase.
    closed: Vec<KeySource>,
    findings: Vec<Finding>,
    /// Files without a key, of how many.
    without: usize,
    files: usize,
}

struct Found {
    key: Incoming,
    stem: Option<String>,
    modified: Option<i64>,
}

impl Imports {
    /// Looks into files or pasted text. A file without a key among others is counted, not refused.
    pub fn preview(&mut self, session: &Session, sources: Vec<KeySource>, ports: &Ports) -> Result<Preview, Error> {
        let files = sources.len();
        if files > MOST_FILES {
            return Err(Error::Key(KeyError::TooManyFiles { found: files, most: MOST_FILES }));
        }
        let from = match sources.as_slice() {
            [only] => only.from.clone(),
            _ => format!("{files} files"),
        };
        let mut held = Held {
            from,
            forms: Vec::new(),
            found: Vec::new(),
            closed: Vec::new(),
            findings: Vec::new(),
            without: 0,
            files,
        };
        let mut refused = None;
        let kinds = keys::kinds(session)?;
        for source in sources {
            let name = source.from.clone();
            match held.take(source, &kinds, None) {
                Ok(()) => {}
                Err(error) => {
                    held.without += 1;
                    refused.get_or_insert((name, error));
                }
            }
        }
        if held.found.is_empty() && held.closed.is_empty() {
            return Err(match refused {
                Some((first, why)) if files > 1 => {
                    Error::Key(KeyError::NoKeyInFiles { files, first, why: Box::new(why) })
                }
                Some((_, why)) => why.into(),
                None => read::ReadError::Empty.into(),
            });
        }
        self.last += 1;
        let preview = held.show(self.last, session, ports);
        self.held.insert(self.last, held);
        while self.held.len() > MOST_PREVIEWS {
            self.held.pop_first();
        }
        Ok(preview)
    }

    /// Opens what is encrypted. With a wrong passphrase the preview stays as it is.
    pub fn unlock(
        &mut self,
        preview: u64,
        passphrase: &Zeroizing<String>,
        session: &Session,
        ports: &Ports,
    ) -> Result<Preview, Error> {
        let held = self.held.get_mut(&preview).ok_or(Error::Key(KeyError::PreviewGone))?;
        let mut refused = None;
        let kinds = keys::kinds(session)?;
        for source in std::mem::take(&mut held.closed) {
            let (from, bytes) = (source.from.clone(), source.bytes.clone());
            let again = KeySource { from, bytes, ..source };
            if let Err(error) = held.take(source, &kinds, Some(passphrase.as_bytes())) {
                held.closed.push(again);
                refused.get_or_insert(error);
            }
        }
        match refused {
            // Of several files, some may have another passphrase: what opened is shown.
            Some(error) if held.found.is_empty() => Err(error.into()),
            _ => Ok(held.show(preview, session, ports)),
        }
    }

    /// The same again, as the vault is now.
    pub fn show(&self, preview: u64, session: &Session, ports: &Ports) -> Result<Preview, Error> {
        let held = self.held.get(&preview).ok_or(Error::Key(KeyError::PreviewGone))?;
        Ok(held.show(preview, session, ports))
    }

    /// Seals one of the keys that were found.
    pub fn keep(
        &self,
        session: &mut Session,
        preview: u64,
        item: usize,
        coming: &Coming<'_>,
        ports: &Ports,
    ) -> Result<Kept, Error> {
        let held = self.held.get(&preview).ok_or(Error::Key(KeyError::PreviewGone))?;
        let found = held.found.get(item).ok_or(Error::Key(KeyError::PreviewGone))?;
        keys::import_key(session, &found.key, coming, ports)
    }

    /// Forgets a preview and wipes what it held.
    pub fn forget(&mut self, preview: u64) {
        self.held.remove(&preview);
    }

    /// Forgets everything, as on lock.
    pub fn clear(&mut self) {
        self.held.clear();
    }
}

impl Held {
    fn take(
        &mut self,
        source: KeySource,
        kinds: &[&PrivateKey],
        passphrase: Option<&[u8]>,
    ) -> Result<(), read::ReadError> {
        match keys::read_any(kinds, &source.bytes, passphrase) {
            Ok(Read { found, fields }) => {
                let stem = source.is_file.then(|| stem(&source.from)).flatten();
                let form = found.form;
                let key = |jwk| Incoming { jwk, form: form.clone(), fields: fields.clone() };
                let modified = source.modified;
                let found_key = |jwk| Found { key: key(jwk), stem: stem.clone(), modified };
                self.found.extend(found.keys.into_iter().map(found_key));
                self.findings.extend(found.findings);
                self.forms.push(form);
                Ok(())
            }
            Err(read::ReadError::PassphraseNeeded) => {
                self.closed.push(source);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn show(&self, preview: u64, session: &Session, ports: &Ports) -> Preview {
        let mut suggested = Vec::new();
        let items = self.found.iter().map(|found| {
            let name = suggest(found, session, &suggested, ports);
            suggested.push(name.clone());
            item(found, name, session)
        });
        Preview {
            preview,
            from: self.from.clone(),
            items: items.collect(),
            form: self.form(),
            encrypted: !self.closed.is_empty(),
            findings: self.findings.clone(),
        }
    }

    fn form(&self) -> String {
        let mut forms = self.forms.clone();
        forms.dedup();
        if !self.closed.is_empty() {
            forms.push("an encrypted key".to_owned());
        }
        let forms = forms.join(", ");
        match self.without {
            0 => forms,
            without => format!("{forms}; {without} of {} files hold no key", self.files),
        }
    }
}

fn item(found: &Found, suggested: String, session: &Session) -> Item {
    let jwk = &found.key.jwk;
    let facts = key_facts::jwk_facts(jwk);
    let (private, kind) = match jwk.key {
        Key::Private(_) => (true, "private-key"),
        Key::Public(_) => (false, "public-key"),
        Key::Secret(_) => (true, "shared-secret"),
    };
    let algs = match &jwk.alg {
        Some(DeclaredAlg::Known(alg)) => vec![*alg],
        Some(DeclaredAlg::Other(_)) => Vec::new(),
        None => jwk.key.algs().to_vec(),
    };
    let mut findings = check::check(&jwk.key);
    findings.extend(algs.first().and_then(|alg| check::short_for(*alg, jwk)));
    if let Some(kid) = &jwk.kid {
        findings.extend(keys::compare_kid(jwk, kid));
    }
    if !private {
        let words = "this is a public key alone: it can judge signatures and cannot sign";
        let hint = "choose the file that holds the private key";
        findings.push(Finding::new(Code::KeyPassedOver, words).hint(hint));
    }
    let same = |stored: &&crate::store::records::Stored<Credential>| {
        stored.value.thumbprint.is_some() && stored.value.thumbprint == facts.thumbprint
    };
    let already = session.each::<Credential>().ok().and_then(|mut all| all.find(|stored| same(stored)));
    Item {
        describe: jwk.key.describe(),
        private,
        kind,
        kid: facts.kid,
        thumbprint: facts.thumbprint,
        algs,
        already: already.map(|stored| stored.value.name.clone()),
        suggested,
        made: found.modified,
        findings,
    }
}

/// A free name: the file's, else the kid that the key brings, else the month.
fn suggest(found: &Found, session: &Session, suggested: &[String], ports: &Ports) -> String {
    let brought = || {
        let kid = found.key.jwk.kid.as_ref()?;
        let thumbprint = found.key.jwk.key.public().map(|public| public.thumbprint());
        (Some(kid) != thumbprint.as_ref()).then(|| kid.clone())
    };
    let month = jose::time::utc(ports.clock.now()).chars().take(7).collect::<String>();
    let otherwise = format!("key-{month}");
    let base = names::fit(&found.stem.clone().or_else(brought).unwrap_or_default(), &otherwise);
    let is_taken = |name: &str| session.has::<Credential>(name) || suggested.iter().any(|other| other == name);
    (1_u32..)
        .map(|number| if number == 1 { base.clone() } else { format!("{base}-{number}") })
        .find(|name| !is_taken(name))
        .unwrap_or(base)
}

/// A file's name without its endings: "checkout" of "checkout.pkcs8.pem".
fn stem(file: &str) -> Option<String> {
    const ENDINGS: [&str; 14] =
        ["pem", "der", "key", "jwk", "jwks", "json", "pkcs8", "p8", "pkcs1", "sec1", "pub", "txt", "priv", "crt"];
    let mut stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
    while let Some((rest, ending)) = stem.rsplit_once('.')
        && !rest.is_empty()
        && ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
    {
        stem = rest;
    }
    Some(stem.to_owned()).filter(|stem| !stem.is_empty())
}
