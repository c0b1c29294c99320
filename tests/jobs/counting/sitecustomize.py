"""Kinds of job that behave as a test tells them, in every process that has this folder on its path."""

import os
import subprocess
import sys
import time

from recsys_core.access import actor
from recsys_core.errors import InputError
from recsys_core.jobs.kinds import KINDS, Kind
from recsys_core.spread import spread


def count(ws, params, progress):
    """Count to ``to``, writing each number to a file; ``at`` a number, do what ``then`` says.

    Goes on after the last number in the file, as a fine-tune goes on from its checkpoint.
    """
    path = ws.root / params["file"]
    done = len(path.read_text().split()) if path.exists() else 0
    progress.stage("Counting")
    for number in range(done + 1, params["to"] + 1):
        progress.check_cancelled()
        with path.open("a") as file:
            file.write(f"{number} ")
        progress.advance(number, params["to"], f"at {number}")
        progress.metric("number", number, float(number))
        if number == params.get("at"):
            misbehave(params["then"])
        time.sleep(params.get("pause", 0.0))
    asks = actor()
    return {
        "counted": params["to"],
        "pid": os.getpid(),
        "heavy": "torch" in sys.modules,
        "actor": [asks.name, str(asks.role)],
    }


def misbehave(how):
    if how == "input":
        raise InputError("The file is empty.", "Choose another one.")
    if how == "bug":
        raise ZeroDivisionError("secret detail")
    if how == "killed":
        os.kill(os.getpid(), 9)
    if how == "deaf":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        time.sleep(60)


def square(number, progress):
    progress.check_cancelled()
    time.sleep(0.2)
    return number * number, os.getpid()


def squares(ws, params, progress):
    """The squares of 0 … ``to`` - 1, and how many processes they were made in."""
    del ws
    made = list(spread(square, range(params["to"]), lambda _: progress))
    return {"squares": [value for value, _ in made], "processes": len({pid for _, pid in made})}


KINDS["squares"] = Kind("Squares", squares, dict)
KINDS["count"] = Kind("Count {dataset}", count, dict)
