//! Sheets agree with the claims that they write and with the calls that they make.

use std::collections::{HashMap, HashSet};

use super::{
    Checker,
    place::{Step, steps},
};
use crate::definition::{Claim, ClaimForm, ClaimType, FieldKind, Sheet, SheetCall, SheetField};

/// A sheet and what the definition says of its claim.
struct Of<'d> {
    sheet: &'d Sheet,
    claim: &'d Claim,
    members: HashMap<&'d str, &'d Claim>,
    /// The members that the sheet asks for.
    asked: HashSet<&'d str>,
}

/// What a field can hold.
const HELD: &str = "a text, a number, true or false, or an open object without members";

impl Checker<'_> {
    pub(super) fn sheets(&mut self) {
        let d = self.definition;
        if !d.sheets.is_empty() && !d.signs_here() {
            return self.fault(
                steps!["sheets"],
                "a sheet, but no token is signed here",
                "a [token] that is signed by us",
            );
        }
        let claims = d.token.as_ref().map_or(&[][..], |token| &token.claims);
        let known = by_name(claims);
        let mut seen = HashSet::new();
        for (i, sheet) in d.sheets.iter().enumerate() {
            let at = steps!["sheets", i, "claim"];
            if !seen.insert(sheet.claim.as_str()) {
                self.fault(at, format!("{:?} a second time", sheet.claim), "one sheet for each claim");
            }
            match known.get(sheet.claim.as_str()) {
                Some(claim) => self.sheet(i, sheet, claim),
                None => {
                    let wanted = self.wanted(&sheet.claim, names(claims), "one from [[token.claims]]");
                    self.fault(at, format!("{:?}, which is not a claim", sheet.claim), wanted);
                }
            }
        }
    }

    fn sheet(&mut self, i: usize, sheet: &Sheet, claim: &Claim) {
        let asked = sheet.fields.iter().filter_map(|field| field.member.as_deref()).collect();
        let of = Of { sheet, claim, members: by_name(&claim.members), asked };
        if sheet.fields.is_empty() {
            self.fault(steps!["sheets", i, "fields"], "no field", "at least one");
        }
        let mut seen = HashSet::new();
        for (j, field) in of.sheet.fields.iter().enumerate() {
            let at = steps!["sheets", i, "fields", j];
            if !seen.insert(field.member.as_deref()) {
                let again = |member: &String| format!("{member:?} a second time");
                let found = field.member.as_ref().map_or("a second field without a member".to_owned(), again);
                self.fault(at, found, "one field for each value");
            }
            if let Some(rule) = self.rule(at, field, &of) {
                self.unit(at, field, rule, &of);
                self.field(at, field, rule);
            }
        }
        if let Some(create) = &sheet.create {
            self.create(i, create, claim);
        }
    }

    /// What the definition says of the value that a field writes.
    fn rule<'d>(&mut self, at: &[Step<'_>], field: &SheetField, of: &Of<'d>) -> Option<&'d Claim> {
        let below = [at, &[Step::Key("member")]].concat();
        let name = &of.claim.name;
        match &field.member {
            None if of.members.is_empty() => return Some(of.claim),
            None => self.fault(at, format!("no member, but {name:?} has members"), "the member that it writes"),
            Some(member) => match of.members.get(member.as_str()) {
                Some(rule) => return Some(rule),
                None if of.members.is_empty() => {
                    let found = format!("a member of {name:?}, which is {}", of.claim.kind.words());
                    self.fault(&below, found, "a field without one, or [[token.claims.members]]");
                }
                None => {
                    let wanted = self.wanted(member, names(&of.claim.members), "a member of the claim");
                    self.fault(&below, format!("{member:?}, which {name:?} does not have"), wanted);
                }
            },
        }
        None
    }

    /// The unit of an amount is a currency that the person sees beside it.
    fn unit(&mut self, at: &[Step<'_>], field: &SheetField, rule: &Claim, of: &Of<'_>) {
        let Some(currency) = field.minor_unit_of.as_deref() else { return };
        let below = [at, &[Step::Key("minor-unit-of")]].concat();
        let is_currency = of.members.get(currency).is_some_and(|member| member.form == Some(ClaimForm::Currency));
        if rule.kind != ClaimType::Integer {
            let found = format!("the smallest unit, for {}", rule.kind.words());
            self.fault(&below, found, "a member of type \"integer\"");
        } else if !is_currency || !of.asked.contains(currency) {
            let found = format!("{currency:?}, which is not a currency that this sheet asks for");
            self.fault(&below, found, "a field whose member is of form \"currency\"");
        }
    }

    fn field(&mut self, at: &[Step<'_>], field: &SheetField, rule: &Claim) {
        let Some(kind) = FieldKind::of(rule, field) else {
            return self.fault(at, format!("a field for {}", rule.kind.words()), HELD);
        };
        let Some(start) = &field.start else { return };
        let below = [at, &[Step::Key("start")]].concat();
        if kind == FieldKind::Pairs {
            self.fault(&below, "a text for an object", "a field without it");
        } else if let Some(wanted) = kind.wanted_instead(start) {
            self.fault(&below, format!("{start:?}"), wanted);
        }
    }

    fn create(&mut self, i: usize, create: &SheetCall, claim: &Claim) {
        if claim.kind != ClaimType::String {
            let found = format!("a call that makes {}", claim.kind.words());
            self.fault(steps!["sheets", i, "create"], found, "a claim of type \"string\"");
        }
        let d = self.definition;
        if d.endpoint(&create.endpoint).is_none() {
            let known = d.endpoints.iter().map(|endpoint| endpoint.id.as_str());
            let wanted = self.wanted(&create.endpoint, known, "the id of one from [[endpoints]]");
            let found = format!("the endpoint {:?}, which is not listed", create.endpoint);
            self.fault(steps!["sheets", i, "create", "endpoint"], found, wanted);
        }
    }
}

fn by_name(claims: &[Claim]) -> HashMap<&str, &Claim> {
    claims.iter().map(|claim| (claim.name.as_str(), claim)).collect()
}

fn names(claims: &[Claim]) -> impl Iterator<Item = &str> {
    claims.iter().map(|claim| claim.name.as_str())
}
