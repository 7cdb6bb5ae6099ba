//! Answers, read piece by piece: API error, challenge, rate limit, clock.
//!
//! Nothing here judges the call. Reading is total: what is malformed is told, and never an error.

pub(crate) mod api_error;
pub(crate) mod challenge;
pub(crate) mod clock;
pub(crate) mod mask;
pub(crate) mod named;
pub(crate) mod page;
pub(crate) mod pointer;
pub(crate) mod rate;
pub(crate) mod retry_after;
pub(crate) mod text;

pub use api_error::ApiError;
pub use challenge::{Challenge, Challenges, challenges};
pub use clock::{ServerTime, Skew, SkewGrade};
pub use mask::brief_json;
pub use pointer::point;
pub use rate::Rate;
pub use retry_after::WaitSource;
