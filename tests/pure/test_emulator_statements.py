# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real statement files, served by a bank of the sandbox and read back over HTTP."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("mt940")
pytest.importorskip("lxml")

from emulators.enablebanking import Movement
from emulators.statements import Statement, by_account, read_camt053, read_mt940

pytest_plugins = ["emulators.fixtures"]


@pytest.fixture
def bank(june_bank):
    return june_bank


SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
FILES = sorted(SAMPLES.glob("camt/*.xml")) + sorted(SAMPLES.glob("mt940/*.sta"))
# rows were cut out of these samples: their printed balances do not add up
INCOMPLETE = {"camt053.v2.all-balance-types.xml", "jejik-abnamro.sta", "jejik-ing.sta",
              "jejik-triodos.sta"}  # fmt: skip


@pytest.fixture(params=FILES or [None], ids=lambda path: path.name if path else "none")
def sample(request):
    if request.param is None:
        pytest.skip("the sample statements are not at hand")
    return request.param


def read(path):
    return read_camt053(path) if path.suffix == ".xml" else read_mt940(path)


def test_a_served_statement_comes_back_row_by_row(bank, visitor, sample):
    name = "Musterbank Lindenau"
    bank.configure(name, page_size=3)
    statements = by_account(read(sample))
    for statement in statements.values():
        bank.load_account(
            name, statement.account, statement.currency, statement.implied_opening, statement.rows
        )
    session = visitor.connect(name, "DE", accounts=[account for account, _ in statements])
    for account, statement in zip(session["accounts"], statements.values(), strict=True):
        assert account["all_account_ids"][0]["identification"] == statement.account
        assert account["currency"] == statement.currency
        served = visitor.rows(account["uid"], strategy="longest")
        assert len(served) == len(statement.rows) > 0
        by_day = sorted(statement.rows, key=lambda row: row.day)
        for row, known in zip(reversed(served), by_day, strict=True):
            sign = 1 if row["credit_debit_indicator"] == "CRDT" else -1
            assert sign * Decimal(row["transaction_amount"]["amount"]) == known.amount
            assert row["transaction_amount"]["currency"] == known.currency
            assert row["booking_date"] == known.booking_date.isoformat()
            assert row["value_date"] == known.value_date.isoformat()
            assert "".join(row["remittance_information"]) == "".join(known.remittance)
            assert all(len(piece) <= 27 for piece in row["remittance_information"])
            party = row["debtor"] if sign > 0 else row["creditor"]
            assert (party or {}).get("name") == known.counterparty
        balances = visitor.get(f"/accounts/{account['uid']}/balances").json()["balances"]
        closing = {item["balance_type"]: item["balance_amount"] for item in balances}["ITBD"]
        expected = statement.closing_balance
        if expected is None:
            expected = statement.opening_balance + statement.turnover
        assert Decimal(closing["amount"]) == expected
        assert closing["currency"] == statement.currency


def test_a_complete_file_adds_up(sample):
    for statement in read(sample):
        if statement.closing_balance is not None and sample.name not in INCOMPLETE:
            difference = statement.closing_balance - statement.opening_balance
            assert difference == statement.turnover


def test_amounts_are_those_written_in_the_file(sample):
    text = sample.read_text("utf-8", errors="replace")
    if sample.suffix == ".sta":
        # :61: value date, entry date, mark (a reversal turns it round), funds code, amount
        marks = re.findall(r"(?m)^:61:\d{6}(?:\d{4})?(R?[CD])[A-Z]?([\d,]+)", text)
        written = [
            Decimal(amount.replace(",", ".")) * (1 if mark in ("C", "RD") else -1)
            for mark, amount in marks
        ]
    else:
        entries = re.findall(
            r'<Ntry>.*?<Amt Ccy="\w+">([\d.]+)</Amt>\s*<CdtDbtInd>(\w+)', text, re.DOTALL
        )
        written = [Decimal(amount) * (1 if mark == "CRDT" else -1) for amount, mark in entries]
    assert [row.amount for statement in read(sample) for row in statement.rows] == written


MT940 = """:20:A
:25:IT-1
:28C:1/1
:60F:C260629EUR100,00
:61:2606300630RC20,00NTRFNONREF//B1
:86:storno
:61:2606300701C5,5NTRFNONREF//B2
:86:166?00GUTSCHRIFT?20Rechnung 1 un?21d 2?30BANKDEFF?31DE02120300000000202051?32Müller
?33 GmbH
:62F:C260701EUR85,50
"""


def test_mt940_reversals_dates_and_coded_details(tmp_path):
    path = tmp_path / "a.sta"
    path.write_text(MT940, "utf-8")
    (statement,) = read_mt940(path)
    assert (statement.account, statement.currency) == ("IT-1", "EUR")
    storno, credit = statement.rows
    assert storno.amount == -20 and storno.remittance == ("storno",)
    assert credit.amount == Decimal("5.5")
    assert (credit.value_date, credit.booking_date) == (date(2026, 6, 30), date(2026, 7, 1))
    assert credit.remittance == ("Rechnung 1 und 2",)
    assert credit.counterparty == "Müller GmbH"
    assert credit.counterparty_account == "DE02120300000000202051"
    assert credit.counterparty_scheme is None
    assert credit.entry_reference == "B2"
    assert statement.implied_opening == statement.opening_balance == 100


CAMT = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">
<BkToCstmrStmt><Stmt><Acct><Id><IBAN>IT60X0542811101000000123456</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>{status}</Sts>
<BookgDt><DtTm>2026-06-30T23:30:00-05:00</DtTm></BookgDt>
<ValDt><Dt>2026-07-02</Dt></ValDt><AcctSvcrRef>R1</AcctSvcrRef>
<NtryDtls>
<TxDtls><RltdPties><Cdtr><Nm>A</Nm></Cdtr></RltdPties><RmtInf><Ustrd>uno</Ustrd></RmtInf></TxDtls>
<TxDtls><RltdPties><Cdtr><Nm>B</Nm></Cdtr></RltdPties><RmtInf><Ustrd>due</Ustrd></RmtInf></TxDtls>
</NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"""


@pytest.mark.parametrize(
    ("version", "status"), [("02", "BOOK"), ("04", "PDNG"), ("08", "<Cd>BOOK</Cd>")]
)
def test_a_camt_entry_with_several_details_is_one_row(tmp_path, version, status):
    path = tmp_path / "a.xml"
    path.write_text(CAMT.format(version=version, status=status), "utf-8")
    (statement,) = read_camt053(path)
    (row,) = statement.rows
    assert row == Movement(
        booking_date=date(2026, 6, 30),
        value_date=date(2026, 7, 2),
        amount=Decimal("-30.00"),
        remittance=("uno", "due"),
        entry_reference="R1",
        bank_code=row.bank_code,
        status="PDNG" if "PDNG" in status else "BOOK",
    )
    assert statement.opening_balance is statement.closing_balance is None


def test_statements_of_one_account_are_joined():
    def statement(opening, closing, amount):
        row = Movement(booking_date=date(2026, 6, 1), amount=Decimal(amount))
        return Statement("IT-1", "EUR", Decimal(opening), Decimal(closing), (row,))

    joined = by_account([statement(1, 3, 2), statement(3, 8, 5)])
    (whole,) = joined.values()
    assert (whole.opening_balance, whole.closing_balance, whole.turnover) == (1, 8, 7)
