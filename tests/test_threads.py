"""Results come in the order of the tasks, a failing task tells, and nobody runs ahead without end."""

import os
import threading
import time

import pytest

from omniid.threads import AHEAD, FEW_RECORDS, alongside, cores, in_order, threads_for


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_the_order_of_the_tasks(workers):
    def task(i):
        time.sleep(0.002 * (i % 3))
        return i

    assert list(in_order((lambda i=i: task(i) for i in range(20)), workers)) == list(range(20))


@pytest.mark.parametrize("workers", [1, 3])
def test_an_error_reaches_the_caller(workers):
    def fail():
        raise ValueError("no")

    results = in_order(iter([lambda: 1, fail, lambda: 3]), workers)
    assert next(results) == 1
    with pytest.raises(ValueError, match="no"):
        next(results)


def test_tasks_are_made_only_some_ahead():
    made, lock = [], threading.Lock()

    def tasks():
        for i in range(100):
            with lock:
                made.append(i)
            yield lambda i=i: i

    results = in_order(tasks(), 2)
    next(results)
    assert len(made) <= AHEAD * 2 + 1
    assert len(list(results)) == 99


def test_small_runs_take_one_thread_unless_told_otherwise() -> None:
    assert threads_for(0) == threads_for(FEW_RECORDS - 1) == 1
    assert threads_for(FEW_RECORDS) == cores()
    assert threads_for(1, workers=3) == threads_for(10**9, workers=3) == 3


def test_a_process_that_may_run_on_one_core_takes_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3}, raising=False)
    assert cores() == threads_for(FEW_RECORDS) == 1
    monkeypatch.delattr(os, "sched_getaffinity")
    assert cores() == 64


@pytest.mark.parametrize("workers", [1, 2])
def test_a_task_alongside_gives_its_result_or_its_error_when_asked(workers: int) -> None:
    def fail() -> None:
        raise ValueError("no")

    assert alongside(threading.get_ident, workers)() != threading.get_ident() or workers == 1
    wait = alongside(fail, workers)
    with pytest.raises(ValueError, match="no"):
        wait()
