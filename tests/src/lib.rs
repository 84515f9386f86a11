//! What holds of the whole house. Each module says which promise it keeps.

#![cfg(test)]

mod goldens;
mod laws;
