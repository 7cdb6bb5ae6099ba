//! Questions to a provider's definition: answered from data, with no secret opened and nothing written.

pub mod definitions;
pub mod environments;
mod interned;
pub mod key_facts;
pub mod snippets;
