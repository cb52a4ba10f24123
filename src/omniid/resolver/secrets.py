"""The secret that makes keyed hashes of the records that were erased; it lies outside the store's file."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from omniid.errors import InputError

__all__ = ["SecretFile"]

BYTES = 32


class SecretFile:
    """A random secret in a file of its own, made when it is first needed, which only its owner can read.

    Who holds the store without it can't tell which records were erased, not even by trying all keys; who loses it can no
    longer recognise them.

    Parameters
    ----------
    path
        The file; None keeps the secret in memory.

    Examples
    --------
    >>> secret = SecretFile(None)
    >>> secret.hash("17") is None, len(secret.made().hash("17") or b"")
    (True, 32)
    """

    def __init__(self, path: Path | None) -> None:
        self.path, self._held = path, b""

    @property
    def is_there(self) -> bool:
        """Whether it was made."""
        return bool(self._held) or (self.path is not None and self.path.exists())

    def hash(self, text: str) -> bytes | None:
        """Return the keyed hash of a text (HMAC-SHA-256); None while there is no secret.

        References
        ----------
        RFC 2104, "HMAC: Keyed-Hashing for Message Authentication".
        """
        if not self._held and not self.is_there:
            return None
        self._held = self._held or self._read()
        return hmac.digest(self._held, text.encode("utf-8", "surrogatepass"), hashlib.sha256)

    def made(self) -> "SecretFile":
        """Make the secret where there is none, and return the same object.

        Raises
        ------
        InputError
            If the file can't be written; nothing is erased then.
        """
        if self.is_there:
            return self
        fresh = secrets.token_bytes(BYTES)
        if self.path is None:
            self._held = fresh
            return self
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.partial")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(handle, fresh.hex().encode() + b"\n")
                os.fsync(handle)
            finally:
                os.close(handle)
            part.replace(self.path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise InputError(
                f"the key {self.path} can't be written: {error.strerror}; give another path: omniid.open(…, key=FILE)"
            ) from error
        return self

    def _read(self) -> bytes:
        try:
            found = bytes.fromhex((self.path or Path()).read_text(encoding="ascii"))
        except (OSError, ValueError) as error:
            raise InputError(f"the key {self.path} can't be read; put the file back from a copy, or remove it") from error
        if len(found) != BYTES:
            raise InputError(f"the key {self.path} holds {len(found)} bytes instead of {BYTES}; put the file back from a copy")
        return found
