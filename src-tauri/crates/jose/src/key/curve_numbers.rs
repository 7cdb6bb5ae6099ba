//! Curves by their numbers (SEC 2, FIPS 186-5): a point in the short form gets its y, and parameters that were written out
//! get their curve's name.

use der::{
    Decode, Reader, SliceReader, Tag,
    asn1::{AnyRef, OctetStringRef, UintRef},
    oid::ObjectIdentifier,
};
use num_bigint_dig::BigUint;

use super::Curve;

/// The numbers of a curve over a prime field, in hexadecimal, each of the field's length: the prime, b of the equation, the
/// base point, its order.
struct Numbers {
    p: &'static str,
    b: &'static str,
    x: &'static str,
    y: &'static str,
    n: &'static str,
}

#[rustfmt::skip]
const fn numbers(curve: Curve) -> Numbers {
    match curve {
        Curve::P256 => Numbers {
            p: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
            b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
            x: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            y: "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            n: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        },
        Curve::P384 => Numbers {
            p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
            b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
            x: "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
            y: "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
            n: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        },
        Curve::P521 => Numbers {
            p: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            b: "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
            x: "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
            y: "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
            n: "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
        },
        Curve::Secp256k1 => Numbers {
            p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
            b: "0000000000000000000000000000000000000000000000000000000000000007",
            x: "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
            y: "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
            n: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        },
    }
}

fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).expect("the table is hexadecimal")
}

/// a of the equation y² = x³ + ax + b: zero on secp256k1, three less than the prime on the others.
fn a(curve: Curve, p: &BigUint) -> BigUint {
    if curve == Curve::Secp256k1 { BigUint::from(0_u32) } else { p - BigUint::from(3_u32) }
}

/// The point in the long form, from any form that SEC 1 §2.3.3 and X9.62 have: compressed, uncompressed, hybrid. `None` where
/// the length is wrong, no point has this x, or a hybrid form contradicts itself.
pub(super) fn uncompressed(curve: Curve, point: &[u8]) -> Option<Vec<u8>> {
    let (form, rest) = point.split_first()?;
    let field = curve.field_len();
    let odd = form & 1 == 1;
    match form {
        0x04 if rest.len() == 2 * field => Some(point.to_vec()),
        0x06 | 0x07 if rest.len() == 2 * field && (rest.last()? & 1 == 1) == odd => Some([&[0x04], rest].concat()),
        0x02 | 0x03 if rest.len() == field => {
            let y = root(curve, &BigUint::from_bytes_be(rest), odd)?.to_bytes_be();
            let mut long = [&[0x04], rest].concat();
            long.resize(1 + 2 * field - y.len(), 0);
            long.extend_from_slice(&y);
            Some(long)
        }
        _ => None,
    }
}

/// The y of this x. Every prime here is 3 modulo 4, so that a root is a power (SEC 1 §2.3.4).
fn root(curve: Curve, x: &BigUint, odd: bool) -> Option<BigUint> {
    let table = numbers(curve);
    let p = number(table.p);
    if *x >= p {
        return None;
    }
    let square = (x * x * x + a(curve, &p) * x + number(table.b)) % &p;
    let y = square.modpow(&((&p + BigUint::from(1_u32)) >> 2), &p);
    if &y * &y % &p != square {
        return None;
    }
    let is_odd = y.to_bytes_le()[0] & 1 == 1;
    Some(if is_odd == odd { y } else { p - y })
}

const PRIME_FIELD: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.1.1");

/// The curve whose numbers these parameters write out (RFC 3279 §2.3.5). All of them must be its own: under another base point
/// anybody has a private key for any public one (CVE-2020-0601).
pub(super) fn named(parameters: &[u8]) -> Option<Curve> {
    let given = Given::read(parameters).ok()?;
    Curve::ALL.into_iter().find(|curve| {
        let table = numbers(*curve);
        let p = number(table.p);
        let base = uncompressed(*curve, given.base);
        let wanted =
            [&number(table.x).to_bytes_be(), &number(table.y).to_bytes_be()].map(|c| padded(*curve, c)).concat();
        BigUint::from_bytes_be(given.p) == p
            && BigUint::from_bytes_be(given.a) == a(*curve, &p)
            && BigUint::from_bytes_be(given.b) == number(table.b)
            && BigUint::from_bytes_be(given.order) == number(table.n)
            && base.is_some_and(|base| base[1..] == wanted)
    })
}

fn padded(curve: Curve, coordinate: &[u8]) -> Vec<u8> {
    [vec![0; curve.field_len() - coordinate.len()].as_slice(), coordinate].concat()
}

/// Parameters as they are written out.
struct Given<'a> {
    p: &'a [u8],
    a: &'a [u8],
    b: &'a [u8],
    base: &'a [u8],
    order: &'a [u8],
}

impl<'a> Given<'a> {
    fn read(parameters: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(parameters)?;
        reader.sequence(|reader| {
            u8::decode(reader)?;
            let p = reader.sequence(|field| match ObjectIdentifier::decode(field)? {
                PRIME_FIELD => UintRef::decode(field),
                _ => Err(Tag::ObjectIdentifier.value_error()),
            })?;
            let (a, b) = reader.sequence(|equation| {
                let both = (OctetStringRef::decode(equation)?, OctetStringRef::decode(equation)?);
                // The seed that b was made from.
                equation.read_slice(equation.remaining_len())?;
                Ok(both)
            })?;
            let base = OctetStringRef::decode(reader)?;
            let order = UintRef::decode(reader)?;
            Option::<AnyRef<'a>>::decode(reader)?;
            let [p, order] = [p, order].map(|number| number.as_bytes());
            let [a, b, base] = [a, b, base].map(|string| string.as_bytes());
            Ok(Self { p, a, b, base, order })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_of_points_on_their_curves() {
        for curve in Curve::ALL {
            let table = numbers(curve);
            let (x, y) = (number(table.x), number(table.y));
            let odd = y.to_bytes_le()[0] & 1 == 1;
            assert_eq!(root(curve, &x, odd), Some(y), "{curve}");
            for hex in [table.p, table.b, table.x, table.y, table.n] {
                assert_eq!(hex.len(), 2 * curve.field_len(), "{curve}");
            }
        }
    }
}
