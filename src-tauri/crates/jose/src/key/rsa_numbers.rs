//! RSA numbers that a file leaves out: primes from `d` (NIST SP 800-56B Rev. 2, Appendix C.2), the exponents and the coefficient
//! of the Chinese remainder theorem from the primes (RFC 8017 §3.2); and whether a modulus is prime.

use num_bigint_dig::{BigUint, ModInverse, prime::probably_prime};
use zeroize::{Zeroize, Zeroizing};

use super::{RsaNumbers, RsaPublic};

/// Bits of the largest modulus that anything is computed for; the engine takes no larger one.
pub(super) const MOST_BITS: usize = 8192;

/// What is known of the private half.
pub(crate) struct Known<'a> {
    pub d: &'a [u8],
    /// p and q, where both are there.
    pub primes: Option<(&'a [u8], &'a [u8])>,
}

/// All numbers from these. `None` where there is no such key, or the exponent is one for which the primes cannot be found.
pub(crate) fn complete(public: &RsaPublic, known: &Known<'_>) -> Option<RsaNumbers> {
    if public.bits() > MOST_BITS || known.d.len() > public.n.len() || public.e.len() > 32 {
        return None;
    }
    let d = Zeroizing::new(BigUint::from_bytes_be(known.d));
    let (p, q) = match known.primes {
        Some((p, q)) if p.len() <= public.n.len() && q.len() <= public.n.len() => {
            (Zeroizing::new(BigUint::from_bytes_be(p)), Zeroizing::new(BigUint::from_bytes_be(q)))
        }
        Some(_) => return None,
        None => primes(&BigUint::from_bytes_be(&public.n), &BigUint::from_bytes_be(&public.e), &d)?,
    };
    let one = BigUint::from(1_u32);
    if *p <= one || *q <= one {
        return None;
    }
    let rest = |prime: &BigUint| bytes(&(&*d % (prime - &one)));
    let inverse = Zeroizing::new((&*q).mod_inverse(&*p)?.to_biguint()?);
    Some(RsaNumbers { dp: rest(&p), dq: rest(&q), qi: bytes(&inverse), d: bytes(&d), p: bytes(&p), q: bytes(&q) })
}

fn bytes(number: &BigUint) -> super::Bytes {
    Zeroizing::new(number.to_bytes_be())
}

/// The two primes of `n`, the larger first. The steps are those of the appendix, which asks for e above 2^16.
fn primes(n: &BigUint, e: &BigUint, d: &BigUint) -> Option<(Zeroizing<BigUint>, Zeroizing<BigUint>)> {
    let one = BigUint::from(1_u32);
    if *e <= BigUint::from(1_u32 << 16) || *n <= one || *d <= one {
        return None;
    }
    // a = (de - 1) · gcd(n - 1, de - 1) is a multiple of φ(n).
    let product = Zeroizing::new(d * e - &one);
    let a = Zeroizing::new(&*product * gcd(n - &one, (*product).clone()));
    let m = Zeroizing::new(&*a / n);
    let r = Zeroizing::new(&*a - &*m * n);
    // b = p + q.
    let above = Zeroizing::new(n - &*r);
    let divisor = Zeroizing::new(&*m + &one);
    if &*above % &*divisor != BigUint::from(0_u32) {
        return None;
    }
    let b = Zeroizing::new(&*above / &*divisor + &one);
    let square = Zeroizing::new(&*b * &*b);
    let four_n = n << 2;
    if *square <= four_n {
        return None;
    }
    // y = p - q.
    let difference = Zeroizing::new(&*square - &four_n);
    let y = Zeroizing::new(root(&difference));
    if &*y * &*y != *difference {
        return None;
    }
    let (p, q) = (Zeroizing::new((&*b + &*y) >> 1), Zeroizing::new((&*b - &*y) >> 1));
    (&*p * &*q == *n).then_some((p, q))
}

/// Euclid's algorithm.
fn gcd(mut a: BigUint, mut b: BigUint) -> BigUint {
    let zero = BigUint::from(0_u32);
    while b != zero {
        let rest = &a % &b;
        a.zeroize();
        a = std::mem::replace(&mut b, rest);
    }
    a
}

/// The integer part of a square root, by Newton's method from above.
fn root(number: &BigUint) -> BigUint {
    let mut guess = BigUint::from(1_u32) << number.bits().div_ceil(2);
    loop {
        let better = (&guess + number / &guess) >> 1;
        if better >= guess {
            return guess;
        }
        guess.zeroize();
        guess = better;
    }
}

/// Whether the modulus is itself a prime, so that its φ is known to all. For others this is one exponentiation.
pub(super) fn is_prime(n: &[u8]) -> bool {
    n.len() <= MOST_BITS / 8 && probably_prime(&BigUint::from_bytes_be(n), 8)
}
