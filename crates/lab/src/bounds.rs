//! What a network and an intervention may be: every number from outside has its bounds.

use crate::scenario::{INPUTS_MOST, Network, TIME_MOST};
use crate::{Error, Input};
use faultline_sim::Positioned;
use serde_json::Value;

/// Checks what the network is like at first.
pub(crate) fn check_network(network: &Network) -> Result<(), Error> {
    let fail = |what: String| Err(Error::new(what).within("network"));
    let [min, max] = network.latency_us;
    if min < 1 || max < min || max > TIME_MOST.0 {
        return fail(format!("latency_us is [{min}, {max}]; it goes from at least 1 upwards"));
    }
    let [min, max] = network.disk_us;
    if max < min || max > TIME_MOST.0 {
        return fail(format!("disk_us is [{min}, {max}]; it goes upwards"));
    }
    if network.loss_ppm > 1_000_000 || network.duplicate_ppm > 1_000_000 {
        return fail("loss_ppm and duplicate_ppm are at most 1000000".into());
    }
    Ok(())
}

/// Checks the interventions of a branch.
pub(crate) fn check_inputs(inputs: &[Positioned<Value>], members: usize) -> Result<(), Error> {
    if inputs.len() > INPUTS_MOST {
        return Err(Error::new(format!("at most {INPUTS_MOST} are allowed")));
    }
    for (number, positioned) in inputs.iter().enumerate() {
        let place = format!("number {}", number + 1);
        if positioned.at > TIME_MOST {
            return Err(Error::new("it lies more than a virtual day ahead").within(&place));
        }
        check_input(&positioned.input, members).map_err(|error| error.within(&place))?;
    }
    Ok(())
}

/// Checks what a reader, a file or an embedding page wants done.
pub(crate) fn check_input(input: &Input, members: usize) -> Result<(), Error> {
    for node in input.nodes() {
        if node.index() >= members {
            return Err(Error::new(format!("there is no {node}; the last is n{members}")));
        }
    }
    let fail = |what: &str| Err(Error::new(what));
    match input {
        Input::Clock { rate_ppm, .. } if !(1_000..=100_000_000).contains(rate_ppm) => {
            fail("rate_ppm goes from 1000 to 100000000")
        }
        Input::Loss { ppm } | Input::Duplication { ppm } | Input::CrashSome { ppm }
            if *ppm > 1_000_000 =>
        {
            fail("ppm is at most 1000000")
        }
        Input::Latency { min_us, max_us }
            if *min_us < 1 || max_us < min_us || *max_us > TIME_MOST.0 =>
        {
            fail("latency goes from at least 1 upwards")
        }
        Input::Disk { min_us, max_us } if max_us < min_us || *max_us > TIME_MOST.0 => {
            fail("it goes upwards")
        }
        Input::Delay { by_us, .. } if *by_us > TIME_MOST.0 => fail("by_us is at most a day"),
        Input::Cut { groups } if groups.len() > 63 => fail("a fault line has at most 63 sides"),
        _ => Ok(()),
    }
}
