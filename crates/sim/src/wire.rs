//! How an input is written: one flat object whose `do` says which it is.
//!
//! By hand instead of a tagged enum: the derived reader of 21 shapes costs the page four times as
//! much, and cannot say at which line something is wrong.

use crate::input::{Input, MessageName, Positioned};
use faultline_kernel::{NodeId, Time};
use serde::{Deserialize, Serialize};

/// Which input it is. The words are part of the format.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Act {
    Crash,
    CrashSome,
    Restart,
    Pause,
    Resume,
    LoseDisk,
    Clock,
    Fire,
    Request,
    Cut,
    Heal,
    CutLink,
    HealLink,
    Loss,
    Duplication,
    Latency,
    Disk,
    Drop,
    Duplicate,
    Deliver,
    Delay,
    Hold,
}

/// Everything that some input says, and its position.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(bound(deserialize = "R: Deserialize<'de>", serialize = "R: Serialize"))]
pub(crate) struct Flat<R> {
    #[serde(rename = "at_us")]
    at: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<u32>,
    #[serde(rename = "do")]
    act: Act,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    node: Option<NodeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate_ppm: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<NodeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<R>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<Vec<NodeId>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<NodeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<NodeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    both: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ppm: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_us: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_us: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<MessageName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by_us: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<bool>,
}

impl<R> Flat<R> {
    fn bare(at: Time, after: Option<u32>, act: Act) -> Self {
        Self {
            at,
            after,
            act,
            node: None,
            rate_ppm: None,
            timer: None,
            about: None,
            request: None,
            groups: None,
            from: None,
            to: None,
            both: None,
            ppm: None,
            min_us: None,
            max_us: None,
            message: None,
            by_us: None,
            on: None,
        }
    }

    /// The input that these parts make.
    fn input(&self) -> Result<Input<R>, &'static str>
    where
        R: Clone,
    {
        let node = || self.node.ok_or("it needs node, such as \"n3\"");
        let message = || self.message.ok_or("it needs message");
        let ppm = || self.ppm.ok_or("it needs ppm");
        let range = || match (self.min_us, self.max_us) {
            (Some(min), Some(max)) => Ok((min, max)),
            _ => Err("it needs min_us and max_us"),
        };
        let link = || match (self.from, self.to) {
            (Some(from), Some(to)) => Ok((from, to, self.both.unwrap_or(false))),
            _ => Err("it needs from and to"),
        };
        Ok(match self.act {
            Act::Crash => Input::Crash { node: node()? },
            Act::CrashSome => Input::CrashSome { ppm: ppm()? },
            Act::Restart => Input::Restart { node: node()? },
            Act::Pause => Input::Pause { node: node()? },
            Act::Resume => Input::Resume { node: node()? },
            Act::LoseDisk => Input::LoseDisk { node: node()? },
            Act::Clock => {
                let rate_ppm = self.rate_ppm.ok_or("it needs rate_ppm")?;
                Input::Clock { node: node()?, rate_ppm }
            }
            Act::Fire => {
                let timer = self.timer.clone().ok_or("it needs timer")?;
                Input::Fire { node: node()?, timer, about: self.about }
            }
            Act::Request => Input::Request { node: node()?, request: self.request.clone() },
            Act::Cut => Input::Cut { groups: self.groups.clone().ok_or("it needs groups")? },
            Act::Heal => Input::Heal,
            Act::CutLink => link().map(|(from, to, both)| Input::CutLink { from, to, both })?,
            Act::HealLink => link().map(|(from, to, both)| Input::HealLink { from, to, both })?,
            Act::Loss => Input::Loss { ppm: ppm()? },
            Act::Duplication => Input::Duplication { ppm: ppm()? },
            Act::Latency => range().map(|(min_us, max_us)| Input::Latency { min_us, max_us })?,
            Act::Disk => range().map(|(min_us, max_us)| Input::Disk { min_us, max_us })?,
            Act::Drop => Input::Drop { message: message()? },
            Act::Duplicate => Input::Duplicate { message: message()? },
            Act::Deliver => Input::Deliver { message: message()? },
            Act::Delay => {
                Input::Delay { message: message()?, by_us: self.by_us.ok_or("it needs by_us")? }
            }
            Act::Hold => Input::Hold { on: self.on.ok_or("it needs on")? },
        })
    }
}

impl<R: Clone + PartialEq> TryFrom<Flat<R>> for Positioned<R> {
    type Error = &'static str;

    fn try_from(flat: Flat<R>) -> Result<Self, &'static str> {
        let read = Self { at: flat.at, after: flat.after, input: flat.input()? };
        let mut exact = Flat::from(read.clone());
        // What may be left out is not a difference.
        exact.both = exact.both.and(flat.both);
        if exact == flat { Ok(read) } else { Err("it says something that does not belong to it") }
    }
}

impl<R> From<Positioned<R>> for Flat<R> {
    fn from(positioned: Positioned<R>) -> Self {
        let bare = |act| Self::bare(positioned.at, positioned.after, act);
        let at = |act, node| Self { node: Some(node), ..bare(act) };
        let link = |act, from, to, both| Self {
            from: Some(from),
            to: Some(to),
            both: Some(both),
            ..bare(act)
        };
        let share = |act, ppm| Self { ppm: Some(ppm), ..bare(act) };
        let range = |act, min, max| Self { min_us: Some(min), max_us: Some(max), ..bare(act) };
        let on_message = |act, message| Self { message: Some(message), ..bare(act) };
        match positioned.input {
            Input::Crash { node } => at(Act::Crash, node),
            Input::CrashSome { ppm } => share(Act::CrashSome, ppm),
            Input::Restart { node } => at(Act::Restart, node),
            Input::Pause { node } => at(Act::Pause, node),
            Input::Resume { node } => at(Act::Resume, node),
            Input::LoseDisk { node } => at(Act::LoseDisk, node),
            Input::Clock { node, rate_ppm } => {
                Self { rate_ppm: Some(rate_ppm), ..at(Act::Clock, node) }
            }
            Input::Fire { node, timer, about } => {
                Self { timer: Some(timer), about, ..at(Act::Fire, node) }
            }
            Input::Request { node, request } => Self { request, ..at(Act::Request, node) },
            Input::Cut { groups } => Self { groups: Some(groups), ..bare(Act::Cut) },
            Input::Heal => bare(Act::Heal),
            Input::CutLink { from, to, both } => link(Act::CutLink, from, to, both),
            Input::HealLink { from, to, both } => link(Act::HealLink, from, to, both),
            Input::Loss { ppm } => share(Act::Loss, ppm),
            Input::Duplication { ppm } => share(Act::Duplication, ppm),
            Input::Latency { min_us, max_us } => range(Act::Latency, min_us, max_us),
            Input::Disk { min_us, max_us } => range(Act::Disk, min_us, max_us),
            Input::Drop { message } => on_message(Act::Drop, message),
            Input::Duplicate { message } => on_message(Act::Duplicate, message),
            Input::Deliver { message } => on_message(Act::Deliver, message),
            Input::Delay { message, by_us } => {
                Self { by_us: Some(by_us), ..on_message(Act::Delay, message) }
            }
            Input::Hold { on } => Self { on: Some(on), ..bare(Act::Hold) },
        }
    }
}
