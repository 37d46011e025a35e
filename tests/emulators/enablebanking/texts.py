# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The texts of the pages."""

from __future__ import annotations

_BOTH = {
    # name: (Italian, English)
    "login_title": ("Accesso all'internet banking", "Sign in to online banking"),
    "username": ("Codice utente", "User name"),
    "password": ("Password", "Password"),
    "go_on": ("Avanti", "Continue"),
    "cancel": ("Annulla", "Cancel"),
    "wrong_login": ("Codice utente o password errati.", "Wrong user name or password."),
    "otp_title": ("Conferma la tua identità", "Confirm that it is you"),
    "otp": ("Codice temporaneo", "One-time code"),
    "otp_help": (
        "Inserisci il codice generato dall'app della banca.",
        "Enter the code made by the bank's app.",
    ),
    "wrong_otp": ("Codice temporaneo errato.", "Wrong one-time code."),
    "accounts_title": ("Scegli i conti da condividere", "Choose the accounts to share"),
    "one_page_title": ("Dai accesso ai tuoi conti a {app}", "Give {app} access to your accounts"),
    "accounts_help": (
        "{app} potrà leggere saldi e movimenti dei conti scelti fino al {until}. "
        "Non potrà disporre pagamenti.",
        "{app} will be able to read balances and transactions of the chosen accounts until "
        "{until}. It cannot make payments.",
    ),
    "consent": (
        "Acconsento alla lettura dei conti scelti.",
        "I consent to the reading of the chosen accounts.",
    ),
    "consent_missing": ("Serve il tuo consenso per proseguire.", "Your consent is needed."),
    "confirm": ("Conferma", "Confirm"),
    "sandbox_hint": ("Credenziali di prova", "Sandbox credentials"),
    "over_title": ("Richiesta non più valida", "This request is no longer valid"),
    "over": (
        "Torna al programma da cui sei partito e ricomincia il collegamento.",
        "Go back to the program you came from and start the connection again.",
    ),
    "fictional": (
        "Banca inventata: nessun dato è reale.",
        "An invented bank: nothing here is real.",
    ),
    "control_title": ("Banche di prova", "Sandbox banks"),
    "control_intro": (
        "Fai succedere in banca quello che vuoi vedere nel gestionale.",
        "Make happen at the bank what you want to see in the books.",
    ),
    "switched_on": ("Attivo ora", "Switched on now"),
    "nothing_on": ("Nessun guasto attivo.", "No fault is switched on."),
    "user_needed": ("serve l'utente presente", "needs the user present"),
    "quota_is": ("letture automatiche al giorno", "unattended reads per day"),
    "consents_count": ("consensi validi", "valid consents"),
    "balance": ("Saldo", "Balance"),
    "rows": ("movimenti", "rows"),
    "pending": ("in attesa", "pending"),
    "pay_invoice": ("Un cliente paga una fattura", "A customer pays an invoice"),
    "add_rows": ("Aggiungi 10 movimenti", "Add 10 movements"),
    "add_pending": ("Aggiungi un movimento in attesa", "Add a pending movement"),
    "book_pending": ("Contabilizza l'attesa", "Book the pending one"),
    "drop_pending": ("L'attesa svanisce", "The pending one vanishes"),
    "add_late": ("Aggiungi un movimento in ritardo", "Add a late movement"),
    "renumber": ("Cambia tutti gli identificativi", "Change all row ids"),
    "expire": ("Fai scadere i consensi", "Expire the consents"),
    "expire_all": ("Fai scadere tutti i consensi", "Expire all consents"),
    "revoke": ("Il cliente revoca i consensi", "The customer revokes the consents"),
    "ask_user": ("Chiedi l'utente presente", "Ask for the user present"),
    "allow_unattended": ("Permetti letture automatiche", "Allow unattended reads"),
    "next_call": ("Alla prossima chiamata rispondi", "Next call answers"),
    "any_bank": ("tutte le banche", "all banks"),
    "switch_on": ("Attiva", "Switch on"),
    "clear": ("Spegni i guasti", "Clear the faults"),
    "reset": ("Ricomincia da capo", "Reset everything"),
    "reset_help": (
        "Cancella consensi, movimenti aggiunti e guasti.",
        "Removes consents, added movements and faults.",
    ),
    "log": ("Ultime richieste", "Last requests"),
    "no_log": ("Ancora nessuna richiesta.", "No request yet."),
    "at": ("Ora", "At"),
    "request": ("Richiesta", "Request"),
    "answer": ("Risposta", "Answer"),
    "present": ("utente presente", "user present"),
    "login_with": ("Accesso", "Sign in"),
    "done": ("Fatto: {what}.", "Done: {what}."),
    "failed": ("Non riuscito: {what}.", "Failed: {what}."),
    "fault_slow": ("lenta (8 secondi)", "slow (8 seconds)"),
    "fault_html": ("una pagina HTML", "an HTML page"),
    "fault_truncated": ("JSON troncato", "truncated JSON"),
    "fault_rate_limit": ("429 limite di richieste", "429 rate limit"),
    "fault_timeout": ("408 tempo scaduto", "408 timeout"),
    "fault_server_error": ("500 errore interno", "500 server error"),
    "fault_proxy_error": ("502 dal proxy", "502 from the proxy"),
    "fault_dropped": ("connessione interrotta", "connection dropped"),
    "fault_aspsp_error": ("400 la banca rifiuta il consenso", "400 bank refuses the consent"),
    "fault_session_expires": ("sessione scaduta", "session expired"),
}


class Texts:
    """The texts of one language, as attributes."""

    def __init__(self, place: int) -> None:
        self._place = place

    def __getattr__(self, name: str) -> str:
        try:
            return _BOTH[name][self._place]
        except KeyError:
            raise AttributeError(name) from None

    def fault(self, name: str) -> str:
        """The label of a fault."""
        return _BOTH[f"fault_{name}"][self._place] if f"fault_{name}" in _BOTH else name


TEXTS = {"it": Texts(0), "en": Texts(1)}
