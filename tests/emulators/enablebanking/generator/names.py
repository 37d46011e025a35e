# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Words from which counterparties are made, per country. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary of one country. ``invoice`` holds ``{n}`` for the invoice number(s)."""

    trades: tuple[str, ...]
    family_names: tuple[str, ...]
    given_names: tuple[str, ...]
    legal_forms: tuple[str, ...]
    towns: tuple[str, ...]
    utilities: tuple[str, ...]
    shops: tuple[str, ...]
    landlord: str
    tax_office: str
    processor: str
    invoice: tuple[str, ...]
    partial: tuple[str, ...]
    several: tuple[str, ...]
    supplier: tuple[str, ...]
    salary: str
    rent: str
    tax: str
    fee: str
    stamp: str
    card: str
    pos: str
    settlement: str
    transfer: str
    cash: str
    mandate: str
    foreign: str
    months: tuple[str, ...]


ITALY = Words(
    trades=(
        "Officine", "Ferramenta", "Panificio", "Tipografia", "Falegnameria", "Cantina",
        "Trasporti", "Edilizia", "Studio Tecnico", "Impianti", "Carrozzeria", "Tessitura",
        "Caseificio", "Vivaio", "Logistica", "Forniture", "Arredamenti", "Ristorante",
    ),
    family_names=(
        "Bianchi", "Colombo", "Ferri", "Galli", "Conti", "D'Angelo", "Marchetti", "Rinaldi",
        "Serra", "Villa", "Caputo", "Fabbri", "Grassi", "Leone", "Mazza", "Niccolò",
        "Pellegrini", "Riva", "Sanna", "Tosi", "Valentini", "Zanetti", "Dal Prà", "Lo Presti",
    ),
    given_names=(
        "Anna", "Bruno", "Carla", "Davide", "Elena", "Fabio", "Giulia", "Ivan", "Lucia", "Marco",
        "Noemi", "Omar", "Paola", "Renzo", "Sofia", "Tommaso", "Nicolò", "Zoé",
    ),
    legal_forms=("S.r.l.", "S.p.A.", "S.n.c.", "S.a.s.", "& Figli S.r.l.", "Soc. Coop."),
    towns=("Milano", "Torino", "Bologna", "Forlì", "Cantù", "Bari", "Verona", "Lecce", "Cefalù"),
    utilities=("Luce Prova Energia", "Acque del Modello", "Telefonia Esempio", "Gas Campione"),
    shops=("Bar Centrale", "Autogrill Prova", "Carburanti Esempio", "Cartoleria Moderna",
           "Hotel La Pausa", "Trattoria da Ugo", "Parcheggio Stazione", "Treni Modello"),
    landlord="Immobiliare Le Logge S.r.l.",
    tax_office="Agenzia Tributi di Prova",
    processor="Incassi Veloci Pay S.p.A.",
    invoice=("{n} saldo fattura", "SALDO FATTURA {n}", "pagamento fatt. {n}", "Rif. {n}",
             "BONIFICO PER FATTURA N. {n} DEL MESE", "ft {n} come da accordi, più spese già"),
    partial=("ACCONTO {n}", "{n} acconto 50%", "1a rata fattura {n}"),
    several=("saldo {n} e {m}", "FATTURE {n} - {m}", "pagamento {n}, {m}"),
    supplier=("Vs. fattura {n}", "PAGAMENTO FORNITORE RIF {n}", "Saldo vs. fatt. n. {n}"),
    salary="STIPENDIO {month} {year}",
    rent="Canone di locazione {month} {year}",
    tax="F24 delega unificata tributi {month} {year} cod. 1001 6031 DM10",
    fee="Commissioni e spese tenuta conto {month} {year}",
    stamp="IMPOSTA DI BOLLO SU ESTRATTO CONTO {month} {year} D.P.R. 642/72",
    card="PAGAMENTO CARTA *{pan} {shop} {town}",
    pos="ACCREDITO POS ESERCENTE {n} DEL {day} NUM. OPERAZIONI {count}",
    settlement="INCASSI ECOMMERCE {day} LORDO {gross} COMMISSIONI {fee} NETTO",
    transfer="Giroconto tra conti propri",
    cash="VERSAMENTO CONTANTE SPORTELLO AUTOMATICO {town}",
    mandate="ADDEBITO DIRETTO SDD {name} MANDATO {mandate} FATTURA {n}",
    foreign="INVOICE {n} FOREIGN PAYMENT ORIGINAL AMOUNT {original}",
    months=("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
            "settembre", "ottobre", "novembre", "dicembre"),
)  # fmt: skip

POLAND = Words(
    trades=("Zakład", "Piekarnia", "Drukarnia", "Stolarnia", "Hurtownia", "Transport", "Biuro"),
    family_names=("Nowak", "Wójcik", "Zieliński", "Krawczyk", "Mazur", "Dąbrowski", "Łęcki"),
    given_names=("Jan", "Zofia", "Paweł", "Małgorzata", "Łukasz", "Ewa"),
    legal_forms=("Sp. z o.o.", "S.A.", "s.c.", "Sp. j."),
    towns=("Kraków", "Łódź", "Gdańsk", "Poznań", "Wrocław"),
    utilities=("Prąd Wzorcowy", "Wodociągi Próbne", "Telefon Przykład"),
    shops=("Stacja Paliw Test", "Sklep Papierniczy", "Hotel Pod Lipą", "Kawiarnia Rynek"),
    landlord="Nieruchomości Pod Dębem Sp. z o.o.",
    tax_office="Urząd Skarbowy Próbny",
    processor="Szybkie Wpłaty S.A.",
    invoice=("Zapłata za fakturę {n}", "FV {n}", "faktura nr {n}"),
    partial=("Zaliczka {n}", "część faktury {n}"),
    several=("Faktury {n}, {m}",),
    supplier=("Państwa faktura {n}", "Zapłata FV {n}"),
    salary="Wynagrodzenie {month} {year}",
    rent="Czynsz {month} {year}",
    tax="VAT-7 {month} {year}",
    fee="Opłata za prowadzenie rachunku {month} {year}",
    stamp="Opłata skarbowa {month} {year}",
    card="Płatność kartą *{pan} {shop} {town}",
    pos="Wpływ z terminala {n} {day} liczba {count}",
    settlement="Wypłata {day} brutto {gross} prowizja {fee}",
    transfer="Przelew własny",
    cash="Wpłata gotówki {town}",
    mandate="Polecenie zapłaty {name} {mandate} {n}",
    foreign="Invoice {n} original amount {original}",
    months=("styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień",
            "wrzesień", "październik", "listopad", "grudzień"),
)  # fmt: skip

GERMANY = Words(
    trades=("Schreinerei", "Bäckerei", "Druckerei", "Spedition", "Metallbau", "Büro", "Gärtnerei"),
    family_names=("Müller", "Schröder", "Weiß", "Krüger", "Jäger", "Vogel", "Lindner"),
    given_names=("Anna", "Jörg", "Käthe", "Lukas", "Ute", "Bernd"),
    legal_forms=("GmbH", "AG", "GmbH & Co. KG", "e.K."),
    towns=("Leipzig", "Köln", "München", "Lübeck", "Görlitz"),
    utilities=("Muster Strom", "Muster Wasser", "Beispiel Telefon"),
    shops=("Tankstelle Nord", "Papierhaus", "Hotel Zur Rast", "Café am Markt"),
    landlord="Hausverwaltung Am Tor GmbH",
    tax_office="Finanzamt Musterstadt",
    processor="Schnellzahl Dienste AG",
    invoice=("Rechnung {n}", "RE {n}", "Rg.-Nr. {n} Danke für die Lieferung"),
    partial=("Abschlag {n}", "Teilzahlung Rechnung {n}"),
    several=("Rechnungen {n} und {m}",),
    supplier=("Ihre Rechnung {n}",),
    salary="Gehalt {month} {year}",
    rent="Miete {month} {year}",
    tax="Umsatzsteuer {month} {year}",
    fee="Kontoführung {month} {year}",
    stamp="Abschluss {month} {year}",
    card="Kartenzahlung *{pan} {shop} {town}",
    pos="Terminal {n} Umsatz {day} Anzahl {count}",
    settlement="Auszahlung {day} brutto {gross} Gebühr {fee}",
    transfer="Umbuchung",
    cash="Bareinzahlung {town}",
    mandate="Lastschrift {name} Mandat {mandate} Rechnung {n}",
    foreign="Invoice {n} original amount {original}",
    months=("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
            "Oktober", "November", "Dezember"),
)  # fmt: skip

FINLAND = Words(
    trades=("Konepaja", "Leipomo", "Kirjapaino", "Kuljetus", "Rakennus", "Toimisto"),
    family_names=("Mäkinen", "Järvinen", "Hämäläinen", "Koski", "Lehtonen", "Virtanen"),
    given_names=("Aino", "Eero", "Päivi", "Mikko", "Sirpa"),
    legal_forms=("Oy", "Ky", "Oyj"),
    towns=("Lappeenranta", "Jyväskylä", "Hämeenlinna", "Turku"),
    utilities=("Mallisähkö", "Koevesi", "Esimerkkipuhelin"),
    shops=("Huoltoasema Testi", "Kahvila Tori", "Hotelli Lepo"),
    landlord="Kiinteistö Koivu Oy",
    tax_office="Verotoimisto Malli",
    processor="Pikamaksut Oyj",
    invoice=("Lasku {n}", "laskun {n} maksu"),
    partial=("Osamaksu lasku {n}",),
    several=("Laskut {n} ja {m}",),
    supplier=("Laskunne {n}",),
    salary="Palkka {month} {year}",
    rent="Vuokra {month} {year}",
    tax="Arvonlisävero {month} {year}",
    fee="Palvelumaksu {month} {year}",
    stamp="Leimavero {month} {year}",
    card="Korttiosto *{pan} {shop} {town}",
    pos="Maksupääte {n} {day} kpl {count}",
    settlement="Tilitys {day} brutto {gross} kulut {fee}",
    transfer="Oma siirto",
    cash="Käteispano {town}",
    mandate="Suoraveloitus {name} {mandate} lasku {n}",
    foreign="Invoice {n} original amount {original}",
    months=("tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesäkuu", "heinäkuu",
            "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu"),
)  # fmt: skip

FRANCE = Words(
    trades=("Atelier", "Boulangerie", "Imprimerie", "Menuiserie", "Transports", "Bureau", "Cave"),
    family_names=("Lefèvre", "Garnier", "Besson", "Chevalier", "Léger", "Marchand", "Noël"),
    given_names=("Anaïs", "Benoît", "Chloé", "Hervé", "Zoé", "Luc"),
    legal_forms=("SARL", "SAS", "SA", "EURL"),
    towns=("Lyon", "Orléans", "Nîmes", "Besançon", "Saint-Étienne"),
    utilities=("Électricité Modèle", "Eaux d'Essai", "Téléphone Exemple"),
    shops=("Station Essence Test", "Papeterie du Quai", "Hôtel du Lac", "Café de la Gare"),
    landlord="Immobilière des Quais SARL",
    tax_office="Direction des Impôts d'Essai",
    processor="Encaissement Rapide SA",
    invoice=("Facture {n}", "Règlement facture {n}", "FACT {n} merci"),
    partial=("Acompte facture {n}",),
    several=("Factures {n} et {m}",),
    supplier=("Votre facture {n}",),
    salary="Salaire {month} {year}",
    rent="Loyer {month} {year}",
    tax="TVA {month} {year}",
    fee="Frais de tenue de compte {month} {year}",
    stamp="Droits de timbre {month} {year}",
    card="Paiement carte *{pan} {shop} {town}",
    pos="Remise terminal {n} {day} nombre {count}",
    settlement="Versement {day} brut {gross} frais {fee}",
    transfer="Virement interne",
    cash="Dépôt d'espèces {town}",
    mandate="Prélèvement {name} mandat {mandate} facture {n}",
    foreign="Invoice {n} original amount {original}",
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
            "octobre", "novembre", "décembre"),
)  # fmt: skip

WORDS = {"IT": ITALY, "PL": POLAND, "DE": GERMANY, "FI": FINLAND, "FR": FRANCE}
FOREIGN_COMPANIES = (
    "Northwind Sample LLC", "Placeholder Trading Inc.", "Example Goods Ltd", "Specimen Works Corp.",
)  # fmt: skip
