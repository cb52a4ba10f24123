"""Columns that say something of a contact value: verified, consented to, objected to; taken only where the header is clear.

A header that is read as consent where none was given would be worse than one that is overlooked, so all of its words must be
known, it must name what the consent is for, and the values must read as yes or no.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cache

from omniid.fields import Consent, Field, Verified
from omniid.inference.contents import Contents
from omniid.inference.headers import split_header
from omniid.normalization import normalize_consent, normalize_opt_out, normalize_verified
from omniid.tables import NormalForm

__all__ = ["STATEMENTS", "channels_asked", "judge_statement", "statement_field"]

STATEMENTS = ("verified", "consent", "opt_out")
_SURE = 0.95  # share of the values that must read as what the header says
_WORDS: Mapping[str, str] = {
    "email": "email mail emails e почта почты почте e-mailing mailing",
    "sms": "sms text texts смс textmessages",
    "phone": "phone mobile call calls phonecall telephone telefon telefonu звонки звонок телефон",
    "whatsapp": "whatsapp wa",
    "newsletter": "newsletter newsletters newslettera рассылка рассылки рассылку biuletyn boletin",
    "marketing": "marketing marketingowa marketingowe marketingowych promotional promotions promo маркетинг рекламу "
    "werbung werbe",
    "consent": "consent consents consented optin optedin permission zgoda zgody согласие einwilligung zustimmung consentement "
    "consentimiento consenso",
    "agreed": "accepts agreed agrees subscribed subscription subscriber allowed",
    "ok": "ok okay",
    "opt_out": "optout optedout unsubscribed unsubscribe unsubscription objected objection donot dont dnc suppressed suppress "
    "отписан отписка sprzeciw widerspruch",
    "verified": "verified confirmed validated verification verifiziert bestatigt zweryfikowany zweryfikowana potwierdzony "
    "potwierdzona подтвержден подтверждена verificado verificada",
    "": "is has have customer customers user client contact contacts to for of the on in na do flag traits properties receive "
    "receives get gets at by von fur auf и на",
}
_CHANNELS = ("email", "sms", "phone", "whatsapp")
_OF = {"email": "email", "sms": "phone", "phone": "phone", "whatsapp": "whatsapp", "newsletter": "email"}
_READ: Mapping[str, Callable[[str], NormalForm]] = {
    "verified": normalize_verified,
    "consent": normalize_consent,
    "opt_out": normalize_opt_out,
}
_CLAIMS = {"verified": "say yes, no or when", "consent": "say yes or no", "opt_out": "say yes, no or when"}


@cache
def _meanings() -> Mapping[str, str]:
    return {word: meaning for meaning, words in _WORDS.items() for word in words.split()}


def judge_statement(header: str, contents: Contents) -> tuple[str, str, str] | None:
    """Return (kind, field, reason) of a column that says something of a contact value, None of any other.

    Parameters
    ----------
    header
        As the source spells it.
    contents
        What its values look like.

    Examples
    --------
    >>> import pyarrow as pa
    >>> values = Contents.of(pa.array(["yes", "no", None], pa.large_string()))
    >>> judge_statement("Newsletter opt-in", values)
    ('consent', 'newsletter_consent', "header 'Newsletter opt-in'; 100 % of 2 distinct values say yes or no")
    >>> judge_statement("newsletter", values) is None
    True
    """
    said = _said(header)
    if said is None:
        return None
    kind, field = said
    values: list[str] = contents.values.to_pylist()
    forms = [_READ[kind](value) for value in values]
    read = sum(form.reason is None for form in forms)
    if not any(form.value for form in forms) or read < _SURE * len(forms):
        return None
    share = f"{100 * read / len(forms):.0f} % of {contents.counted()} {_CLAIMS[kind]}"
    return kind, field, f"header '{header[:40]}'; {share}"


def _said(header: str) -> tuple[str, str] | None:
    """The kind and the field that a header names, if all of its words are known."""
    text = " ".join(split_header(header)).replace("opted ", "opt ").replace("do not", "donot").replace("don t", "donot")
    words = text.replace("opt in", "optin").replace("opt out", "optout").replace("e mail", "email").split()
    meanings = [_meanings().get(word) for word in words]
    if None in meanings:
        return None
    found = set(meanings) - {""}
    channels = [name for name in _CHANNELS if name in found]
    purposes = [name for name in ("newsletter", "marketing") if name in found]
    topic = "_".join([*channels[:1], *purposes[:1]])
    if len(channels) > 1 or len(purposes) > 1:
        return None
    if "opt_out" in found:
        return "opt_out", f"{topic or 'contact'}_opt_out"
    # A "phone subscription" is a plan, and "phone ok" may say that the number is right.
    clear = {"consent"} | ({"agreed"} if topic != "phone" else set()) | ({"ok"} if topic not in ("email", "phone") else set())
    if topic and clear & found:
        return "consent", f"{topic}_consent"
    if "verified" in found and not purposes and channels and found == {"verified", channels[0]}:
        return "verified", f"{channels[0]}_verified"
    return None


def channels_asked(kind: str, field: str) -> tuple[str, ...]:
    """Kinds of which the source must hold a column, for a statement to speak of any value; none where one kind will do.

    Examples
    --------
    >>> channels_asked("consent", "sms_consent"), channels_asked("opt_out", "contact_opt_out")
    (('phone',), ())
    """
    topic = field.removesuffix(f"_{kind}").split("_")
    return tuple(_OF[part] for part in topic[:1] if part in _OF) if kind in STATEMENTS else ()


def statement_field(kind: str, field: str, contacts: Collection[str]) -> Field | None:
    """The field that a guessed statement fills; None where there is nothing that it could speak of.

    Parameters
    ----------
    kind, field
        As `judge_statement` gives them.
    contacts
        The fields by whose values somebody can be reached.

    Examples
    --------
    >>> statement_field("consent", "email_marketing_consent", ["email"])
    Consent(column='email_marketing_consent', of='email', purpose='marketing', time=None, opt_out=False)
    """
    of = next(iter(channels_asked(kind, field)), None)
    if not contacts or (of is not None and of not in contacts):
        return None
    if kind == "verified":
        return None if of is None else Verified(field, of=of)
    topic = field.removesuffix(f"_{kind}").split("_")
    purpose = next((part for part in ("newsletter", "marketing") if part in topic), None)
    if kind == "opt_out":
        return Consent(field, of=of, purpose=purpose, opt_out=True)
    return Consent(field, of=of, purpose=purpose or topic[0])
