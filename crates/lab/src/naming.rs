//! What an address says of a session: the name of an untouched lesson, or a record of everything.

use crate::link;
use crate::scene::Moment;
use crate::session::Session;

impl Session {
    /// What an address says of this moment: a scenario of the library that nobody touched keeps its
    /// readable name, everything else is a record.
    #[must_use]
    pub fn fragment(&self) -> String {
        let scenario = self.scenario();
        if scenario.scene.is_empty() || self.opening {
            return link::encode(&scenario);
        }
        let Moment { events, time } = self.cursor;
        // At that very time more may be recorded that is not shown.
        let all = self.track().play.run.log().count_until(time);
        let events = (events < all).then_some(events);
        link::readable_at(&scenario.protocol, &scenario.scene, time, events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Command, Input, Scenario};
    use faultline_kernel::{NodeId, Time};

    fn opened(scenario: Scenario) -> Session {
        let mut session = Session::open(scenario).expect("a sound scenario");
        while session.work(100_000) {}
        session
    }

    fn lesson() -> Scenario {
        crate::library_scenario("raft", "first-leader").expect("it is there")
    }

    #[test]
    fn what_was_done_to_a_lesson_stays_in_the_address_of_whoever_opens_the_link() {
        let mut sender = opened(lesson());
        sender.apply(Command::NextMark).expect("there is one");
        while sender.work(100_000) {}
        assert!(sender.fragment().starts_with("p=raft&scene=first-leader&t="));
        sender.apply(Command::Act(Input::Crash { node: NodeId(0) })).expect("it runs");
        let done = sender.scenario();
        assert!(done.scene.is_empty() && done.inputs.len() == lesson().inputs.len() + 1);
        // The receiver of the link, and the sender after a reload, have nothing to undo.
        let mut receiver = opened(link::decode(&sender.fragment()).expect("our own link"));
        assert!(!receiver.can_undo());
        assert_eq!(link::decode(&receiver.fragment()), Ok(done.clone()));
        // So has whoever opens what an earlier release wrote, which kept the name.
        receiver = opened(Scenario { scene: "first-leader".into(), ..done.clone() });
        assert_eq!(link::decode(&receiver.fragment()), Ok(done));
        sender.apply(Command::Undo).expect("there is something to undo");
        assert!(sender.fragment().starts_with("p=raft&scene=first-leader&t="));
    }

    #[test]
    fn a_lesson_that_was_changed_by_hand_is_no_longer_called_by_its_name() {
        let config = std::collections::BTreeMap::from([("servers".to_owned(), 7)]);
        let changed = [
            Scenario { seed: 99, ..lesson() },
            Scenario { config, ..lesson() },
            Scenario { title: "My own".into(), ..lesson() },
            Scenario { scene: "split-vote".into(), ..lesson() },
        ];
        for scenario in changed {
            let session = opened(scenario.clone());
            let read = link::decode(&session.fragment()).expect("our own link");
            assert_eq!((read.seed, &read.config), (scenario.seed, &scenario.config));
            assert_eq!((read.title, read.scene), (scenario.title, String::new()));
        }
        assert!(opened(lesson()).fragment().starts_with("p=raft&scene=first-leader"));
    }

    #[test]
    fn a_readable_address_tells_apart_what_happens_at_one_time() {
        let mut session = opened(lesson());
        session.apply(Command::Start).expect("there is a start");
        // All servers start at once, each in a step of its own.
        for step in 1..=5 {
            session.apply(Command::StepBack).expect("there is a step");
            assert_eq!(session.moment().time, Time::ZERO);
            let again = opened(link::decode(&session.fragment()).expect("our own link"));
            assert_eq!(again.moment(), session.moment(), "step {step}");
        }
    }
}
