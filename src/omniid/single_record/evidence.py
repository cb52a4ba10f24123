"""What of one record is evidence: values that mean the same meet in one field, those of too many people are missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from omniid.meeting import families, is_evidence
from omniid.single_record.forms import Forms, normal_of
from omniid.single_record.grading import Values
from omniid.spec import Spec

__all__ = ["ClassOf", "Evidence", "EvidenceReader", "KnownHash"]

ClassOf = Callable[[str, str], str]  # field, value → its value class
GENERIC = "shared"  # the class of values that are missing for all stages
KnownHash = Callable[[str, str], str | None]  # field, hash → the value that it stands for; the hash itself where nobody knows


@dataclass(frozen=True)
class Evidence:
    """One record as matching sees it.

    Parameters
    ----------
    values
        Field → distinct normal forms, in the order in which they were sent; fields without any are left out.
    shared
        Fields of which a value is used by others too, so that it links nobody on its own.
    weak
        Field → values that are never enough alone.
    repeated
        Field → its values, where one of them was sent more than once.

    Examples
    --------
    >>> Evidence({"email": ("ann@x.com",)}).shared
    frozenset()
    """

    values: Values
    shared: frozenset[str] = frozenset()
    weak: Mapping[str, frozenset[str]] | None = None
    repeated: Mapping[str, tuple[str, ...]] | None = None

    def said(self, name: str) -> tuple[str, ...]:
        """The normal forms of a field as often as they were sent."""
        found = None if self.repeated is None else self.repeated.get(name)
        return self.values.get(name, ()) if found is None else found


class EvidenceReader:
    """A spec's fields, ready to say what of a record is evidence.

    Parameters
    ----------
    spec
        The declaration.

    Examples
    --------
    >>> from omniid.fields import Phone, Identifier
    >>> reader = EvidenceReader(Spec(fields=[Phone("phone"), Identifier("wa", kind="whatsapp")]))
    >>> reader.read(Forms(None, {"wa": ["+48501234567"]}, [])).values
    {'wa': ('+48501234567',), 'phone': ('+48501234567',)}
    """

    def __init__(self, spec: Spec) -> None:
        fields = [field for field in spec.fields if not is_evidence(field, spec.purpose)]
        self._silent = frozenset(name for field in fields for name in field.columns())
        self._families = [
            ([member.column for member in members], [member.normalizer == "hash" for member in members])
            for members in families(spec.fields, spec.purpose)
        ]

    def read(self, forms: Forms, class_of: ClassOf | None = None, known: KnownHash | None = None) -> Evidence:
        """What of a record is evidence.

        Parameters
        ----------
        forms
            The record's normal forms.
        class_of
            (field, value) → the value's class, one of `VALUE_CLASSES`; None: all values are personal.
        known
            (meeting field, hash) → the value that the hash stands for, None where that is no evidence, as of a masked address;
            the hash itself where no record says.
        """
        values, repeated = self._met(forms, known)
        return _by_class(values, repeated, class_of)

    def met(self, forms: Forms, known: KnownHash | None = None) -> Values:
        """Field → distinct normal forms of a record, whatever their class.

        Parameters
        ----------
        forms, known
            As for `read`.
        """
        return self._met(forms, known)[0]

    def _met(self, forms: Forms, known: KnownHash | None) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """The values of each field once, and as often as they were sent where that is not once."""
        values: dict[str, tuple[str, ...]] = {}
        repeated: dict[str, tuple[str, ...]] = {}
        for name, entries in forms.fields.items():
            if name not in self._silent:
                said = tuple([text for entry in entries if (text := normal_of(entry)) is not None])
                if len(said) > 1 and len(once := tuple(dict.fromkeys(said))) < len(said):
                    values[name], repeated[name] = once, said
                elif said:
                    values[name] = said
        for columns, hashed in self._families:
            if any(name in values for name in columns[1:]):
                found: set[str] = set()
                for name, is_hash in zip(columns, hashed, strict=True):
                    texts = values.get(name, ())
                    told = [known(columns[0], text) for text in texts] if is_hash and known is not None else texts
                    found.update(text for text in told if text is not None)
                values.pop(columns[0], None)
                repeated.pop(columns[0], None)
                if found:
                    values[columns[0]] = tuple(sorted(found))
        return values, repeated


def _by_class(values: Values, repeated: Values, class_of: ClassOf | None) -> Evidence:
    """The values that are evidence, and what is known of their sharing."""
    if class_of is None:
        return Evidence(values, repeated=repeated or None)
    kept: dict[str, tuple[str, ...]] = {}
    shared: set[str] = set()
    weak: dict[str, frozenset[str]] = {}
    for name, texts in values.items():
        classes = {text: class_of(name, text) for text in texts}
        if all(one == "personal" for one in classes.values()):
            kept[name] = texts
            continue
        if rest := tuple([text for text in texts if classes[text] != GENERIC]):
            kept[name] = rest
        if any(one not in ("personal", GENERIC) for one in classes.values()):
            shared.add(name)
        if held := frozenset(text for text, one in classes.items() if one == "weak"):
            weak[name] = held
    left = {name: found for name in repeated if (found := tuple(text for text in repeated[name] if text in kept.get(name, ())))}
    return Evidence(kept, frozenset(shared), weak or None, left or None)
