//! A fault line without drawing: who stands on which side.

use super::Modal;
use crate::act::Act;
use crate::lab::{Command, Input, Lab, NodeId, Session};
use crate::words;
use yew::prelude::*;

/// As many sides as can be chosen.
const SIDES: usize = 3;
const NAMES: [&str; SIDES] = ["A", "B", "C"];

/// What the dialog is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) send: Callback<Act>,
}

/// One row of choices for each node.
#[component]
pub(crate) fn Sides(props: &Props) -> Html {
    let scene = props.lab.read(Session::scene);
    let chosen = use_state(|| {
        let side = |node: NodeId| scene.sides.iter().position(|side| side.contains(&node));
        let sides = scene.nodes.iter().map(|node| side(node.id).unwrap_or(0).min(SIDES - 1));
        sides.collect::<Vec<_>>()
    });
    let groups: Vec<Vec<NodeId>> = (0..SIDES)
        .map(|side| {
            let here = scene.nodes.iter().zip(chosen.iter()).filter(|(_, at)| **at == side);
            here.map(|(node, _)| node.id).collect()
        })
        .filter(|group: &Vec<NodeId>| !group.is_empty())
        .collect();
    let parted = groups.len() > 1;
    let apply = {
        let send = props.send.clone();
        Callback::from(move |_: MouseEvent| {
            send.emit(Act::Do(Command::Act(Input::Cut { groups: groups.clone() })));
            send.emit(Act::Arm(None));
            send.emit(Act::Open(None));
        })
    };
    let row = |index: usize, node: NodeId| {
        let choice = |side: usize| {
            let state = chosen.clone();
            let onchange = Callback::from(move |_: Event| {
                let mut sides = (*state).clone();
                sides[index] = side;
                state.set(sides);
            });
            let name = format!("side-of-{node}");
            html! {
                <label>
                    <input type="radio" {name} checked={chosen[index] == side} {onchange} />
                    { NAMES[side] }
                </label>
            }
        };
        html! {
            <fieldset class="side-choice">
                <legend>{ node.to_string() }</legend>
                { for (0..SIDES).map(choice) }
            </fieldset>
        }
    };
    html! {
        <Modal title={words::plain("page-sides")} send={props.send.clone()}>
            <p class="soft">{ words::plain("page-sides-hint") }</p>
            { for scene.nodes.iter().enumerate().map(|(index, node)| row(index, node.id)) }
            <button type="button" class="main" disabled={!parted} onclick={apply}>
                { words::plain("page-sides-cut") }
            </button>
        </Modal>
    }
}
