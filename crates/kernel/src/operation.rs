//! What clients do to shared data, in words that every room shares: histories are made of it.

use crate::Value;

/// What a client does to the data under one key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operation {
    /// Which data.
    pub key: Value,
    /// What is done to it.
    pub deed: Deed,
    /// Names the operation if its client may ask for it more than once, and it still takes effect
    /// once.
    pub name: Option<u64>,
}

/// What is done to data that holds [`Value::Nothing`] at first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// It is looked at.
    Read,
    /// It becomes this.
    Write(Value),
    /// If it is the first, it becomes the second.
    Swap(Value, Value),
    /// This is written behind what is there.
    Append(Value),
}

/// How an operation ended, as far as its client knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It took effect.
    Done,
    /// It took effect, and this was read.
    Found(Value),
    /// It found another value than the one to be swapped.
    Differs,
    /// It did not take effect and never will.
    Refused,
    /// Who knows: it may take effect at any time, or never.
    Unknown,
}
