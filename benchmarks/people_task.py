"""What every engine has to do with the people set: the same fields, rules, levels and threshold, declared once.

Standard library only, as each engine may have an environment of its own.
"""

ALIKE = ("first_name", "last_name", "city", "email")  # levels: exact, Jaro-Winkler at least .92, at least .8
ONE_EDIT = ("birth_date", "phone", "postcode")  # levels: exact, Levenshtein distance at most 1
FIELDS = ("first_name", "last_name", "birth_date", "email", "phone", "postcode", "city")
JARO_WINKLER = (0.92, 0.8)
FREQUENCY = ("first_name", "last_name", "city")  # agreement on a rare value weighs more
LINK_AT = 0.9  # match probability

LIGHT = (
    ("email",),
    ("phone",),
    ("birth_date", "last_name"),
    ("first_name", "last_name", "postcode_area"),
    ("last_name_sound", "birth_year"),
)
RULES = {"light": LIGHT, "heavy": (*LIGHT, ("last_name_sound", "first_initial"))}

# What is no field of the file: key -> (derivation, field, its number). omniid derives these on its own clock; the other engines
# find them in their file, ready made and free of charge.
DERIVED = {
    "postcode_area": ("prefix", "postcode", 3),
    "last_name_sound": ("soundex", "last_name", 0),
    "birth_year": ("prefix", "birth_date", 4),
    "first_initial": ("prefix", "first_name", 1),
}
