//! Comparing scenarios so that a difference can be read.

use faultline_lab::Scenario;

/// Fails with the lines that differ, and nothing else.
pub(crate) fn assert_same(found: &Scenario, expected: &Scenario, what: &str) {
    if found == expected {
        return;
    }
    let lines = |scenario: &Scenario| {
        let mut lines = vec![String::from("others")];
        let each = |name: &str, list: Vec<String>| {
            list.into_iter().map(|one| format!("{name} {one}")).collect::<Vec<_>>()
        };
        lines.push(format!("end {:?} branch {}", scenario.end, scenario.branch));
        lines.push(format!("moment {:?} check {:?}", scenario.moment, scenario.check));
        let inputs = |inputs: &[faultline_lab::Positioned<serde_json::Value>]| {
            inputs.iter().map(|input| format!("{input:?}")).collect::<Vec<_>>()
        };
        lines.extend(each("input", inputs(&scenario.inputs)));
        for branch in &scenario.branches {
            lines.push(format!("branch {} {:?} {:?}", branch.id, branch.at, branch.end));
            lines.extend(each(&format!("branch {}", branch.id), inputs(&branch.inputs)));
        }
        lines
    };
    let (found, expected) = (lines(found), lines(expected));
    let only = |some: &[String], others: &[String], sign: &str| {
        let only = some.iter().filter(|line| !others.contains(line));
        only.map(|line| format!("{sign} {line}")).collect::<Vec<_>>().join("\n")
    };
    let (less, more) = (only(&expected, &found, "-"), only(&found, &expected, "+"));
    panic!("{what}: not the same scenario\n{less}\n{more}");
}
