//! Header fields of a request as they are written: none of them says how the message travels.

use provider::is_routing_field;

use crate::{Header, PrepareError};

/// The fields of a request. Those that route are made from the address and the body by whoever sends it, and by nobody else.
pub(crate) fn check_fields(headers: &[Header]) -> Result<(), PrepareError> {
    match headers.iter().find(|header| is_routing_field(&header.name)) {
        Some(header) => Err(PrepareError::RoutingField { name: header.name.clone() }),
        None => Ok(()),
    }
}
