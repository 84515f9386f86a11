//! What holds of the whole house. Each module says which promise it keeps.

#![cfg(test)]

mod chaos;
mod cores;
mod goldens;
mod laws;
mod shorten;
mod tally;
