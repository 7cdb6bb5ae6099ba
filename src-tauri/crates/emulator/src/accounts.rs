//! Accounts: user names with passwords, registered by a program or by the API's own call for it.

use crate::{
    refusal::CredentialRefusal, registration::MOST, secret::Fingerprint, succession::Succession, words::shorten,
};

/// An account. Its password is not kept.
pub(crate) struct Account {
    provider: String,
    /// Its number, by which tokens name it.
    pub(crate) id: u64,
    pub(crate) username: String,
    pub(crate) email: String,
    pub(crate) shop: String,
    password: Succession<Fingerprint>,
    /// Whether the API's own call made it. Such a one makes room for others.
    signed_up: bool,
    revoked: bool,
}

/// The accounts, in the order in which they came.
#[derive(Default)]
pub(crate) struct Accounts {
    accounts: Vec<Account>,
}

/// How many numbers there are for accounts.
const NUMBERS: u64 = 1_000_000;

impl Account {
    /// Whether it was not revoked.
    pub(crate) fn is_active(&self) -> Result<(), CredentialRefusal> {
        match self.revoked {
            true => Err(CredentialRefusal::AccountRevoked { username: shorten(&self.username) }),
            false => Ok(()),
        }
    }
}

impl Accounts {
    /// Adds an account; one that is there already gets this password. `None` where there are too many.
    pub(crate) fn add(&mut self, provider: &str, username: &str, password: &str) -> Option<()> {
        let mut accounts = self.accounts.iter_mut();
        if let Some(account) = accounts.find(|account| account.provider == provider && account.username == username) {
            account.password.register(Fingerprint::of(password));
            account.signed_up = false;
            return Some(());
        }
        self.make_room()?;
        self.push(provider, username, &format!("{username}@example.com"), password, username, false);
        Some(())
    }

    /// Makes the account that somebody asked for over the API, or says that the name is taken with `None`.
    pub(crate) fn sign_up(
        &mut self,
        provider: &str,
        username: &str,
        email: &str,
        password: &str,
        shop: &str,
    ) -> Option<&Account> {
        if self.named(provider, username).is_some() || self.make_room().is_none() {
            return None;
        }
        Some(self.push(provider, username, email, password, shop, true))
    }

    /// The account that this user name and password open.
    pub(crate) fn log_in(&self, provider: &str, username: &str, password: &str) -> Result<&Account, CredentialRefusal> {
        let unknown = || CredentialRefusal::Account { found: shorten(username) };
        let account = self.named(provider, username).ok_or_else(unknown)?;
        if *account.password.current() != Fingerprint::of(password) {
            return Err(CredentialRefusal::Password { username: shorten(username) });
        }
        account.is_active()?;
        Ok(account)
    }

    /// The account with this number, as a token has it.
    pub(crate) fn find(&self, provider: &str, id: &str) -> Result<&Account, CredentialRefusal> {
        let gone = || CredentialRefusal::AccountGone { user: shorten(id) };
        let number: u64 = id.parse().map_err(|_| gone())?;
        let account = self.of(provider).find(|account| account.id == number).ok_or_else(gone)?;
        account.is_active()?;
        Ok(account)
    }

    /// The accounts of a provider.
    pub(crate) fn of<'a>(&'a self, provider: &str) -> impl Iterator<Item = &'a Account> {
        self.accounts.iter().filter(move |account| account.provider == provider)
    }

    /// Revokes an account; `None` where there is none.
    pub(crate) fn revoke(&mut self, provider: &str, username: &str) -> Option<()> {
        let mut accounts = self.accounts.iter_mut();
        let found = accounts.find(|account| account.provider == provider && account.username == username);
        found.map(|account| account.revoked = true)
    }

    /// Changes a password; `None` where there is no such account.
    pub(crate) fn change_password(&mut self, provider: &str, username: &str, password: &str) -> Option<()> {
        let mut accounts = self.accounts.iter_mut();
        let found = accounts.find(|account| account.provider == provider && account.username == username);
        found.map(|account| account.password.change(Fingerprint::of(password)))
    }

    pub(crate) fn restore(&mut self) {
        for account in &mut self.accounts {
            account.revoked = false;
            account.password.restore();
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.accounts.len()
    }

    fn named(&self, provider: &str, username: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.provider == provider && account.username == username)
    }

    /// Lets the oldest account go that the API's own call made, where there are too many.
    fn make_room(&mut self) -> Option<()> {
        if self.accounts.len() >= MOST {
            let oldest = self.accounts.iter().position(|account| account.signed_up)?;
            self.accounts.remove(oldest);
        }
        Some(())
    }

    /// The number of an account that comes: the same after a restart, so that a token from before names the same user.
    fn number(&self, provider: &str, username: &str) -> u64 {
        let first = Fingerprint::of(username).number() % NUMBERS;
        let is_free = |number: &u64| self.of(provider).all(|account| account.id != *number);
        (0..NUMBERS).map(|step| 1 + (first + step) % NUMBERS).find(is_free).unwrap_or_default()
    }

    fn push(
        &mut self,
        provider: &str,
        username: &str,
        email: &str,
        password: &str,
        shop: &str,
        signed_up: bool,
    ) -> &Account {
        let id = self.number(provider, username);
        self.accounts.push(Account {
            provider: provider.to_owned(),
            id,
            username: username.to_owned(),
            email: email.to_owned(),
            shop: shop.to_owned(),
            password: Succession::new(Fingerprint::of(password)),
            signed_up,
            revoked: false,
        });
        &self.accounts[self.accounts.len() - 1]
    }
}
