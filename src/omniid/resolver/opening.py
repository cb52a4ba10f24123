"""`open`: the door to a store."""

import json
from pathlib import Path
from typing import Literal

from omniid.crowding import frozen_choices, frozen_keys
from omniid.errors import InputError
from omniid.resolution import Resolution
from omniid.resolver.learned import live_spec
from omniid.resolver.loading import load_result
from omniid.resolver.resolver import Resolver
from omniid.resolver.secrets import SecretFile
from omniid.resolver.settings import set_text, text_of
from omniid.resolver.shapes import SHAPES
from omniid.resolver.tombstones import warn_of_lost_key
from omniid.resolver.upgrading import MIGRATIONS, VERSION
from omniid.spec import Spec
from omniid.stages import Stages
from omniid.store import SqliteStore
from omniid.tables import Model

__all__ = ["open"]


def open(  # noqa: A001  # the word that users say: omniid.open
    path: str | Path,
    spec: Spec | Resolution | None = None,
    *,
    model: Model | None = None,
    wait: float = 5.0,
    synchronous: Literal["normal", "full"] = "normal",
    key: str | Path | None = None,
    backend: str = "pandas",
) -> Resolver:
    """Open a store of identities, made where there is none.

    Parameters
    ----------
    path
        Where it lies; ":memory:" keeps it in memory and forgets it at `close`.
    spec
        The declaration of a new store; None: fields are inferred by the first `fit`. A store that is there keeps its own.
        A batch result made with ``Spec(incremental=True)``: the new store goes on from its records, model, decisions and ids.
    model
        The frozen model of a new store; None: `Resolver.fit` learns one.
    wait
        The most seconds to wait for another writer, then `StoreBusyError`.
    synchronous
        "normal": what was committed survives a killed process; "full": a power cut, too.
    key
        The file of the secret that makes keyed hashes of erased records, made by the first `Resolver.erase`; None: the path
        with ".key" behind it. Who loses it can only no longer recognise erased records that are sent again.
    backend
        The kind of frame that tables are handed out as: "pandas", "polars", "pyarrow" or "rows" (a list of dicts).

    Returns
    -------
    Resolver
        Closes the store at the end of a ``with`` block.

    Raises
    ------
    InputError
        If the path is no place for a store, the file is none, or a result is to be loaded into a store that is in use.
    SpecError
        If a result can't live in a store, or a model was learned without ``incremental=True`` or for other blocking rules.
    StoreBusyError, StoreCorruptError
        If others hold the file, or it is damaged.

    Examples
    --------
    >>> import omniid
    >>> with omniid.open(":memory:", backend="rows") as resolver:
    ...     told = resolver.upsert([{"id": "1", "email": "ann@x.com"}, {"id": "2", "email": "ANN@x.com"}])
    ...     resolver.fit()
    ...     len({row["entity_id"] for row in resolver.crosswalk()})
    1
    """
    in_memory = str(path) == ":memory:"
    secret = SecretFile(Path(key) if key is not None else None if in_memory else Path(f"{path}.key"))
    kept = SqliteStore(path, SHAPES, wait=wait, synchronous=synchronous, version=VERSION, migrations=MIGRATIONS)
    resolver = Resolver(kept, backend, secret)
    with resolver.store.reading() as there:  # so that one who only reads needs not wait for a writer
        if text_of(there, "spec") is not None and not isinstance(spec, Resolution):
            warn_of_lost_key(there, secret)
            return resolver
    with resolver.store.writing() as store:
        warn_of_lost_key(store, secret)
        is_new = text_of(store, "spec") is None
        found = None
        if isinstance(spec, Resolution):
            if not is_new or model is not None:
                raise InputError("a result brings its own model and needs a new store; give another path, and no model")
            found = spec.parts if spec.parts.spec.incremental else None
            model, spec = spec.model, load_result(store, spec)
        if is_new:
            declared = live_spec(spec or Spec())
            if model is not None:
                frozen_choices(model)
                frozen_keys(declared, model)
            set_text(store, "spec", json.dumps(declared.to_dict()))
            if model is not None:
                resolver.adopt(store, declared, model, "model", Stages(), found)
    return resolver
