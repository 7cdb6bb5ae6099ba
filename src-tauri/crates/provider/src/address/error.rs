//! Errors of addresses and of the variables that they are made from.

use crate::shape::Misfit;

/// Why an environment has no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// A variable without a value.
    #[error("the variable {label:?} is empty")]
    VariableEmpty {
        /// Its id.
        id: String,
        /// What people call it.
        label: String,
        /// Where the value is found.
        help: Option<String>,
    },
    /// A variable whose value has the wrong form.
    #[error("the variable {label:?} does not fit: {misfit}, found {found:?}")]
    VariableMisfit {
        /// Its id.
        id: String,
        /// What people call it.
        label: String,
        /// Its value.
        found: String,
        /// How the value departs from its shape.
        misfit: Box<Misfit>,
        /// Where the value is found.
        help: Option<String>,
    },
    /// A variable that should be a UUID and is not.
    #[error("the variable {label:?} is not a UUID: found {found:?}")]
    VariableNotUuid {
        /// Its id.
        id: String,
        /// What people call it.
        label: String,
        /// Its value.
        found: String,
    },
    /// A variable that should be a path and is not.
    #[error("the variable {label:?} is not a path: found {found:?}")]
    VariableNotPath {
        /// Its id.
        id: String,
        /// What people call it.
        label: String,
        /// Its value.
        found: String,
    },
    /// A value that would move the host or the path of an address.
    #[error("{slot} cannot stand in {part} with this value: found {found:?}, wanted {wanted}")]
    Part {
        /// The slot, as the definition has it.
        slot: String,
        /// `the host` or `a path`.
        part: &'static str,
        /// The value.
        found: String,
        /// What may stand there.
        wanted: &'static str,
        /// What people call the variable.
        label: String,
    },
    /// The emulator's address is not known, since it does not run.
    #[error("the emulator does not run, so {environment:?} has no address")]
    NoEmulator {
        /// The environment's label.
        environment: String,
    },
    /// An address that is not published was not entered.
    #[error("no address was entered for {environment:?}")]
    NotEntered {
        /// The environment's label.
        environment: String,
    },
    /// Not an absolute http or https address.
    #[error("{found:?} is not an address: {reason}")]
    NotAnAddress {
        /// The text.
        found: String,
        /// What is wrong with it.
        reason: String,
    },
    /// HTTP to another computer.
    #[error("{found:?} is plain HTTP to another computer, wanted https")]
    PlainHttp {
        /// The address.
        found: String,
    },
}

impl AddressError {
    /// What to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::VariableEmpty { id, help, .. } => {
                let where_found = help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
                Some(format!("set {id} in the profile{where_found}"))
            }
            Self::VariableMisfit { help, .. } => help.clone(),
            Self::VariableNotUuid { .. } => {
                Some("a UUID has 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12".to_owned())
            }
            Self::VariableNotPath { .. } => {
                Some("a path begins with one / and has no white space; the host comes from the environment".to_owned())
            }
            Self::Part { label, .. } => {
                Some(format!("set {label:?} to the part alone, without https:// and without what stands around it"))
            }
            Self::NoEmulator { .. } => Some("start the emulator".to_owned()),
            Self::NotEntered { .. } => {
                Some("the provider publishes no address for it; ask the provider, never guess".to_owned())
            }
            Self::NotAnAddress { .. } => Some("write it as https://host or https://host/path".to_owned()),
            Self::PlainHttp { .. } => {
                Some("anybody between could read the token; only addresses of this computer may be http".to_owned())
            }
        }
    }
}
