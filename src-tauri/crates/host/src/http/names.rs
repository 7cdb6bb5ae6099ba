//! Host names looked up by the system, with an error that can be told from others, and those of this computer by nobody.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The system's resolver for names of other computers. `localhost` and what lies below it are this computer's addresses,
/// whatever a resolver would say: plain http is allowed there because it stays here (RFC 6761 §6.3).
pub(super) struct Names;

/// The addresses of this computer. Who connects tries the one after the other.
const HERE: [SocketAddr; 2] =
    [SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0), SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0)];

/// A name that was not found.
#[derive(Debug)]
pub(super) struct Unresolved(io::Error);

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name could not be resolved: {}", self.0)
    }
}

impl std::error::Error for Unresolved {}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        if provider::is_localhost(name.as_str()) {
            return Box::pin(async { Ok(Box::new(HERE.into_iter()) as Addrs) });
        }
        Box::pin(async move {
            // The port is put in later, from the address.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(Unresolved)?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    #[test]
    fn names_of_this_computer_are_never_looked_up() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("an event queue");
        for name in ["localhost", "api.localhost", "no-such-host.localhost", "API.LocalHost", "localhost."] {
            let found: Vec<SocketAddr> = runtime
                .block_on(Names.resolve(Name::from_str(name).expect("a name")))
                .expect("two addresses")
                .collect();
            assert_eq!(found, HERE, "{name}");
        }
    }
}
