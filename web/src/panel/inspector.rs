//! What is selected, field by field: memory and disk told apart, changes marked.

use super::Props;
use crate::act::{Act, Selection};
use crate::draw::link::State;
use crate::lab::{FieldRow, NodeId, Place, SceneMessage, SceneNode, Session};
use crate::stage::painter::link_state;
use crate::words::{self, Arg};
use yew::prelude::*;

/// How many messages and links of a node are listed.
const LISTED: usize = 24;

/// The panel.
#[component]
pub(crate) fn Inspector(props: &Props) -> Html {
    let content = props.lab.read(|session| match props.selection {
        Some(Selection::Node(node)) => node_content(props, session, node),
        Some(Selection::Message(name)) => {
            session.message_panel(&name).map(|panel| (panel.title, fields(&panel.fields), html! {}))
        }
        Some(Selection::Link(..)) | None => None,
    });
    let (title, fields, more) = content.unwrap_or_else(|| {
        let hint = html! { <p class="soft">{ words::plain("page-inspector-hint") }</p> };
        (words::plain("page-inspector"), hint, html! {})
    });
    html! {
        <section class="panel inspector" aria-labelledby="inspector-title">
            <h2 id="inspector-title">{ title }</h2>
            <div class="card">{ fields }{ more }</div>
        </section>
    }
}

type Content = (String, Html, Html);

fn node_content(props: &Props, session: &Session, node: NodeId) -> Option<Content> {
    let panel = session.node_panel(node)?;
    let scene = session.scene();
    let log = scene.nodes.get(node.index()).map(strip).unwrap_or_default();
    let ours = |message: &&SceneMessage| message.name.from == node || message.name.to == node;
    let near: Vec<&SceneMessage> = scene.messages.iter().filter(ours).collect();
    let linked = |other: &NodeId| {
        *other != node && !scene.apart.contains(&(node.min(*other), node.max(*other)))
    };
    let open = |other: NodeId| link_state(&scene, node.index(), other.index()) == State::Open;
    let others = scene.nodes.iter().map(|other| other.id).filter(linked);
    let others = others.map(|other| (open(other), other));
    let (whole, cut): (Vec<_>, Vec<_>) = others.partition(|(open, _)| *open);
    // Of too many, what is cut must be among those that are shown.
    let others = [cut, whole].concat();
    let more_near = near.len().saturating_sub(LISTED);
    let more_others = others.len().saturating_sub(LISTED);
    let more = html! {
        <>
            { log }
            <div class="near" hidden={near.is_empty()}>
                <h3>{ words::plain("page-messages") }</h3>
                { for near.iter().take(LISTED).map(|message| message_button(props, message)) }
                { words::and_more(more_near) }
            </div>
            <div class="links-of" hidden={scene.nodes.len() < 2}>
                <h3>{ words::plain("page-links") }</h3>
                { for others.iter().take(LISTED).map(|other| link_button(props, node, *other)) }
                { words::and_more(more_others) }
            </div>
        </>
    };
    Some((panel.title, fields(&panel.fields), more))
}

fn message_button(props: &Props, message: &SceneMessage) -> Html {
    let name = message.name;
    let send = props.send.clone();
    let onclick = Callback::from(move |_| send.emit(Act::Select(Some(Selection::Message(name)))));
    let args = [
        ("message", Arg::from(words::plain(message.word))),
        ("from", name.from.to_string().into()),
        ("to", name.to.to_string().into()),
    ];
    html! {
        <button type="button" class="quiet" {onclick}>{ words::say("page-message", &args) }</button>
    }
}

/// The way to a link's actions without the pointer.
fn link_button(props: &Props, node: NodeId, (open, other): (bool, NodeId)) -> Html {
    let send = props.send.clone();
    let onclick =
        Callback::from(move |_| send.emit(Act::Select(Some(Selection::Link(node, other)))));
    let args = [("one", Arg::from(node.to_string())), ("other", other.to_string().into())];
    let name = words::say(if open { "page-link" } else { "page-link-broken" }, &args);
    html! {
        <button type="button" class={classes!((!open).then_some("broken"))} {onclick}
            aria-label={name.clone()} title={name}>{ other.to_string() }</button>
    }
}

fn fields(rows: &[FieldRow]) -> Html {
    let part = |place: Place, heading: &str| {
        let rows: Vec<&FieldRow> = rows.iter().filter(|row| row.place == place).collect();
        let hidden = rows.is_empty();
        html! {
            <tbody {hidden}>
                <tr class="place">
                    <th colspan="2" scope="rowgroup">{ words::plain(heading) }</th>
                </tr>
                { for rows.into_iter().map(field) }
            </tbody>
        }
    };
    html! {
        <table class="fields">
            { part(Place::Disk, "page-on-disk") }
            { part(Place::Memory, "page-in-memory") }
        </table>
    }
}

fn field(row: &FieldRow) -> Html {
    let changed = row.changed.then(|| words::plain("page-changed"));
    html! {
        <tr class={if row.changed { "changed" } else { "" }}>
            <th scope="row">{ &row.label }</th>
            <td>
                { &row.value }
                <span class="visually-hidden">{ changed.unwrap_or_default() }</span>
            </td>
        </tr>
    }
}

/// The log in full: number, term and command of each cell.
fn strip(node: &SceneNode) -> Html {
    let cells = node.strip.iter().enumerate().map(|(index, cell)| {
        let firm = cell.state == crate::lab::CellState::Firm;
        let class =
            classes!("log-cell", crate::draw::hue(cell.hue), if firm { "firm" } else { "open" });
        let number = node.strip_before + index as u64 + 1;
        let state = if firm { "page-cell-firm" } else { "page-cell-open" };
        html! {
            <li {class} title={words::plain(state)}>
                <small>{ number }</small><b>{ cell.hue }</b><span>{ cell.text.as_str() }</span>
                <span class="visually-hidden">{ words::plain(state) }</span>
            </li>
        }
    });
    let before = (node.strip_before > 0)
        .then(|| words::say("page-strip-before", &[("count", Arg::from(node.strip_before))]));
    html! {
        <div class="log" hidden={node.strip.is_empty()}>
            <h3>{ words::plain("page-log") }<small>{ before.unwrap_or_default() }</small></h3>
            <ol start={(node.strip_before + 1).to_string()}>{ for cells }</ol>
        </div>
    }
}
