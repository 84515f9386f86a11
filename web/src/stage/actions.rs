//! What can be done to what is selected, beside it.

use crate::act::{Act, Selection};
use crate::draw::link;
use crate::geometry::Point;
use crate::lab::{Action, Command, Input, Lab, NodeId, Seen, Session};
use crate::stage::painter::link_state;
use crate::words::{self, Arg};
use web_sys::HtmlElement;
use yew::prelude::*;

/// What the actions are given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) seen: Seen,
    pub(crate) playing: bool,
    pub(crate) selection: Option<Selection>,
    pub(crate) editable: bool,
    pub(crate) send: Callback<Act>,
}

/// The buttons beside a node, a message or a link.
#[component]
pub(crate) fn Actions(props: &Props) -> Html {
    let frame = use_node_ref();
    let content =
        props.selection.and_then(|selection| props.lab.read(|session| content(session, selection)));
    {
        let frame = frame.clone();
        let lab = props.lab.clone();
        let selection = props.selection;
        use_effect(move || {
            if let (Some(selection), Some(frame)) = (selection, frame.cast::<HtmlElement>()) {
                stand_beside(&lab, selection, &frame);
            }
        });
    }
    let hidden = content.is_none();
    let (title, actions, why) = content.unwrap_or_default();
    let actions = if props.editable { actions } else { vec![] };
    let act = |act: Act| {
        let send = props.send.clone();
        Callback::from(move |_: MouseEvent| send.emit(act.clone()))
    };
    html! {
        <div class="actions" role="group" aria-label={title.clone()} ref={frame} {hidden}>
            <div class="actions-head">
                <p>{ title }</p>
                <button type="button" class="why" hidden={why.is_none()}
                    onclick={act(Act::Why(why))}>{ words::plain("page-why") }</button>
            </div>
            // With keys the button that was pressed stays, and the focus on it.
            { for actions.into_iter().enumerate().map(|(place, action)| html! {
                <button type="button" key={place}
                    onclick={act(Act::Do(Command::Act(action.input)))}>
                    { action.label }
                </button>
            }) }
        </div>
    }
}

/// A title, what can be done, and the event to explain.
type Content = (String, Vec<Action>, Option<u32>);

fn content(session: &Session, selection: Selection) -> Option<Content> {
    match selection {
        Selection::Node(node) => {
            let panel = session.node_panel(node)?;
            Some((panel.title, panel.actions, panel.last_event))
        }
        Selection::Message(name) => {
            let panel = session.message_panel(&name)?;
            Some((panel.title, panel.actions, panel.sent_by))
        }
        Selection::Link(a, b) => Some((link_title(a, b), link_actions(session, a, b), None)),
    }
}

fn link_title(a: NodeId, b: NodeId) -> String {
    words::say("page-link", &[("one", Arg::from(a.to_string())), ("other", b.to_string().into())])
}

fn link_actions(session: &Session, a: NodeId, b: NodeId) -> Vec<Action> {
    let cut = |from: NodeId, to: NodeId, both: bool| Action {
        label: one_way(if both { "page-link-cut" } else { "page-link-cut-one" }, from, to),
        input: Input::CutLink { from, to, both },
    };
    let heal = |from: NodeId, to: NodeId, both: bool| Action {
        label: one_way(if both { "page-link-heal" } else { "page-link-heal-one" }, from, to),
        input: Input::HealLink { from, to, both },
    };
    match link_state(&session.scene(), a.index(), b.index()) {
        link::State::Open => vec![cut(a, b, true), cut(a, b, false), cut(b, a, false)],
        link::State::Cut => vec![heal(a, b, true), heal(a, b, false), heal(b, a, false)],
        link::State::There => vec![heal(a, b, true), cut(a, b, true)],
        link::State::Back => vec![heal(a, b, true), cut(a, b, true)],
        link::State::Parted => {
            vec![Action { label: words::plain("page-hint-heal"), input: Input::Heal }]
        }
    }
}

fn one_way(id: &str, from: NodeId, to: NodeId) -> String {
    words::say(id, &[("from", Arg::from(from.to_string())), ("to", to.to_string().into())])
}

/// Puts the frame where it covers as little as possible.
fn stand_beside(lab: &Lab, selection: Selection, frame: &HtmlElement) {
    let size = Point::new(frame.offset_width() as f32, frame.offset_height() as f32);
    let Some(corner) = lab.picture(|painter| painter.free_corner(selection, size)) else {
        return;
    };
    let Some(corner) = corner else { return };
    let mut text = String::from("translate(");
    crate::draw::write(&mut text, corner.x);
    text.push_str("px,");
    crate::draw::write(&mut text, corner.y);
    text.push_str("px)");
    // Only fails for properties that are read-only.
    let _ = frame.style().set_property("transform", &text);
}
