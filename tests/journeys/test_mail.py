# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mail accounts, a batch of invoices by e-mail and certified mail, their delivery, its proof, and what goes wrong."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from desk import PATIENCE, REFERENCE, Desk, field, reads, save, write
from emulators.pec import Behaviour
from emulators.smtp import Stage
from mail_world import PASSWORD, PEC_SENDER, SENDER, SERVER, MailWorld
from playwright.sync_api import Locator, expect

ARCHIVE, OWNER = "archivio@aurora.example", "titolare@aurora.example"
BIANCHI, VERDI, NERI = "acquisti@bianchi.example", "conti@verdi.example", "neri@pec.neri.example"
LIST = "action-account.action_move_out_invoice"


@pytest.fixture
def accountant(sit_down: Callable[..., Desk], mail_worlds, mail_world: MailWorld) -> Desk:
    """The accountant's window in a company that has entered no mail account yet."""
    return sit_down(mail_worlds.renew() if mail_world.connected else mail_world, "contabile")


@pytest.fixture
def posting(sit_down: Callable[..., Desk], mail_world: MailWorld) -> Desk:
    """The accountant's window in a company that sends by e-mail and by certified mail."""
    desk = sit_down(mail_world, "contabile")
    if not mail_world.connected:
        for certified in (False, True):
            enter_account(desk, certified=certified)
            close(connect_account(desk))
        mail_world.connected = True
    return desk


# -- Accounts ----------------------------------------------------------------------------------------------------------


def enter_account(desk: Desk, *, certified: bool) -> None:
    """From the menu to an account that is saved, with everything typed that no provider fills in."""
    page, world = desk.page, desk.world
    desk.open_dashboard()
    desk.choose_menu("account.menu_finance_configuration", "sync_hub_mail.menu_sync_mail_account")
    page.locator(".o_list_button_add").click()
    write(desk, "email", PEC_SENDER if certified else SENDER)
    # The address is the user, until another one is typed.
    expect(field(desk, "login").locator("input")).to_have_value(PEC_SENDER if certified else SENDER)
    write(desk, "password", PASSWORD)
    if certified:
        field(desk, "kind").locator("input[data-value=pec]").check()
    write(desk, "host", SERVER)
    write(desk, "port", str(world.box.smtp_port if certified else world.smtp.port))
    if certified:
        page.locator(".nav-link[name=incoming]").click()
        write(desk, "imap_host", SERVER)
        write(desk, "imap_port", str(world.box.imap_port))
    page.locator(".nav-link[name=sending]").click()
    if not certified:
        write(desk, "copy_to", ARCHIVE)
        write(desk, "all_to", OWNER)
    save(desk)


def connect_account(desk: Desk) -> Locator:
    """Press “Collega” on the account that is open; returns the dialog with the steps."""
    desk.press("action_connect")
    dialog = desk.page.locator(".modal-content")
    expect(dialog.locator(".alert-success")).to_be_visible(timeout=PATIENCE)
    return dialog


def close(dialog: Locator) -> None:
    """Close what a check says: the account is connected."""
    dialog.locator("footer .btn-secondary").click()
    expect(dialog).to_have_count(0)
    reads(dialog.page.locator(".o_form_view .o_arrow_button_current"), "Collegata")


def open_account(desk: Desk, email: str) -> None:
    desk.open("mail-accounts")
    desk.page.locator(".o_data_row", has_text=email).locator("td[name=name]").click()
    expect(desk.page.locator(".o_form_view .o-mail-Chatter")).to_be_visible()


def send_now(desk: Desk, email: str) -> None:
    """“Invia ora” on an account, which fetches the receipts too; waits until the run has ended."""
    before = desk.world.count("sync_run", "date_end IS NOT NULL")
    open_account(desk, email)
    desk.press("action_sync_now")
    desk.wait_until(lambda: desk.world.count("sync_run", "date_end IS NOT NULL") > before)


# -- Invoices ----------------------------------------------------------------------------------------------------------


def invoice(desk: Desk, customer: str, email: str | bool, method: str = "email") -> tuple[int, str]:
    """An invoice that somebody has posted, to a customer with all that FatturaPA wants; its id and number."""
    italy = desk.rpc("res.country", "search", [["code", "=", "IT"]])[0]
    province = desk.rpc("res.country.state", "search", [["code", "=", "MI"], ["country_id", "=", italy]])[0]
    tax = desk.rpc("account.tax", "search", [["type_tax_use", "=", "sale"], ["amount", "=", 22]])[0]
    partner = desk.rpc(
        "res.partner",
        "create",
        [
            {
                "name": customer,
                "is_company": True,
                "email": email if method == "email" else False,
                "l10n_it_pec_email": email if method == "pec" else False,
                "invoice_sending_method": method,
                "lang": "it_IT",
                "street": "Via Roma 1", "zip": "20100", "city": "Milano", "vat": "IT00743110157",
                "country_id": italy, "state_id": province, "l10n_it_pa_index": "0000000",
            }
        ],
    )[0]
    line = {"name": "Consulenza", "quantity": 1, "price_unit": 100, "tax_ids": [[6, 0, [tax]]]}
    move = desk.rpc(
        "account.move",
        "create",
        [{"move_type": "out_invoice", "partner_id": partner, "invoice_line_ids": [[0, 0, line]]}],
    )[0]
    desk.rpc("account.move", "action_post", [move])
    return move, desk.rpc("account.move", "read", [move], ["name"])[0]["name"]


def partner_of(desk: Desk, move: int) -> int:
    return desk.rpc("account.move", "read", [move], ["partner_id"])[0]["partner_id"][0]


def enter_certified_address(desk: Desk, move: int, address: str) -> None:
    """In the contact of a customer, beside how invoices reach them."""
    page = desk.page
    desk.open(f"res.partner/{partner_of(desk, move)}")
    page.locator(".nav-link[name=accounting]").click()
    expect(field(desk, "invoice_sending_method").locator("input")).to_have_value("via posta certificata (PEC)")
    reads(page.locator("label[for^=sync_pec_only]"), "Accetta solo PEC")
    write(desk, "l10n_it_pec_email", address)
    save(desk)


def row(desk: Desk, text: str) -> Locator:
    return desk.page.locator(".o_list_view .o_data_row", has_text=text)


def send_batch(desk: Desk, *numbers: str) -> Locator:
    """Tick invoices in the list and press “Invia”; returns the dialog."""
    desk.open(LIST)
    for number in numbers:
        row(desk, number).locator(".o_list_record_selector input").check()
    desk.press("action_send_and_print", desk.page.locator(".o_control_panel"))
    dialog = desk.page.locator(".modal-content")
    expect(dialog.locator("[name=sync_copy_to]")).to_be_visible(timeout=PATIENCE)
    return dialog


def send_one(desk: Desk, move: int) -> None:
    """“Invia” on an invoice, as the dialog proposes it."""
    open_invoice(desk, move)
    desk.press("action_invoice_sent")
    dialog = desk.page.locator(".modal-content")
    expect(dialog.locator("[name=sync_copy_to]")).to_be_visible(timeout=PATIENCE)
    desk.answer("action_send_and_print")


def states(world: MailWorld, move: int, role: str = "to") -> list[str]:
    """Of the messages of an invoice that count."""
    return [
        state
        for (state,) in world.sql(
            "SELECT state FROM sync_mail_message WHERE res_model = 'account.move' AND res_id = %s AND role = %s"
            " AND superseded IS NOT TRUE ORDER BY id",
            move,
            role,
        )
    ]


def shown_state(desk: Desk, number: str, italian: str) -> None:
    """Read the delivery of an invoice in the list."""
    desk.open(LIST)
    reads(row(desk, number).locator("td[name=sync_delivery_state] .badge"), italian)


def open_invoice(desk: Desk, move: int) -> None:
    desk.open(f"{LIST}/{move}")
    expect(desk.page.locator(".o_form_view .o-mail-Chatter")).to_be_visible()


def arrived(world: MailWorld, recipient: str) -> list[EmailMessage]:
    """What the mail server has for somebody."""
    return [
        message_from_bytes(one.content, policy=policy.default)
        for one in world.smtp.messages
        if one.recipients == (recipient,)
    ]


def sent_tests(world: MailWorld) -> list[str]:
    return [state for (state,) in world.sql("SELECT state FROM sync_mail_message WHERE role = 'test' ORDER BY id")]


def account_state(world: MailWorld, email: str) -> str:
    return world.sql("SELECT state FROM sync_mail_account WHERE email = %s", email)[0][0]


def evidence(world: MailWorld, number: str, archive: zipfile.ZipFile, letter: bytes) -> None:
    """Assert that an archive has the whole proof of an invoice: every file byte for byte, and with its hash."""
    manifest = json.loads(archive.read("manifest.json"))
    assert number in manifest["document"]
    hashes = {line["path"]: line["sha256"] for line in csv.DictReader(io.StringIO(archive.read("hashes.csv").decode()))}
    assert hashes.keys() == set(archive.namelist()) - {"hashes.csv"}
    for path, digest in hashes.items():
        assert hashlib.sha256(archive.read(path)).hexdigest() == digest
    assert [archive.read(one["path"])[:5] for one in manifest["files"]] == [b"%PDF-", b"<?xml"]
    assert letter in [archive.read(one["path"]) for one in manifest["messages"]]
    # Of the copy for the archive too, whose mailbox is no certified one.
    assert sorted(one["kind"] for one in manifest["receipts"]) == ["accettazione", "accettazione", "avvenuta-consegna"]
    assert sorted(one["recipient"] for one in manifest["messages"]) == sorted([ARCHIVE, NERI])
    kept = [stored.content for stored in world.box.imap.stored()]
    assert all(archive.read(one["path"]) in kept for one in manifest["receipts"])
    page = archive.read("index.html").decode()
    assert all(words in page for words in ('lang="it"', "Prove di consegna", "Accettazione", NERI))


def files(message: EmailMessage) -> list[str]:
    return sorted(part.get_filename() for part in message.iter_attachments())


# -- Journeys ----------------------------------------------------------------------------------------------------------


def test_an_account_is_entered_checked_step_by_step_and_tried(accountant: Desk):
    """Address, server, port and password are typed; “Collega” says what it asked; a test comes back to the sender."""
    page, world = accountant.page, accountant.world
    enter_account(accountant, certified=False)
    reads(page.locator(".alert-info"), "Ancora non parte nulla: premi “Collega”")
    reads(page.locator(".o_form_view .o_arrow_button_current"), "Non collegata")
    # The password is not shown any more.
    assert PASSWORD not in field(accountant, "password").locator("input").input_value()

    dialog = connect_account(accountant)
    reads(dialog.locator(".modal-title"), f"Prova di {SENDER}")
    reads(dialog.locator(".alert-success"), "Da questa casella è possibile inviare messaggi. Non ne è stato inviato")
    steps = dialog.locator("[name=step_ids] .o_data_row")
    for number, (title, found) in enumerate(
        {
            "Nome del server": "localhost è stato trovato",
            "Connessione": f"Il server risponde alla porta {world.smtp.port}",
            "Crittografia": "Il certificato è valido fino al",
            "Risposta iniziale": "È un server di posta",
            "Accesso": "Utente e password sono corretti",
            "Mittente": f"I messaggi possono partire da {SENDER}",
            "Destinatario": "I messaggi vengono accettati",
            "Dimensione massima dei messaggi": "Il server accetta messaggi fino a",
        }.items()
    ):
        reads(steps.nth(number).locator("td[name=title]"), title)
        reads(steps.nth(number).locator("td[name=state]"), "Superato")
        reads(steps.nth(number).locator("td[name=message]"), found)
    hints = dialog.locator("[name=hint_ids] .o_data_row")
    reads(hints.filter(has_text="SPF"), "aurora.example autorizza localhost a inviare a suo nome")
    reads(hints.filter(has_text="DMARC"), "fai innalzare il criterio a “quarantine”")
    close(dialog)
    # Nothing was sent, as it says.
    assert not world.smtp.messages

    reads(page.locator("button[name=action_send_test]"), "Invia una prova")
    accountant.press("action_send_test")
    accountant.wait_until(lambda: sent_tests(world) == ["sent"])
    (test,) = arrived(world, SENDER)
    assert test["From"].addresses[0].addr_spec == SENDER
    assert test["Subject"] == f"Prova della casella di posta {SENDER}"
    accountant.press("action_open_deliveries")
    reads(page.locator(".o_last_breadcrumb_item"), "Recapiti")
    delivery = row(accountant, SENDER)
    reads(delivery.locator("td[name=role]"), "Prova")
    reads(delivery.locator("td[name=state]"), "Inviata")
    reads(delivery.locator("td[name=explanation]"), "Il server di posta ha accettato il messaggio.")

    # Certified mail: both directions are asked, and the test brings its receipts.
    enter_account(accountant, certified=True)
    dialog = connect_account(accountant)
    reads(steps.filter(has_text="Ricezione: Accesso"), "Utente e password sono corretti")
    reads(steps.filter(has_text="Ricezione: Cartella"), "La cartella INBOX è leggibile")
    accountant.press("action_send_test", dialog)
    expect(dialog).to_have_count(0)
    accountant.wait_until(lambda: len(world.box.pec.submissions) == 1)
    send_now(accountant, PEC_SENDER)
    accountant.wait_until(lambda: sent_tests(world) == ["sent", "delivered"])
    accountant.press("action_open_deliveries")
    reads(row(accountant, PEC_SENDER).locator("td[name=state]"), "Consegnata")
    world.connected = True


def test_a_batch_leaves_and_each_invoice_tells_how_far_it_got(posting: Desk):
    """By e-mail, by certified mail, one without an address: the list says how far each got, and the proof is kept."""
    page, world = posting.page, posting.world
    bianchi, bianchi_number = invoice(posting, "Bianchi S.p.A.", BIANCHI)
    verdi, verdi_number = invoice(posting, "Verdi s.r.l.", VERDI)
    neri, neri_number = invoice(posting, "Neri & C.", False, "pec")
    enter_certified_address(posting, neri, NERI)
    gialli, gialli_number = invoice(posting, "Gialli snc", False)
    # The mailbox of Bianchi lets whom it does not know wait, and the provider of Neri takes its time.
    world.smtp.play(Stage.RCPT, reply="451 4.7.1 Greylisted, come back later", address=BIANCHI, times=1)
    world.box.pec.behaviours |= {NERI: Behaviour.SILENT, ARCHIVE: Behaviour.OUTSIDE}

    dialog = send_batch(posting, bianchi_number, verdi_number, neri_number, gialli_number)
    expect(field(posting, "sync_copy_to").locator("input")).to_have_value(ARCHIVE)
    expect(field(posting, "sync_all_to").locator("input")).to_have_value(OWNER)
    reads(dialog, f"{gialli_number}: Gialli snc non ha un indirizzo e-mail. Inseriscilo nel contatto.")
    reads(dialog, "Documenti che non verranno inviati: 1.")
    posting.answer("action_send_and_print")

    posting.wait_until(lambda: states(world, verdi) == ["sent"] and bool(arrived(world, OWNER)))
    posting.wait_until(lambda: world.count("sync_mail_message", "tries > 0") >= 7)
    shown_state(posting, bianchi_number, "In attesa")
    shown_state(posting, verdi_number, "Inviata")
    shown_state(posting, gialli_number, "Invio non riuscito")
    open_invoice(posting, gialli)
    notice = page.locator(".alert-warning", has=page.locator("[name=sync_unsent_reason]"))
    reads(notice, "Gialli snc non ha un indirizzo e-mail")
    reads(page.locator(".o-mail-Chatter"), "Gialli snc non ha un indirizzo e-mail")

    # PDF and XML arrive together; a copy of each, and one message with all that could be sent.
    (letter,) = arrived(world, VERDI)
    assert [name.rpartition(".")[2] for name in files(letter)] == ["pdf", "xml"]
    assert len(arrived(world, ARCHIVE)) == 2
    (digest,) = arrived(world, OWNER)
    assert sorted(name.rpartition(".")[2] for name in files(digest)) == ["csv", *["pdf"] * 3, *["xml"] * 3]
    (table,) = [part.get_content() for part in digest.iter_attachments() if part.get_content_subtype() == "csv"]
    assert [number in table for number in (bianchi_number, verdi_number, neri_number)] == [True] * 3
    assert gialli_number not in table

    # The waiting time of Bianchi's server is over.
    world.sql("UPDATE sync_mail_message SET next_try = now() AT TIME ZONE 'UTC' WHERE state = 'queued'")
    send_now(posting, SENDER)
    posting.wait_until(lambda: states(world, bianchi) == ["sent"])
    shown_state(posting, bianchi_number, "Inviata")
    assert len(arrived(world, BIANCHI)) == 1

    # Certified mail: what the receipts prove is known when a run has read them.
    send_now(posting, PEC_SENDER)
    posting.wait_until(lambda: states(world, neri) == ["accepted"])
    shown_state(posting, neri_number, "Accettata")
    (sent,) = [one for one in world.box.pec.submissions if one.recipients == (NERI,)]
    world.box.imap.deliver(world.box.pec.provider.delivery(sent, NERI))
    send_now(posting, PEC_SENDER)
    posting.wait_until(lambda: states(world, neri) == ["delivered"])
    shown_state(posting, neri_number, "Consegnata")

    open_invoice(posting, neri)
    reads(page.locator("button[name=action_open_sync_deliveries]"), "Consegnata")
    posting.press("action_open_sync_deliveries")
    reads(page.locator(".o_last_breadcrumb_item"), "Recapiti")
    row(posting, NERI).locator("td[name=document_name]").click()
    for name in ("accepted_at", "delivered_at"):
        expect(field(posting, name)).to_have_text(re.compile(r"\d"))
    reads(field(posting, "certified"), "Posta certificata")
    receipts = page.locator("[name=receipt_ids] .o_data_row")
    expect(receipts).to_have_count(2)
    reads(receipts.filter(has_text="ACCETTAZIONE:").locator("td[name=signature]"), "Integra")
    reads(receipts.filter(has_text="CONSEGNA:").locator("td[name=kind]"), "Consegna")

    open_invoice(posting, neri)
    reads(page.locator("button[name=action_sync_evidence]"), "Prove di consegna")
    with page.expect_download() as download:
        posting.press("action_sync_evidence")
    assert download.value.suggested_filename.endswith(".zip")
    evidence(world, neri_number, zipfile.ZipFile(download.value.path()), sent.content)

    # What could not be sent has an address now; “Riprova” opens the dialog.
    posting.rpc("res.partner", "write", [partner_of(posting, gialli)], {"email": "info@gialli.example"})
    open_invoice(posting, gialli)
    posting.press("action_sync_try_again")
    expect(page.locator(".modal-content [name=sync_copy_to]")).to_be_visible(timeout=PATIENCE)
    posting.answer("action_send_and_print")
    posting.wait_until(lambda: states(world, gialli) == ["sent"])
    shown_state(posting, gialli_number, "Inviata")


def test_a_refused_address_is_told_corrected_and_sent_again(posting: Desk):
    """The invoice says why, the filter and the dashboard find it, and the right address clears both."""
    page, world = posting.page, posting.world
    wrong, right = "vendite@rosi.example", "vendite@rossi.example"
    move, number = invoice(posting, "Rossi S.r.l.", wrong)
    world.smtp.play(Stage.RCPT, reply=f"550 5.1.1 <{wrong}>: Recipient address rejected: User unknown", address=wrong)
    send_one(posting, move)
    posting.wait_until(lambda: states(world, move) == ["refused"])

    open_invoice(posting, move)
    reads(page.locator("button[name=action_open_sync_deliveries]"), "Rifiutata")
    chatter = page.locator(".o-mail-Chatter .o-mail-Message", has_text=wrong).first
    reads(chatter, f"{wrong}: Questa casella non esiste.")
    reads(chatter, "User unknown")
    reads(chatter, "Verifica l'indirizzo con il destinatario, correggilo e invia di nuovo.")

    # Of all invoices the dashboard finds the one that did not arrive.
    italian = {"lang": "it_IT"}
    sales = posting.rpc("account.move", "read", [move], ["journal_id"], context=italian)[0]["journal_id"][1]
    posting.open_dashboard()
    undelivered = posting.card(sales).locator("a.text-danger")
    reads(undelivered, "1 Non recapitate")
    undelivered.click()
    reads(page.locator(".o_searchview_facet").last, "Non recapitate")
    expect(page.locator(".o_list_view .o_data_row")).to_have_count(1)
    reads(row(posting, number).locator("td[name=sync_delivery_state]"), "Rifiutata")

    posting.open(f"res.partner/{partner_of(posting, move)}")
    write(posting, "email", right)
    save(posting)
    send_one(posting, move)
    posting.wait_until(lambda: states(world, move) == ["sent"])
    assert len(arrived(world, right)) == 1
    assert not arrived(world, wrong)
    shown_state(posting, number, "Inviata")
    posting.open_dashboard()
    expect(undelivered).to_have_count(0)


def test_a_password_that_is_not_accepted_any_more_is_replaced(posting: Desk):
    """The account says what happened and what to do; what waits leaves with the new password."""
    page, world = posting.page, posting.world
    move, number = invoice(posting, "Azzurri S.p.A.", "amministrazione@azzurri.example")
    world.passwords[SENDER] = "parola nuova"
    send_one(posting, move)
    posting.wait_until(lambda: account_state(world, SENDER) == "credentials")
    assert states(world, move) == ["queued"]
    shown_state(posting, number, "In attesa")

    posting.open("mail-accounts")
    account = row(posting, SENDER)
    reads(account.locator("td[name=state]"), "Aggiorna le credenziali")
    reads(account.locator("td[name=fault_message]"), "Il server di posta non ha accettato utente e password.")
    open_account(posting, SENDER)
    fault = page.locator(".o_sync_hub_fault")
    reads(fault, "Il server di posta non ha accettato utente e password.")
    reads(fault, "Inseriscili di nuovo con “Aggiorna le credenziali”.")
    expect(fault).to_contain_text(REFERENCE)

    posting.press("action_update_credentials")
    dialog = page.locator(".modal-content")
    reads(dialog.locator(".modal-title"), "Aggiorna le credenziali")
    dialog.locator("[name=password] input").fill("parola sbagliata")
    posting.press("action_save", dialog)
    # The refusal is a dialog above the one with the password.
    expect(dialog).to_have_count(2)
    reads(dialog.last, "Il server non ha accettato utente e password.")
    dialog.last.locator(".modal-footer button").first.click()
    expect(dialog).to_have_count(1)

    dialog.locator("[name=password] input").fill(world.passwords[SENDER])
    posting.answer("action_save")
    posting.wait_until(lambda: states(world, move) == ["sent"])
    assert len(arrived(world, "amministrazione@azzurri.example")) == 1
    open_account(posting, SENDER)
    reads(page.locator(".o_form_view .o_arrow_button_current"), "Collegata")
    expect(fault).to_have_count(0)
