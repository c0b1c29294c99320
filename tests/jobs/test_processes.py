import subprocess
import sys
import time
from dataclasses import replace

from recsys_core.jobs.processes import end_group, is_alive, process_id

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
IGNORE = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
DEAF = [sys.executable, "-c", IGNORE]


def test_this_process_is_alive_and_one_of_another_time_is_not():
    me = process_id()
    assert is_alive(me)
    assert not is_alive(replace(me, started=me.started - 60))


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
