//! What holds of the whole house. Each module says which promise it keeps.

#![cfg(test)]

mod catalogue;
mod chaos;
mod compare;
mod core;
mod cores;
mod effort;
mod fates;
mod goldens;
mod journeys;
mod laws;
mod shorten;
mod straight;
mod tally;
