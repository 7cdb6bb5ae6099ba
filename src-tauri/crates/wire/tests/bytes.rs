//! Bytes that a signature covers, as people see them.

use keywright_wire::{BytesRow, SignedBytes};

#[test]
fn bytes_are_shown_with_what_is_not_seen() {
    let shown = |bytes: &[u8]| {
        let SignedBytes { length, head, left_out, tail, text, text_tail } = SignedBytes::new(bytes);
        let row = |row: &BytesRow| format!("{} | {:48} | {}\n", row.offset, row.hex, row.text);
        let rows = |rows: &[BytesRow]| rows.iter().map(row).collect::<String>();
        let (head, tail) = (rows(&head), rows(&tail));
        format!("{length} bytes\n{head}… {left_out}\n{tail}{text}\n…\n{text_tail}")
    };
    let odd = "\u{feff}{\"é\":\t\"a\u{202e}b\"}\r\n";
    let mut broken = odd.as_bytes().to_vec();
    broken.extend([0xff, 0, 0x7f]);
    insta::assert_snapshot!([shown(b""), shown(&broken)].join("\n──\n"));

    // A long body is its beginning and its end, no character of which is broken by the cut.
    let long = SignedBytes::new("é".repeat(5_000).as_bytes());
    assert_eq!((long.length, long.head.len(), long.head[95].offset.as_str()), (10_000, 96, "0005f0"));
    assert_eq!((long.tail[0].offset.as_str(), long.tail.len()), ("002510", 32));
    assert_eq!(long.left_out, 0x2510 - 1_536);
    assert!(!long.text.contains('\u{fffd}') && !long.text_tail.contains('\u{fffd}'));
    let shifted = SignedBytes::new(format!("x{}", "é".repeat(5_000)).as_bytes());
    assert!(!shifted.text.contains('\u{fffd}') && !shifted.text_tail.contains('\u{fffd}'));
    assert_eq!(SignedBytes::new(&[b'a'; 2_048]).left_out, 0);
}
