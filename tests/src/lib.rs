//! What holds of the whole house. Each module says which promise it keeps.

#![cfg(test)]

mod catalogue;
mod chaos;
mod compare;
mod core;
mod cores;
mod detection;
mod effort;
mod fates;
mod features;
mod goldens;
mod histories;
mod hostile;
mod journeys;
mod laws;
mod liveness;
mod mutate;
mod paxoses;
mod requests;
mod shorten;
mod straight;
mod swarm;
mod switches;
mod tally;
