//! What crosses an edge: request and answer types with their JSON, and the closed set of error codes.
