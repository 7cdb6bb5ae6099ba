//! Earliest safe times: their terms, the largest of them, and clocks that are set back.

use keywright_keyset::{At, Earliest, Method, Mode, Overlap, Span, Stated, Step, Term};

use crate::{definitions::gr4vy, rules::NOW};

fn stated() -> Stated {
    Stated {
        token_lifetime: Span::HOUR,
        skew: Span::MINUTE,
        slowest_deploy: Span::DAY.times(2),
        quiet: Span::DAY,
        undo: Span::DAY.times(7),
    }
}

fn window(step: Step, method: &Method, mode: Mode) -> Earliest {
    Earliest::of(step, NOW, method, &stated(), mode)
}

#[test]
fn a_next_key_waits_for_who_verifies_and_an_old_one_for_who_signs() {
    let cached = Method { key_set_cache: Some(Span::MINUTE.times(5)), ..gr4vy() };
    let promote = window(Step::Promote, &cached, Mode::Planned);
    assert_eq!(promote.terms, [(Term::SeenEverywhere, Span(30)), (Term::KeySetCache, Span(300))]);
    assert_eq!((promote.at(NOW), promote.largest().unwrap().0), (NOW.after(Span(330)), Term::KeySetCache));

    let retire = window(Step::Retire, &cached, Mode::Planned);
    let terms =
        [(Term::SlowestDeploy, Span::DAY.times(2)), (Term::TokenLifetime, Span::HOUR), (Term::Skew, Span::MINUTE)];
    assert_eq!(retire.terms, terms);
    assert_eq!(retire.wait(), Span(2 * 86_400 + 3_600 + 60));
    assert_eq!(retire.largest(), Some((Term::SlowestDeploy, Span::DAY.times(2))));

    assert_eq!(window(Step::Delete, &cached, Mode::Planned).terms, [(Term::Undo, Span::DAY.times(7))]);
    assert_eq!(window(Step::Prove, &cached, Mode::Planned).terms, []);
    assert_eq!(promote.breaks().len(), 2, "what can break is said for each part");
    insta::assert_snapshot!(format!("{promote}\n{retire}\n{}", window(Step::Delete, &cached, Mode::Planned)));
}

#[test]
fn a_provider_without_a_key_set_has_no_cache() {
    assert_eq!(window(Step::Promote, &gr4vy(), Mode::Planned).terms, [(Term::SeenEverywhere, Span(30))]);
}

#[test]
fn nothing_waits_in_an_incident_or_without_an_overlap() {
    let in_place = Method { overlap: Overlap::None, ..gr4vy() };
    for step in [Step::Promote, Step::Retire, Step::Delete] {
        for mode in [Mode::DisableFirst, Mode::ReplaceFirst] {
            assert_eq!(window(step, &gr4vy(), mode).at(NOW), NOW, "{step} {mode:?}");
        }
        assert_eq!(window(step, &in_place, Mode::Planned).at(NOW), NOW, "{step}");
    }
}

#[test]
fn a_clock_that_was_set_back_lets_a_wait_begin_again() {
    let retire = window(Step::Retire, &gr4vy(), Mode::Planned);
    let year_ago = At(NOW.0 - 365 * 86_400);
    assert_eq!(retire.at(year_ago), year_ago.after(retire.wait()), "and not in a year");
    assert_eq!(retire.left(year_ago), retire.wait(), "no part of it counts as over");
    assert_eq!(retire.left(NOW.after(Span::DAY)), Span(86_400 + 3_600 + 60));
    assert_eq!(retire.left(NOW.after(Span::DAY.times(9))), Span(0));
}

#[test]
fn of_equal_parts_the_first_is_the_largest() {
    let even = Stated { token_lifetime: Span::DAY, slowest_deploy: Span::DAY, ..stated() };
    let retire = Earliest::of(Step::Retire, NOW, &gr4vy(), &even, Mode::Planned);
    assert_eq!(retire.largest().map(|(term, _)| term), Some(Term::SlowestDeploy));
}
