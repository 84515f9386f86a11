//! What the targets share.

use faultline_lab::{Command, Error, Scenario, Session};

/// How many events of what was accepted are played.
const EVENTS: u32 = 100;

/// What was read can be opened, played and written again; what was refused is refused in a
/// sentence.
pub fn play(read: Result<Scenario, Error>) {
    let scenario = match read {
        Ok(scenario) => scenario,
        Err(error) => {
            assert!(error.to_string().len() < 20_000, "an error is a sentence");
            return;
        }
    };
    let again = Scenario::from_json(&scenario.to_json());
    assert_eq!(again.as_ref(), Ok(&scenario), "what we write we read");
    let Ok(mut session) = Session::open(scenario) else { return };
    session.work(EVENTS);
    for command in [Command::End, Command::StepForward, Command::Start, Command::StepForward] {
        // Refused only if too much waits.
        let _ = session.apply(command);
        session.work(EVENTS);
    }
    drop((session.scene(), session.sentence(), session.properties()));
}
