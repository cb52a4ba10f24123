"""Many readers, one writer, across processes and threads: no error, and no answer mixes two states.

`benchmarks/resolver_readers.py` runs a minute of it.
"""

import os
import subprocess
import sys
import threading
from itertools import count
from pathlib import Path

import omniid
from oracle import live_readers

READERS, SECONDS = 2, 0.5


def test_processes_read_while_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "people.omniid"
    with live_readers.make(path) as writer:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        code = f"from oracle.live_readers import read_for; read_for({str(path)!r}, {SECONDS})"
        command = [sys.executable, "-c", code]
        readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(READERS)]
        said = [reader.stdout.readline() for reader in readers if reader.stdout]  # they have loaded, and read from now on
        assert said == ["open\n"] * READERS
        steps = count(1)
        while any(reader.poll() is None for reader in readers):
            live_readers.move(writer, next(steps))
        for reader in readers:
            said = reader.communicate()[0].split()
            assert reader.returncode == 0
            assert len(said) == 1, said
            assert int(said[0]) > 0
        assert next(steps) > 5
        assert writer.check() == []
        assert not writer.rebuild()


def test_threads_share_one_resolver(tmp_path: Path) -> None:
    problems: list[str] = []
    answers = [0] * 2
    with live_readers.make(tmp_path / "people.omniid") as resolver:
        is_over = threading.Event()

        def read(number: int) -> None:
            while not is_over.is_set():
                try:
                    problems.extend(live_readers.look(resolver))
                except Exception as error:  # noqa: BLE001  # whatever goes wrong in a thread fails the test
                    problems.append(repr(error))
                answers[number] += 1

        threads = [threading.Thread(target=read, args=(number,)) for number in range(len(answers))]
        for thread in threads:
            thread.start()
        for step in range(1, 1000):
            live_readers.move(resolver, step)
            if step > 10 and min(answers) > 1:
                break
        is_over.set()
        for thread in threads:
            thread.join()
    assert problems == []
    assert min(answers) > 1


def test_a_store_is_opened_while_another_writes(tmp_path: Path) -> None:
    path = tmp_path / "people.omniid"
    with live_readers.make(path) as writer, writer.store.writing(), omniid.open(path, wait=0.1, backend="rows") as reader:
        assert live_readers.look(reader) == []
