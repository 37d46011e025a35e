# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The SdI: what it answers to a file, as notifications and as the certified messages that bring them."""

import io
import zipfile
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from itertools import count
from xml.sax.saxutils import escape

from .provider import Provider, Submission

ADMINISTRATION = "http://www.fatturapa.gov.it/sdi/messaggi/v1.0"
EVERYBODY = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fattura/messaggi/v1.0"
_ROOTS = {
    ADMINISTRATION: {
        "RC": "RicevutaConsegna",
        "NS": "NotificaScarto",
        "MC": "NotificaMancataConsegna",
        "NE": "NotificaEsito",
        "DT": "NotificaDecorrenzaTermini",
        "AT": "AttestazioneTrasmissioneFattura",
        "MT": "MetadatiInvioFile",
    },
    EVERYBODY: {
        "RC": "RicevutaConsegna",
        "NS": "RicevutaScarto",
        "MC": "RicevutaImpossibilitaRecapito",
        "MT": "FileMetadati",
    },
}


class Exchange:
    """Numbers what it gets, and answers from the address that it assigned to the sender."""

    def __init__(self, address: str = "sdi26@pec.fatturapa.it", namespace: str = ADMINISTRATION):
        self.address, self.namespace = address, namespace
        self.provider = Provider("pec.fatturapa.it", "SdI")
        self._identifiers = count(111)
        self._numbers = count(1)
        self._known: dict[str, str] = {}

    def notification(
        self,
        kind: str,
        file_name: str,
        content: bytes,
        at: datetime,
        *,
        errors: tuple[tuple[str, str], ...] = (),
        outcome: str = "EC01",
        description: str = "",
        pec_message_id: str = "",
        signed: bool = False,
    ) -> tuple[str, bytes]:
        """Name and content of a notification about a file. AT is a ZIP with the file and the attestation."""
        identifier = self._known.setdefault(file_name, str(next(self._identifiers)))
        stem = file_name.split(".")[0]
        name = f"{stem}_{kind}_{next(self._numbers):03d}.xml"
        recipient = "<Destinatario><Codice>UFABCD</Codice><Descrizione>Comune di Prova</Descrizione></Destinatario>"
        received = f"<DataOraRicezione>{at.isoformat(timespec='milliseconds')}</DataOraRicezione>"
        words = f"<Descrizione>{escape(description)}</Descrizione>" if description else ""
        listed = "".join(
            f"<Errore><Codice>{code}</Codice><Descrizione>{escape(text)}</Descrizione></Errore>"
            for code, text in errors
        )
        delivered = (at + timedelta(minutes=1)).isoformat(timespec="milliseconds")
        parts = {
            "RC": f"{received}<DataOraConsegna>{delivered}</DataOraConsegna>{recipient}",
            "NS": f"{received}<ListaErrori>{listed}</ListaErrori>",
            "MC": received + words,
            "NE": f"<EsitoCommittente><IdentificativoSdI>{identifier}</IdentificativoSdI><RiferimentoFattura>"
            "<NumeroFattura>FT/1</NumeroFattura><AnnoFattura>2026</AnnoFattura></RiferimentoFattura>"
            f"<Esito>{outcome}</Esito>{words}</EsitoCommittente>",
            "DT": words,
            "AT": received + recipient,
            "MT": "<CodiceDestinatario>ABCDEFG</CodiceDestinatario><Formato>FPR12</Formato>"
            "<TentativiInvio>1</TentativiInvio>",
        }
        root = _ROOTS[self.namespace][kind]
        pec = f"<PecMessageId>{escape(pec_message_id)}</PecMessageId>" if pec_message_id else ""
        digest = f"<HashFileOriginale>{sha256(content).hexdigest()}</HashFileOriginale>" if kind == "AT" else ""
        document = (
            f'<?xml version="1.0" encoding="UTF-8"?><ns3:{root} xmlns:ns3="{self.namespace}" versione="1.0">'
            f"<IdentificativoSdI>{identifier}</IdentificativoSdI><NomeFile>{escape(file_name)}</NomeFile>"
            f"{parts[kind]}<MessageId>{int(identifier) * 10}</MessageId>{pec}{digest}</ns3:{root}>"
        ).encode()
        if kind == "AT":
            return name.removesuffix(".xml") + ".zip", _zipped({file_name: content, name: document})
        return (f"{name}.p7m", self.provider.authority.enclose(document)) if signed else (name, document)

    def message(self, notification: tuple[str, bytes], to: str, at: datetime, reply_to: str = "") -> bytes:
        """The certified message that brings a notification to the box of the one who sent the file."""
        name, content = notification
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"] = self.address, to
        mail["Subject"] = f"Invio File {name.rpartition('.')[0]}"
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = f"<{sha256(content).hexdigest()[:20]}@pec.fatturapa.it>"
        if reply_to:
            mail["In-Reply-To"] = reply_to
        mail.set_content("Notifica del Sistema di Interscambio.", cte="quoted-printable")
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        return self.provider.envelope(Submission(mail.as_bytes(), self.address, (to,), at), to)


def _zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()
