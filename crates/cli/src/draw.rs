//! `faultline draw`.

use crate::arguments::{number, set, text, time};
use crate::out::{Exit, Out, Stop, aside};
use crate::source;
use faultline_lab::drawing::{View, draw};
use lexopt::{Arg, Parser, ValueExt};
use std::fs;

const HELP: &str = "\
faultline draw SCENARIO --at 1.2s [--view graph|spacetime|log] -o picture.svg

Draws a moment of a scenario as SVG.

  --at 1.2s           when (10s, 1.5s, 250ms, 300us)
  --view graph        the nodes in a ring, and the messages between them (this is the default)
  --view spacetime    a line for each node, time to the right, messages as arrows; a cross where one
                      is lost or a node crashes, a crown where somebody begins to lead, a diamond
                      where something is settled, a ring where a property breaks
  --view log          the logs of all nodes below one another; where nodes keep none, what they hold
  --from 0.8s         where a space-time diagram begins; at the last 60 messages if not given
  --seed N            another seed
  --set knob=value    another value for a knob; may be given several times
  -o FILE             where to; - is the standard output

Exit code: 0 fine, 2 bad input, 3 the run is too long to be played to that moment.
";

pub(crate) fn main(parser: &mut Parser, out: &mut Out) -> Result<Exit, Stop> {
    let (mut name, mut at, mut from, mut seed) = (None, None, None, None);
    let (mut view, mut file, mut knobs) = (View::Graph, None, Vec::new());
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => {
                return out.help(&format!("{HELP}\n{}", source::HELP));
            }
            Arg::Long("at") => at = Some(time(parser, "--at")?),
            Arg::Long("from") => from = Some(time(parser, "--from")?),
            Arg::Long("seed") => seed = Some(number(parser, "--seed")?),
            Arg::Long("set") => knobs.push(text(parser)?),
            Arg::Long("view") => view = read_view(&text(parser)?)?,
            Arg::Short('o') | Arg::Long("out") => file = Some(text(parser)?),
            Arg::Value(value) if name.is_none() => name = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let name = name.ok_or_else(|| Stop::bad("which scenario? faultline draw --help tells more"))?;
    let at = at.ok_or_else(|| Stop::bad("which moment? write --at 1.2s"))?;
    let file = file.ok_or_else(|| Stop::bad("where to? write -o picture.svg"))?;
    if from.is_some() && view != View::SpaceTime {
        return Err(Stop::bad("--from goes with --view spacetime"));
    }
    let mut scenario = source::scenario(&name)?;
    for knob in &knobs {
        set(&mut scenario, knob)?;
    }
    scenario.seed = seed.unwrap_or(scenario.seed);
    scenario.check()?;
    source::not_a_swarm(&scenario)?;
    let Some(picture) = draw(&scenario, at, from, view)? else {
        aside(&format!("the run is as long as a run may be before {at} s; nothing is drawn"));
        return Ok(Exit::Undecided);
    };
    match file.as_str() {
        "-" => out.write(&picture)?,
        _ => fs::write(&file, picture)
            .map_err(|error| Stop::bad(format!("{file}: cannot be written: {error}")))?,
    }
    Ok(Exit::Fine)
}

fn read_view(text: &str) -> Result<View, Stop> {
    match text {
        "graph" => Ok(View::Graph),
        "spacetime" => Ok(View::SpaceTime),
        "log" => Ok(View::Log),
        _ => Err(Stop::bad(format!("--view: “{text}” is none of graph, spacetime, log"))),
    }
}
