//! The counts in words, beside the picture.

use super::Page;
use super::view::look;
use crate::act::Tab;
use crate::words;
use faultline_lab::crowd::{Standing, digits};
use yew::prelude::*;

impl Page {
    /// The panel with the numbers.
    pub(super) fn view_numbers(&self) -> Html {
        let shown = self.sheet == Some(Tab::Inspector);
        let count = self.crowd.count();
        let row = |(number, standing): (usize, Standing)| {
            html! {
                <tr>
                    <th scope="row">
                        <i class={classes!("swatch", look(number, &standing))}></i>
                        { &standing.word }
                    </th>
                    <td>{ digits(standing.count.into()) }</td>
                    <td>{ share(standing.count, count) }</td>
                </tr>
            }
        };
        let rows = self.crowd.standings().into_iter().enumerate().map(row);
        html! {
            <div class={classes!("slot", "inspector", shown.then_some("shown"))}>
                <section class="panel" aria-labelledby="numbers-title">
                    <h2 id="numbers-title">{ words::plain("crowd-numbers") }</h2>
                    <div class="card">
                        <table class="fields standings">
                            <caption class="visually-hidden">{ self.crowd.clock() }</caption>
                            <tbody>{ for rows }</tbody>
                        </table>
                    </div>
                    <p class="traffic">{ self.crowd.traffic() }</p>
                    <p class="soft">{ words::plain("crowd-counts-only") }</p>
                </section>
            </div>
        }
    }
}

/// A share in percent, to a tenth; what is there is never said to be nothing.
fn share(count: u32, of: u32) -> String {
    let tenths = u64::from(count) * 1_000 / u64::from(of.max(1));
    match (tenths, count) {
        (0, 1..) => "< 0.1 %".to_owned(),
        _ => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_few_of_a_million_are_not_nobody() {
        assert_eq!(share(0, 1_000_000), "0.0 %");
        assert_eq!(share(7, 1_000_000), "< 0.1 %");
        assert_eq!(share(999_999, 1_000_000), "99.9 %");
        assert_eq!(share(1_000_000, 1_000_000), "100.0 %");
    }
}
