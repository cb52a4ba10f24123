"""Patterns that values are measured against: RE2 syntax, for trimmed values whose digits are ASCII."""

__all__ = ["DATE", "NETWORKS", "OTHER_DIGITS", "PIECE_PATTERNS", "SPLIT", "VALUE_PATTERNS", "YEAR"]

# Repeated Unicode classes take RE2 milliseconds to compile, so a month's name is anything but digits and spaces.
_MONTH = r"[^0-9 ]+"
_CLOCK = r"(?:[T ,]+[0-9]{1,2}:[0-9]{2}.*)?"
_DATES = (
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}",
    r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{4}",
    r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}",
    r"(?:1[3-9]|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:\.0)?",
    rf"[0-9]{{1,2}}[ .\-/]*{_MONTH}[ .,\-/]*[0-9]{{4}}",
    rf"{_MONTH}[ .]*[0-9]{{1,2}},? +[0-9]{{4}}",
)
DATE = rf"^(?:{'|'.join(_DATES)}){_CLOCK}$"
YEAR = "(?P<year>(?:1[2-9]|20)[0-9]{2})"

_HONORIFICS = (
    "mr mrs ms miss mx master m mme mlle dr prof rev sir dame lady lord hon herr frau sr sra srta sig dott pan pani bay bayan "
    "г-н г-жа господин госпожа пан пані доктор آقا آقای خانم monsieur madame don doña dona eng mag hab mgr inż ing dipl"
)
_YES_OR_NO = "true false yes no y n t f 0 1 да нет tak nie ja nein si sí oui non بله خیر"

# Network → hosts that the addresses of its profiles lead to.
NETWORKS = {
    "telegram": r"t\.me|telegram\.me",
    "vk": r"vk\.com|vk\.ru|vkontakte\.ru",
    "instagram": r"instagram\.com|instagr\.am",
    "facebook": r"facebook\.com|fb\.com|fb\.me",
}
VALUE_PATTERNS = {
    "digit": "[0-9]",
    "letter": r"\p{L}",
    "letters only": r"^[\p{L}\p{M} .'’\-]+$",
    "words": r"\p{L}\S*[\s,]+\S*\p{L}",
    "date": DATE,
    "clock": "[0-9]{1,2}:[0-9]{2}",
    "midnight": r"[T ]0?0:00(?::00(?:\.0+)?)?(?:Z|[+\-].*)?$",
    "epoch": r"^1[0-9]{9}(?:[0-9]{3})?(?:\.[0-9]+)?$",
    "year": r"^(?:1[3-9]|20)[0-9]{2}(?:\.0)?$",
    "month number": r"^(?:0?[1-9]|1[0-2])(?:\.0)?$",
    "day number": r"^(?:0?[1-9]|[12][0-9]|3[01])(?:\.0)?$",
    "eight digits": r"^[0-9]{8}(?:\.0)?$",
    "postcode": r"^[A-Za-z]{0,4}[ \-]{0,2}[0-9][A-Za-z0-9 \-]{1,10}(?:\.0)?$",
    "house number": "^[^0-9]{0,6}[0-9][^,]{0,12}$",
    "short": "^.{1,12}$",
    "hash": "^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128})$",
    "uuid": r"^\{?[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\}?$",
    "analytics id": r"^(?:GA[0-9]\.[0-9]\.)?[0-9]{6,10}\.[0-9]{8,10}$",
    "analytics cookie": r"^GA[0-9]\.[0-9]\.[0-9]{6,10}\.[0-9]{8,10}$",
    **{name: rf"(?i)^(?:https?://)?(?:[a-z0-9-]+\.)*(?:{hosts})/." for name, hosts in NETWORKS.items()},
    "payment card": r"^[0-9*xX•]{4,6}[ \-]?[0-9*xX•]{2,4}[ \-]?[0-9*xX•]{2,4}[ \-]?[0-9]{1,7}$",
    "commas": ",.*,",
    "honorific": rf"(?i)^(?:{'|'.join(_HONORIFICS.split())})\.?(?: .{{0,12}})?$",
    "false or true": rf"(?i)^(?:{'|'.join(_YES_OR_NO.split())})$",
}

_EXTENSION = r"(?:ext|x|доб|вн|wew|#)[.: ]*"
_MESSENGER = r"(?:@(?:c\.us|s\.whatsapp\.net))"  # WhatsApp writes a number so, and it is no e-mail address
_NO_TELEPHONES = (
    DATE,
    r"^[\-+]?[0-9]+[.,][0-9]{1,9}[1-9]$",  # a decimal
    "^[0-9]+[.,][0-9]{2}$",  # an amount
    r"^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$",  # an IP address
    r"^[0-9]{4}(?:[ \-][0-9]{4}){2,}",  # a card
)
# What only phone numbers look like.
_DIALLED = (
    rf"^\+?[0-9]{{7,15}}{_MESSENGER}$",
    r"(?i)^(?:https?://)?wa\.me/\+?[0-9]{7,15}$",
    r"^(?:tel:|whatsapp:)?\+[1-9][0-9\s().\-–]{7,18}$",
    r"^[0-9]{0,2}[ \-]?\([0-9]{2,5}\)[ \-]?[0-9][0-9 \-–]{4,9}[0-9]$",
    r"^[78]9[0-9]{9}(?:\.0)?$",  # mobile of +7 in eleven digits
    "^0[1-9][0-9]{8,9}$",  # with the 0 that many countries dial first
    r"^[2-9][0-9]{2}[\-. ][0-9]{3}[\-. ][0-9]{4}$",  # North America
    r"^0[0-9]{2,4}[ \-/][0-9]{3,4}[ \-]?[0-9]{3,5}$",
    r"^8[ \-][0-9]{3}[ \-][0-9]{3}[ \-]?[0-9]{2}[ \-]?[0-9]{2}$",
)
# These are measured on the pieces of cells that hold several values.
PIECE_PATTERNS = {
    "email": r"(?i)^(?:mailto:)?(?:[^@<>]*<)?[^\s@<>:]+@[^\s@<>]+\.[^\s@<>.]{2,}>?\.?$",
    "telephone": r"(?i)^(?:(?:https?://)?wa\.me/|tel|phone|mob|whatsapp|wa|viber|telegram|тел|моб)?[.: ]*\+?[0-9\s().\-/–+]{7,}"
    rf"(?:\s*{_EXTENSION}[0-9]{{1,6}}\)?)?(?:\.0)?{_MESSENGER}?$",
    "telephone length": rf"^(?:[^0-9]*[0-9]){{7,15}}[^0-9]*(?:{_EXTENSION}.*)?$",
    "no telephone": "|".join(_NO_TELEPHONES),
    "messenger": rf"{_MESSENGER}$",
    "dialled": "|".join(_DIALLED),
}
SPLIT = r"\s*[;|,\n\r]+\s*"

_SCRIPTS = ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９")  # Persian, Arabic, full width
OTHER_DIGITS = {ord(digit): str(i) for digits in _SCRIPTS for i, digit in enumerate(digits)}
