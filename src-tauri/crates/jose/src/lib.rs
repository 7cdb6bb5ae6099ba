//! JOSE as text and types: algorithms, keys, signed tokens, inspection and its findings.
