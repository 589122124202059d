"""How people name the columns of a lead list. Compared without case, accents, spaces, dots, hyphens, underscores.

Exact names only: `Email in Lusha` or `Email Status` must never be taken for the address.
"""

import re
import unicodedata

_LISTED: dict[str, str] = {
    "email": """email emails mail emailaddress mailaddress emailadress emailid workemail emailwork businessemail
        corporateemail companyemail primaryemail professionalemail directemail contactemail leademail prospectemail
        personemail workemailaddress businessemailaddress primaryemailaddress emailaddresswork
        mailadresse emailadresse geschaftlicheemail courriel adresseemail adressemail adressecourriel emailprofessionnel
        correo correoelectronico direcciondecorreo email1 email1value emailaddress1 posta postaelettronica indirizzoemail
        enderecodeemail emailadres mailadres epost epostadress epostadresse adresemail adrespocztyelektronicznej""",
    "first_name": """firstname first fname givenname forename givennames contactfirstname leadfirstname
        prospectfirstname personfirstname vorname rufname prenom nombredepila primernombre primeironome voornaam
        fornamn fornavn imie etunimi""",
    "last_name": """lastname last lname surname familyname secondname contactlastname leadlastname prospectlastname
        personlastname nachname familienname zuname nomdefamille apellido apellidos cognome sobrenome ultimonome
        achternaam efternamn etternavn efternavn nazwisko sukunimi""",
    "full_name": """fullname name contactname contact leadname prospectname personname completename displayname
        firstandlastname firstlastname vollstandigername ansprechpartner kontakt kontaktname nomcomplet nometprenom
        prenomnom prenometnom nombrecompleto nombreyapellido nombreyapellidos nomecompleto nomeecognome volledigenaam
        imieinazwisko fulltnamn nom nombre nome naam namn navn""",
    "company": """company companyname organization organisation organizationname organisationname org business
        businessname account accountname employer currentcompany companyaccount firm firmname firma firmenname
        unternehmen unternehmensname arbeitgeber organisationsname societe entreprise nomdelasociete nomdelentreprise
        raisonsociale empresa compania nombredelaempresa azienda societa nomeazienda nomedaempresa bedrijf bedrijfsnaam
        organisatie foretag foretagsnamn virksomhed bedrift selskap nazwafirmy""",
    "title": """title jobtitle position role job jobposition jobrole currenttitle currentposition contacttitle
        designation occupation headline berufsbezeichnung stellenbezeichnung jobbezeichnung funktion beruf stelle
        poste fonction intituleduposte intitule cargo puesto ocupacion ruolo posizione qualifica funcao cargoatual
        functie functietitel rol befattning stilling jobbtitel stanowisko""",
    "phone": """phone phonenumber telephone telephonenumber tel telno phoneno mobile mobilephone mobilenumber
        mobileno cell cellphone cellnumber workphone businessphone directphone directdial officephone workdirectphone
        primaryphone phone1 phone1value contactphone corporatephone companyphone telefon telefonnummer mobil mobiltelefon
        mobilnummer handy handynummer rufnummer festnetz telefonenumero telefono telefonomovil movil celular cellulare
        telephoneportable portable mobileprofessionnel telefone telemovel telefoon telefoonnummer mobiel puhelin
        numertelefonu""",
    "website": """website web site url www homepage companywebsite companyurl websiteurl webpage companyhomepage
        companysite companydomain domain webseite internetseite internetadresse siteweb siteinternet sitioweb
        paginaweb sitoweb sito paginadainternet stronawww stronainternetowa webbplats hjemmeside nettside""",
    "linkedin_url": """linkedin linkedinurl linkedinprofile linkedinprofileurl linkedinlink linkedinpage
        personlinkedinurl personlinkedin contactlinkedin contactlinkedinurl contactlinkedinprofileurl profileurl
        leadlinkedin linkedinprofil profillinkedin perfillinkedin perfildelinkedin linkedinaddress linkedincontactprofileurl
        linkedinsalesnavigator linkedinsalesnavigatorurl""",
    "industry": """industry industries companyindustry sector vertical field industrysector businesssector branche
        wirtschaftszweig industrie secteur secteurdactivite industria settore setor ramo bransch bransje branza""",
    "address": """address street streetaddress address1 addressline1 address1street mailingaddress postaladdress
        strasse strase anschrift adresse rue adressepostale direccion calle indirizzo via endereco morada adres straat
        adress gata gade ulica""",
    "city": """city town citytown personcity contactcity location city1 stadt ort wohnort standort ville commune ciudad
        localidad poblacion citta comune cidade plaats stad woonplaats by kaupunki miasto miejscowosc""",
    "state": """state province region stateprovince stateregion stateorprovince provincestate personstate contactstate
        county bundesland kanton departement provincia comunidadautonoma regione estado provincie lan fylke
        wojewodztwo""",
    "country": """country nation countryregion countryname personcountry contactcountry land staat pays pais paese
        nazione maa kraj panstwo""",
    "time_zone": """timezone tz timezonename prospecttimezone zeitzone fuseauhoraire husohorario zonahoraria fusoorario
        fusohorario tijdzone tidszon tidzone strefaczasowa""",
    "tags": """tag tags label labels category categories schlagworte schlagworter etiquette etiquettes etiquetas
        etichette etykiety""",
}
_FIELD_OF: dict[str, str] = {spelling: field for field, line in _LISTED.items() for spelling in line.split()}

AMBIGUOUS_NAME = frozenset({"name", "nom", "nombre", "nome", "naam", "namn", "navn"})
"""A full name alone; the family name beside a first name (`Vorname, Name`), the first name beside `apellidos`."""

SNIPPETS = 15
_SNIPPET = re.compile(r"(snippet|custom)0*([1-9][0-9]?)")
_NOT_LETTERS = re.compile(r"[\W_]+")


def compact(name: str) -> str:
    """`  E-Mail_Address ` → `emailaddress`."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _NOT_LETTERS.sub("", plain.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l"))


def recognise(name: str) -> str | None:
    """The field that a column of this name holds: a lead's field, `full_name`, `snippet_N`; None when unknown."""
    key = compact(name)
    if (snippet := _SNIPPET.fullmatch(key)) is not None:
        number = int(snippet[2])
        return f"snippet_{number}" if snippet[1] == "snippet" and number <= SNIPPETS else None
    return _FIELD_OF.get(key)


def numbered_custom(name: str) -> str | None:
    """`Custom 3` → `snippet_3`: what the earlier tool called a snippet. Only for lists without snippet columns."""
    snippet = _SNIPPET.fullmatch(compact(name))
    if snippet is None or snippet[1] != "custom" or int(snippet[2]) > SNIPPETS:
        return None
    return f"snippet_{int(snippet[2])}"
