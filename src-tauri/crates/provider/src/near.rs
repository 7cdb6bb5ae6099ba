//! The known name nearest to one that is not known.

/// More edits than this are another word, not a slip.
const FARTHEST: usize = 3;

/// Longer words are not slips, and comparing them would take its time.
const LONGEST: usize = 100;

/// The nearest of `known` by Levenshtein distance, the first of equals; nothing beyond three edits, nor where as many
/// edits as the word has letters would be needed.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    known
        .into_iter()
        .map(|name| (strsim::levenshtein(word, name), name))
        .filter(|(distance, name)| *distance <= FARTHEST && *distance < word.chars().count().min(name.chars().count()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn within_three_edits() {
        let known = ["transactions.read", "transactions.write", "buyers.read"];
        assert_eq!(nearest("transaction.read", known), Some("transactions.read"));
        assert_eq!(nearest("buyer.raed", known), Some("buyers.read"));
        assert_eq!(nearest("refunds.read", known), None);
        assert_eq!(nearest("abc", ["xyz"]), None);
    }
}
