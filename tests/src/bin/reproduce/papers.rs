//! The papers' figures, from `tests/papers/`.

use serde_json::Value;
use std::fs;

/// One number of a paper.
pub(crate) struct Figure {
    pub(crate) source: String,
    /// Where it stands.
    pub(crate) place: String,
    pub(crate) of: String,
    pub(crate) measure: String,
    /// As it is printed there.
    pub(crate) says: String,
    pub(crate) value: f64,
    /// Half of its last digit: it may have been rounded by so much.
    pub(crate) rounding: f64,
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/papers");

/// All of them; none if there is no such folder.
pub(crate) fn read() -> Result<Vec<Figure>, String> {
    let Ok(entries) = fs::read_dir(FOLDER) else { return Ok(Vec::new()) };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let mut figures = Vec::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "toml")) {
        let bad = |what: String| format!("{}: {what}", path.display());
        let text = fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
        let file: Value = toml::from_str(&text).map_err(|error| bad(error.to_string()))?;
        for row in file["figures"].as_array().into_iter().flatten() {
            figures
                .push(figure(&file, row).ok_or_else(|| bad(format!("this is no figure: {row}")))?);
        }
    }
    Ok(figures)
}

fn figure(file: &Value, row: &Value) -> Option<Figure> {
    let text = |of: &Value, name: &str| of[name].as_str().map(str::to_owned);
    let says = text(row, "says")?;
    Some(Figure {
        source: text(file, "source")?,
        place: text(row, "place")?,
        of: text(row, "of")?,
        measure: text(row, "measure")?,
        value: says.parse().ok()?,
        rounding: rounding(&says),
        says,
    })
}

fn rounding(says: &str) -> f64 {
    let digits = says.split_once('.').map_or(0, |(_, part)| part.len());
    0.5 / 10_f64.powi(i32::try_from(digits).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_read_with_its_rounding() {
        let figures = read().expect("they are well formed");
        assert!(!figures.is_empty());
        assert!(figures.iter().all(|figure| figure.value > 0.0 && figure.rounding < figure.value));
        assert!((rounding("0.18") - 0.005).abs() < 1e-12);
        assert!((rounding("38") - 0.5).abs() < 1e-12);
    }
}
