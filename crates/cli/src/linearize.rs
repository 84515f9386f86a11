//! `faultline linearize`.

use crate::arguments::{number, text};
use crate::out::{Exit, Out, Stop, progress};
use crate::source;
use faultline_lab::judge::{History, Judgement, Model, Verdict, judge_aloud};
use lexopt::{Arg, Parser, ValueExt};

const HELP: &str = "\
faultline linearize --model register|kv FILE

Says whether what clients saw is linearizable: whether each operation can have taken effect at one
instant between its call and its response, as if there were a single copy of the data. If not, it
says how many lines of the history are enough to see that. FILE may be -, the standard input.

Each line of the file is a JSON object:
  {\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"key\":\"x\",\"value\":1}
  {\"process\":0,\"type\":\"ok\",\"f\":\"write\",\"key\":\"x\",\"value\":1}
  process    a number; each process has one operation open at a time
  type       invoke, then ok, fail or info
  f          register: read, write, cas; kv: get, put, append, cas
  key        each key has data of its own; a register may do without
  value      what is written, or with ok was read; [expected, new] for cas
At first a register holds null, and a key of kv the text \"\".
A fail of cas found another value than the expected one; a fail of write, put or append did not
take effect; a fail of read or get says nothing. After info, or without a response, an operation may
take effect at any time after its call, or never.

  --model register|kv
  --steps N           give up after so many steps; 500000000 if not given
  --json              the verdict as one JSON object

Exit code: 0 linearizable, 1 not linearizable, 2 bad input, 3 undecided.
";

/// How many bytes a history may have.
const BYTES_MOST: usize = 256 << 20;
/// How many steps are taken unless more are asked for: some ten seconds.
const STEPS: u64 = 500_000_000;
/// How often progress is told: once in so many parts of the steps, each of at least so many.
const PARTS: u64 = 10;
const PART_LEAST: u64 = 2 << 20;

pub(crate) fn main(parser: &mut Parser, out: &mut Out) -> Result<Exit, Stop> {
    let (mut name, mut model, mut steps, mut json) = (None, None, STEPS, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return out.help(HELP),
            Arg::Long("model") => model = Some(read_model(&text(parser)?)?),
            Arg::Long("steps") => steps = number(parser, "--steps")?,
            Arg::Long("json") => json = true,
            Arg::Value(value) if name.is_none() => name = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let model = model.ok_or_else(|| Stop::bad("which model? write --model register or kv"))?;
    let name =
        name.ok_or_else(|| Stop::bad("which file? faultline linearize --help tells more"))?;
    let read = source::read(&name, BYTES_MOST)?;
    let history = History::read(model, &read).map_err(|bad| Stop::bad(format!("{name}: {bad}")))?;
    let judgement = judge_with_progress(&history, steps);
    out.line(&match json {
        true => as_json(&history, &judgement).to_string(),
        false => in_words(&history, &judgement),
    })?;
    Ok(match judgement.verdict {
        Verdict::Linearizable => Exit::Fine,
        Verdict::NotLinearizable { .. } => Exit::Broken,
        Verdict::Unknown => Exit::Undecided,
    })
}

fn judge_with_progress(history: &History, steps: u64) -> Judgement {
    let part = steps.div_ceil(PARTS).max(PART_LEAST);
    let mut told = 0;
    let judgement = judge_aloud(history, steps, &mut |taken| {
        if taken / part > told {
            told = taken / part;
            progress(Some(&format!("{taken} of at most {steps} steps")));
        }
    });
    progress(None);
    judgement
}

fn read_model(text: &str) -> Result<Model, Stop> {
    match text {
        "register" => Ok(Model::Register),
        "kv" => Ok(Model::KeyValue),
        _ => Err(Stop::bad(format!("--model: “{text}” is neither register nor kv"))),
    }
}

fn in_words(history: &History, judgement: &Judgement) -> String {
    match &judgement.verdict {
        Verdict::Linearizable => format!("linearizable: {} operations", history.operations()),
        Verdict::NotLinearizable { lines, shortest, key } => {
            let which = if *shortest { "the first" } else { "at most the first" };
            let key = if key.is_empty() { String::new() } else { format!(", by key {key}") };
            format!("not linearizable: {which} {lines} lines are already wrong{key}")
        }
        Verdict::Unknown => format!("undecided after {} steps", judgement.steps),
    }
}

fn as_json(history: &History, judgement: &Judgement) -> serde_json::Value {
    let verdict = match &judgement.verdict {
        Verdict::Linearizable => serde_json::json!({ "verdict": "linearizable" }),
        Verdict::NotLinearizable { lines, shortest, key } => serde_json::json!({
            "verdict": "not-linearizable", "prefix_lines": lines, "shortest": shortest, "key": key,
        }),
        Verdict::Unknown => serde_json::json!({ "verdict": "undecided" }),
    };
    let mut told = verdict;
    told["operations"] = history.operations().into();
    told["steps"] = judgement.steps.into();
    told
}
