//! Key files of other programs that are not read, by how they begin.

/// Each with its name and a way to a form that is read.
const FOREIGN: [(&[u8], &str, &str); 5] = [
    (b"PuTTY-User-Key-File", "a PuTTY key", "convert it: puttygen FILE -O private-openssh -o KEY"),
    (b"\xfe\xed\xfe\xed", "a Java key store (JKS)", KEYTOOL),
    (b"\xce\xce\xce\xce", "a Java key store (JCEKS)", KEYTOOL),
    (b"AGE-SECRET-KEY-1", "a key of age for encrypting files", "make a key that signs, or choose another file"),
    (b"\x07\x02\x00\x00\x00\x24\x00\x00", "a Windows key blob", "export the key there as PKCS#8 or PFX"),
];
const KEYTOOL: &str =
    "convert it: keytool -importkeystore -srckeystore FILE -destkeystore NEW.p12 -deststoretype PKCS12";

/// What a file is, and what to do with it.
pub(super) fn named(input: &[u8]) -> Option<(&'static str, &'static str)> {
    let start = input.trim_ascii_start();
    FOREIGN.iter().find(|(magic, ..)| start.starts_with(magic)).map(|(_, what, hint)| (*what, *hint))
}
