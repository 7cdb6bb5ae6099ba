//! Forms of a signature: its length, R and S side by side or in DER, and the range of the two (RFC 7518 §3.4).

use super::UnverifiedJws;
use crate::{Alg, Code, Finding, Part, alg::Family, key::Curve};

impl UnverifiedJws<'_> {
    /// What is wrong with the signature whoever made it.
    pub(super) fn form_of_signature(&self, alg: Alg) -> Vec<Finding> {
        let Family::Ecdsa(curve) = alg.family() else { return self.length_of_signature(alg).into_iter().collect() };
        let wanted = 2 * curve.field_len();
        let finding = |code, message| vec![Finding::new(code, message).at(Part::Token, self.signature_span())];
        if self.signature.len() != wanted {
            if from_der(curve, &self.signature).is_some() {
                let found =
                    format!("the signature is DER ({} bytes); wanted R and S side by side", self.signature.len());
                let hint = "ask the library for the IEEE P1363 form (in Node: dsaEncoding: 'ieee-p1363')";
                let finding = Finding::new(Code::EcdsaDer, found).hint(hint);
                return vec![finding.at(Part::Token, self.signature_span())];
            }
            return finding(
                Code::EcdsaLength,
                format!("the signature has {} bytes; wanted {wanted} for {alg}", self.signature.len()),
            );
        }
        let (r, s) = self.signature.split_at(curve.field_len());
        for (name, half) in [("R", r), ("S", s)] {
            if half.iter().all(|byte| *byte == 0) {
                return finding(Code::EcdsaRange, format!("{name} is zero; wanted 1 up to the order of {curve}"));
            }
            if half >= order(curve).as_slice() {
                return finding(Code::EcdsaRange, format!("{name} is not below the order of {curve}"));
            }
        }
        Vec::new()
    }

    fn length_of_signature(&self, alg: Alg) -> Option<Finding> {
        let wanted = alg.row().signature_len.filter(|wanted| self.signature.len() != *wanted)?;
        let found = format!("the signature has {} bytes; wanted {wanted} for {alg}", self.signature.len());
        Some(Finding::new(Code::SignatureLength, found).at(Part::Token, self.signature_span()))
    }
}

/// R and S side by side from a DER signature (RFC 3279 §2.2.3), if it is one for this curve.
pub(super) fn from_der(curve: Curve, signature: &[u8]) -> Option<Vec<u8>> {
    use der::{Decode, Reader, asn1::UintRef};
    let mut reader = der::SliceReader::new(signature).ok()?;
    let flat = reader
        .sequence(|inner| {
            let mut flat = vec![0; 2 * curve.field_len()];
            for half in flat.chunks_mut(curve.field_len()) {
                let number = UintRef::decode(inner)?;
                let start = half.len().checked_sub(number.as_bytes().len()).ok_or(der::ErrorKind::Overflow)?;
                half[start..].copy_from_slice(number.as_bytes());
            }
            Ok(flat)
        })
        .ok()?;
    reader.is_finished().then_some(flat)
}

/// The DER signature (RFC 3279 §2.2.3) of R and S side by side.
pub(super) fn to_der(curve: Curve, flat: &[u8]) -> Option<Vec<u8>> {
    use der::{Encode, asn1::UintRef};
    let (r, s) = flat.split_at_checked(curve.field_len()).filter(|(r, s)| r.len() == s.len())?;
    let halves = [UintRef::new(r).ok()?, UintRef::new(s).ok()?];
    halves.to_vec().to_der().ok()
}

/// R and S side by side from halves that lack their leading zeros. Where the length is odd, either may be the shorter.
pub(super) fn padded(curve: Curve, signature: &[u8]) -> Vec<Vec<u8>> {
    let field = curve.field_len();
    if signature.len() >= 2 * field {
        return Vec::new();
    }
    let shortest = signature.len().saturating_sub(field).max(1);
    (shortest..=field.min(signature.len().saturating_sub(1)))
        .map(|cut| {
            let (r, s) = signature.split_at(cut);
            let mut flat = vec![0; 2 * field];
            flat[field - r.len()..field].copy_from_slice(r);
            flat[2 * field - s.len()..].copy_from_slice(s);
            flat
        })
        .take(8)
        .collect()
}

/// The order n of a curve's group, of the field's length (SEC 2 §2.4.1, §2.4.2, §2.5.1, §2.6.1).
fn order(curve: Curve) -> Vec<u8> {
    let hex: &[u8] = match curve {
        Curve::P256 => b"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        Curve::P384 => {
            b"ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"
        }
        Curve::P521 => {
            b"01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa\
              51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"
        }
        Curve::Secp256k1 => b"fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
    };
    data_encoding::HEXLOWER.decode(hex).expect("the constants are hexadecimal")
}
