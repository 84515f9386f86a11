//! Every text of the page comes through here, from `web/words/en.ftl`.

pub(crate) use faultline_lab::words::{Arg, id, plain, say};

use crate::lab::Time;

/// A moment as the clock shows it: `1.382 s`.
pub(crate) fn clock(time: Time) -> String {
    let millis = time.0 / 1_000;
    let seconds = format!("{}.{:03}", millis / 1_000, millis % 1_000);
    say("page-clock", &[("seconds", Arg::from(seconds))])
}

/// Virtual seconds per second, as a share: `1/50×`.
pub(crate) fn speed(ratio: f64) -> String {
    if ratio <= 0.0 {
        return String::new();
    }
    if ratio >= 0.95 {
        let tenths = (ratio * 10.0).round() as u64;
        return match (tenths / 10, tenths % 10) {
            (whole, 0) => format!("{whole}×"),
            (whole, part) => format!("{whole}.{part}×"),
        };
    }
    let share = 1.0 / ratio;
    // Two digits are enough to be read while the tempo changes.
    let share = match share.round() as u64 {
        small @ 0..20 => small,
        middle @ 20..200 => middle / 5 * 5,
        large => large / 50 * 50,
    };
    format!("1/{share}×")
}
