//! What would make the gate say less than it seems to.

use anyhow::{Result, bail};
use std::ffi::OsString;

/// Variables with which tests can be made to pass, or to try less, and why they are refused.
const WEAKENING: [(&str, &str); 2] = [
    ("FAULTLINE_UPDATE", "every golden would pass by being written anew"),
    ("FAULTLINE_WITHOUT", "a room would be left out, with all of its tests"),
];
/// Variables that ask for more than the gate does. The tests themselves take no less than they
/// usually do (`tests/src/effort.rs`); what is not a number would be taken for nothing.
const EFFORTS: [&str; 3] = ["FAULTLINE_SEEDS", "FAULTLINE_MUTATIONS", "FAULTLINE_JOURNEYS"];

/// Says in one line which variable of the environment has to go.
pub(crate) fn refuse_what_weakens(
    environment: impl Iterator<Item = (OsString, OsString)>,
) -> Result<()> {
    for (name, value) in environment {
        if let Some((name, why)) = WEAKENING.iter().find(|(weakening, _)| name == *weakening) {
            bail!("{name} is set: {why}; unset it, or run the one test it is for by itself");
        }
        let is_number = value.to_str().is_some_and(|value| value.parse::<u64>().is_ok());
        if let Some(name) = EFFORTS.iter().find(|effort| name == **effort && !is_number) {
            bail!("{name} is {value:?}, which is not a number");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(variables: &[(&str, &str)]) -> Option<String> {
        let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
        refuse_what_weakens(variables).err().map(|error| error.to_string())
    }

    #[test]
    fn the_gate_rewrites_no_golden_and_leaves_out_no_room() {
        assert_eq!(refused(&[("HOME", "/"), ("FAULTLINE_SEEDS", "10000")]), None);
        let update = refused(&[("HOME", "/"), ("FAULTLINE_UPDATE", "1")]).expect("refused");
        assert!(update.starts_with("FAULTLINE_UPDATE is set"), "{update}");
        assert!(refused(&[("FAULTLINE_UPDATE", "")]).is_some(), "set to nothing is set");
        assert!(refused(&[("FAULTLINE_WITHOUT", "raft")]).is_some());
        assert!(refused(&[("FAULTLINE_SEEDS", "many")]).is_some());
    }
}
