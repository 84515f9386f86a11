//! The table: what a paper says, what we found, and whether they agree.

use crate::Found;
use crate::papers::Figure;
use std::process::ExitCode;

/// Compares what was found with the papers' figures, and remembers what did not agree.
pub(crate) struct Tally<'a> {
    figures: &'a [Figure],
    /// Which figures were measured.
    met: Vec<bool>,
    agree: u32,
    /// What does not agree and is expected to.
    off: Vec<String>,
    /// What does not agree, and why it cannot.
    known: Vec<(String, &'a str)>,
}

/// How a paper and we agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    Agrees,
    Differs,
    /// It differs, and the figures say why.
    DiffersAsKnown,
    /// It agrees, and the figures say that it cannot.
    AgreesAfterAll,
    /// The same, but the interval is wider than the rounding.
    Open,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(figures: &'a [Figure]) -> Self {
        let met = vec![false; figures.len()];
        Self { figures, met, agree: 0, off: Vec::new(), known: Vec::new() }
    }

    /// Prints a row for each number.
    pub(crate) fn table(&mut self, found: &[Found]) {
        println!(
            "{:<34} {:<40} {:>11} {:>10}  {:<21} {:<10} source",
            "of", "measure", "paper", "ours", "interval", "agrees"
        );
        found.iter().for_each(|found| println!("{}", self.row(found)));
    }

    fn row(&mut self, found: &Found) -> String {
        let ours = ours(found);
        let Some(place) = self.figures.iter().position(|figure| figure.is_of(found)) else {
            return ours.replace(PAPER, &format!("{:>11}", "–"));
        };
        self.met[place] = true;
        let figure = &self.figures[place];
        let name = format!("{}: {}", found.of, found.measure);
        let sign = match judge(figure, &Mean::of(found)) {
            Verdict::Agrees => {
                self.agree += 1;
                "yes"
            }
            Verdict::Differs => {
                self.off.push(name);
                "NO"
            }
            Verdict::AgreesAfterAll => {
                self.off.push(format!("{name} (it was said that it cannot agree)"));
                "YES?"
            }
            Verdict::DiffersAsKnown => {
                self.known.push((name, figure.differs.as_deref().unwrap_or_default()));
                "no, known"
            }
            Verdict::Open => "open",
        };
        let ours = ours.replace(PAPER, &format!("{:>11}", figure.says));
        format!("{ours} {sign:<10} {}, {}", figure.source, figure.place)
    }

    /// Says how it went in the end. If everything was run, every figure has to have been measured.
    pub(crate) fn close(mut self, everything: bool) -> ExitCode {
        let unmet = self.figures.iter().zip(&self.met).filter(|(_, met)| !**met);
        for (figure, _) in unmet.filter(|_| everything) {
            self.off.push(format!("{}: {} (nobody measured it)", figure.of, figure.measure));
        }
        println!();
        let mut reasons: Vec<&str> = self.known.iter().map(|(_, why)| *why).collect();
        reasons.dedup();
        for reason in reasons {
            let of = self.known.iter().filter(|(_, why)| *why == reason);
            let of: Vec<&str> = of.map(|(name, _)| &**name).collect();
            println!("Known to differ: {}. {reason}", of.join("; "));
        }
        self.off.iter().for_each(|name| println!("Does not agree: {name}."));
        let (agree, known, off) = (self.agree, self.known.len(), self.off.len());
        println!(
            "{agree} of the papers' numbers agree, {known} are known to differ, {off} do not."
        );
        if off == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Where a row has the paper's number.
const PAPER: &str = "\0";

/// What was found, which does not depend on any paper.
fn ours(found: &Found) -> String {
    let Mean { mean, half, .. } = Mean::of(found);
    let span = format!("{:.5} … {:.5}", mean - half, mean + half);
    format!("{:<34} {:<40} {PAPER} {mean:>10.5}  {span:<21}", found.of, found.measure)
}

/// How near the true mean lies: within `half` of ours, with 95 %.
struct Mean {
    mean: f64,
    half: f64,
    /// The same for a mean of one run.
    half_of_one: f64,
}

/// In standard errors.
const WITHIN_95_PERCENT: f64 = 1.96;
/// So far up to a hundred true means lie from ours all together, with 95 %: if each row were held
/// to its own interval, one in twenty would be called wrong by chance.
const TOGETHER: f64 = 3.5;
/// What was never seen in so many runs happens in less than three of them, with 95 %.
const NEVER_SEEN: f64 = 3.0;

impl Mean {
    fn of(found: &Found) -> Self {
        let samples = &found.samples;
        let count = samples.len().max(1) as f64;
        let mean = samples.iter().sum::<f64>() / count;
        let squares: f64 = samples.iter().map(|one| (one - mean).powi(2)).sum();
        let half_of_one = WITHIN_95_PERCENT * (squares / (count - 1.0).max(1.0)).sqrt();
        let half = match squares == 0.0 {
            true => NEVER_SEEN * found.grain / count,
            false => half_of_one / count.sqrt(),
        };
        Self { mean, half, half_of_one }
    }
}

/// The paper's number, or its bounds, has to meet the interval that holds every row at once. If the
/// paper's number is the mean of some runs, both have an error.
fn judge(figure: &Figure, ours: &Mean) -> Verdict {
    let theirs = figure.runs.map_or(0.0, |runs| ours.half_of_one / runs.sqrt());
    let reach = ours.half.hypot(theirs) * TOGETHER / WITHIN_95_PERCENT;
    let agrees = figure.low <= ours.mean + reach && ours.mean - reach <= figure.high;
    match (agrees, &figure.differs) {
        (true, None) => Verdict::Agrees,
        (false, None) => Verdict::Differs,
        (false, Some(_)) => Verdict::DiffersAsKnown,
        (true, Some(_)) if reach > (figure.high - figure.low) / 2.0 => Verdict::Open,
        (true, Some(_)) => Verdict::AgreesAfterAll,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(says: &str, differs: Option<&str>) -> Figure {
        let text = format!(
            "source = \"A paper\"\n[[figures]]\nof = \"it\"\nmeasure = \"size\"\nplace = \"§1\"\n\
             says = \"{says}\"\n"
        );
        let read = crate::papers::parse(&text).expect("it is one").remove(0);
        Figure { differs: differs.map(str::to_owned), ..read }
    }

    fn sizes(samples: &[f64]) -> Found {
        Found::new("it", "size", samples.to_vec())
    }

    #[test]
    fn an_interval_is_that_of_a_normal_mean() {
        let ours = Mean::of(&sizes(&[1.0, 2.0, 3.0, 4.0]));
        assert!((ours.mean - 2.5).abs() < 1e-9);
        assert!((ours.half - 1.96 * (5.0_f64 / 3.0).sqrt() / 2.0).abs() < 1e-9);
        assert!((ours.half_of_one - ours.half * 2.0).abs() < 1e-9);
    }

    #[test]
    fn what_was_never_seen_may_happen_all_the_same() {
        let never = Found { grain: 0.001, ..sizes(&[0.0; 100]) };
        assert!((Mean::of(&never).half - 3e-5).abs() < 1e-12);
        assert_eq!(Mean::of(&sizes(&[2.0; 100])).half, 0.0, "it can only be so");
    }

    fn judged(figure: &Figure, mean: f64, half: f64) -> Verdict {
        judge(figure, &Mean { mean, half, half_of_one: half * 10.0 })
    }

    #[test]
    fn a_number_agrees_as_far_as_its_rounding_and_the_interval_reach() {
        let judge = |says, mean, half| judged(&figure(says, None), mean, half);
        assert_eq!(judge("2.5", 2.54, 0.0), Verdict::Agrees);
        assert_eq!(judge("2.5", 2.56, 0.0), Verdict::Differs);
        assert_eq!(judge("2.5", 2.56, 0.01), Verdict::Agrees);
        assert_eq!(judge("2.50", 2.54, 0.01), Verdict::Differs);
    }

    #[test]
    fn a_mean_of_the_papers_runs_has_an_error_too() {
        let figure = |runs| Figure { runs, ..figure("2.50", None) };
        assert_eq!(judged(&figure(None), 2.55, 0.02), Verdict::Differs);
        assert_eq!(judged(&figure(Some(10_000.0)), 2.55, 0.02), Verdict::Differs);
        assert_eq!(judged(&figure(Some(100.0)), 2.55, 0.02), Verdict::Agrees);
    }

    #[test]
    fn what_is_known_to_differ_alarms_when_it_agrees() {
        let known = figure("2.5", Some("because"));
        assert_eq!(judged(&known, 9.0, 0.1), Verdict::DiffersAsKnown);
        assert_eq!(judged(&known, 2.5, 0.01), Verdict::AgreesAfterAll);
        assert_eq!(judged(&known, 9.0, 7.0), Verdict::Open, "too few runs to say");
    }

    #[test]
    fn the_exit_code_says_whether_all_agree() {
        let close = |figures: &[Figure], found: &[Found]| {
            let mut tally = Tally::new(figures);
            tally.table(found);
            format!("{:?}", tally.close(true))
        };
        let (good, bad) = (format!("{:?}", ExitCode::SUCCESS), format!("{:?}", ExitCode::FAILURE));
        let (right, wrong) = (sizes(&[2.5, 2.5]), sizes(&[9.0, 9.0]));
        assert_eq!(close(&[figure("2.5", None)], &[right]), good);
        assert_eq!(close(&[figure("2.5", None)], &[wrong]), bad);
        assert_eq!(close(&[figure("2.5", None)], &[]), bad, "nobody measured it");
        assert_eq!(close(&[], &[sizes(&[9.0, 9.0])]), good, "there is nothing to compare with");
    }

    #[test]
    fn without_figures_every_row_has_the_same_number() {
        let found = sizes(&[2.0, 3.0, 4.0]);
        let figures = [figure("3", None)];
        let with = Tally::new(&figures).row(&found);
        let without = Tally::new(&[]).row(&found);
        let numbers = |row: &str| row[..row.find('…').expect("an interval")].to_owned();
        assert_eq!(numbers(&with).replace("          3 ", "          – "), numbers(&without));
        assert!(with.contains("yes") && !without.contains("yes"), "{with}\n{without}");
    }
}
