//! Everything that anybody does is one of these.

use crate::scene::Moment;
use faultline_kernel::Time;

/// What a reader, a key or the embedding page asks of a session.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// Let time run; if another moment is on its way, from there on.
    Play,
    /// Stop time.
    Pause,
    /// One step on: a delivery, a timer, an intervention, with all that follows at once.
    StepForward,
    /// One step back.
    StepBack,
    /// To the next mark of the timeline; runs on if it is not recorded yet.
    NextMark,
    /// To the mark before.
    PreviousMark,
    /// To the beginning: everybody has started.
    Start,
    /// To the newest recorded moment.
    End,
    /// To the time, as far as it is recorded.
    SeekTime(Time),
    /// To the time; what is not recorded yet is recorded first, in slices.
    RunTo(Time),
    /// To the moment.
    Seek(Moment),
    /// How fast time runs while playing.
    Tempo(Tempo),
    /// Intervene, here and now; in the past this opens a branch.
    Act(crate::Input),
    /// Intervene in several ways at once; one undo takes them all back.
    ActAll(Vec<crate::Input>),
    /// Take the last intervention back.
    Undo,
    /// Do it again after all.
    Redo,
    /// Go over to another branch, at its newest moment or at the same time if it is that long.
    Branch(u32),
}

impl Command {
    /// Whether it says where to be or what to do: then the way to another moment ends.
    pub(crate) fn steers(&self) -> bool {
        !matches!(self, Self::Play | Self::Tempo(_))
    }
}

/// How fast time runs.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub enum Tempo {
    /// Slow while messages fly, quick while nothing happens.
    #[default]
    Adaptive,
    /// Adaptive, so many times faster or slower.
    Scaled(f64),
    /// Virtual seconds per second.
    Fixed(f64),
}
