//! An API's rules as data: environments, credentials, recipes, scopes, endpoints, errors.
