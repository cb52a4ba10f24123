"""All errors that omniid raises, grouped by what the caller does next.

::

    OmniidError
    ├── InputError           fix the data           (a ValueError)
    ├── SpecError            fix the declaration    (a ValueError)
    ├── NotFittedError       call fit first
    ├── CancelledError       your progress callback said stop
    ├── MissingExtraError    install an extra       (an ImportError)
    └── StoreError           the store could not do it; the message says what to do
        ├── StoreBusyError       wait, then call again
        ├── StoreFullError       make room, then call again; nothing was written
        └── StoreCorruptError    stop, and recover the file

    ConvergenceWarning       learned weights may not be final   (a UserWarning)

Every message names the thing, its place and the way out.

Examples
--------
>>> import omniid
>>> try:
...     omniid.resolve([])
... except omniid.InputError as error:
...     print(type(error).__name__)
InputError
"""

__all__ = [
    "CancelledError",
    "ConvergenceWarning",
    "InputError",
    "MissingExtraError",
    "NotFittedError",
    "OmniidError",
    "SpecError",
    "StoreBusyError",
    "StoreCorruptError",
    "StoreError",
    "StoreFullError",
]


class OmniidError(Exception):
    """Base of all errors that omniid raises.

    Examples
    --------
    >>> issubclass(InputError, OmniidError)
    True
    """


class InputError(OmniidError, ValueError):
    """The data cannot be used as it is; the message says where and what to change.

    Examples
    --------
    >>> raise InputError("shop.csv has no rows; pass a file with at least one record")
    Traceback (most recent call last):
    ...
    omniid.errors.InputError: shop.csv has no rows; pass a file with at least one record
    """


class SpecError(OmniidError, ValueError):
    """The declaration does not fit the data or itself; the message names the part to change.

    Examples
    --------
    >>> issubclass(SpecError, ValueError)
    True
    """


class NotFittedError(OmniidError):
    """A learned thing was asked for before `fit` learned it.

    Examples
    --------
    >>> issubclass(NotFittedError, OmniidError)
    True
    """


class CancelledError(OmniidError):
    """The progress callback returned False, so the work stopped; nothing was written.

    Examples
    --------
    >>> issubclass(CancelledError, OmniidError)
    True
    """


class MissingExtraError(OmniidError, ImportError):
    """An optional library is not installed; the message holds the line that installs it.

    Examples
    --------
    >>> issubclass(MissingExtraError, ImportError)
    True
    """


class StoreError(OmniidError):
    """The store could not do what was asked; nothing was half written, and the message says what to do.

    Examples
    --------
    >>> issubclass(StoreError, OmniidError)
    True
    """


class StoreBusyError(StoreError):
    """Somebody else held the store for longer than the stated wait; nothing was written, so call again.

    Examples
    --------
    >>> issubclass(StoreBusyError, StoreError)
    True
    """


class StoreFullError(StoreError):
    """The disk, or a limit on the file, has no room; nothing was written, so make room and call again.

    Examples
    --------
    >>> issubclass(StoreFullError, StoreError)
    True
    """


class StoreCorruptError(StoreError):
    """The store's file is damaged; the message names what is wrong and how to recover.

    Examples
    --------
    >>> issubclass(StoreCorruptError, StoreError)
    True
    """


class ConvergenceWarning(UserWarning):
    """Fitting stopped at its last allowed round before the weights settled.

    Examples
    --------
    >>> issubclass(ConvergenceWarning, UserWarning)
    True
    """
