# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the SdI says about a file is read from XML, signed XML and archives; hostile ones are refused."""

import base64
import io
import tracemalloc
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from emulators.pec import Exchange
from emulators.pec.exchange import ADMINISTRATION, EVERYBODY
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_mail.sdi import NotificationKind, Outcome, Rejection, SdiError, read_notification

AT = datetime(2026, 8, 8, 9, 20, 46, tzinfo=UTC)
NAME = "IT01234567890_00001.xml"
INVOICE = b"<FatturaElettronica/>"


@pytest.fixture(scope="module")
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture(scope="module")
def everybody() -> Exchange:
    return Exchange(namespace=EVERYBODY)


def test_a_delivery_tells_when_and_to_whom(exchange: Exchange) -> None:
    found = read_notification(*exchange.notification("RC", NAME, INVOICE, AT, pec_message_id="<7@PEC.example.it>"))
    assert found.kind == NotificationKind.DELIVERY
    assert found.file_name == NAME
    assert found.sdi_identifier.isdigit()
    assert (found.received_at, found.delivered_at) == (AT, AT + timedelta(minutes=1))
    assert (found.recipient_code, found.recipient_name) == ("UFABCD", "Comune di Prova")
    assert found.message_id.isdigit()
    assert found.pec_message_id == "7@pec.example.it"


@pytest.mark.parametrize("namespace", [ADMINISTRATION, EVERYBODY])
def test_a_rejection_tells_its_reasons_with_code_and_description(namespace: str) -> None:
    errors = (("00404", "Fattura duplicata"), ("00305", "1.4.1.1.2 <IdCodice> non valido"), ("99999", "Nuovo"))
    exchange = Exchange(namespace=namespace)
    found = read_notification(*exchange.notification("NS", NAME, INVOICE, AT, errors=errors))
    assert found.kind == NotificationKind.REJECTION
    assert [(one.code, one.description) for one in found.rejections] == list(errors)


def test_the_suggestion_of_the_exchange_system_is_kept() -> None:
    content = _document(
        "RicevutaScarto",
        "<ListaErrori><Errore><Codice>00311</Codice><Descrizione>d</Descrizione><Suggerimento>s</Suggerimento>"
        "</Errore></ListaErrori>",
    )
    assert read_notification("x.xml", content).rejections == (Rejection("00311", "d", "s"),)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_tells_the_answer_and_the_invoice_that_it_is_for(exchange: Exchange, outcome: Outcome) -> None:
    found = read_notification(
        *exchange.notification("NE", NAME, INVOICE, AT, outcome=outcome.value, description="Importo errato")
    )
    assert (found.kind, found.outcome) == (NotificationKind.OUTCOME, outcome)
    assert (found.invoice_number, found.description) == ("FT/1", "Importo errato")


@pytest.mark.parametrize(
    ("code", "kind"),
    [("MC", NotificationKind.NON_DELIVERY), ("DT", NotificationKind.TERM_PASSED), ("MT", NotificationKind.METADATA)],
)
def test_the_other_notifications_are_known(exchange: Exchange, code: str, kind: NotificationKind) -> None:
    assert read_notification(*exchange.notification(code, NAME, INVOICE, AT)).kind == kind


@pytest.mark.parametrize(
    ("code", "kind"), [("MC", NotificationKind.NON_DELIVERY), ("MT", NotificationKind.METADATA)]
)
def test_both_families_of_documents_are_read(everybody: Exchange, code: str, kind: NotificationKind) -> None:
    assert read_notification(*everybody.notification(code, NAME, INVOICE, AT)).kind == kind


def test_an_undeliverable_invoice_can_be_found_from_a_day_on() -> None:
    content = _document(
        "RicevutaImpossibilitaRecapito", "<DataMessaADisposizione>2026-08-09</DataMessaADisposizione>"
    )
    assert read_notification("x.xml", content).available_on == date(2026, 8, 9)


@pytest.mark.parametrize(
    ("written", "hour", "microsecond"),
    [
        ("2026-08-08T11:20:46.000+02:00", 9, 0),
        ("2026-08-08T09:20:46Z", 9, 0),
        ("2026-08-08T11:20:46", 9, 0),
        ("2026-12-08T11:20:46.5", 10, 500_000),
        ("2026-08-08T11:20:46.123456789+02:00", 9, 123_456),
    ],
)
def test_an_instant_without_a_zone_is_by_the_clock_of_rome(written: str, hour: int, microsecond: int) -> None:
    content = _document("RicevutaConsegna", f"<DataOraRicezione>{written}</DataOraRicezione>")
    moment = read_notification("x.xml", content).received_at.astimezone(UTC)
    assert (moment.hour, moment.microsecond) == (hour, microsecond)


def test_a_signed_notification_is_read_like_a_plain_one(exchange: Exchange) -> None:
    name, content = exchange.notification("RC", NAME, INVOICE, AT, signed=True)
    assert name.endswith(".xml.p7m")
    for wrapped in (content, base64.encodebytes(content)):
        assert read_notification(name, wrapped).kind == NotificationKind.DELIVERY


def test_an_attestation_comes_with_the_file_that_it_attests(exchange: Exchange) -> None:
    name, content = exchange.notification("AT", NAME, INVOICE, AT)
    assert name.endswith(".zip")
    found = read_notification(name, content)
    assert (found.kind, found.file_name, found.hash_matches) == (NotificationKind.UNDELIVERABLE, NAME, True)


def test_an_attestation_of_another_content_is_told() -> None:
    document = _document("AttestazioneTrasmissioneFattura", f"<HashFileOriginale>{'0' * 64}</HashFileOriginale>")
    assert read_notification("x.zip", _zip({NAME: INVOICE, "a.xml": document})).hash_matches is False
    assert read_notification("x.zip", _zip({"a.xml": document})).hash_matches is None


def test_a_name_that_contradicts_the_document_is_refused(exchange: Exchange) -> None:
    name, content = exchange.notification("NS", NAME, INVOICE, AT)
    for wrong in (name.replace("_NS_", "_RC_"), name.replace("_00001_", "_00002_")):
        with pytest.raises(SdiError):
            read_notification(wrong, content)
    assert read_notification("notifica.xml", content).kind == NotificationKind.REJECTION


def _document(root: str, inside: str, file: str = f"<NomeFile>{NAME}</NomeFile>") -> bytes:
    return (
        f'<?xml version="1.0"?><a:{root} xmlns:a="{EVERYBODY}"><IdentificativoSdI>1</IdentificativoSdI>{file}{inside}'
        f"</a:{root}>"
    ).encode()


def _zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


ATTESTATION = {"attestation.xml": _document("AttestazioneTrasmissioneFattura", "")}
BOMB = b"<!DOCTYPE a [<!ENTITY b 'cccc'><!ENTITY d '&b;&b;'>]>"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"%PDF-1.7", id="another kind of file"),
        pytest.param(INVOICE, id="an invoice"),
        pytest.param(_document("RicevutaConsegna", "", file=""), id="about no file"),
        pytest.param(_document("NotificaEsito", "<EsitoCommittente><Esito>EC03</Esito></EsitoCommittente>"), id="EC03"),
        pytest.param(_document("RicevutaConsegna", "<DataOraRicezione>ieri</DataOraRicezione>"), id="no instant"),
        pytest.param(
            _document("RicevutaConsegna", "<DataOraRicezione>2026-02-31T00:00:00Z</DataOraRicezione>"), id="no such day"
        ),
        pytest.param(
            _document("RicevutaConsegna", "<DataMessaADisposizione>oggi</DataMessaADisposizione>"), id="no date"
        ),
        pytest.param(BOMB + b"<a>&d;</a>", id="entity bomb"),
        pytest.param(_zip({}), id="an empty archive"),
        pytest.param(b"PK\x03\x04" + bytes(100), id="a broken archive"),
        pytest.param(_zip({NAME: INVOICE}), id="an archive without an attestation"),
        pytest.param(_zip(ATTESTATION | {f"{n}.xml": b"x" for n in range(100)}), id="an archive of many"),
        pytest.param(_zip(ATTESTATION | {f"{n}.xml": bytes(9_000_000) for n in range(3)}), id="a large archive"),
    ],
)
def test_what_is_no_notification_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(SdiError) as refused:
        read_notification("x.xml", content)
    assert str(refused.value).endswith(".")


def test_an_archive_that_explodes_is_refused_before_it_takes_the_memory() -> None:
    content = _zip({"a.xml": bytes(120_000_000)})
    tracemalloc.start()
    try:
        with pytest.raises(SdiError):
            read_notification("x.zip", content)
        assert tracemalloc.get_traced_memory()[1] < 80_000_000
    finally:
        tracemalloc.stop()


@given(st.data())
def test_no_damage_raises_anything_but_a_refusal(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(_WHOLE))
    place = data.draw(st.integers(0, len(whole)))
    damaged = whole[:place] + data.draw(st.binary(max_size=8)) + whole[place + data.draw(st.integers(0, 8)) :]
    try:
        read_notification("x", damaged)
    except SdiError:
        return


_EXCHANGE = Exchange()
_WHOLE = (
    _EXCHANGE.notification("NS", NAME, INVOICE, AT, errors=(("00404", "x"),))[1],
    _EXCHANGE.notification("RC", NAME, INVOICE, AT, signed=True)[1],
    _EXCHANGE.notification("AT", NAME, INVOICE, AT)[1],
)
