//! What a definition file may say, and how one that says something else is answered.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use keywright_provider::{Definition, DefinitionError, MAX_BYTES, built_in, built_in_text, scaffold};

/// The smallest definition.
const SMALL: &str = r#"keywright-provider = 1
id = "acme"
name = "Acme"

[[variables]]
id = "shop"
label = "Shop"

[[environments]]
id = "test"
label = "Test"
tier = "test"
base-url = "https://{shop}.example.com"
"#;

/// The example in the description of the format.
fn documented_example() -> &'static str {
    let page = include_str!("../../../../docs/formats/provider-v1.md");
    let (_, rest) = page.split_once("```toml\nkeywright-provider = 1").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let start = example.as_ptr() as usize - page.as_ptr() as usize - "keywright-provider = 1".len();
    &page[start..start + "keywright-provider = 1".len() + example.len()]
}

/// Every error of a file, with its hint, a line each.
fn errors(text: &str) -> String {
    let Err(errors) = Definition::check(text) else { return "no error\n".to_owned() };
    let line = |error: &DefinitionError| {
        let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{error}{hint}\n")
    };
    errors.iter().map(line).collect()
}

/// The smallest definition with one text put in the place of another.
fn with(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    SMALL.replacen(from, to, 1)
}

/// The smallest definition and more.
fn and(more: &str) -> String {
    format!("{SMALL}\n{more}\n")
}

#[test]
fn the_built_in_ones_and_the_documented_one_are_right() {
    for id in ["gr4vy", "hedge", "partner", "cryptopay"] {
        assert_eq!(errors(built_in_text(id).unwrap()), "no error\n", "{id}");
    }
    assert_eq!(errors(documented_example()), "no error\n");
    assert_eq!(errors(SMALL), "no error\n");
    let ids: Vec<&str> = built_in().iter().map(|definition| definition.id.as_str()).collect();
    assert_eq!(ids, ["gr4vy", "hedge", "partner", "cryptopay"], "in the order in which they are offered");
}

#[test]
fn the_examples_are_right() {
    for (name, text) in [
        ("coinbase-cdp", include_str!("../../../../docs/providers/examples/coinbase-cdp.toml")),
        ("app-store-connect", include_str!("../../../../docs/providers/examples/app-store-connect.toml")),
        ("google-service-account", include_str!("../../../../docs/providers/examples/google-service-account.toml")),
        ("github-app", include_str!("../../../../docs/providers/examples/github-app.toml")),
        ("private-key-jwt", include_str!("../../../../docs/providers/examples/private-key-jwt.toml")),
    ] {
        assert_eq!(errors(text), "no error\n", "{name}");
        assert_eq!(Definition::parse(text).unwrap().id, name);
    }
}

#[test]
fn the_description_names_every_key() {
    let page = include_str!("../../../../docs/formats/provider-v1.md");
    // serde names every key of a table when it meets one that is not known.
    let mut missing = Vec::new();
    for (table, probe) in TABLES {
        let Err(errors) = Definition::check(probe) else { panic!("{table} took any key") };
        let DefinitionError::UnknownName { wanted, .. } = &errors[0] else { panic!("{table}: {}", errors[0]) };
        missing.extend(
            wanted.iter().filter(|key| !page.contains(&format!("`{key}`"))).map(|key| format!("{table}: {key}")),
        );
    }
    assert_eq!(missing, [""; 0]);
}

/// A definition with an unknown key in each kind of table.
const TABLES: &[(&str, &str)] = &[
    ("the file", "keywright-provider = 1\nx-x = 1"),
    ("sources", "keywright-provider = 1\n[sources.a]\nx-x = 1"),
    ("variables", "keywright-provider = 1\n[[variables]]\nx-x = 1"),
    ("shape", "keywright-provider = 1\n[[variables]]\nid = 'a'\nshape = { x-x = 1 }"),
    ("environments", "keywright-provider = 1\n[[environments]]\nx-x = 1"),
    ("credentials", "keywright-provider = 1\n[credentials]\nx-x = 1"),
    ("private-keys", "keywright-provider = 1\n[[credentials.private-keys]]\nx-x = 1"),
    ("file", "keywright-provider = 1\n[[credentials.private-keys]]\nfile = { x-x = 1 }"),
    ("keys", "keywright-provider = 1\n[[credentials.private-keys]]\nkeys = [{ x-x = 1 }]"),
    ("refused", "keywright-provider = 1\n[[credentials.private-keys]]\nrefused = [{ x-x = 1 }]"),
    ("attributes", "keywright-provider = 1\n[[credentials.private-keys]]\nattributes = [{ x-x = 1 }]"),
    ("choices", "keywright-provider = 1\n[[credentials.private-keys]]\nattributes = [{ choices = [{ x-x = 1 }] }]"),
    ("secrets", "keywright-provider = 1\n[[credentials.secrets]]\nx-x = 1"),
    ("api-keys", "keywright-provider = 1\n[[credentials.api-keys]]\nx-x = 1"),
    ("logins", "keywright-provider = 1\n[[credentials.logins]]\nx-x = 1"),
    ("clients", "keywright-provider = 1\n[[credentials.clients]]\nx-x = 1"),
    ("texts", "keywright-provider = 1\n[[credentials.texts]]\nx-x = 1"),
    ("refresh", "keywright-provider = 1\n[token]\nrefresh = { x-x = 1 }"),
    ("client-side", "keywright-provider = 1\n[client-side]\nx-x = 1"),
    ("token", "keywright-provider = 1\n[token]\nx-x = 1"),
    ("header", "keywright-provider = 1\n[token]\nheader = [{ x-x = 1 }]"),
    ("claims", "keywright-provider = 1\n[token]\nclaims = [{ x-x = 1 }]"),
    ("lifetime", "keywright-provider = 1\n[token]\nlifetime = { x-x = 1 }"),
    ("presets", "keywright-provider = 1\n[token]\nlifetime = { presets = [{ x-x = 1 }] }"),
    ("sheets", "keywright-provider = 1\n[[sheets]]\nx-x = 1"),
    ("fields of a sheet", "keywright-provider = 1\n[[sheets]]\nfields = [{ x-x = 1 }]"),
    ("create", "keywright-provider = 1\n[[sheets]]\ncreate = { x-x = 1 }"),
    ("scopes", "keywright-provider = 1\n[scopes]\nx-x = 1"),
    ("grammar", "keywright-provider = 1\n[scopes]\ngrammar = { x-x = 1 }"),
    ("actions", "keywright-provider = 1\n[scopes]\ngrammar = { actions = [{ x-x = 1 }] }"),
    ("families", "keywright-provider = 1\n[scopes]\nfamilies = [{ x-x = 1 }]"),
    ("values", "keywright-provider = 1\n[scopes]\nvalues = [{ x-x = 1 }]"),
    ("placement", "keywright-provider = 1\n[placement]\nx-x = 1"),
    ("headers", "keywright-provider = 1\n[[headers]]\nx-x = 1"),
    ("flows", "keywright-provider = 1\n[[flows]]\nx-x = 1"),
    ("body", "keywright-provider = 1\n[[flows]]\nbody = [{ x-x = 1 }]"),
    ("on-unauthorized", "keywright-provider = 1\n[on-unauthorized]\nx-x = 1"),
    ("endpoints", "keywright-provider = 1\n[[endpoints]]\nx-x = 1"),
    ("needs", "keywright-provider = 1\n[[endpoints]]\nneeds = { x-x = 1 }"),
    ("errors", "keywright-provider = 1\n[errors]\nx-x = 1"),
    ("known", "keywright-provider = 1\n[errors]\nknown = [{ x-x = 1 }]"),
    ("rate-limits", "keywright-provider = 1\n[[rate-limits]]\nx-x = 1"),
    ("webhook", "keywright-provider = 1\n[webhook]\nx-x = 1"),
    ("signature", "keywright-provider = 1\n[webhook]\nsignature = { x-x = 1 }"),
    ("fields", "keywright-provider = 1\n[webhook]\nfields = { x-x = 1 }"),
    ("token of a webhook", "keywright-provider = 1\n[webhook]\ntoken = { x-x = 1 }"),
    ("timestamp", "keywright-provider = 1\n[webhook]\ntimestamp = { x-x = 1 }"),
    ("rotation", "keywright-provider = 1\n[[rotation]]\nx-x = 1"),
    ("list", "keywright-provider = 1\n[[rotation]]\nlist = { x-x = 1 }"),
    ("grants", "keywright-provider = 1\n[[rotation]]\ngrants = [{ x-x = 1 }]"),
    ("publish", "keywright-provider = 1\n[[rotation]]\npublish = { x-x = 1 }"),
    ("call", "keywright-provider = 1\n[[rotation]]\ndelete = { call = { x-x = 1 } }"),
    ("hand", "keywright-provider = 1\n[[rotation]]\ndelete = { hand = { x-x = 1 } }"),
];

#[test]
fn what_is_not_a_definition_is_answered_with_place_found_and_wanted() {
    let cases = [
        // The text.
        ("empty", String::new()),
        ("not TOML", "keywright-provider = 1\nid = acme\n".to_owned()),
        ("a newer format", with("keywright-provider = 1", "keywright-provider = 2")),
        ("a version as text", with("keywright-provider = 1", "keywright-provider = \"1\"")),
        ("an unknown key", with("base-url", "base-ulr")),
        ("an unknown key far from any", with("tier", "colour")),
        ("an unknown word", with("\"test\"\nbase", "\"tset\"\nbase")),
        ("a missing key", with("label = \"Test\"\n", "")),
        ("the wrong type", with("name = \"Acme\"", "name = 7")),
        ("a key twice", with("name = \"Acme\"", "name = \"Acme\"\nname = \"Acme\"")),
        // Values of their own kind.
        (
            "a set of characters that runs backwards",
            with("label = \"Shop\"", "label = \"Shop\"\nshape = { chars = \"z-a\" }"),
        ),
        ("a scope grammar that does not compile", and("[scopes.grammar]\nform = \"{resource}\"\nresource = {}")),
        ("a duration", and("[token]\nlifetime = { default = \"soon\" }")),
        ("a template", and("[[headers]]\nname = \"X\"\nvalue = \"{now\"")),
        (
            "an algorithm",
            and("[[credentials.secrets]]\nid = \"s\"\nlabel = \"S\"\nalgs = [\"HS257\"]\nencodings = [\"utf8\"]"),
        ),
        // What the parts say about each other.
        ("an undeclared variable", with("{shop}", "{shpo}")),
        ("an address that is none", with("https://{shop}.example.com", "https://")),
        ("http to another computer", with("https://", "http://")),
        ("a slot that an address does not know", with("{shop}", "{now}")),
        (
            "a circle of variables",
            with(
                "label = \"Shop\"",
                "label = \"Shop\"\ndefault = \"{brand}\"\n\n[[variables]]\nid = \"brand\"\nlabel = \"B\"\ndefault = \"{shop}x\"",
            ),
        ),
        ("a variable that is its own default", with("label = \"Shop\"", "label = \"Shop\"\ndefault = \"{shop}\"")),
        ("a reserved name", with("id = \"shop\"", "id = \"now\"")),
        ("an id that is not one", with("id = \"acme\"", "id = \"Acme Inc\"")),
        ("an id twice", and("[[environments]]\nid = \"test\"\nlabel = \"T\"\nbase-url = \"ask\"")),
        (
            "no environment",
            "keywright-provider = 1
id = \"acme\"
name = \"Acme\"
environments = []
"
            .to_owned(),
        ),
        ("an unknown source", with("tier = \"test\"", "tier = \"test\"\nfrom = \"hearsay\"")),
        (
            "an unknown credential",
            and(
                "[token]\ncredential = \"kee\"\n\n[[credentials.secrets]]\nid = \"key\"\nlabel = \"K\"\nalgs = [\"HS256\"]\nencodings = [\"utf8\"]",
            ),
        ),
        ("a token that nobody signs", and("[token]")),
        (
            "an algorithm for another kind of key",
            and("[[credentials.secrets]]\nid = \"s\"\nlabel = \"S\"\nalgs = [\"ES256\"]\nencodings = []"),
        ),
        (
            "a claim twice, and one on without a value",
            and(
                "[token]\nsigned-by = \"server\"\nclaims = [{ name = \"a\", type = \"string\" }, { name = \"a\", type = \"string\", default-on = true, members = [{ name = \"b\", type = \"json\" }] }]",
            ),
        ),
        (
            "scopes in a claim that is none",
            and("[token]\nsigned-by = \"server\"\n\n[scopes]\nclaim = \"scope\"\ndefault = [\"a\"]"),
        ),
        (
            "scopes that break their own grammar",
            and(
                "[scopes]\nvalues = [{ value = \"pay:me:now\", title = \"\" }, { value = \"Pay:me\", title = \"\" }]\nfamilies = [{ group = \"G\", resources = [\"a b\"] }]\n[scopes.grammar]\nform = \"{resource}:{action}\"\nresource = { chars = \"a-z_\" }\nactions = [{ name = \"me\", title = \"\", implies = [\"you\"] }, { name = \"now\", title = \"\" }]",
            ),
        ),
        (
            "a scope that is not listed",
            and(
                "[scopes]\nvalues = [{ value = \"balance:read\", title = \"\" }]\n\n[[endpoints]]\nid = \"e\"\nlabel = \"E\"\nmethod = \"GET\"\npath = \"/\"\nneeds = { all = [\"balances:read\"] }",
            ),
        ),
        (
            "an endpoint in many ways wrong",
            and(
                "[[endpoints]]\nid = \"e\"\nlabel = \"E\"\nmethod = \"get\"\npath = \"x\"\nbody = \"{\"\nexpect = 7\nwithout-headers = [\"X\"]",
            ),
        ),
        (
            "headers in many ways wrong",
            and(
                "[[headers]]\nname = \"X Y\"\nvalue = \"{kid}\"\nonly = [\"/x\"]\nexcept = [\"x\"]\n\n[[headers]]\nname = \"authorization\"\nvalue = \"\"",
            ),
        ),
        (
            "a flow in many ways wrong",
            and(
                "[[flows]]\nid = \"f\"\nlabel = \"F\"\nkind = \"refresh\"\nmethod = \"POST\"\npath = \"http://x\"\ngives = { access = [\"access\"] }\nkeeps = [\"refresh\"]\n\n[on-unauthorized]\ndo = \"refresh\"\nflow = \"g\"",
            ),
        ),
        (
            "pointers",
            and(
                "[errors]\ncode = [\"code\"]\nmarks = { type = \"error\" }\nknown = [{ status = 99, meaning = \"\", fix = \"\" }]",
            ),
        ),
        (
            "a webhook",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nsecret-encoding = \"utf8\"\nsigned = \"{timestamp}{id}\"\nsignature = { header = \"\", encoding = \"hex\" }",
            ),
        ),
        (
            "a webhook that signs something unknown",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nsigned = \"{timestamp}.{payload}\"\nsignature = { header = \"X\", encoding = \"hex\" }",
            ),
        ),
        (
            "a webhook that signs a header field that is none",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nsigned = \"{header:x y}{body}\"\nsignature = { header = \"X\", encoding = \"hex\" }",
            ),
        ),
        (
            "a webhook signed with a key pair that cannot be named",
            and(
                "[webhook]\nmac = \"rsa-sha256\"\nsigned = \"{body}\"\nsignature = { header = \"X\", encoding = \"hex\" }",
            ),
        ),
        (
            "a webhook with a slip in its MAC",
            and(
                "[webhook]\nmac = \"hmac-sha265\"\nsigned = \"{body}\"\nsignature = { header = \"X\", encoding = \"hex\" }",
            ),
        ),
        (
            "a webhook with a lone brace",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nsigned = \"{body\"\nsignature = { header = \"X\", encoding = \"hex\" }",
            ),
        ),
        (
            "a webhook without a place, an encoding and anything signed",
            and("[webhook]\nmac = \"hmac-sha256\"\nsignature = {}"),
        ),
        (
            "a webhook with two of everything",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nsigned = \"{body}{header:x y}\"\nfields = { pointers = [\"/a\"], named-by = \"/b\", separator = \"\" }\ntoken = { algs = [\"ES256\"], claim = \"c\", encoding = \"hex\" }\nsignature = { header = [\"X\", \"Y Z\"], pointer = \"/s\", encoding = \"hex\" }\ntimestamp = { header = \"T\", claim = \"iat\", unit = \"s\", tolerance = \"5m\" }",
            ),
        ),
        (
            "a webhook whose signature covers itself",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nsigned = \"{body}\"\nsignature = { pointer = \"/s\", encoding = \"hex\" }",
            ),
        ),
        (
            "a webhook whose fields hold the signature",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nfields = { pointers = [\"/a\", \"/s\"], within = \"/x\", separator = \"\" }\nsignature = { pointer = \"/s\", encoding = \"hex\" }",
            ),
        ),
        (
            "a webhook without a field",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nfields = { separator = \":\" }\nsignature = { pointer = \"/s\", encoding = \"hex\" }",
            ),
        ),
        (
            "a webhook with wrong pointers",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nfields = { pointers = [\"/a\", \"b\"], separator = \":\" }\nsignature = { pointer = \"/s\", encoding = \"hex\" }",
            ),
        ),
        (
            "a webhook with empty texts",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nsigned = \"{body}\"\nsecret-prefix = \"\"\nsignature = { header = \"X\", encoding = \"hex\", separator = \"\", member = [\"\"], prefix = [\"\"] }",
            ),
        ),
        (
            "a webhook whose separator splits its prefix",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nsigned = \"{body}\"\nsignature = { header = \"X\", encoding = \"hex\", separator = \",\", prefix = \"v1,\" }",
            ),
        ),
        (
            "a webhook with a time that cannot be",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nsigned = \"{timestamp}{body}\"\nsignature = { header = \"X\", encoding = \"hex\" }\ntimestamp = { member = \"t\", unit = \"s\", tolerance = \"0s\" }\nid-header = \"an id\"",
            ),
        ),
        (
            "a webhook with a list of numbers",
            and(
                "[webhook]\nmac = \"hmac-sha256\"\nsigned = \"{body}\"\nsignature = { header = [1], encoding = \"hex\" }",
            ),
        ),
        (
            "a webhook with a token that carries nothing",
            and(
                "[webhook]\nmac = \"jwt\"\nsigned = \"{body}\"\nsignature = { header = \"X\", encoding = \"hex\", prefix = \"Bearer \" }",
            ),
        ),
        (
            "a webhook with a token that nothing may sign",
            and(
                "[webhook]\nmac = \"jwt\"\nsignature = { header = \"X\" }\ntoken = { algs = [], claim = \"c\", encoding = \"hex\" }",
            ),
        ),
        (
            "bounds of a lifetime",
            and(
                "[token]\nsigned-by = \"server\"\nlifetime = { default = \"2h\", max = \"1h\", warn-under = \"3h\", warn-over = \"1h\" }",
            ),
        ),
        (
            "a least life of a token whose life is what is left of it",
            and(
                "[token]\nsigned-by = \"server\"\nlifetime = { default = \"1h\", warn-under = \"1m\", counted = \"from-now\" }",
            ),
        ),
        (
            "references that lead nowhere",
            and(
                "[placement]\nin = \"header\"\nname = \"Authorization\"\ntakes = [\"kye\"]\n\n[[credentials.api-keys]]\nid = \"key\"\nlabel = \"K\"\n\n[client-side]\nsafe = [\"keys\", \"token\"]\nnever = [\"token\"]\nscopes = [\"a\"]\n\n[[flows]]\nid = \"mint\"\nlabel = \"M\"\nkind = \"mint\"\nmethod = \"POST\"\npath = \"/m\"\nauth = \"bearer\"\ncredential = \"kee\"\nbody = [{ name = \"a\", value = \"{signed-token}\" }, { name = \"b\", value = \"{credential.client_id}\" }]\ngives = { acess = [\"/a\"] }\n\n[on-unauthorized]\ndo = \"refresh\"\nflow = \"mint\"\notherwise = \"log-in\"",
            ),
        ),
        (
            "flows that lack what they send",
            and(
                "[[flows]]\nid = \"a\"\nlabel = \"A\"\nkind = \"mint\"\nmethod = \"POST\"\npath = \"/a\"\nauth = \"basic\"\nform = \"form\"\nbody = [{ name = \"n\", value = \"1\", type = \"integer\" }]\n\n[[flows]]\nid = \"b\"\nlabel = \"B\"\nkind = \"exchange\"\nmethod = \"POST\"\npath = \"{shop}\"\nauth = \"signed\"\nbody = [{ name = \"n\", value = \"{{}}\", type = \"object\" }]\n\n[[flows]]\nid = \"c\"\nlabel = \"C\"\nkind = \"verify\"\nmethod = \"GET\"\npath = \"/c\"\nauth = \"access\"\n\n[on-unauthorized]\ndo = \"mint\"",
            ),
        ),
        (
            "ids of credentials",
            and(
                "[[credentials.secrets]]\nid = \"a\"\nlabel = \"A\"\nencodings = [\"utf8\"]\n\n[[credentials.api-keys]]\nid = \"a\"\nlabel = \"A\"\n\n[[credentials.texts]]\nid = \"token\"\nlabel = \"T\"\n\n[[credentials.texts]]\nid = \"client-id\"\nlabel = \"C\"",
            ),
        ),
        (
            "variables of the environment",
            with("tier = \"test\"", "tier = \"test\"\nenv-var = \"3DS-token\"")
                + "\n[[credentials.secrets]]\nid = \"s\"\nlabel = \"S\"\nencodings = [\"utf8\"]\nenv-var = \"$SECRET\"\n",
        ),
        (
            "a beginning that no key has",
            with("tier = \"test\"", "tier = \"test\"\ncredential-prefixes = [\"tset_\"]")
                + "\n[[credentials.api-keys]]\nid = \"key\"\nlabel = \"K\"\nshape = { prefixes = [\"test_\"] }\n",
        ),
        (
            "a scope that gives one that is not listed",
            and("[scopes]\nvalues = [{ value = \"all\", title = \"\", implies = [\"read\"] }]"),
        ),
        ("deep nesting", format!("keywright-provider = 1\nx = {}{}", "[".repeat(10_000), "]".repeat(10_000))),
    ];
    let text: String = cases
        .iter()
        .map(|(what, text)| {
            let errors = errors(text);
            assert_ne!(errors, "no error\n", "{what}");
            format!("{what}\n{errors}\n")
        })
        .collect();
    insta::assert_snapshot!(text);
}

/// A key, a client and a token, for flows that use them.
const SIGNED: &str = r#"
[[credentials.private-keys]]
id = "key"
label = "Key"
forms = ["pkcs8"]
keys = [{ kty = "RSA", algs = ["RS256"] }]

[[credentials.clients]]
id = "client"
label = "Client"

[[credentials.api-keys]]
id = "api_key"
label = "API key"

[[credentials.texts]]
id = "tenant"
label = "Tenant"

[token]
credential = "key"
"#;

/// A token with this, beside what [`SIGNED`] has.
fn token(more: &str) -> String {
    and(&format!("{SIGNED}{more}"))
}

/// A flow with these lines, beside that.
fn flow(more: &str) -> String {
    token(&format!("\n[[flows]]\nid = \"f\"\nlabel = \"F\"\nkind = \"exchange\"\nmethod = \"POST\"\n{more}\n"))
}

/// What was accepted and then never worked.
#[test]
fn what_cannot_work_is_refused_with_its_place() {
    let placement = |more: &str| and(&format!("[placement]\n{more}"));
    let cases = [
        // Where a credential stands.
        ("a token in the query", placement("in = \"query\"\nname = \"token\"")),
        ("a token in the body", placement("in = \"body\"\nname = \"/token\"")),
        ("a token in a place that nobody knows", placement("in = \"heder\"\nname = \"X\"")),
        ("a scheme of two words", placement("in = \"header\"\nname = \"Authorization\"\nscheme = \"Bearer token\"")),
        ("a scheme of a cookie with a name that is none", placement("in = \"cookie\"\nname = \"a;b\"\nscheme = \"Bearer\"")),
        ("a key that is not sent as it is", token("[placement]\nin = \"header\"\nname = \"X-Key\"\ntakes = [\"key\"]")),
        ("a field where a cookie stands", and("[placement]\nin = \"cookie\"\nname = \"session\"\n\n[[headers]]\nname = \"cookie\"\nvalue = \"a=b\"")),
        // Header fields.
        ("a value that no field has", and("[[headers]]\nname = \"X\"\nvalue = \"é\"")),
        ("a value longer than the most", and("[[headers]]\nname = \"X\"\nvalue = \"abcdef\"\nmax = 5")),
        // Addresses.
        ("a variable of kind path in the host of a flow", flow("path = \"https://{shop}/x\"").replace("label = \"Shop\"", "label = \"Shop\"\nkind = \"path\"")),
        ("a credential in the host of a flow", flow("path = \"https://{credential.tenant}.acme.test/x\"")),
        ("a flow to nowhere", flow("path = \"https://\"")),
        ("http to another computer in a flow", flow("path = \"http://acme.test/token\"")),
        ("a flow with a user name in its address", flow("path = \"https://a:b@acme.test/token\"")),
        ("a default that the variable does not take", with("label = \"Shop\"", "label = \"Shop\"\nshape = { chars = \"0-9\" }\ndefault = \"acme\"")),
        // Flows.
        ("a signed token and a client's secret", flow("path = \"/x\"\nbody = [{ name = \"a\", value = \"{signed-token}\" }, { name = \"s\", value = \"{credential.client_secret}\" }]")),
        ("a client that signs", flow("path = \"/x\"\nauth = \"signed\"\ncredential = \"client\"")),
        ("a client as a bearer", flow("path = \"/x\"\nauth = \"bearer\"\ncredential = \"client\"")),
        ("a key in HTTP Basic", flow("path = \"/x\"\nauth = \"basic\"\ncredential = \"key\"")),
        ("a text that another credential has", flow("path = \"/{credential.tenant}\"\ncredential = \"client\"")),
        ("a text as a credential", flow("path = \"/x\"\ncredential = \"tenant\"")),
        ("the call in a token for a flow", flow("path = \"/x\"\nauth = \"signed\"").replace("credential = \"key\"", "credential = \"key\"\nclaims = [{ name = \"uri\", type = \"string\", presence = \"required\", value = \"{method} {host}\" }]")),
        ("members of a type that their value has not", flow("path = \"/x\"\ncredential = \"client\"\nbody = [{ name = \"a\", value = \"one\", type = \"integer\" }, { name = \"b\", value = \"{credential.client_secret}\", type = \"json\" }, { name = \"c\", value = \"{uuid}\", type = \"boolean\" }]")),
        // Tokens.
        ("values that are not of the claim's type", token("claims = [{ name = \"a\", type = \"object\", value = \"text\" }, { name = \"b\", type = \"time\", value = \"{uuid}\" }, { name = \"c\", type = \"boolean\", value = \"yes\" }, { name = \"d\", type = \"string\", value = [\"a\"] }, { name = \"e\", type = \"objects\", value = \"{scopes}\" }]")),
        ("members that want to be written", token("claims = [{ name = \"a\", type = \"object\", members = [{ name = \"b\", type = \"string\", value = \"x\", default-on = true, fresh = true }, { name = \"b\", type = \"string\", omit-if-empty = true, only-with-scope = \"s\" }] }]")),
        ("what is said of objects and texts, of numbers", token("claims = [{ name = \"a\", type = \"integer\", open = true, key-case = \"snake-case\", form = \"uuid\", one-of = [\"1\"] }]")),
        ("a value that the claim does not take", token("claims = [{ name = \"a\", type = \"string\", value = \"c\", one-of = [\"a\", \"b\"] }, { name = \"d\", type = \"string\", value = \"eur\", form = \"currency\" }, { name = \"e\", type = \"string\", presence = \"forbidden\", value = \"x\" }, { name = \"f\", type = \"string\", omit-if-empty = true }]")),
        ("a field of another credential in a token", token("claims = [{ name = \"iss\", type = \"string\", value = \"{credential.client_id}\" }]")),
        ("header parameters that are no texts, and an algorithm of other keys", token("header = [{ name = \"crit\", value = \"exp\" }, { name = \"alg\", value = \"ES256\" }]")),
        ("a token signed with what signs nothing", token("").replace("credential = \"key\"", "credential = \"api_key\"")),
        ("a text with the name of a secret", token("").replace("id = \"tenant\"", "id = \"client_secret\"")),
        ("keys that are none, or do not sign that way", and("[[credentials.private-keys]]\nid = \"k\"\nlabel = \"K\"\nforms = [\"pkcs8\"]\nkeys = [{ kty = \"ECC\", algs = [\"ES256\"] }, { kty = \"EC\", crv = \"P256\", algs = [\"ES256\"] }, { kty = \"EC\", crv = \"P-256\", min-bits = 256, algs = [\"ES384\"] }, { kty = \"RSA\", algs = [\"HS256\"] }, { kty = \"OKP\", algs = [] }]")),
        ("a shape that no text has", with("label = \"Shop\"", "label = \"Shop\"\nshape = { min = 3, max = 2 }")),
        ("a field of a rate limit", and("[[rate-limits]]\napplies-to = \"all\"\nreset-header = \"X Reset\"")),
        ("a text that goes with nothing", and("[[credentials.texts]]\nid = \"merchant\"\nlabel = \"Merchant\"\n\n[[headers]]\nname = \"X\"\nvalue = \"{credential.merchant}\"")),
        // Words.
        ("a number as text", and("[[headers]]\nname = \"X\"\nvalue = \"1\"\nmax = \"ten\"")),
        ("a number below 0", and("[[headers]]\nname = \"X\"\nvalue = \"1\"\nmax = -1")),
        ("a word as text", and("[[headers]]\nname = \"X\"\nvalue = \"1\"\nomit-if-empty = \"yes\"")),
        ("one where several are wanted", and("[[headers]]\nname = \"X\"\nvalue = \"1\"\nonly = \"GET /x\"")),
        ("a text where a table is wanted", and("[token]\nlifetime = \"5m\"")),
        ("a content type that no field has", and("[[endpoints]]\nid = \"e\"\nlabel = \"E\"\nmethod = \"GET\"\npath = \"/\"\ncontent-type = \"té\"")),
    ];
    let mut text = String::new();
    for (what, definition) in cases {
        let errors = errors(&definition);
        assert_ne!(errors, "no error\n", "{what}");
        text += &format!("{what}\n{errors}\n");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn what_works_is_accepted() {
    let accepted = [
        flow("path = \"http://localhost:8080/token\""),
        flow("path = \"http://127.0.0.1/token?x={shop}\""),
        flow("path = \"https://{shop}/token\""),
        flow("path = \"https://{shop}.acme.test:8443/{credential.tenant}/token\"\nauth = \"signed\""),
        flow(
            "path = \"/x\"\nauth = \"basic\"\ncredential = \"client\"\nbody = [{ name = \"s\", value = \"{scopes}\", type = \"strings\" }, { name = \"n\", value = \"{random-hex:8}{uuid-hex}\" }]",
        ),
        flow("path = \"/x\"\nauth = \"bearer\"\ncredential = \"api_key\""),
        token(
            "claims = [{ name = \"a\", type = \"object\", value = \"{{\\\"b\\\":{shop}}}\" }, { name = \"c\", type = \"object\", value = \"{shop}\" }, { name = \"d\", type = \"integer\", value = \"{ttl}\" }, { name = \"e\", type = \"strings\", value = [\"{host}\"] }]",
        ),
        token("header = [{ name = \"alg\", value = \"RS256\" }, { name = \"kid\", value = \"{credential.tenant}\" }]"),
        and("[scopes]\nvalues = [{ value = \"read\", title = \"Read\" }]\naliases = { from = \"read\" }"),
    ];
    for text in accepted {
        assert_eq!(errors(&text), "no error\n", "{text}");
    }
}

#[test]
fn a_file_over_the_bound_is_refused_before_it_is_read() {
    let text = format!("{SMALL}# {}", "x".repeat(MAX_BYTES));
    insta::assert_snapshot!(errors(&text), @"line 14, column 499811: the definition has 500192 bytes, wanted at most 500000 (a definition holds rules, not data: remove what is not one)");
}

#[test]
fn a_file_of_any_size_and_kind_is_answered() {
    let doubled: String = (0..60)
        .map(|i| format!("[[variables]]\nid = \"v{i}\"\nlabel = \"V\"\ndefault = \"{{v{0}}}{{v{0}}}\"\n\n", i + 1))
        .chain(["[[variables]]\nid = \"v60\"\nlabel = \"V\"\ndefault = \"x\"\n".to_owned()])
        .collect();
    let many: String = (0..201).map(|i| format!("[[variables]]\nid = \"v{i}\"\nlabel = \"V\"\n\n")).collect();
    let names = |count: usize| (0..count).map(|i| format!("\"n{i}\"")).collect::<Vec<_>>().join(", ");
    let actions: String =
        (0..101).map(|i| format!("[[scopes.grammar.actions]]\nname = \"a{i}\"\ntitle = \"\"\n")).collect();
    let catalogue = format!(
        "[scopes.grammar]\nform = \"{{resource}}.{{action}}\"\nresource = {{}}\n{actions}[[scopes.families]]\ngroup = \"G\"\nresources = [{}]\n",
        names(100)
    );
    let unknown: String =
        (0..300).map(|i| format!("[[headers]]\nname = \"X\"\nvalue = \"1\"\nfrom = \"s{i}\"\n")).collect();
    let cases = [
        ("defaults that double", and(&doubled).into_bytes()),
        ("too many variables", and(&many).into_bytes()),
        ("too many scopes", and(&catalogue).into_bytes()),
        ("three hundred faults", and(&unknown).into_bytes()),
        ("five megabytes", vec![b'#'; 5_000_000]),
        ("five megabytes of nothing readable", vec![0xff; 5_000_000]),
        ("a byte that is no UTF-8", [b"keywright-provider = 1\nid = \"caf\xe9\"\n".as_slice()].concat()),
        ("UTF-16", b"\xff\xfek\0e\0y\0".to_vec()),
        ("a character cut in two", "name = \"ü".as_bytes()[..9].to_vec()),
    ];
    let mut text = String::new();
    for (what, bytes) in &cases {
        let errors = Definition::check_bytes(bytes).unwrap_err();
        assert!(errors.len() <= 101, "{what}");
        let line = |error: &DefinitionError| {
            format!("{error}{}\n", error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default())
        };
        let last = errors.last().filter(|_| errors.len() > 1).map(line).unwrap_or_default();
        text += &format!("{what}: {}\n{}{last}\n", errors.len(), line(&errors[0]));
    }
    insta::assert_snapshot!(text);
    assert!(Definition::check_bytes(SMALL.as_bytes()).is_ok());
    assert!(Definition::check_bytes(format!("\u{feff}{SMALL}").as_bytes()).is_ok(), "a byte order mark is no fault");
}

#[test]
fn the_emulator_is_wanted_for_what_it_plays() {
    let wants = with("base-url = \"https://{shop}.example.com\"", "base-url = \"emulator\"");
    let errors = Definition::check_bytes(wants.as_bytes()).unwrap_err();
    let told: Vec<String> =
        errors.iter().map(|error| format!("{error}\nhint: {}", error.hint().unwrap_or_default())).collect();
    insta::assert_snapshot!(told.join("\n"));
    // One that was taken before that was looked at is still read.
    assert!(Definition::parse(&wants).is_ok());
    for own in built_in() {
        assert!(Definition::check_bytes(built_in_text(&own.id).unwrap().as_bytes()).is_ok(), "{}", own.id);
    }
    assert!(Definition::check_bytes(documented_example().as_bytes()).is_ok());
}

#[test]
fn parse_gives_the_first_error_and_its_position() {
    let error = Definition::parse(&with("base-url", "base-ulr")).unwrap_err();
    let position = error.position();
    assert_eq!((position.line, position.column), (13, 1));
    assert_eq!(error.hint().as_deref(), Some("did you mean \"base-url\"?"));
}

#[test]
fn an_action_gives_what_it_implies_and_no_more() {
    let definition = Definition::parse(documented_example()).unwrap();
    let scopes = definition.scopes.as_ref().unwrap();
    assert!(scopes.gives("payments:manage", "payments:read"));
    assert!(!scopes.gives("payments:read", "payments:manage"));
    assert!(!scopes.gives("payments:manage", "payouts:read"));
    let titles: Vec<String> = scopes.catalogue().into_iter().map(|listed| listed.title).collect();
    assert_eq!(titles[..2], ["See payments", "See and change payments"]);
}

#[test]
fn a_label_forges_no_line() {
    let text = scaffold("Acme").replacen("label = \"Sandbox\"", "label = \"Sandbox\\nLive\"", 1);
    insta::assert_snapshot!(errors(&text));
}
