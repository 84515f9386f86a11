//! What holds of the whole house. Each module says which promise it keeps.
//!
//! What `cargo xtask nightly` does is a part of it: the runs of the tests, and more of them.

mod cores;
pub mod judged;
pub mod nightly;
pub mod wild;

#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod chaos;
#[cfg(test)]
mod compare;
#[cfg(test)]
mod core;
#[cfg(test)]
mod crashes;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod detection;
#[cfg(test)]
mod effort;
#[cfg(test)]
mod fates;
#[cfg(test)]
mod features;
#[cfg(test)]
mod goldens;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod journeys;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod liveness;
#[cfg(test)]
mod mutate;
#[cfg(test)]
mod paxoses;
#[cfg(test)]
mod shorten;
#[cfg(test)]
mod spreading;
#[cfg(test)]
mod straight;
#[cfg(test)]
mod swarm;
#[cfg(test)]
mod switches;
#[cfg(test)]
mod tally;
