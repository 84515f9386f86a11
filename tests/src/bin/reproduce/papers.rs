//! The papers' figures, from `tests/papers/`.

use crate::Found;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// One number of a paper, or the bounds of what it shows in a plot.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(crate) source: String,
    /// Where it stands.
    pub(crate) place: String,
    pub(crate) of: String,
    pub(crate) measure: String,
    /// As it is printed there, or in short.
    pub(crate) says: String,
    /// Where ours may lie: what is printed may have been rounded by half of its last digit; what
    /// is only plotted has its bounds given.
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Of how many runs the paper's number is the mean, if it is one: so it has an error of its
    /// own.
    pub(crate) runs: Option<f64>,
    /// Why ours cannot agree, if it cannot.
    pub(crate) differs: Option<String>,
}

impl Figure {
    pub(crate) fn is_of(&self, found: &Found) -> bool {
        self.of == found.of && self.measure == found.measure
    }
}

pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/papers");

/// All of them; none if there is no such folder.
pub(crate) fn read(folder: &Path) -> Result<Vec<Figure>, String> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let mut figures = Vec::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "toml")) {
        let text = fs::read_to_string(path).map_err(|error| error.to_string());
        let read = text.and_then(|text| parse(&text));
        figures.extend(read.map_err(|what| format!("{}: {what}", path.display()))?);
    }
    Ok(figures)
}

/// The figures of one paper.
pub(crate) fn parse(text: &str) -> Result<Vec<Figure>, String> {
    let file: Value = toml::from_str(text).map_err(|error| error.to_string())?;
    let rows = file["figures"].as_array().into_iter().flatten();
    rows.map(|row| figure(&file, row).ok_or_else(|| format!("this is no figure: {row}"))).collect()
}

fn figure(file: &Value, row: &Value) -> Option<Figure> {
    let text = |of: &Value, name: &str| of[name].as_str().map(str::to_owned);
    let says = text(row, "says")?;
    let (low, high) = match (&row["low"], &row["high"]) {
        (Value::Null, Value::Null) => {
            let value: f64 = says.parse().ok()?;
            (value - rounding(&says), value + rounding(&says))
        }
        (low, high) => {
            let bound = |of: &Value, otherwise| if of.is_null() { otherwise } else { of.as_f64() };
            (bound(low, Some(f64::NEG_INFINITY))?, bound(high, Some(f64::INFINITY))?)
        }
    };
    Some(Figure {
        source: text(file, "source")?,
        place: text(row, "place")?,
        of: text(row, "of")?,
        measure: text(row, "measure")?,
        // A reason that the file has, by its name there.
        differs: match &row["differs"] {
            Value::Null => None,
            name => Some(text(&file["why"], name.as_str()?)?),
        },
        runs: match &row["exact"] {
            Value::Bool(true) => None,
            _ => file["runs"].as_f64(),
        },
        says,
        low,
        high,
    })
}

/// Half of the last digit.
fn rounding(says: &str) -> f64 {
    let (digits, exponent) = says.split_once('e').unwrap_or((says, "0"));
    let places = digits.split_once('.').map_or(0, |(_, part)| part.len());
    let places = i32::try_from(places).unwrap_or(i32::MAX);
    0.5 * 10_f64.powi(exponent.parse::<i32>().unwrap_or(0).saturating_sub(places))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_figure_is_read_with_its_bounds() {
        let figures = read(Path::new(FOLDER)).expect("they are well formed");
        assert!(!figures.is_empty());
        for figure in &figures {
            assert!(figure.low < figure.high, "{figure:?}");
            assert!(figure.low > f64::NEG_INFINITY || figure.high < f64::INFINITY, "{figure:?}");
        }
        let names: BTreeSet<_> = figures.iter().map(|one| (&one.of, &one.measure)).collect();
        assert_eq!(names.len(), figures.len(), "each number stands there once");
    }

    #[test]
    fn a_number_may_have_been_rounded_by_half_of_its_last_digit() {
        for (says, half) in [("0.18", 0.005), ("38", 0.5), ("3.1e-2", 5e-4), ("4.0e-6", 5e-8)] {
            assert!((rounding(says) / half - 1.0).abs() < 1e-9, "{says}");
        }
    }

    #[test]
    fn where_there_is_no_folder_there_are_no_figures() {
        assert!(read(Path::new("/nowhere/at/all")).is_ok_and(|figures| figures.is_empty()));
    }

    #[test]
    fn what_is_no_figure_is_named() {
        let error = parse("source = \"A\"\n[[figures]]\nof = \"it\"\n").expect_err("it is none");
        assert!(error.contains("\"it\""), "{error}");
        assert!(parse("source =").is_err());
        let row =
            "{ of = \"it\", measure = \"size\", says = \"1\", place = \"§1\", differs = \"a\" }";
        let file = |why: &str| format!("source = \"A\"\nfigures = [{row}]\n[why]\n{why}");
        assert!(parse(&file("")).is_err(), "a reason has to be there");
        let read = parse(&file("a = \"because\"")).expect("it is");
        assert_eq!(read[0].differs.as_deref(), Some("because"));
    }
}
