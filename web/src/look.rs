//! How the address asks the page to look: its query. (The fragment is the content.)
//!
//! Whoever embeds the page writes it, so it is read here, in bounds, and without a browser. This
//! file uses nothing of the page: the tests of hostile input take it as it stands.

/// How many bytes of a query are read.
pub(crate) const QUERY_MOST: usize = 4_096;
/// How many characters of a value that is not understood are told.
const TOLD_MOST: usize = 80;
/// The names of themes in links.
pub(crate) const THEMES: [&str; 4] = ["auto", "light", "dark", "contrast"];

/// How the address asks the page to look.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Look {
    /// Only the stage with its tools and the transport.
    pub(crate) embed: bool,
    /// Which controls there are.
    pub(crate) controls: Controls,
    /// The theme it asks for: one of [`THEMES`].
    pub(crate) theme: Option<&'static str>,
    /// Whether it plays by itself.
    pub(crate) autoplay: bool,
    /// Whether it waits for a click before anything is drawn to move.
    pub(crate) start_on_click: bool,
    /// Virtual seconds per second, if it asks for a fixed ratio.
    pub(crate) speed: Option<f64>,
    /// The moment to begin at, in milliseconds.
    pub(crate) at_ms: Option<u64>,
    /// The moment to stop at, in milliseconds.
    pub(crate) until_ms: Option<u64>,
    /// Whether it begins anew when it stops by itself.
    pub(crate) looped: bool,
    /// What stands around the stage.
    pub(crate) panels: Panels,
    /// Whether pictures may not move by themselves.
    pub(crate) still: bool,
    /// Whether the reader may intervene.
    pub(crate) editable: bool,
    /// What is not understood, to be told.
    pub(crate) strange: Vec<Strange>,
}

/// A part of the query that is not understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Strange {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its value, or the beginning of it.
    pub(crate) value: String,
}

/// What stands around the stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Panels([bool; 6]);

impl Panels {
    /// Their names in links, in the order of the flags.
    const NAMES: [&str; 6] =
        ["library", "inspector", "properties", "events", "captions", "sentence"];

    /// All of them, or in a frame of somebody else only the sentence.
    fn usual(embed: bool) -> Self {
        if embed { Self([false, false, false, false, false, true]) } else { Self([true; 6]) }
    }

    /// Reads `events,captions` or `none`.
    fn named(text: &str) -> Option<Self> {
        let mut shown = Self([false; 6]);
        for name in text.split(',').filter(|_| text != "none") {
            shown.0[Self::NAMES.iter().position(|known| *known == name)?] = true;
        }
        Some(shown)
    }
}

impl Look {
    /// Reads a query, with or without its `?`; what is not known is ignored, what is not understood
    /// is told. `calm` is whether the reader's system asks for little motion.
    #[must_use]
    pub(crate) fn read(query: &str, calm: bool) -> Self {
        let yes_or_no = |text: &str| match text {
            "1" | "true" | "yes" => Some(true),
            "0" | "false" | "no" => Some(false),
            _ => None,
        };
        let motion = |text: &str| match text {
            "full" | "1" => Some(false),
            "reduced" | "none" | "0" => Some(true),
            "auto" => Some(calm),
            _ => None,
        };
        let mut query = Query::new(query);
        let still = query.read("motion", motion).unwrap_or(calm);
        let embed = query.read("embed", yes_or_no).unwrap_or(false);
        // There is one language so far; another one is told to be missing.
        query.read("lang", |text| (text.split('-').next() == Some("en")).then_some(()));
        Self {
            embed,
            panels: query.read("panels", Panels::named).unwrap_or(Panels::usual(embed)),
            until_ms: query.read("until", |text| text.parse().ok()),
            looped: query.read("loop", yes_or_no).unwrap_or(false),
            controls: query.read("controls", Controls::named).unwrap_or(Controls::Full),
            theme: query.read("theme", |text| THEMES.into_iter().find(|theme| *theme == text)),
            autoplay: query.read("autoplay", yes_or_no).unwrap_or(!still),
            start_on_click: query.read("start", |text| (text == "click").then_some(())).is_some(),
            speed: query.read("speed", ratio),
            at_ms: query.read("t", |text| text.parse().ok()),
            still,
            editable: query.read("edit", yes_or_no).unwrap_or(true),
            strange: query.strange,
        }
    }

    /// The classes of the page, by which the style sheets know how it is to look.
    #[must_use]
    pub(crate) fn class(&self) -> String {
        let controls = match self.controls {
            Controls::Full => " full",
            Controls::Play => " only-play",
            Controls::None => " no-controls",
        };
        let mut class = ["page", if self.embed { " embed" } else { "" }, controls].concat();
        for (name, shown) in Panels::NAMES.iter().zip(self.panels.0) {
            if !shown {
                class.push_str(" no-");
                class.push_str(name);
            }
        }
        if self.panels.0[1..4].iter().all(|shown| !shown) {
            class.push_str(" no-side");
        }
        class
    }
}

/// Which controls are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Controls {
    /// Everything.
    Full,
    /// Play and pause only.
    Play,
    /// Nothing.
    None,
}

impl Controls {
    fn named(text: &str) -> Option<Self> {
        match text {
            "full" => Some(Self::Full),
            "play" => Some(Self::Play),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

/// The parts of a query, as a browser takes it apart.
struct Query<'a> {
    text: &'a str,
    strange: Vec<Strange>,
}

impl<'a> Query<'a> {
    fn new(text: &'a str) -> Self {
        let mut strange = Vec::new();
        let text = text.strip_prefix('?').unwrap_or(text);
        let text = if text.len() > QUERY_MOST {
            strange.push(Strange { name: "?", value: told(text) });
            ""
        } else {
            text
        };
        Self { text, strange }
    }

    /// The first part of this name, if it is there and understood.
    fn read<T>(&mut self, name: &'static str, understand: impl Fn(&str) -> Option<T>) -> Option<T> {
        let mut parts = self.text.split('&').map(|part| part.split_once('=').unwrap_or((part, "")));
        let (_, value) = parts.find(|(known, _)| decoded(known) == name)?;
        let value = decoded(value);
        let understood = understand(&value);
        if understood.is_none() {
            self.strange.push(Strange { name, value: told(&value) });
        }
        understood
    }
}

/// So much of it as is told.
pub(crate) fn told(value: &str) -> String {
    match value.char_indices().nth(TOLD_MOST) {
        Some((end, _)) => [&value[..end], "…"].concat(),
        None => value.to_owned(),
    }
}

/// `a+b%20c` as it is meant; a `%` without two digits stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digit = |place: usize| char::from(*tail.get(place)?).to_digit(16);
        let (byte, after) = match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => (u8::try_from(high * 16 + low).ok(), &tail[2..]),
            (b'+', ..) => (Some(b' '), tail),
            _ => (Some(*first), tail),
        };
        bytes.extend(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A speed as it is written in links: `0.02` or `1/50`.
fn ratio(text: &str) -> Option<f64> {
    let value = match text.split_once('/') {
        Some((top, bottom)) => decimal(top)? / decimal(bottom)?,
        None => decimal(text)?,
    };
    (0.000_1..=100.0).contains(&value).then_some(value)
}

/// `0.02` as the nearest number there is. The library's way to read one takes a table of ten
/// kilobytes that no compression shortens, and everybody would load it.
fn decimal(text: &str) -> Option<f64> {
    /// What stands further behind matters to no speed.
    const DIGITS_MOST: usize = 9;
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let only_digits = [whole, part].iter().all(|text| text.bytes().all(|it| it.is_ascii_digit()));
    let part = only_digits.then(|| part.get(..DIGITS_MOST).unwrap_or(part))?;
    let parsed = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<u32>().ok() };
    let scale = (0..part.len()).fold(1.0, |scale, _| scale * 10.0);
    let value = f64::from(parsed(whole)?) + f64::from(parsed(part)?) / scale;
    (whole.len() + part.len() > 0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_are_named_or_none_are_shown() {
        let flags = |text: &str| Panels::named(text).map(|panels| panels.0);
        assert_eq!(flags("events,captions"), Some([false, false, false, true, true, false]));
        assert_eq!(flags("none"), Some([false; 6]));
        assert_eq!(flags("events,weather"), None);
        assert_eq!(flags(""), None);
    }

    #[test]
    fn a_speed_is_a_number_or_a_share() {
        assert_eq!(ratio("0.5"), Some(0.5));
        assert_eq!(ratio("1/50"), Some(0.02));
        assert_eq!(ratio(".25/2."), Some(0.125));
        assert_eq!((ratio("0.30000000000000004"), ratio("50.00000000")), (Some(0.3), Some(50.0)));
        assert_eq!((ratio("0.0001"), ratio("100.000")), (Some(0.000_1), Some(100.0)));
        for bad in ["", "0", "-1", "1/0", "0/0", ".", "1.+5", "101", "NaN", "inf", "fast"] {
            assert_eq!(ratio(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_asked_for_is_read_as_a_browser_reads_it() {
        let look =
            Look::read("?embed=1&speed=1%2F50&theme=dark&t=700&motion=auto&lang=en-GB", true);
        assert!(look.embed && look.still && !look.autoplay && look.editable);
        assert_eq!((look.speed, look.theme, look.at_ms), (Some(0.02), Some("dark"), Some(700)));
        assert_eq!(look.strange, []);
        assert_eq!(Look::read("", false), Look::read("?utm=1&&=&x", false));
        assert!(!Look::read("embed=0&embed=1", false).embed, "the first one counts");
        assert_eq!(decoded("a+b%20%c3%BC%zz%f"), "a b ü%zz%f");
    }

    #[test]
    fn what_is_not_understood_is_told_in_short() {
        let strange = |query: &str| Look::read(query, false).strange;
        let one = |name, value: &str| vec![Strange { name, value: value.to_owned() }];
        assert_eq!(strange("theme=mauve"), one("theme", "mauve"));
        assert_eq!(strange("t=-1"), one("t", "-1"));
        assert_eq!(strange(&"t=".repeat(3_000)).len(), 1);
        assert!(strange(&["lang=", &"ü".repeat(900)].concat())[0].value.chars().count() < 90);
    }
}
