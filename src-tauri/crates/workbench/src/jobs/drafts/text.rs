//! Text edits of JSON that keep white space, order and indentation.

use jose::json::{self, Document, Kind, Node, Span};

/// A change of the text: these bytes become that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced, in bytes; nothing where it is empty.
    pub span: Span,
    /// What comes in its place.
    pub insert: String,
}

impl TextEdit {
    pub(crate) fn new(span: Span, insert: impl Into<String>) -> Self {
        Self { span, insert: insert.into() }
    }
}

/// The text after changes. They speak of the text before, do not overlap, and may be in any order.
pub fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in sorted {
        out.push_str(&text[at..edit.span.start]);
        out.push_str(&edit.insert);
        at = edit.span.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The one change that makes a text of another, so that one undo takes it back; none where they are the same.
pub(crate) fn difference(before: &str, after: &str) -> Option<TextEdit> {
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = before.chars().zip(after.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (&before[start..], &after[start..]);
    let end: usize = old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    (!old.is_empty() || !new.is_empty()).then(|| TextEdit::new(Span::new(start, start + old.len()), new))
}

/// Where a member or element begins: at its name, if it has one.
pub(crate) fn whole(node: Node<'_, '_>) -> Span {
    Span::new(node.name_span().map_or(node.span().start, |name| name.start), node.span().end)
}

/// The members or elements of a container.
pub(crate) fn children<'d, 't>(container: Node<'d, 't>) -> Vec<Node<'d, 't>> {
    match container.kind() {
        Kind::Object => container.members().collect(),
        _ => container.elements().collect(),
    }
}

/// Takes members or elements out of a container and puts others in, after the one that stays at `after` or at the end.
pub(crate) fn change(
    document: &Document<'_>,
    container: Node<'_, '_>,
    gone: &dyn Fn(usize) -> bool,
    added: &[String],
    after: Option<usize>,
) -> Vec<TextEdit> {
    let text = document.text();
    let all: Vec<Span> = children(container).into_iter().map(whole).collect();
    let kept: Vec<usize> = (0..all.len()).filter(|index| !gone(*index)).collect();
    if kept.is_empty() {
        return refill(text, container, &all, added);
    }
    let last = kept[kept.len() - 1];
    let anchor = after.map_or(last, |after| kept.iter().copied().rfind(|index| *index <= after).unwrap_or(kept[0]));
    let separator = separator(text, &all);
    let insert: String = added.iter().map(|one| format!(",{separator}{one}")).collect();
    let mut edits = Vec::new();
    let mut placed = insert.is_empty();
    let mut index = 0;
    while index < all.len() {
        if !gone(index) {
            index += 1;
            continue;
        }
        let first = index;
        while index < all.len() && gone(index) {
            index += 1;
        }
        if index < all.len() {
            edits.push(TextEdit::new(Span::new(all[first].start, all[index].start), ""));
        } else {
            // The last ones: the comma before them goes too.
            let before = all[first - 1].end;
            let here = anchor + 1 == first;
            edits.push(TextEdit::new(Span::new(before, all[index - 1].end), if here { insert.as_str() } else { "" }));
            placed |= here;
        }
    }
    if !placed {
        let at = all[anchor].end;
        edits.push(TextEdit::new(Span::new(at, at), insert));
    }
    edits.sort_by_key(|edit| edit.span.start);
    edits
}

/// The white space between two members or elements, as the person writes it here.
fn separator(text: &str, all: &[Span]) -> String {
    let before = |span: &Span| {
        let lead = &text[..span.start];
        lead[lead.trim_end_matches([' ', '\t', '\n', '\r']).len()..].to_owned()
    };
    match all {
        [_, second, ..] => before(second),
        [only] if before(only).contains('\n') => before(only),
        _ if is_spaced(text) => " ".to_owned(),
        _ => String::new(),
    }
}

/// Fills a container of which nothing stays.
fn refill(text: &str, container: Node<'_, '_>, all: &[Span], added: &[String]) -> Vec<TextEdit> {
    let inside = Span::new(container.span().start + 1, container.span().end - 1);
    if added.is_empty() {
        return vec![TextEdit::new(inside, "")];
    }
    let on_lines = if all.is_empty() { text.contains('\n') } else { text[inside.start..inside.end].contains('\n') };
    let filled = if on_lines {
        let outer = indentation(text, container.span().start);
        let inner = format!("{outer}{}", unit(text));
        let lines: Vec<String> = added.iter().map(|one| format!("\n{inner}{one}")).collect();
        format!("{}\n{outer}", lines.join(","))
    } else {
        added.join(if is_spaced(text) { ", " } else { "," })
    };
    vec![TextEdit::new(inside, filled)]
}

/// Whether the person writes a space after colons.
pub(crate) fn is_spaced(text: &str) -> bool {
    text.contains("\": ") || !text.contains("\":")
}

/// The white space at the beginning of the line of this byte.
pub(crate) fn indentation(text: &str, at: usize) -> String {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    text[start..].chars().take_while(|c| matches!(c, ' ' | '\t')).collect()
}

/// One step of indentation, as the first indented line has it.
pub(crate) fn unit(text: &str) -> String {
    let indented = text.lines().find(|line| line.starts_with([' ', '\t']));
    let step: String = indented.into_iter().flat_map(str::chars).take_while(|c| matches!(c, ' ' | '\t')).collect();
    if step.is_empty() { "  ".to_owned() } else { step }
}

/// A value as it is written into a text at this depth: on lines of its own where the text has lines.
pub(crate) fn laid_out(text: &str, json: &str, indent: &str) -> String {
    match Document::parse(json) {
        Ok(document) if text.contains('\n') => {
            let step = unit(text);
            let mut out = String::new();
            for (index, line) in json::pretty(document.root()).lines().enumerate() {
                let depth = (line.len() - line.trim_start_matches(' ').len()) / 2;
                if index > 0 {
                    out.push('\n');
                    out.push_str(indent);
                    out.extend(std::iter::repeat_n(step.as_str(), depth));
                }
                out.push_str(line.trim_start_matches(' '));
            }
            out
        }
        _ => json.to_owned(),
    }
}

/// A member as it is written into an object.
pub(crate) fn member(text: &str, name: &str, json: &str, indent: &str) -> String {
    let colon = if is_spaced(text) { ": " } else { ":" };
    format!("{}{colon}{}", json::quote(name), laid_out(text, json, indent))
}

/// JSON with a line for each member; what is not JSON stays.
pub(crate) fn pretty(text: &str) -> String {
    Document::parse(text).map_or_else(|_| text.to_owned(), |document| json::pretty(document.root()))
}
