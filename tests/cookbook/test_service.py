"""The service of the cookbook over HTTP on loopback, with a real server in a thread and clients beside each other."""

import importlib.util
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

import omniid

uvicorn = pytest.importorskip("uvicorn", reason="the service runs on it")
pytest.importorskip("fastapi", reason="the service is written with it")

ROOT = Path(omniid.__file__).parents[2]
SERVICE = ROOT / "docs" / "cookbook" / "service.py"
WEB = [
    {"id": "1", "email": "ann@x.com", "name": "Ann Lee", "phone": "+48501502501"},
    {"id": "2", "email": "bob@x.com", "name": "Bob Ray", "phone": "+48501502502"},
    {"id": "3", "email": "ann@x.com", "name": "Ann Lee"},
]


class Client:
    """One client of the service."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any, dict[str, str]]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read()), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()

    def get(self, path: str, **query: Any) -> Any:
        status, told, _ = self.ask("GET", f"{path}?{urlencode(query)}")
        assert status == 200, told
        return told

    def post(self, path: str, body: Any) -> Any:
        status, told, _ = self.ask("POST", path, body)
        assert status == 200, told
        return told


@pytest.fixture(scope="module")
def service() -> Any:
    spec = importlib.util.spec_from_file_location("service", SERVICE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def serve(app: Any) -> Iterator[Client]:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.01)
        yield Client(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def resolver(tmp_path: Path) -> Iterator[omniid.Resolver]:
    with omniid.open(tmp_path / "people.omniid", backend="rows", wait=0.2) as resolver:
        yield resolver


@pytest.fixture
def client(service: Any, resolver: omniid.Resolver) -> Iterator[Client]:
    resolver.upsert(WEB, source="web")
    resolver.fit()
    yield from serve(service.create_app(resolver))


def test_events_come_in_and_people_are_found(client: Client) -> None:
    told = client.post("/records", {"source": "shop", "records": [{"id": "A", "email": "ANN@x.com", "city": "Leeds"}]})
    assert told["told"] == "1 new"
    found = client.get("/people", email="Ann@X.com")
    assert found["exact"]
    assert [found["entity_id"]] == told["entity_ids"]
    assert found["profile"]["records"] == 3
    assert client.get(f"/people/{found['entity_id']}") == found["profile"]
    assert client.get("/people", email="nobody@x.com")["entity_id"] is None
    changed = client.get("/changes", since=told["cursor"] - 1)
    assert [(row["entity_id"], row["cursor"]) for row in changed] == [(found["entity_id"], told["cursor"])]


def test_people_decide(client: Client) -> None:
    apart = {"kind": "CANNOT_LINK", "left": [["web", "1"]], "right": [["web", "3"]], "author": "kim"}
    told = client.post("/decisions", [apart])
    assert told["kept"] == 1
    (split,) = client.get("/changes", since=told["cursor"] - 1)
    assert (split["kind"], split["cause"]) == ("split", "decision")
    assert client.post("/decisions", [{**apart, "kind": "UNDO"}])["cursor"] > told["cursor"]


def test_errors_say_what_to_do(client: Client, resolver: omniid.Resolver) -> None:
    status, told, _ = client.ask("GET", "/people?e_mail=ann@x.com")
    assert (status, "knows no identifier 'e_mail'" in told["error"]) == (422, True)
    status, told, _ = client.ask("POST", "/records", {"source": "web", "records": [{"id": "1"}], "version": "when"})
    assert (status, "version column 'when'" in told["error"]) == (422, True)
    assert client.ask("POST", "/records", {"source": "web"})[0] == 422
    assert client.ask("GET", "/people/nobody")[0] == 404
    with resolver.store.writing():
        status, told, headers = client.ask("POST", "/records", {"source": "web", "records": [{"id": "9"}]})
        assert client.get("/people", email="bob@x.com")["exact"]  # readers do not wait for the writer
    assert (status, headers["retry-after"]) == (503, "1")
    assert "held" in told["error"] or "writ" in told["error"]


def test_before_it_has_learned_it_takes_records_and_says_so(service: Any, resolver: omniid.Resolver) -> None:
    for client in serve(service.create_app(resolver)):
        assert client.post("/records", {"source": "web", "records": WEB})["entity_ids"] == [None, None, None]
        status, told, _ = client.ask("GET", "/people?email=ann@x.com")
        assert (status, "fit()" in told["error"]) == (409, True)


def test_clients_beside_each_other(client: Client, resolver: omniid.Resolver) -> None:
    def write(number: int) -> str:
        event = {"id": str(number), "email": f"ann{number % 4}@y.com", "name": f"Ann{number % 4} Doe"}
        while True:
            status, told, _ = client.ask("POST", "/records", {"source": "app", "records": [event]})
            if status == 200:
                return str(told["entity_ids"][0])
            assert status == 503, told

    def read(number: int) -> int:
        found = client.get("/people", email=f"ann{number % 4}@y.com")
        return 0 if found["profile"] is None else int(found["profile"]["records"])

    with ThreadPoolExecutor(5) as pool:
        written = [pool.submit(write, number) for number in range(16)]
        seen = [pool.submit(read, number) for number in range(32)]
        ids = [one.result() for one in written]
        assert all(0 <= one.result() <= 4 for one in seen)
    assert [read(number) for number in range(4)] == [4, 4, 4, 4]
    crosswalk = {row["record_id"]: row["entity_id"] for row in resolver.crosswalk() if row["source"] == "app"}
    assert len(set(crosswalk.values())) == 4
    assert set(ids) <= set(crosswalk.values()) | {row["entity_id"] for row in resolver.changes()}


def test_the_page_shows_the_file() -> None:
    page = (ROOT / "docs" / "cookbook" / "service.md").read_text(encoding="utf-8")
    assert f"```python\n{SERVICE.read_text(encoding='utf-8')}```" in page
