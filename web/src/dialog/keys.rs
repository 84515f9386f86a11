//! All keys.

use super::Modal;
use crate::act::Act;
use crate::keys::ALL;
use crate::words;
use yew::prelude::*;

/// What the dialog is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The keys there are, with the words for what they do.
    pub(crate) keys: &'static [(&'static str, &'static str)],
    /// Whether single keys act.
    pub(crate) shortcuts: bool,
    pub(crate) send: Callback<Act>,
}

/// The list of keys, and the switch for the single ones.
#[component]
pub(crate) fn Keys(props: &Props) -> Html {
    let send = props.send.clone();
    let shortcuts = props.shortcuts;
    let onchange = Callback::from(move |_: Event| send.emit(Act::Shortcuts(!shortcuts)));
    let row = |(keys, word): &(&str, &str)| {
        html! {
            <tr>
                <th scope="row">
                    { for keys.split(' ').map(|key| html! { <kbd>{ key.to_owned() }</kbd> }) }
                </th>
                <td>{ words::plain(word) }</td>
            </tr>
        }
    };
    html! {
        <Modal title={words::plain("page-keys")} send={props.send.clone()}>
            <table class="keys"><tbody>{ for props.keys.iter().map(row) }</tbody></table>
            <label class="choice">
                <input type="checkbox" checked={shortcuts} {onchange} />
                { words::plain("page-keys-on") }
            </label>
            <p class="soft" hidden={props.keys.len() < ALL.len()}>
                { words::plain("page-keys-mouse") }
            </p>
        </Modal>
    }
}
