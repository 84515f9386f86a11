//! What is drawn.

mod common;

use common::faultline;

const SCENE: &str = "raft/figure-8-lost";

#[test]
fn a_picture_shows_each_node_and_is_sound() {
    for scene in [SCENE, "paxos", "rumour"] {
        for view in ["graph", "spacetime", "log"] {
            let draw = ["draw", scene, "--at", "120ms", "--view", view, "-o", "-"];
            let said = faultline(&draw);
            assert_eq!(said.code, 0, "{}", said.aside);
            assert!(said.out.starts_with("<svg ") && said.out.ends_with("</svg>\n"));
            for node in ["n1", "n2", "n3", "n4", "n5"] {
                assert!(said.out.contains(&format!(">{node}</text>")), "{scene}, {view}: {node}");
            }
            assert!(!said.out.contains("NaN") && !said.out.contains("inf"), "{scene}, {view}");
            assert_eq!(faultline(&draw).out, said.out);
        }
    }
    for view in ["graph", "spacetime", "log"] {
        let lost = faultline(&["draw", SCENE, "--at", "50ms", "--view", view, "-o", "-"]).out;
        assert!(lost.contains(">crashed</text>"), "{view}");
    }
    let first = ["draw", "swim/join-and-leave", "--at", "300ms", "--view", "spacetime", "-o", "-"];
    assert_eq!(faultline(&first).code, 0, "the first message with news is sent just then");
}
