//! PEM as it is really found (RFC 7468): text around the blocks, line breaks written out or lost, hyphens that a word processor
//! turned into dashes, a BEGIN or END line that is damaged or gone.

use zeroize::Zeroizing;

use super::{
    Bytes,
    armor::{Side, label_lines},
    encrypted::dek_iv_length,
    form::{detect, outer_length},
    openssh,
    pem_error::PemError,
};
use crate::text::without_white_space;

/// One block between BEGIN and END.
pub(super) struct Block<'t> {
    pub label: String,
    pub der: Bytes,
    /// The cipher and IV of the old OpenSSL encryption.
    pub dek: Option<(String, Vec<u8>)>,
    /// The body as it stands.
    pub body: &'t str,
}

/// Every block of a text, in order.
pub(super) fn blocks(text: &str) -> Result<Vec<Block<'_>>, PemError> {
    let lines = label_lines(text);
    let mut blocks = Vec::new();
    let mut from = 0;
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        let Some(label) = line.label else { return Err(PemError::Line { line: line.side.word() }) };
        let label = label.to_owned();
        if line.side == Side::End {
            // BEGIN is gone. What stands before END is then the body, or nothing that can be read.
            let body = &text[from..line.span.start];
            let block = block(label, body, End::There).map_err(|_| PemError::Line { line: "BEGIN" })?;
            if !block.is_whole() {
                return Err(PemError::Line { line: "BEGIN" });
            }
            blocks.push(block);
            from = line.span.end;
            continue;
        }
        let end = lines.next_if(|next| next.side == Side::End);
        let until = end.as_ref().or(lines.peek()).map_or(text.len(), |next| next.span.start);
        let body = &text[line.span.end..until];
        match &end {
            Some(end) => match end.label {
                None => return Err(PemError::Line { line: "END" }),
                Some(end) if end != label => return Err(PemError::Labels { begin: label, end: end.to_owned() }),
                Some(_) => blocks.push(block(label, body, End::There)?),
            },
            None => blocks.push(block(label, body, End::Gone)?),
        }
        from = end.map_or(until, |end| end.span.end);
    }
    Ok(blocks)
}

/// Whether the line that ends a block was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    There,
    Gone,
}

fn block(label: String, whole_body: &str, end: End) -> Result<Block<'_>, PemError> {
    let (dek, body) = match dek_info(&label, whole_body)? {
        Some((dek, rest)) => (Some(dek), rest),
        None => (None, whole_body),
    };
    // RFC 4716 has headers of its own, and nothing there is DER.
    let der = match (label.starts_with("SSH2 ") || label.starts_with("PGP "), end) {
        (true, _) => Bytes::default(),
        (false, End::There) => decode(&label, body)?,
        (false, End::Gone) => decode_open_ended(&label, body)?,
    };
    Ok(Block { label, der, dek, body: whole_body })
}

impl Block<'_> {
    fn is_whole(&self) -> bool {
        self.dek.is_some() || is_whole(&self.der)
    }
}

/// Cipher and IV of `DEK-Info` (RFC 1421 §4.6.1.3), and what stands behind them. Line breaks may be lost, so the IV ends where its
/// cipher says.
type Dek<'t> = ((String, Vec<u8>), &'t str);

fn dek_info<'t>(label: &str, body: &'t str) -> Result<Option<Dek<'t>>, PemError> {
    let Some((_, rest)) = body.split_once("DEK-Info:") else { return Ok(None) };
    let named = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    let rest = rest.trim_start();
    let (cipher, rest) = rest.split_at(rest.find(|c| !named(c)).unwrap_or(rest.len()));
    let cipher: String = cipher.chars().take(40).collect();
    let refused = || PemError::LegacyCipher { label: label.to_owned(), cipher: cipher.clone() };
    let iv_length = dek_iv_length(&cipher).ok_or_else(refused)?;
    let rest = rest.trim_start_matches([',', ' ']);
    let (iv, rest) = rest.split_at_checked(2 * iv_length).ok_or_else(refused)?;
    let iv = data_encoding::HEXUPPER_PERMISSIVE.decode(iv.as_bytes()).map_err(|_| refused())?;
    Ok(Some(((cipher, iv), rest)))
}

/// The bytes of a body. Where they are not a whole structure, the ways are tried in which bodies are changed on their way; what
/// comes out whole of one of them was meant.
fn decode(label: &str, body: &str) -> Result<Bytes, PemError> {
    let joined = without_white_space(body);
    let plain = plain(&joined);
    if let Some(bytes) = &plain
        && is_whole(bytes)
    {
        return Ok(Zeroizing::new(bytes.to_vec()));
    }
    let repaired = [breaks_without_backslash(&joined), blanks_for_plus(body), url_safe(&joined)];
    if let Some(bytes) = repaired.into_iter().flatten().filter_map(|text| self::plain(&text)).find(|b| is_whole(b)) {
        return Ok(bytes);
    }
    let unpadded = joined.trim_end_matches('=');
    let stray = |c: &char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/');
    if let Some((at, found)) = unpadded.chars().enumerate().find(|(_, c)| stray(c)) {
        return Err(PemError::Body { label: label.to_owned(), found: found.to_string(), at: at + 1 });
    }
    plain.ok_or_else(|| PemError::BodyLength { label: label.to_owned(), characters: unpadded.len() })
}

fn plain(joined: &str) -> Option<Bytes> {
    data_encoding::BASE64_NOPAD.decode(joined.trim_end_matches('=').as_bytes()).ok().map(Zeroizing::new)
}

/// Whether the bytes are one structure of DER, or of OpenSSH, to their end.
fn is_whole(bytes: &[u8]) -> bool {
    bytes.starts_with(openssh::MAGIC)
        || detect(bytes).is_some() && outer_length(bytes).is_none_or(|(wanted, found)| wanted == found)
}

/// The widths of lines that programs write.
const WIDTHS: [usize; 3] = [64, 70, 76];

/// A body whose line breaks were written out and then lost their backslashes: `n`, or `rn`, before each line.
fn breaks_without_backslash(joined: &str) -> Option<Zeroizing<String>> {
    let mark = if joined.starts_with("rn") { "rn" } else { "n" };
    WIDTHS.into_iter().find_map(|width| {
        let mut rest = joined.strip_prefix(mark)?;
        let mut text = Zeroizing::new(String::with_capacity(joined.len()));
        while let Some((line, after)) = rest.split_at_checked(width) {
            text.push_str(line);
            rest = if after.is_empty() { after } else { after.strip_prefix(mark)? };
        }
        text.push_str(rest.strip_suffix(mark).unwrap_or(rest));
        Some(text)
    })
}

/// A body that a form decoded: blanks stand where `+` was. Those between lines of 64 characters were line breaks.
fn blanks_for_plus(body: &str) -> Option<Zeroizing<String>> {
    let body = body.trim();
    body.contains(' ').then(|| {
        let mut text = Zeroizing::new(String::with_capacity(body.len()));
        let mut width = 0;
        for c in body.chars() {
            match c {
                '\n' | '\r' => width = 0,
                c if c.is_whitespace() && width % WIDTHS[0] == 0 => width = 0,
                c => {
                    text.push(if c.is_whitespace() { '+' } else { c });
                    width += 1;
                }
            }
        }
        text
    })
}

/// A body in the alphabet of base64url.
fn url_safe(joined: &str) -> Option<Zeroizing<String>> {
    joined.contains(['-', '_']).then(|| Zeroizing::new(joined.replace('-', "+").replace('_', "/")))
}

/// The bytes of a body whose END line is gone: whole if its own length says so, whatever stands behind it.
fn decode_open_ended(label: &str, body: &str) -> Result<Bytes, PemError> {
    let is_base64 = |line: &&str| line.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='));
    let lines: Vec<&str> = body.split_whitespace().take_while(is_base64).collect();
    let joined = Zeroizing::new(lines.concat());
    let unpadded = joined.trim_end_matches('=');
    let truncated = || PemError::Truncated { label: label.to_owned(), characters: unpadded.len() };
    let even = &unpadded[..unpadded.len() - usize::from(unpadded.len() % 4 == 1)];
    let mut bytes = plain(even).ok_or_else(truncated)?;
    if let Some((wanted, found)) = outer_length(&bytes)
        && wanted < found
    {
        bytes.truncate(wanted);
    }
    if is_whole(&bytes) && !bytes.starts_with(openssh::MAGIC) { Ok(bytes) } else { Err(truncated()) }
}
