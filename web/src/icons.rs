//! The signs on buttons.

use yew::prelude::*;

/// A sign.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Icon {
    Start,
    PreviousMark,
    StepBack,
    Play,
    Pause,
    StepOn,
    NextMark,
    End,
    Undo,
    Redo,
    Cut,
    Crash,
    Request,
    Hold,
    Heal,
    Theme,
    Help,
    Close,
}

/// The sign as a picture; what it means stands in the name of its button.
pub(crate) fn icon(icon: Icon) -> Html {
    let (path, stroked) = match icon {
        Icon::Start => ("M3 3h2v12H3zM15 3v12L6 9z", false),
        Icon::PreviousMark => ("M9 3v12L2 9zM16 3v12L9 9z", false),
        Icon::StepBack => ("M12 3v12L4 9zM13 3h2v12h-2z", false),
        Icon::Play => ("M5 2.5v13L15.5 9z", false),
        Icon::Pause => ("M4 3h3.6v12H4zM10.4 3H14v12h-3.6z", false),
        Icon::StepOn => ("M6 3v12l8-6zM3 3h2v12H3z", false),
        Icon::NextMark => ("M9 3v12l7-6zM2 3v12l7-6z", false),
        Icon::End => ("M13 3h2v12h-2zM3 3v12l9-6z", false),
        Icon::Undo => ("M7 4L3 8l4 4M3 8h7a4 4 0 0 1 0 8H8", true),
        Icon::Redo => ("M11 4l4 4-4 4M15 8H8a4 4 0 0 0 0 8h2", true),
        Icon::Cut => ("M2 6l4 3 2-2 3 5 2-3 3 3M4 2l1 2M13 14l1 2", true),
        Icon::Crash => ("M4 4l10 10M14 4L4 14", true),
        Icon::Request => ("M2 9h11M9 4.5L13.5 9 9 13.5", true),
        Icon::Hold => ("M6.5 3.5v11M11.5 3.5v11", true),
        Icon::Heal => ("M3 9h12M9 3v12", true),
        Icon::Theme => ("M9 2a7 7 0 1 0 0 14zM9 2a7 7 0 0 1 0 14", true),
        Icon::Help => ("M6.2 6.6a2.8 2.8 0 1 1 4.4 2.3C9.5 9.7 9 10 9 11.2M9 14v.3", true),
        Icon::Close => ("M5 5l8 8M13 5l-8 8", true),
    };
    html! {
        <svg class={if stroked { "icon stroked" } else { "icon" }} viewBox="0 0 18 18" width="18"
            height="18" aria-hidden="true" focusable="false"><path d={path} /></svg>
    }
}
