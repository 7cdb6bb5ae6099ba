//! Passphrase strength, by zxcvbn.

use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

/// How hard a passphrase is to guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strength {
    /// 0 to 4.
    pub score: u8,
    /// In a word.
    pub words: &'static str,
    /// What would make it stronger; nothing where it is strong.
    pub advice: Option<String>,
}

/// How many characters are judged: what comes after makes it no weaker, and judging takes long.
const JUDGED: usize = 64;

/// Judges a passphrase, which is wiped afterwards. Words of this program and its trade count as easy to guess.
pub fn strength(passphrase: Zeroizing<String>) -> Strength {
    let end = passphrase.char_indices().nth(JUDGED).map_or(passphrase.len(), |(index, _)| index);
    let judged = zxcvbn(&passphrase[..end], &["keywright", "vault", "passphrase", "token", "gr4vy"]);
    let score = match judged.score() {
        Score::Zero => 0,
        Score::One => 1,
        Score::Two => 2,
        Score::Three => 3,
        _ => 4,
    };
    let words = match score {
        0 | 1 => "weak",
        2 => "fair",
        3 => "good",
        _ => "strong",
    };
    let advice = match score {
        4 => None,
        _ if passphrase.is_empty() => Some("Four or five unusual words are strong and can be remembered.".to_owned()),
        _ => {
            let feedback = judged.feedback();
            let warning = feedback.and_then(|feedback| feedback.warning()).map(|warning| warning.to_string());
            let more = feedback.and_then(|feedback| feedback.suggestions().first().map(ToString::to_string));
            let general = "Add another word or two: uncommon ones are better.".to_owned();
            Some(warning.or(more).unwrap_or(general))
        }
    };
    Strength { score, words, advice }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Strength {
        strength(Zeroizing::new(text.to_owned()))
    }

    #[test]
    fn longer_and_rarer_is_stronger() {
        let texts = ["", "password", "keywright", "Tr0ub4dor&3", "horse battery 7", "orchid tundra biscuit velcro"];
        let scores = texts.map(|text| of(text).score);
        assert!(scores.is_sorted(), "{scores:?}");
        assert_eq!((scores[1], scores[5]), (0, 4));
        assert_eq!(of("orchid tundra biscuit velcro").advice, None);
        assert!(of("password").advice.is_some_and(|advice| !advice.contains("password1")));
    }

    #[test]
    fn of_a_very_long_text_the_beginning_is_judged() {
        assert_eq!(of(&"correct horse battery staple ".repeat(1_000)).score, 4);
        let same = "a".repeat(JUDGED);
        assert_eq!(of(&format!("{same} orchid tundra biscuit velcro")), of(&same));
    }
}
