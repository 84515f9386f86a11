//! Every text of the page comes through here: its own from `web/words/en.ftl`, which the build
//! script compiles, all others from the lab.

pub(crate) use faultline_lab::words::{Arg, id, shortened};

use crate::lab::Time;
use faultline_lab::words::{Table, say as say_of_the_lab, say_from, seconds, table};
use std::sync::LazyLock;
use yew::prelude::*;

static WORDS: LazyLock<Table> =
    LazyLock::new(|| table(include_str!(concat!(env!("OUT_DIR"), "/words.txt"))));

/// The message of this id, with these arguments.
pub(crate) fn say(id: &str, arguments: &[(&str, Arg)]) -> String {
    say_from(&WORDS, id, arguments).unwrap_or_else(|| say_of_the_lab(id, arguments))
}

/// The message of this id, which takes no arguments.
pub(crate) fn plain(id: &str) -> String {
    say(id, &[])
}

/// A moment as the clock shows it: `1.382 s`.
pub(crate) fn clock(time: Time) -> String {
    say("page-clock", &[("seconds", seconds(time).into())])
}

/// A line below a list that is longer than what is shown of it.
pub(crate) fn and_more(count: usize) -> Html {
    let said = say("page-and-more", &[("count", Arg::from(count as u64))]);
    html! { <p class="soft" hidden={count == 0}>{ said }</p> }
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

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn the_page_and_the_lab_have_no_message_in_common() {
        assert!(!WORDS.is_empty());
        let common = faultline_lab::words::ids().find(|id| WORDS.iter().any(|own| own.0 == *id));
        assert_eq!(common, None);
    }
}
