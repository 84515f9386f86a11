//! `faultline link`.

use crate::out::{Exit, Out, Stop, aside};
use crate::source;
use faultline_lab::scenario::JSON_MOST;
use faultline_lab::{Scenario, link};
use lexopt::{Arg, Parser, ValueExt};

const HELP: &str = "\
faultline link encode SCENARIO     the scenario as the end of a link: #s1=…
faultline link decode LINK         the scenario in a link, as JSON

Put what encode writes behind the address of the page. decode takes a whole link or what follows its
#, and writes a file that every command reads; - reads the link from the standard input.

Exit code: 0 fine, 2 bad input.
";

pub(crate) fn main(parser: &mut Parser, out: &mut Out) -> Result<Exit, Stop> {
    let (mut task, mut name) = (None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => {
                return out.help(&format!("{HELP}\n{}", source::HELP));
            }
            Arg::Value(value) if task.is_none() => task = Some(value.string()?),
            Arg::Value(value) if name.is_none() => name = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let Some(task) = task else {
        return Err(Stop::bad("encode or decode? faultline link --help tells more"));
    };
    let name = name.ok_or_else(|| Stop::bad(format!("what is there to {task}?")))?;
    match task.as_str() {
        "encode" => {
            let record = link::encode(&source::whole(&name)?);
            if record.len() > link::WARN {
                let length = record.len();
                aside(&format!("the link has {length} characters; some programs cut such links"));
            }
            out.line(&format!("#{record}"))?;
        }
        "decode" => {
            let text = if name == "-" { source::read("-", JSON_MOST)? } else { name };
            let fragment = text.split_once('#').map_or(&*text, |(_, fragment)| fragment);
            out.line(&pretty(&source::from_link(fragment)?))?;
        }
        _ => return Err(Stop::bad(format!("link can encode and decode, not “{task}”"))),
    }
    Ok(Exit::Fine)
}

fn pretty(scenario: &Scenario) -> String {
    serde_json::to_string_pretty(scenario).expect("every part of a scenario has a form in JSON")
}
