"""Keys made by Python's cryptography, and what is known about them without asking Keywright."""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1(), "secp256k1": ec.SECP256K1()}
SIZES = {"P-256": 32, "P-384": 48, "P-521": 66, "secp256k1": 32}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int, size: int | None = None) -> str:
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


@dataclass
class Key:
    """A private key with its name, the algorithms it signs with, and its PKCS#8 file."""

    name: str
    private: object
    algs: list[str]
    path: Path

    @property
    def public(self):
        return self.private.public_key()

    @property
    def curve(self) -> str | None:
        if not isinstance(self.private, ec.EllipticCurvePrivateKey):
            return None
        return next(name for name, curve in CURVES.items() if curve.name == self.private.curve.name)

    @property
    def jwk(self) -> dict:
        """The members that a thumbprint is made of (RFC 7638 §3.2), written here by hand."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            numbers = self.public.public_numbers()
            return {"e": number(numbers.e), "kty": "RSA", "n": number(numbers.n)}
        if self.curve:
            numbers, size = self.public.public_numbers(), SIZES[self.curve]
            return {"crv": self.curve, "kty": "EC", "x": number(numbers.x, size), "y": number(numbers.y, size)}
        return {"crv": "Ed25519", "kty": "OKP", "x": b64(self.public.public_bytes_raw())}

    @property
    def thumbprint(self) -> str:
        text = json.dumps(self.jwk, sort_keys=True, separators=(",", ":"))
        return b64(hashlib.sha256(text.encode()).digest())

    def pem(self, form=s.PrivateFormat.PKCS8, encryption=s.NoEncryption()) -> bytes:
        return self.private.private_bytes(s.Encoding.PEM, form, encryption)

    def der(self, form=s.PrivateFormat.PKCS8, encryption=s.NoEncryption()) -> bytes:
        return self.private.private_bytes(s.Encoding.DER, form, encryption)

    def spki(self, encoding=s.Encoding.PEM) -> bytes:
        return self.public.public_bytes(encoding, s.PublicFormat.SubjectPublicKeyInfo)

    def same_private(self, other) -> bool:
        return self.pem() == other.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())

    def same_public(self, other) -> bool:
        return self.spki() == other.public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)


def p521(leading_zero: str | None):
    """A P-521 key with a leading zero byte in x, in y, or in neither: where careless software makes another kid."""
    while True:
        key = ec.generate_private_key(ec.SECP521R1())
        numbers = key.public_key().public_numbers()
        zeros = {name for name in "xy" if getattr(numbers, name) < 1 << 520}
        if zeros == ({leading_zero} if leading_zero else set()):
            return key


def make_all(folder: Path) -> dict[str, Key]:
    """One key of each kind, written as PKCS#8 PEM by cryptography."""
    rsas = [family + size for family in ("RS", "PS") for size in ("256", "384", "512")]
    made = [
        ("p256", ec.generate_private_key(ec.SECP256R1()), ["ES256"]),
        ("p384", ec.generate_private_key(ec.SECP384R1()), ["ES384"]),
        ("p521", p521(None), ["ES512"]),
        ("p521-xzero", p521("x"), ["ES512"]),
        ("p521-yzero", p521("y"), ["ES512"]),
        ("secp256k1", ec.generate_private_key(ec.SECP256K1()), ["ES256K"]),
        ("ed25519", ed25519.Ed25519PrivateKey.generate(), ["EdDSA"]),
        ("rsa", rsa.generate_private_key(65537, 2048), rsas),
    ]
    keys = {}
    for name, private, algs in made:
        key = Key(name, private, algs, folder / f"{name}.pem")
        key.path.write_bytes(key.pem())
        keys[name] = key
    return keys


NAMES = ["p256", "p384", "p521", "p521-xzero", "p521-yzero", "secp256k1", "ed25519", "rsa"]
"""The names that make_all gives."""

EC = [name for name in NAMES if name.startswith(("p", "secp"))]
"""Those on curves that have a SEC1 form."""

SIGNERS = [
    *[(name, "ES512") for name in ("p521", "p521-xzero", "p521-yzero")],
    ("p256", "ES256"),
    ("p384", "ES384"),
    ("ed25519", "EdDSA"),
    *[("rsa", family + size) for family in ("RS", "PS") for size in ("256", "384", "512")],
]
"""Key and algorithm, as far as every peer knows it."""
