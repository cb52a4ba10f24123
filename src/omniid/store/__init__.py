"""The store: plain tables that survive, behind a protocol of few methods.

A live resolver keeps its records, decisions, ids and models here, and beside them what it has derived from them. The store
knows none of that: it knows tables of plain rows. A table is declared as data (`TableShape`), and everything else is

- `with store.reading() as tables:` one consistent state, never a mix of two, whoever writes meanwhile;
- `with store.writing() as tables:` the one writer at a time, whose changes are kept all or not at all;
- `tables.rows(...)`, `tables.span(...)`, `tables.count(...)`, and in a transaction `tables.put(...)`, `tables.remove(...)`
  and `tables.clear(...)`;
- `store.backup(path)`, `store.check()`, `store.compact()`, `store.close()`.

`SqliteStore` is the one store there is: a file, or ":memory:". A server database can stand behind the same protocol.

>>> shapes = [TableShape("members", columns={"row": "int", "entity": "int"}, primary=("row",), indexes=(("entity",),))]
>>> store = SqliteStore(":memory:", shapes)
>>> with store.writing() as tables:
...     tables.put("members", [(1, 7), (2, 7), (3, 8)])
...     tables.remove("members", "row", [2])
>>> with store.reading() as tables:
...     tables.rows("members", "entity", [7, 8]), tables.span("members", "row", 2), tables.count("members")
([(1, 7), (3, 8)], [(3, 8)], 2)
>>> store.check()
[]
>>> store.close()

Files: `base` the protocols · `sqlite` the store · `doors` what a thread has open · `snapshots` reading and writing rows ·
`behind` writing in a thread of its own · `statements` the SQL · `connections` who uses which connection · `checkpoints` from
the -wal to the file · `opening`, `migrations` the file's way to the present version · `checking`, `upkeep` (backup, compact) ·
`failures`, `waiting` the errors · `forking`.
"""

from omniid.store.base import Row, Snapshot, Store, TableShape, Transaction, Value
from omniid.store.behind import later, writing_behind
from omniid.store.migrations import Migration, SchemaEditor
from omniid.store.sqlite import APPLICATION, SqliteStore

__all__ = [
    "APPLICATION",
    "Migration",
    "Row",
    "SchemaEditor",
    "Snapshot",
    "SqliteStore",
    "Store",
    "TableShape",
    "Transaction",
    "Value",
    "later",
    "writing_behind",
]
