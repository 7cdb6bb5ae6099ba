//! Roles of Gr4vy's key pairs: what each allows, and to whom it can be given.
//!
//! Which roles there are is an account's own; these are of the kinds that Gr4vy's OpenAPI description tells apart. The first two have
//! the ids of its examples.

/// A role.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// Its name for programs: `administrator`.
    pub(crate) slug: &'static str,
    pub(crate) description: &'static str,
    /// The scopes that it gives.
    pub(crate) allow: &'static [&'static str],
    /// Whether a key pair can have it; a user can have each of them.
    pub(crate) of_key_pairs: bool,
    /// The roles beside which it can be given alone; none of them: by itself.
    pub(crate) adds_to: &'static [&'static str],
}

/// The role of a key pair for which none was chosen.
pub(crate) const USUAL: &Role = &ROLES[0];

/// The roles that there are.
pub(crate) const ROLES: [Role; 6] = [
    Role {
        id: "8f4b8c1a-1b2c-4d3e-9f5a-6b7c8d9e0f1a",
        name: "Administrator",
        slug: "administrator",
        description: "Full read and write access.",
        allow: &["*.read", "*.write"],
        of_key_pairs: true,
        adds_to: &[],
    },
    Role {
        id: "2c9a7f3d-4e5b-4a6c-8d7e-9f0a1b2c3d4e",
        name: "Processing",
        slug: "processing",
        description: "Processes payments, and manages nothing.",
        allow: &[
            "buyers.billing-details.read",
            "buyers.billing-details.write",
            "buyers.read",
            "buyers.write",
            "checkout-sessions.read",
            "checkout-sessions.write",
            "payment-methods.read",
            "payment-methods.write",
            "payment-options.read",
            "transactions.read",
            "transactions.write",
        ],
        of_key_pairs: true,
        adds_to: &[],
    },
    Role {
        id: "5d0e6b47-93a1-4f0c-8b5d-2f6f0c7a9b11",
        name: "Read only",
        slug: "read-only",
        description: "Reads everything, and changes nothing.",
        allow: &["*.read"],
        of_key_pairs: true,
        adds_to: &[],
    },
    Role {
        id: "b1a4d9c2-07e6-4c8b-a1f3-6d5e4c3b2a10",
        name: "Key management",
        slug: "key-management",
        description: "Manages API key pairs, and no more.",
        allow: &["api-key-pairs.read", "api-key-pairs.write", "roles.read"],
        of_key_pairs: true,
        adds_to: &[],
    },
    Role {
        id: "e7c3f5a8-2b6d-4e19-9c07-1a2b3c4d5e6f",
        name: "Payouts",
        slug: "payouts",
        description: "Pays out, beside the processing of payments.",
        allow: &["payouts.read", "payouts.write"],
        of_key_pairs: true,
        adds_to: &["processing"],
    },
    Role {
        id: "94d2c1b0-a8f7-4e6d-b5c4-d3e2f1a0b9c8",
        name: "Support",
        slug: "support",
        description: "Looks into payments for people who ask.",
        allow: &["buyers.read", "transactions.read"],
        of_key_pairs: false,
        adds_to: &[],
    },
];

impl Role {
    /// The role with this id, in letters of any case, as UUIDs are read (RFC 9562 §4).
    pub(crate) fn with_id(id: &str) -> Option<&'static Self> {
        ROLES.iter().find(|role| role.id.eq_ignore_ascii_case(id))
    }

    /// The role of this slug.
    pub(crate) fn named(slug: &str) -> Option<&'static Self> {
        ROLES.iter().find(|role| role.slug == slug)
    }

    /// The slugs of the roles that a key pair can have, in words.
    pub(crate) fn of_key_pairs() -> String {
        let slugs: Vec<&str> = ROLES.iter().filter(|role| role.of_key_pairs).map(|role| role.slug).collect();
        slugs.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_slugs_are_unique_and_scopes_are_gr4vys() {
        let ids: BTreeSet<&str> = ROLES.iter().map(|role| role.id).collect();
        let slugs: BTreeSet<&str> = ROLES.iter().map(|role| role.slug).collect();
        assert_eq!((ids.len(), slugs.len()), (ROLES.len(), ROLES.len()));
        assert!(ids.iter().all(|id| uuid::Uuid::parse_str(id).is_ok()));
        assert!(ROLES.iter().flat_map(|role| role.adds_to).all(|slug| slugs.contains(slug)));
        for scope in ROLES.iter().flat_map(|role| role.allow) {
            assert!(scope.ends_with(".read") || scope.ends_with(".write"), "{scope}");
        }
    }
}
