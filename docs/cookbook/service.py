"""A small service on a live store: events come in, and it says who is who.

Start it with ``OMNIID_STORE=people.omniid uvicorn --factory service:create_app``.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from fastapi import Body, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

import omniid

RETRY_AFTER = 1  # seconds that a client is asked to wait while another writer holds the store
STATUS = {  # error → what the client is to do: try again, learn first, mend what was sent, make room
    omniid.StoreBusyError: 503,
    omniid.NotFittedError: 409,
    omniid.InputError: 422,
    omniid.SpecError: 422,
    omniid.StoreFullError: 507,
}


class Events(BaseModel):
    """Records of one source, new or changed."""

    source: str
    records: list[dict[str, Any]]
    version: str | None = None  # the column with each record's time of change or number


class Told(BaseModel):
    """What a person decided; records are named by (source, record_id)."""

    kind: Literal["MUST_LINK", "CANNOT_LINK", "UNSURE", "UNDO"]
    left: list[tuple[str, str]]
    right: list[tuple[str, str]]
    author: str
    reason: str = ""


def create_app(resolver: omniid.Resolver | None = None) -> FastAPI:
    """Make the service; one resolver serves all of its threads."""
    shared = resolver or omniid.open(os.environ.get("OMNIID_STORE", "people.omniid"), backend="rows")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        shared.close()

    app = FastAPI(title="Who is who", lifespan=lifespan)
    for kind in STATUS:
        app.add_exception_handler(kind, answer_error)

    @app.post("/records")
    def take_records(events: Events) -> dict[str, Any]:
        told = shared.upsert(events.records, source=events.source, version=events.version)
        return {"told": str(told), "entity_ids": told.entity_ids, "cursor": told.cursor}

    @app.get("/people")
    def look_up(request: Request) -> Any:
        asked: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            asked.setdefault(name, []).append(value)
        return shared.lookup(**asked)

    @app.get("/people/{entity_id}")
    def get_person(entity_id: str) -> dict[str, Any]:
        try:
            return shared.get_profile(entity_id=entity_id)
        except omniid.InputError as error:
            raise HTTPException(404, str(error)) from error

    @app.get("/changes")
    def get_changes(since: int = 0, limit: int = 1000) -> list[dict[str, Any]]:
        return shared.changes(since=since, limit=limit)

    @app.post("/decisions")
    def take_decisions(decisions: Annotated[list[Told], Body()]) -> dict[str, Any]:
        kept = shared.decide(
            [omniid.Decision(**dict(one) | {"left": tuple(one.left), "right": tuple(one.right)}) for one in decisions]
        )
        return {"kept": len(kept), "cursor": shared.cursor}

    return app


def answer_error(_: Request, error: Exception) -> JSONResponse:
    """Say what is wrong, and whether to call again."""
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    headers = {"Retry-After": str(RETRY_AFTER)} if status == 503 else {}
    return JSONResponse({"error": str(error)}, status, headers)
