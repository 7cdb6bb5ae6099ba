//! Authentication of a call: what it carries, as data. The secret itself is a value of whoever opened it, and where it is placed
//! stands in the provider's definition.

/// What a call authenticates with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Authentication {
    /// A token that is signed for it.
    SignedToken,
    /// A token that the server issued.
    IssuedToken,
    /// A token that the person pasted.
    PastedToken,
    /// An opaque key.
    Key,
    /// Nothing.
    Nothing,
}

impl Authentication {
    /// Whether another token can be had where this one is refused: a pasted one came from nobody knows where.
    pub const fn is_renewable(self) -> bool {
        matches!(self, Self::SignedToken | Self::IssuedToken)
    }
}
