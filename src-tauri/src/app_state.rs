//! App state: the open vault, import previews, undo log, running jobs, in one lock.
//!
//! One lock guards what belongs to the unlocked vault, and is never held while something waits for the network or for the
//! person. Locking drops all of it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use emulator::{Observer, OnDemand};
use host::{Clipboard, OneTimeKeys};
use wire::{Code, ErrorBody, Event, Locked, Theme, WhyLocked};
use workbench::imports::Imports;
use workbench::ports::{Cancel, Ports};
use workbench::remembered_consent::{IDLE, Remembering};
use workbench::session::Session;
use workbench::surroundings::{LastRun, PageEnd};
use workbench::undo::UndoLog;
use workbench::{Error, places};

use crate::clipboard_guard::ClipboardGuard;
use crate::clocks::ClockReading;
use crate::consent::{self, OnSlate, Slate};
use crate::dialogs::{Dialogs, Question};
use crate::drafts::Drafts;
use crate::page::Page;
use crate::webhook_session::WebhookSession;
use crate::window_preferences::WindowPreferences;
use crate::{adapters, conversions};

/// The window's state. There is one, for as long as the program runs.
pub struct AppState {
    pub(crate) ports: Arc<Ports>,
    pub(crate) dialogs: Box<dyn Dialogs>,
    pub(crate) copies: ClipboardGuard,
    pub(crate) remembered: WindowPreferences,
    pub(crate) hooks: WebhookSession,
    pub(crate) emulator: Arc<OnDemand>,
    /// What the page seals its secrets for.
    pub(crate) request_keys: OneTimeKeys,
    slate: Arc<Slate>,
    consent: Arc<Remembering>,
    vault: Mutex<Vault>,
    /// Drafts that could not be sealed when the vault at that path was locked. They wait for it to be unlocked.
    unsealed: Mutex<Option<(PathBuf, Drafts)>>,
    running: Mutex<HashMap<u32, Cancel>>,
    touched: Mutex<ClockReading>,
    focused: AtomicBool,
    /// Whether the page shall begin at Inspect: the program was started for that, and the page has not begun yet.
    inspect: AtomicBool,
    /// How the run before this one ended, or the page before this one.
    last_run: Mutex<Option<LastRun>>,
    /// Why and when the vault was locked last, for a page that begins anew.
    last_lock: Mutex<Option<Locked>>,
    page: Arc<Page>,
}

/// The vault that the window shows, open or not.
struct Vault {
    path: PathBuf,
    open: Option<Open>,
}

/// What is there while the vault is unlocked.
pub(crate) struct Open {
    /// The vault itself.
    pub(crate) session: Session,
    /// What the person chose.
    pub(crate) settings: wire::Settings,
    /// The drafts that are open.
    pub(crate) drafts: Drafts,
    /// Keys that were found and not kept yet.
    pub(crate) imports: Imports,
    /// What can be taken back.
    pub(crate) undo: UndoLog,
}

impl AppState {
    /// A desk with a locked vault.
    ///
    /// # Errors
    ///
    /// When the system names no folder for the user's data.
    pub(crate) fn new(
        dialogs: Box<dyn Dialogs>,
        clipboard: Box<dyn Clipboard>,
        vault: Option<PathBuf>,
        remembered: WindowPreferences,
        page: Page,
    ) -> Result<Self, host::NoDataFolder> {
        let slate = Arc::new(Slate::default());
        let chosen = remembered.now().vault.filter(|_| std::env::var_os(host::VAULT_VARIABLE).is_none());
        let path = host::vault_path(vault.or(chosen).as_deref())?;
        let person = Box::new(OnSlate(Arc::clone(&slate)));
        let consent = Arc::new(Remembering::new(person, Box::new(|| ClockReading::now().elapsed)));
        let page = Arc::new(page);
        let told = Arc::clone(&page);
        let observer: Observer =
            Arc::new(move |entry| (told.tell)(&Event::Emulated { entry: conversions::entry(entry) }));
        let emulator = Arc::new(OnDemand::observed(observer));
        Ok(Self {
            ports: Arc::new(adapters::ports(Box::new(Arc::clone(&consent)), Arc::clone(&emulator))),
            emulator,
            dialogs,
            copies: ClipboardGuard::new(clipboard),
            vault: Mutex::new(Vault { path, open: None }),
            remembered,
            hooks: WebhookSession::default(),
            request_keys: OneTimeKeys::default(),
            slate,
            consent,
            unsealed: Mutex::default(),
            running: Mutex::default(),
            touched: Mutex::new(ClockReading::now()),
            focused: AtomicBool::new(true),
            inspect: AtomicBool::new(false),
            last_run: Mutex::default(),
            last_lock: Mutex::default(),
            page,
        })
    }

    /// Tells the page.
    pub(crate) fn tell(&self, event: &Event) {
        (self.page.tell)(event);
    }

    /// The way to the page, for what goes on behind a command.
    pub(crate) fn page(&self) -> Arc<Page> {
        Arc::clone(&self.page)
    }

    /// Gives the window its looks.
    pub(crate) fn dress(&self, theme: Theme) {
        (self.page.dress)(theme);
    }

    /// Where the vault lies, or would.
    pub(crate) fn path(&self) -> PathBuf {
        self.vault().path.clone()
    }

    /// Takes another vault in place of the present one, which is locked first.
    pub(crate) fn choose(&self, path: &Path) {
        // Drafts that could not be sealed wait for their own vault.
        let _ = self.lock(WhyLocked::Asked);
        self.vault().path = path.to_owned();
        // Why the vault before it was locked is nothing to say of this one.
        *self.noted_lock() = None;
    }

    /// Whether the vault is unlocked.
    pub(crate) fn is_unlocked(&self) -> bool {
        self.vault().open.is_some()
    }

    /// Puts an unlocked vault on the desk.
    pub(crate) fn open(&self, session: Session) -> Result<wire::Opened, ErrorBody> {
        self.touch();
        let settings = conversions::settings_of(&session)?;
        let left = self.unsealed().take().filter(|(path, _)| path == session.path());
        let drafts = left.map(|(_, drafts)| drafts).unwrap_or_default();
        let place = match drafts.last() {
            Some(at) => Some(at.clone()),
            None => places::first(&session)?,
        };
        let vault = conversions::vault_here(session.path());
        let opened = wire::Opened { place: place.map(Into::into), settings: settings.clone(), vault };
        let open = Open { session, settings, drafts, imports: Imports::default(), undo: UndoLog::default() };
        self.vault().open = Some(open);
        *self.noted_lock() = None;
        Ok(opened)
    }

    /// Does something with the unlocked vault.
    pub(crate) fn with<T>(&self, job: impl FnOnce(&mut Open, &Ports) -> Result<T, Error>) -> Result<T, ErrorBody> {
        let mut vault = self.vault();
        let open = vault.open.as_mut().ok_or_else(ErrorBody::locked)?;
        Ok(job(open, &self.ports)?)
    }

    /// Does something that knows more with an unlocked vault, and works without.
    pub(crate) fn perhaps<T>(
        &self,
        job: impl FnOnce(Option<&Session>, &Ports) -> Result<T, Error>,
    ) -> Result<T, ErrorBody> {
        let vault = self.vault();
        Ok(job(vault.open.as_ref().map(|open| &open.session), &self.ports)?)
    }

    /// Does something that may want the person's word for a live environment; then it is called twice. It must have
    /// changed nothing when it fails for want of it.
    pub(crate) fn with_consent<T>(
        &self,
        mut job: impl FnMut(&mut Open, &Ports) -> Result<T, Error>,
    ) -> Result<T, ErrorBody> {
        match self.with(&mut job) {
            Err(error) if error.code == Code::LiveWithoutConsent => {
                let Some(asked) = self.slate.take_question() else { return Err(error) };
                if !self.dialogs.confirm(&consent::in_words(&asked)) {
                    return Err(error);
                }
                self.slate.agree(asked);
                let answer = self.with(job);
                self.slate.wipe();
                answer
            }
            answer => answer,
        }
    }

    /// Forgets each yes to something live.
    pub(crate) fn forget_consent(&self) {
        self.consent.clear();
    }

    /// Locks: drafts are sealed, whatever was open is dropped, running jobs are ended, and what was copied leaves the
    /// clipboard.
    ///
    /// # Errors
    ///
    /// When the drafts could not be sealed. It is locked all the same, and they wait for the next unlocking.
    pub(crate) fn lock(&self, why: WhyLocked) -> Result<(), Error> {
        memory::clean_stack(|| self.drop_everything(why))
    }

    fn drop_everything(&self, why: WhyLocked) -> Result<(), Error> {
        for (_, cancel) in self.running().drain() {
            cancel.cancel();
        }
        // Before the vault is taken: an answer that is still on its way must not wait for it.
        self.hooks.end();
        self.slate.wipe();
        self.consent.clear();
        // What was registered there for Local are keys and logins of this vault.
        self.emulator.stop();
        self.request_keys.forget();
        let mut sealed = Ok(());
        let was_open = self.vault().open.take();
        let is_news = was_open.is_some();
        if let Some(Open { mut session, drafts, .. }) = was_open {
            sealed = drafts.seal(&mut session, &self.ports);
            if sealed.is_err() {
                *self.unsealed() = Some((session.path().to_owned(), drafts));
            }
        }
        if self.copies.clear() {
            self.tell(&Event::ClipboardCleared);
        }
        if is_news {
            self.tell(&Event::Locked(self.note_lock(why)));
        }
        sealed
    }

    /// Locks because the window closes; false if the person would rather keep it open than lose a draft.
    pub(crate) fn leave(&self) -> bool {
        let Err(error) = self.lock(WhyLocked::Quit) else { return true };
        self.dialogs.confirm(&Question {
            title: "Quit without the drafts?".to_owned(),
            detail: format!("They could not be sealed in the vault: {error}. Unlock once more to try again."),
            verb: "Quit and lose them".to_owned(),
        })
    }

    /// Where the person works in a live environment and has not done anything for so long that it ends: goes back to
    /// the calm place of that profile, and says which.
    pub(crate) fn end_live(&self) -> Option<wire::Target> {
        self.consent.expire();
        if self.idle() < IDLE {
            return None;
        }
        let mut vault = self.vault();
        let open = vault.open.as_mut()?;
        let at = open.drafts.last()?.clone();
        if !places::is_live(&open.session, &at).ok()? {
            return None;
        }
        let calm = places::calm(&open.session, &at.profile).ok()??;
        open.drafts.go(calm.clone());
        Some(calm.into())
    }

    /// Reads the vault again if another process wrote it; says whether it did.
    pub(crate) fn refresh(&self) -> bool {
        let mut vault = self.vault();
        // A vault that cannot be read just now is told by the next job that needs it.
        vault.open.as_mut().is_some_and(|open| open.session.refresh().unwrap_or(false))
    }

    /// What the person chose, where that is known.
    pub(crate) fn settings(&self) -> Option<wire::Settings> {
        self.vault().open.as_ref().map(|open| open.settings.clone())
    }

    /// A job of this id begins: what it returns ends it, and is forgotten with the guard.
    pub(crate) fn begin(&self, job: u32) -> Running<'_> {
        let cancel = Cancel::default();
        self.running().insert(job, cancel.clone());
        Running { app: self, job, cancel }
    }

    /// Ends the job of this id, if it runs.
    pub(crate) fn end(&self, job: u32) {
        if let Some(cancel) = self.running().get(&job) {
            cancel.cancel();
        }
    }

    /// The person did something. Commands alone do not count: the page signs afresh by itself before a token expires.
    pub(crate) fn touch(&self) {
        *self.touched() = ClockReading::now();
        self.consent.touch();
    }

    /// For how long nobody did anything, sleep included.
    pub(crate) fn idle(&self) -> Duration {
        let touched = *self.touched();
        ClockReading::now().elapsed.saturating_sub(touched.elapsed)
    }

    /// Whether the person looks at the window.
    pub(crate) fn is_focused(&self) -> bool {
        self.focused.load(Ordering::Relaxed)
    }

    /// The person looks at the window, or at another.
    pub(crate) fn set_focused(&self, focused: bool) {
        self.focused.store(focused, Ordering::Relaxed);
    }

    /// The page ended by itself, and nobody knows who had a hand in it: whatever it showed is put away, and the next page
    /// says why.
    ///
    /// # Errors
    ///
    /// As [`AppState::lock`].
    pub(crate) fn end_page(&self, end: PageEnd) -> Result<(), Error> {
        let sealed = self.lock(WhyLocked::PageEnded);
        // Also where it was locked before: what was pasted into Inspect is gone with the page.
        self.note_lock(WhyLocked::PageEnded);
        self.note_last_run(LastRun::Page(end));
        sealed
    }

    /// Notes how the run before this one ended, or the page before the present one.
    pub(crate) fn note_last_run(&self, run: LastRun) {
        *self.last_run.lock().unwrap_or_else(PoisonError::into_inner) = Some(run);
    }

    /// How the run before this one ended, or the page before the present one, as far as it is known.
    pub(crate) fn last_run(&self) -> Option<LastRun> {
        self.last_run.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Why and when this vault was locked last.
    pub(crate) fn last_lock(&self) -> Option<Locked> {
        *self.noted_lock()
    }

    fn note_lock(&self, why: WhyLocked) -> Locked {
        let lock = Locked { why, at: self.ports.clock.now() };
        *self.noted_lock() = Some(lock);
        lock
    }

    fn noted_lock(&self) -> MutexGuard<'_, Option<Locked>> {
        self.last_lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the page shall begin at Inspect.
    pub(crate) fn begin_at_inspect(&self, inspect: bool) {
        self.inspect.store(inspect, Ordering::Relaxed);
    }

    /// Whether this page begins at Inspect. Asked once: one that is loaded again begins as ever.
    pub(crate) fn begins_at_inspect(&self) -> bool {
        self.inspect.swap(false, Ordering::Relaxed)
    }

    fn vault(&self) -> MutexGuard<'_, Vault> {
        self.vault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unsealed(&self) -> MutexGuard<'_, Option<(PathBuf, Drafts)>> {
        self.unsealed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn running(&self) -> MutexGuard<'_, HashMap<u32, Cancel>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn touched(&self) -> MutexGuard<'_, ClockReading> {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job that runs, until this is dropped.
pub(crate) struct Running<'d> {
    app: &'d AppState,
    job: u32,
    /// Ends it.
    pub(crate) cancel: Cancel,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.app.running().remove(&self.job);
    }
}
