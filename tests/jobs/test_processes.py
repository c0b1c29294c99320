import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from recsys_core.jobs.processes import end_group, is_alive, process_id

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
IGNORE = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
POLITE = [
    sys.executable,
    "-c",
    "from recsys_core.jobs.processes import give_way; give_way(7); print(flush=True); input()",
]
DEAF = [sys.executable, "-c", IGNORE]


def test_this_process_is_alive_and_one_of_another_time_is_not():
    me = process_id()
    assert is_alive(me)
    assert not is_alive(replace(me, started=me.started - 60))


def test_a_clock_that_is_set_back_or_on_makes_nobody_another(monkeypatch):
    me = process_id()
    now = time.time()
    boot = psutil.boot_time()
    for jump in (-3600.0, 3600.0):
        monkeypatch.setattr(time, "time", lambda jump=jump: now + jump)
        monkeypatch.setattr(psutil, "boot_time", lambda jump=jump: boot + jump)
        monkeypatch.setattr(psutil.Process, "create_time", lambda _, jump=jump: now + jump)
        assert is_alive(me)
        assert process_id() == me


def test_a_zombie_is_not_alive():
    child = subprocess.Popen(SLEEP)
    identity = process_id(child.pid)
    assert is_alive(identity)
    child.kill()
    for _ in range(100):
        if not is_alive(identity):
            break
        time.sleep(0.02)
    assert not is_alive(identity)
    assert child.wait() == -9


def test_a_group_that_ignores_the_request_is_ended_by_force():
    child = subprocess.Popen(DEAF, process_group=0, stdout=subprocess.PIPE)
    child.stdout.readline()
    end_group(child.pid, grace=0.2)
    assert child.wait(5) == -9
    child.stdout.close()


def test_one_that_gives_way_does_so_with_its_whole_session():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(POLITE, start_new_session=True, **pipes) as child:
        child.stdout.readline()
        assert psutil.Process(child.pid).nice() == 7 + psutil.Process().nice()
        of_session = Path(f"/proc/{child.pid}/autogroup")
        if not of_session.exists():
            child.communicate(b"\n")
            pytest.skip("This system does not share its processors among sessions.")
        assert of_session.read_text().split()[-1] == "7"
        child.communicate(b"\n")
