//! Foreign text is shown and never run: labels, claims, answers and file names made of markup.

use crate::home;
use crate::page::Page;

#[test]
fn foreign_markup_is_text_everywhere() {
    let page = Page::open_in(home::with_demo(), &[]);
    page.sees("Unlock");
}
