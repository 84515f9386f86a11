//! Leaves out of a scenario whatever it does not need to show what it shows.

use faultline_lab::Scenario;

/// The scenario with as few inputs as are easily found under which `shows` still holds.
///
/// Halves, quarters, … of the inputs are left out in turn, and in the end single ones.
pub(crate) fn shorten(scenario: &Scenario, shows: impl Fn(&Scenario) -> bool) -> Scenario {
    let mut short = scenario.clone();
    let mut width = short.inputs.len().div_ceil(2);
    while width > 0 {
        let mut start = 0;
        while start < short.inputs.len() {
            let mut without = short.clone();
            without.inputs.drain(start..(start + width).min(short.inputs.len()));
            if shows(&without) {
                short = without;
            } else {
                start += width;
            }
        }
        width /= 2;
    }
    short
}
