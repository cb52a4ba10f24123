"""Normalization: what a value says, freed from how it was typed.

Every normaliser is a pure function ``value → NormalForm``: a normal form to compare by, a display form to show, or the reason
why the value was rejected. Normalising a normal form gives itself. `normalize` applies them to a whole `RecordTable`, once per
distinct value, entry by entry beside the raw values.

========== ====================================================== =========================================
kind       scalar function                                        normal form of an example
========== ====================================================== =========================================
email      `normalize_email`, `masked_reason`                     ``annakowalska@gmail.com``
phone      `normalize_phone`                                      ``+48501234567``
name       `normalize_name`, `split_full_name`                    ``obrien nowak``
date       `normalize_date`, `date_order`                         ``1971-06-24``
time       `normalize_time`                                       ``2024-05-06T05:08:09Z``
address    `normalize_street`, `normalize_city`, `split_address`  ``12 main st``
identifier `normalize_identifier`                                 ``pl0012345``
account    `normalize_handle`                                     ``anna_k``
hash       `normalize_hash`                                       ``ba7816bf8f01cfea…``
text       `normalize_text`, `normalize_category`                 ``creme brulee``
statement  `normalize_consent`, `normalize_verified`              ``granted``
========== ====================================================== =========================================

Missing ("", "N/A", "не указано" …) is no reject: nothing was said. A reject keeps its record, field, value and reason.
"""

from omniid.normalization.address import (
    normalize_city,
    normalize_country,
    normalize_house_number,
    normalize_postcode,
    normalize_region,
    normalize_street,
    normalize_unit,
)
from omniid.normalization.amount import amount_texts, decimals, normalize_amount, read_amounts
from omniid.normalization.apply import normalize
from omniid.normalization.date import compose_date, normalize_date
from omniid.normalization.date_columns import choose_dates, read_event_times
from omniid.normalization.day_order import DateOrder, date_order
from omniid.normalization.email import masked_reason, normalize_email
from omniid.normalization.event_time import normalize_time
from omniid.normalization.full_address import AddressParts, split_address
from omniid.normalization.full_name import NameParts, split_first_name, split_full_name
from omniid.normalization.handle import normalize_handle
from omniid.normalization.hashed import normalize_hash
from omniid.normalization.identifier import normalize_identifier
from omniid.normalization.name import normalize_name, normalize_suffix, normalize_title
from omniid.normalization.phone import normalize_phone
from omniid.normalization.statements import normalize_consent, normalize_opt_out, normalize_verified
from omniid.normalization.text import fold, is_missing, normalize_attribute, normalize_category, normalize_text, tidy

__all__ = [
    "AddressParts",
    "DateOrder",
    "NameParts",
    "amount_texts",
    "choose_dates",
    "compose_date",
    "date_order",
    "decimals",
    "fold",
    "is_missing",
    "masked_reason",
    "normalize",
    "normalize_amount",
    "normalize_attribute",
    "normalize_category",
    "normalize_city",
    "normalize_consent",
    "normalize_country",
    "normalize_date",
    "normalize_email",
    "normalize_handle",
    "normalize_hash",
    "normalize_house_number",
    "normalize_identifier",
    "normalize_name",
    "normalize_opt_out",
    "normalize_phone",
    "normalize_postcode",
    "normalize_region",
    "normalize_street",
    "normalize_suffix",
    "normalize_text",
    "normalize_time",
    "normalize_title",
    "normalize_unit",
    "normalize_verified",
    "read_amounts",
    "read_event_times",
    "split_address",
    "split_first_name",
    "split_full_name",
    "tidy",
]
