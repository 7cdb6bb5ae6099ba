//! Which parts of a definition a live credential follows.

use std::fmt;

use super::tree::Part;

/// What a live credential follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Touch {
    /// Where it is sent.
    Hosts,
    /// How much care its environment wants, and which environment it belongs to.
    Environment,
    /// The calls that are made with it unasked, and the secrets that go into them.
    Flows,
    /// What it signs with.
    Algorithms,
    /// What it signs.
    Token,
    /// What a token may do.
    Scopes,
    /// Where it stands in a request, and what goes with it.
    Placement,
    /// What a call sends, and whether one is asked before.
    Calls,
    /// How it is replaced: the calls for that, and what a person is told to do.
    Rotation,
}

impl fmt::Display for Touch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hosts => "where a credential is sent",
            Self::Environment => "how much care an environment wants",
            Self::Flows => "the calls that get a token",
            Self::Algorithms => "what a key signs with",
            Self::Token => "what a key signs",
            Self::Scopes => "what a token may do",
            Self::Placement => "where a credential stands in a request",
            Self::Calls => "what a call sends, and whether it asks before",
            Self::Rotation => "how a credential is replaced",
        })
    }
}

/// Each part that a credential follows. `*` is any list, `[]` any item; what lies below a part belongs to it.
const FOLLOWED: &[(&[&str], Touch)] = &[
    (&["environments", "[]", "base-url"], Touch::Hosts),
    (&["environments", "[]", "tier"], Touch::Environment),
    (&["environments", "[]", "credential-prefixes"], Touch::Environment),
    (&["variables", "[]", "default"], Touch::Hosts),
    (&["variables", "[]", "kind"], Touch::Hosts),
    (&["variables", "[]", "shape"], Touch::Hosts),
    (&["flows"], Touch::Flows),
    (&["on-unauthorized"], Touch::Flows),
    (&["credentials", "*", "[]", "keys"], Touch::Algorithms),
    (&["credentials", "*", "[]", "refused"], Touch::Algorithms),
    (&["credentials", "*", "[]", "algs"], Touch::Algorithms),
    (&["credentials", "*", "[]", "encodings"], Touch::Algorithms),
    (&["credentials", "*", "[]", "advised-bytes"], Touch::Algorithms),
    (&["token"], Touch::Token),
    (&["sheets", "[]", "create"], Touch::Calls),
    (&["scopes", "claim"], Touch::Scopes),
    (&["scopes", "also-claims"], Touch::Scopes),
    (&["scopes", "default"], Touch::Scopes),
    (&["scopes", "aliases"], Touch::Scopes),
    (&["scopes", "grammar"], Touch::Scopes),
    (&["scopes", "unlisted"], Touch::Scopes),
    (&["scopes", "values", "[]", "implies"], Touch::Scopes),
    (&["placement"], Touch::Placement),
    (&["headers"], Touch::Placement),
    (&["endpoints", "[]", "method"], Touch::Calls),
    (&["endpoints", "[]", "path"], Touch::Calls),
    (&["endpoints", "[]", "body"], Touch::Calls),
    (&["endpoints", "[]", "content-type"], Touch::Calls),
    (&["endpoints", "[]", "auth"], Touch::Calls),
    (&["endpoints", "[]", "needs"], Touch::Scopes),
    (&["endpoints", "[]", "side-effects"], Touch::Calls),
    (&["endpoints", "[]", "without-headers"], Touch::Placement),
    (&["rotation"], Touch::Rotation),
];

/// Keys that only tell people something.
const TOLD: [&str; 12] = [
    "label",
    "title",
    "note",
    "from",
    "needs-from",
    "help",
    "example",
    "advice",
    "reason",
    "presets",
    "set-label",
    "remove-label",
];

/// Tables whose keys the definition chooses: there, `note` is a name like any other.
const OPEN: [&str; 4] = ["aliases", "marks", "gives", "fields"];

/// What a live credential follows at this place. Where an environment, an endpoint or a credential is new or gone, none
/// is in use, so that none follows.
pub(super) fn of(path: &[Part]) -> Option<Touch> {
    let is_open = path.iter().any(|part| matches!(part, Part::Key(key) if OPEN.contains(&key.as_str())));
    let is_told = |part: &Part| matches!(part, Part::Key(key) if TOLD.contains(&key.as_str()));
    if !is_open && path.iter().any(is_told) {
        return None;
    }
    let fits = |pattern: &[&str]| {
        let same = |(wanted, part): (&&str, &Part)| match part {
            Part::Key(key) => *wanted == "*" || wanted == key,
            Part::Item(_) => *wanted == "[]",
        };
        path.len() >= pattern.len() && pattern.iter().zip(path).all(same)
    };
    FOLLOWED.iter().find(|(pattern, _)| fits(pattern)).map(|(_, touch)| *touch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(path: &str) -> Option<Touch> {
        let part = |part: &str| match part.strip_prefix('[') {
            Some(item) => Part::Item(item.trim_end_matches(']').to_owned()),
            None => Part::Key(part.to_owned()),
        };
        of(&path.split('/').map(part).collect::<Vec<_>>())
    }

    #[test]
    fn what_a_credential_follows_is_told_from_what_people_read() {
        assert_eq!(touch("environments/[live]/base-url"), Some(Touch::Hosts));
        assert_eq!(touch("environments/[live]/label"), None);
        assert_eq!(touch("environments/[live]"), None);
        assert_eq!(touch("flows/[mint]"), Some(Touch::Flows));
        assert_eq!(touch("flows/[mint]/note"), None);
        assert_eq!(touch("flows/[mint]/body/[scope]/value"), Some(Touch::Flows));
        assert_eq!(touch("credentials/private-keys/[key]/keys/[EC P-256]/algs"), Some(Touch::Algorithms));
        assert_eq!(touch("credentials/private-keys/[key]"), None);
        assert_eq!(touch("token/lifetime/max"), Some(Touch::Token));
        assert_eq!(touch("token/lifetime/presets/[5m]"), None);
        assert_eq!(touch("endpoints/[buy]/needs/all"), Some(Touch::Scopes));
        assert_eq!(touch("endpoints/[buy]/needs-from"), None);
        assert_eq!(touch("sheets/[order]/create/endpoint"), Some(Touch::Calls));
        assert_eq!(touch("sheets/[order]/create/label"), None);
        assert_eq!(touch("sheets/[order]/fields/[amount]/required"), None);
        // A name that the definition chooses is not a key.
        assert_eq!(touch("token/claims/[note]"), Some(Touch::Token));
        assert_eq!(touch("scopes/aliases/note"), Some(Touch::Scopes));
        // Also in words: they say where a person brings a key.
        assert_eq!(touch("rotation/[key]/publish/hand/words"), Some(Touch::Rotation));
        assert_eq!(touch("rotation/[key]/grants/[roles]/label"), None);
        assert_eq!(touch("errors/known"), None);
        assert_eq!(touch("name"), None);
    }
}
