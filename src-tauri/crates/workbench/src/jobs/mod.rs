//! The jobs: one function for each thing a person does.

pub mod acceptance;
pub mod calls;
pub mod checks;
pub mod credentials;
pub mod deliveries;
pub mod demo;
pub mod diagnosis;
pub mod drafts;
pub mod flows;
pub mod imports;
pub mod inspection;
pub mod issued_tokens;
pub mod keys;
pub mod places;
pub mod profile_files;
pub mod profiles;
pub mod providers;
pub mod recipes;
pub mod requests;
pub mod rotation;
pub mod sealed_drafts;
pub mod settings;
pub mod strength;
pub mod tokens;
pub mod undo;
pub mod webhooks;
