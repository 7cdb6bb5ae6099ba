//! The life of keys, rule by rule and over random sequences.

mod life;
mod rules;
mod words;
