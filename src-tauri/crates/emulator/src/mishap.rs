//! Mishaps: what goes wrong at one endpoint, for as many calls as it was asked for.
//!
//! Written `METHOD /PROVIDER/PATH WHAT`, with a number, the times and `applied` where they belong:
//!
//! | | |
//! | --- | --- |
//! | `POST /gr4vy/api-key-pairs fail 500x1` | answers as [`Fail`] says, and nothing is done |
//! | `POST /gr4vy/api-key-pairs fail 500x1 applied` | the same, although what was asked for is done |
//! | `POST /gr4vy/api-key-pairs hang 60x1 applied` | says nothing for so many seconds, then what a gateway says: 504 |
//! | `POST /gr4vy/api-key-pairs break-off x1` | does it, and ends the connection in the middle of the answer |
//! | `POST /gr4vy/api-key-pairs twice x1` | does it twice, and answers once |
//! | `GET /gr4vy/api-key-pairs lag 30` | shows what was so many seconds ago |
//! | `GET /gr4vy/api-key-pairs repeat-page x3` | has a next page, which is this one |
//! | `GET /gr4vy/api-key-pairs other-thumbprint` | shows another thumbprint than each key has |

use std::{fmt, str::FromStr};

use crate::{
    fail::{Fail, FailSyntax, RetryForm},
    words::shorten,
};

/// The longest time that is waited, in seconds.
const LONGEST: u32 = 600;
/// How many are kept.
const MOST: usize = 100;

/// Something that goes wrong at one endpoint. Of several at one endpoint the first is due until it has come as often as it was asked
/// for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mishap {
    method: String,
    /// The provider's id, and the path below it with `{name}` for what varies.
    provider: String,
    path: String,
    wrong: Wrong,
    /// To how many more calls it happens; to all where that is `None`.
    times: Option<u32>,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    Act(Act),
    View(View),
}

/// What goes wrong with the call itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// It is answered so.
    Fail { fail: Fail, applied: bool },
    /// Nothing is said for so many seconds.
    Hang { seconds: u32, applied: bool },
    /// It is done, and the answer ends in the middle.
    BreakOff,
    /// It is done twice.
    Twice,
}

/// What is wrong with what a call shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// What was so many seconds ago.
    Lag { seconds: u32 },
    /// A next page, which is this one.
    RepeatPage,
    /// Another thumbprint than each key has.
    OtherThumbprint,
}

impl Act {
    /// Whether what was asked for is done nevertheless.
    pub(crate) fn is_applied(self) -> bool {
        match self {
            Self::Fail { applied, .. } | Self::Hang { applied, .. } => applied,
            Self::BreakOff | Self::Twice => true,
        }
    }

    /// What the log says of it.
    pub(crate) fn told(self) -> String {
        match self {
            Self::Fail { fail, .. } => format!("told to answer {}", fail.status()),
            Self::Hang { seconds, .. } => format!("told to say nothing for {seconds} s"),
            Self::BreakOff => "told to break the answer off".to_owned(),
            Self::Twice => "told to do it twice".to_owned(),
        }
    }
}

/// Why a mishap is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MishapError {
    /// It is not written as one.
    #[error(
        "the mishap is {found:?}, wanted a method, a path and what goes wrong, as in \"POST /gr4vy/api-key-pairs fail 500x1\""
    )]
    Form {
        /// What was found.
        found: String,
    },
    /// Nothing goes wrong in this way.
    #[error("what goes wrong is {found:?}, wanted fail, hang, break-off, twice, lag, repeat-page or other-thumbprint")]
    What {
        /// What was found.
        found: String,
    },
    /// How it fails cannot be read.
    #[error(transparent)]
    Fail(#[from] FailSyntax),
    /// The seconds are no number, or too many.
    #[error("the seconds are {found:?}, wanted a number up to {LONGEST} as in \"hang 60x1\"")]
    Seconds {
        /// What was found.
        found: String,
    },
    /// The number of times is not a number.
    #[error("the number of times is {found:?}, wanted a number as in x1")]
    Times {
        /// What was found.
        found: String,
    },
    /// A word stands where none belongs.
    #[error("{found:?} follows where nothing belongs{}", if .found == "applied" { ": only fail and hang can be either" } else { "" })]
    Further {
        /// What was found.
        found: String,
    },
    /// No such endpoint is played.
    #[error("{method} {path} is not played")]
    Endpoint {
        /// The method.
        method: String,
        /// The path with the provider.
        path: String,
    },
    /// It cannot happen there.
    #[error("{what} cannot happen at {method} {path}; it can at {wanted}")]
    Elsewhere {
        /// What goes wrong.
        what: &'static str,
        /// The method.
        method: String,
        /// The path with the provider.
        path: String,
        /// Where it can happen.
        wanted: &'static str,
    },
    /// Too many.
    #[error("{found} mishaps, wanted at most {MOST}")]
    Many {
        /// How many there are.
        found: usize,
    },
}

impl MishapError {
    pub(crate) fn endpoint(mishap: &Mishap) -> Self {
        Self::Endpoint { method: shorten(&mishap.method), path: shorten(&mishap.whole_path()) }
    }
}

impl Mishap {
    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    pub(crate) fn provider(&self) -> &str {
        &self.provider
    }

    /// The path below the provider.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// What is shown wrongly, where it is that.
    pub(crate) fn view(&self) -> Option<View> {
        match self.wrong {
            Wrong::View(view) => Some(view),
            Wrong::Act(_) => None,
        }
    }

    /// It cannot happen where it was said to, but there.
    pub(crate) fn elsewhere(&self, wanted: &'static str) -> MishapError {
        let (method, path) = (shorten(&self.method), shorten(&self.whole_path()));
        MishapError::Elsewhere { what: self.wrong.name(), method, path, wanted }
    }

    fn whole_path(&self) -> String {
        format!("/{}{}", self.provider, self.path)
    }
}

impl Wrong {
    fn name(self) -> &'static str {
        match self {
            Self::Act(Act::Fail { .. }) => "fail",
            Self::Act(Act::Hang { .. }) => "hang",
            Self::Act(Act::BreakOff) => "break-off",
            Self::Act(Act::Twice) => "twice",
            Self::View(View::Lag { .. }) => "lag",
            Self::View(View::RepeatPage) => "repeat-page",
            Self::View(View::OtherThumbprint) => "other-thumbprint",
        }
    }
}

impl FromStr for Mishap {
    type Err = MishapError;

    fn from_str(text: &str) -> Result<Self, MishapError> {
        let form = || MishapError::Form { found: shorten(text) };
        let mut words = text.split_whitespace();
        let (method, path, what) = (|| Some((words.next()?, words.next()?, words.next()?)))().ok_or_else(form)?;
        let (provider, _) = path.strip_prefix('/').and_then(|path| path.split_once('/')).ok_or_else(form)?;
        let (mut number, mut times, mut applied) = (None, None, false);
        for word in words {
            match word {
                "applied" if !applied && matches!(what, "fail" | "hang") => applied = true,
                _ if number.is_none() && word != "applied" => number = Some(word),
                _ => return Err(MishapError::Further { found: shorten(word) }),
            }
        }
        let number = number.unwrap_or_default();
        let mut counted = || {
            let (value, count) = number.split_once('x').map_or((number, None), |(value, count)| (value, Some(count)));
            let wrong = |count: &str| MishapError::Times { found: shorten(count) };
            times = count.map(|count| count.parse::<u32>().map_err(|_| wrong(count))).transpose()?;
            Ok::<_, MishapError>(value)
        };
        let seconds = |value: &str| {
            let seconds = value.parse::<u32>().ok().filter(|seconds| *seconds <= LONGEST);
            seconds.ok_or_else(|| MishapError::Seconds { found: shorten(value) })
        };
        let alone = |value: &str| match value {
            "" => Ok(()),
            found => Err(MishapError::Further { found: shorten(found) }),
        };
        let wrong = match what {
            "fail" => {
                let fail: Fail = number.parse()?;
                times = fail.times();
                let once = Fail::new(fail.status(), None, fail.retry_after())?.said_as(fail.form());
                Wrong::Act(Act::Fail { fail: once, applied })
            }
            "hang" => Wrong::Act(Act::Hang { seconds: seconds(counted()?)?, applied }),
            "break-off" => alone(counted()?).map(|()| Wrong::Act(Act::BreakOff))?,
            "twice" => alone(counted()?).map(|()| Wrong::Act(Act::Twice))?,
            "lag" => Wrong::View(View::Lag { seconds: seconds(counted()?)? }),
            "repeat-page" => alone(counted()?).map(|()| Wrong::View(View::RepeatPage))?,
            "other-thumbprint" => alone(counted()?).map(|()| Wrong::View(View::OtherThumbprint))?,
            found => return Err(MishapError::What { found: shorten(found) }),
        };
        let below = path[provider.len() + 1..].to_owned();
        Ok(Self { method: method.to_owned(), provider: provider.to_owned(), path: below, wrong, times })
    }
}

/// As it is written, with the times that are left.
impl fmt::Display for Mishap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.method, self.whole_path(), self.wrong.name())?;
        let times = self.times.map_or_else(String::new, |times| format!("x{times}"));
        let applied = |applied| if applied { " applied" } else { "" };
        match self.wrong {
            Wrong::Act(Act::Fail { fail, applied: is }) => {
                write!(f, " {}{times}", fail.status())?;
                if let Some(seconds) = fail.retry_after() {
                    write!(f, ":{seconds}")?;
                }
                f.write_str(match fail.form() {
                    RetryForm::Seconds => "",
                    RetryForm::Date => "@date",
                    RetryForm::Body => "@body",
                })?;
                f.write_str(applied(is))
            }
            Wrong::Act(Act::Hang { seconds, applied: is }) => write!(f, " {seconds}{times}{}", applied(is)),
            Wrong::View(View::Lag { seconds }) => write!(f, " {seconds}{times}"),
            _ if times.is_empty() => Ok(()),
            _ => write!(f, " {times}"),
        }
    }
}

/// The mishaps that are still to come.
#[derive(Default)]
pub(crate) struct Mishaps(Vec<Mishap>);

/// What goes wrong with one call.
#[derive(Clone, Copy, Default)]
pub(crate) struct Happening {
    pub(crate) act: Option<Act>,
    pub(crate) view: Option<View>,
}

impl Mishaps {
    /// Takes these in place of all others. They were found to be possible.
    pub(crate) fn set(&mut self, mishaps: Vec<Mishap>) -> Result<(), MishapError> {
        if mishaps.len() > MOST {
            return Err(MishapError::Many { found: mishaps.len() });
        }
        self.0 = mishaps;
        self.0.retain(|mishap| mishap.times != Some(0));
        Ok(())
    }

    /// Those that are still to come, with the times that are left.
    pub(crate) fn to_come(&self) -> &[Mishap] {
        &self.0
    }

    /// What happens to the next call that `is_at` says a mishap is at: of each kind the first that is due, counted down.
    pub(crate) fn next(&mut self, is_at: impl Fn(&Mishap) -> bool) -> Happening {
        let mut happening = Happening::default();
        for mishap in self.0.iter_mut().filter(|mishap| is_at(mishap)) {
            let taken = match mishap.wrong {
                Wrong::Act(act) if happening.act.is_none() => happening.act.replace(act).is_none(),
                Wrong::View(view) if happening.view.is_none() => happening.view.replace(view).is_none(),
                _ => false,
            };
            if taken {
                mishap.times = mishap.times.map(|times| times.saturating_sub(1));
            }
        }
        self.0.retain(|mishap| mishap.times != Some(0));
        happening
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_written_again() {
        for text in [
            "POST /gr4vy/api-key-pairs fail 500x1",
            "POST /gr4vy/api-key-pairs fail 500x1 applied",
            "POST /gr4vy/api-key-pairs fail 429x2:5@date",
            "DELETE /gr4vy/api-key-pairs/{id} fail 409",
            "POST /gr4vy/api-key-pairs hang 60x1 applied",
            "POST /gr4vy/api-key-pairs hang 0",
            "POST /gr4vy/api-key-pairs break-off x1",
            "POST /gr4vy/api-key-pairs twice",
            "GET /gr4vy/api-key-pairs lag 30",
            "GET /gr4vy/api-key-pairs repeat-page x3",
            "GET /gr4vy/api-key-pairs other-thumbprint",
        ] {
            assert_eq!(text.parse::<Mishap>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_wrong_with_one_is_said() {
        let errors: Vec<String> = [
            "",
            "POST /gr4vy/api-key-pairs",
            "POST api-key-pairs fail 500",
            "POST /gr4vy/x explode",
            "POST /gr4vy/x fail",
            "POST /gr4vy/x fail 200",
            "POST /gr4vy/x hang",
            "POST /gr4vy/x hang 601",
            "POST /gr4vy/x hang 5xmany",
            "POST /gr4vy/x twice 2",
            "POST /gr4vy/x twice x1 applied",
            "POST /gr4vy/x fail 500 applied applied",
            "POST /gr4vy/x lag 5 6",
        ]
        .into_iter()
        .map(|text| text.parse::<Mishap>().unwrap_err().to_string())
        .collect();
        insta::assert_snapshot!(errors.join("\n"));
    }

    #[test]
    fn the_first_of_each_kind_is_due_until_it_has_come_as_often_as_asked() {
        let mut mishaps = Mishaps::default();
        let texts =
            ["POST /a/b fail 500x1", "POST /a/b fail 409x2", "POST /a/b lag 5", "GET /a/b twice", "POST /a/b twice x0"];
        mishaps.set(texts.iter().map(|text| text.parse().unwrap()).collect()).unwrap();
        let mut next = || {
            let happening = mishaps.next(|mishap| mishap.method() == "POST");
            let status = happening.act.map(|act| act.told());
            (status, happening.view.is_some())
        };
        let told = |status: u16| (Some(format!("told to answer {status}")), true);
        assert_eq!([next(), next(), next(), next()], [told(500), told(409), told(409), (None, true)]);
        assert_eq!(mishaps.to_come().len(), 2);
        let many = vec![texts[0].parse().unwrap(); MOST + 1];
        assert_eq!(mishaps.set(many).unwrap_err().to_string(), "101 mishaps, wanted at most 100");
    }
}
