//! Pictures of a moment, as SVG: the stage, the space-time diagram, the logs side by side.
//!
//! They are made of the same scenes as the page, in its light colours, and need no page.

mod graph;
mod node;
mod spacetime;
mod svg;
mod table;

use crate::scene::{Moment, Scene};
use crate::{Error, Recording, Scenario, library, picture};
use faultline_kernel::{NodeId, Time};
use faultline_sim::EventKind;
use svg::{INK, Point, SOFT, Svg, Type};

/// What a picture shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum View {
    /// The nodes in a ring, and the messages between them.
    Graph,
    /// A line for each node, time to the right, messages as arrows.
    SpaceTime,
    /// The logs of all nodes below one another.
    Log,
}

/// How many nodes a picture has room for.
pub const NODES_MOST: usize = 200;

/// How wide a picture is, and its margin.
const WIDTH: f32 = 1000.0;
const MARGIN: f32 = 28.0;
/// Where the picture itself begins, below its title.
const TOP: f32 = 70.0;

/// What there is to draw.
struct Subject<'a> {
    recording: &'a Recording,
    scene: &'a Scene,
    /// From when on, where a view shows a stretch of time.
    from: Option<Time>,
}

/// Draws a scenario at a moment; `from` is where a space-time diagram begins. There is no picture
/// of a moment that lies beyond what a run can hold.
///
/// # Errors
/// What is wrong with the scenario, or that it has too many nodes.
pub fn draw(
    scenario: &Scenario,
    at: Time,
    from: Option<Time>,
    view: View,
) -> Result<Option<String>, Error> {
    let mut recording = Recording::begin(scenario, true)?;
    let nodes = recording.members().len();
    if nodes > NODES_MOST {
        return Err(Error::new(format!("{nodes} nodes are too many to draw; {NODES_MOST} fit")));
    }
    if !recording.play_until(at) {
        return Ok(None);
    }
    recording.play.run.rest(at);
    let moment = Moment { events: recording.log().len(), time: at };
    let witnesses = witnesses(&recording);
    let scene = picture::scene(recording.about, &recording.play, moment, &witnesses);
    let subject = Subject { recording: &recording, scene: &scene, from };
    let mut svg = match view {
        View::Graph => graph::draw(&subject),
        View::SpaceTime => spacetime::draw(&subject)?,
        View::Log => table::draw(&subject),
    };
    let title = title(scenario);
    svg.text((MARGIN, 36.0), &title, Type::new(18.0, INK).start().bold());
    let time = format!("{} s", trim(at));
    svg.text((WIDTH - MARGIN, 36.0), &time, Type::new(16.0, SOFT).end());
    Ok(Some(svg.finish(&format!("{title}, at {time}"))))
}

fn title(scenario: &Scenario) -> String {
    let room = library::room_title(&scenario.protocol);
    match scenario.title.is_empty() {
        true => room,
        false => format!("{room} · {}", scenario.title),
    }
}

/// Seconds without zeros that say nothing.
fn trim(time: Time) -> String {
    let text = time.to_string();
    let text = text.trim_end_matches('0');
    text.strip_suffix('.').unwrap_or(text).to_owned()
}

fn witnesses(recording: &Recording) -> Vec<NodeId> {
    let log = recording.log();
    let broken = log.iter_from(0).filter(|record| record.kind() == EventKind::Broken);
    broken
        .flat_map(|record| {
            let second = match log.note(record).map(|note| note.args[1]) {
                Some(faultline_kernel::Value::Node(node)) => Some(node),
                _ => None,
            };
            record.at().into_iter().chain(second)
        })
        .collect()
}

/// The point `share` of the way.
fn between((x, y): Point, (to_x, to_y): Point, share: f32) -> Point {
    (x + (to_x - x) * share, y + (to_y - y) * share)
}

/// A sentence below a picture, over several lines if it is long; it ends at `bottom`.
fn sentence(svg: &mut Svg, text: &str, bottom: f32) {
    const LETTERS: usize = 118;
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is always one");
        if !last.is_empty() && last.chars().count() + word.chars().count() >= LETTERS {
            lines.push(word.to_owned());
        } else {
            last.push_str(if last.is_empty() { "" } else { " " });
            last.push_str(word);
        }
    }
    for (line, y) in lines.iter().rev().zip(0_u8..) {
        svg.text((MARGIN, bottom - f32::from(y) * 19.0), line, Type::new(14.5, INK).start());
    }
}
