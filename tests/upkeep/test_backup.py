import random
import subprocess
import sys
import tarfile
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

from recsys_core.access import Actor, Role, acting_as
from recsys_core.errors import AccessError, InputError
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.processes import process_id
from recsys_core.jobs.record import JobRecord
from recsys_core.parts import Parts
from recsys_core.upkeep.archive import HEADER, SUMS
from recsys_core.upkeep.backup import back_up
from recsys_core.upkeep.inspection import inspect
from recsys_core.upkeep.restore import restore
from recsys_core.workspace.database import writing
from recsys_core.workspace.workspace import Workspace


@pytest.mark.parametrize("ending", [".tar", ".tar.zst"])
def test_what_was_backed_up_comes_back(ws: Workspace, tmp_path: Path, ending: str) -> None:
    (ws.root / "mappings").mkdir()
    (ws.root / "mappings" / "a.json").write_text("{}")
    made = back_up(ws, tmp_path / f"copy{ending}")
    assert made.file.stat().st_mode & 0o777 == 0o600
    told = restore(made.file, tmp_path / "again")
    assert (told.n_files, told.n_datasets, told.n_runs, told.lost) == (made.n_files, 1, 1, ())
    again = Workspace.open(tmp_path / "again")
    assert [info.hash for info in again.versions("shop")] == [info.hash for info in ws.versions("shop")]
    assert again.dataset("shop").folder.is_relative_to(again.root)
    assert (again.runs()[0].folder / "model").read_text() == "weights"
    assert again.load_result("interests", "shop", 2) == Parts({"n": 1}, {}, {})
    assert (again.root / "mappings" / "a.json").read_text() == "{}"
    assert inspect(again) == ()
    assert again.save_dataset("shop", *frames(again), {}).version == 3


def frames(ws: Workspace) -> tuple[pd.DataFrame, pd.DataFrame]:
    folder = ws.dataset("shop").folder
    return pd.read_parquet(folder / "interactions.parquet"), pd.read_parquet(folder / "items.parquet")


def test_numbered_events_stay_behind_and_are_made_again(ws: Workspace, tmp_path: Path) -> None:
    name = ws.datasets()[0].name
    before = ws.load_dataset(name)
    back_up(ws, tmp_path / "copy.tar")
    restore(tmp_path / "copy.tar", tmp_path / "copy")
    copy = Workspace.open(tmp_path / "copy")
    assert not (copy.dataset(name).folder / "numbered").exists()
    assert copy.load_dataset(name).time.tolist() == before.time.tolist()


def test_a_folder_gets_a_file_of_its_own(ws: Workspace, tmp_path: Path) -> None:
    file = back_up(ws, tmp_path).file
    assert (file.parent, file.name[:5], file.suffixes[-2:]) == (tmp_path, "ws-20", [".tar", ".zst"])
    assert list((ws.root / "imports").iterdir()) == []


def test_what_is_refused(ws: Workspace, tmp_path: Path) -> None:
    file = back_up(ws, tmp_path / "a.tar").file
    with pytest.raises(InputError, match="no backup is overwritten"):
        back_up(ws, file)
    with pytest.raises(InputError, match=r"cannot be called 'a\.zip'. End its name with \.tar or \.tar\.zst"):
        back_up(ws, tmp_path / "a.zip")
    with pytest.raises(InputError, match="There is no folder"):
        back_up(ws, tmp_path / "nowhere" / "a.tar")
    with pytest.raises(InputError, match="not an empty folder, and nothing is written over a workspace"):
        restore(file, ws.root)
    (tmp_path / "b.tar").write_text("no backup")
    with pytest.raises(InputError, match=r"b\.tar is damaged: its beginning"):
        restore(tmp_path / "b.tar", tmp_path / "new")
    with pytest.raises(InputError, match=r"c\.tar cannot be read: No such file"):
        restore(tmp_path / "c.tar", tmp_path / "new")
    with acting_as(Actor("ann@example.org", Role.ANALYST)):
        with pytest.raises(AccessError, match="may not back up"):
            back_up(ws, tmp_path / "d.tar")
        with pytest.raises(AccessError, match="may not restore"):
            restore(file, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_an_empty_folder_will_do(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    restore(back_up(ws, tmp_path / "a.tar").file, tmp_path / "new")
    assert len(Workspace.open(tmp_path / "new").datasets()) == 1


@pytest.mark.parametrize("ending", [".tar", ".tar.zst"])
def test_every_damage_is_noticed_and_leaves_nothing(ws: Workspace, tmp_path: Path, ending: str) -> None:
    file = back_up(ws, tmp_path / f"a{ending}").file
    whole, chance = file.read_bytes(), random.Random(3)  # noqa: S311
    for _ in range(12):
        content = bytearray(whole)
        if chance.random() < 0.3:
            del content[chance.randrange(len(content) * 9 // 10) :]
        else:
            content[chance.randrange(len(content) * 9 // 10)] ^= 1 << chance.randrange(8)
        file.write_bytes(content)
        try:
            restore(file, tmp_path / "new")
        except InputError:
            assert not (tmp_path / "new").exists()
        else:  # a bit that means nothing, as in the padding of tar: then all is there
            assert inspect(Workspace.open(tmp_path / "new")) == ()
            (tmp_path / "new").rename(tmp_path / str(chance.random()))
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".writing")] == []


def test_a_damaged_file_is_named(ws: Workspace, tmp_path: Path) -> None:
    file = back_up(ws, tmp_path / "a.tar").file
    with tarfile.open(file) as tar:
        names = tar.getnames()
        member = next(m for m in tar.getmembers() if m.name.endswith("items.parquet"))
    assert (names[0], names[-1]) == (HEADER, SUMS)
    content = bytearray(file.read_bytes())
    content[member.offset_data + 10] ^= 255
    file.write_bytes(content)
    with pytest.raises(InputError) as raised:
        restore(file, tmp_path / "new")
    assert f"{member.name} is not what was backed up" in str(raised.value)


def test_a_file_that_would_leave_the_folder(ws: Workspace, tmp_path: Path) -> None:
    file = back_up(ws, tmp_path / "a.tar").file
    evil = tmp_path / "evil.tar"
    with tarfile.open(file) as old, tarfile.open(evil, "w") as new:
        new.addfile(old.getmembers()[0], old.extractfile(HEADER))
        member = tarfile.TarInfo("../outside")
        new.addfile(member)
    with pytest.raises(InputError, match=r"\.\./outside is not what was backed up"):
        restore(evil, tmp_path / "new")
    assert not (tmp_path / "outside").exists()


def test_a_newer_catalogue_is_refused(ws: Workspace, tmp_path: Path) -> None:
    with writing(ws.engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    file = back_up(ws, tmp_path / "a.tar").file
    with pytest.raises(InputError, match="written by a newer Driftmap"):
        restore(file, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_the_key_goes_along_only_where_that_was_asked_for(ws: Workspace, tmp_path: Path) -> None:
    (ws.root / "pseudonym.key").write_bytes(b"k" * 32)
    ws.save_dataset("secret", *frames(ws), {"pseudonymised": True})
    without = back_up(ws, tmp_path / "a.tar")
    told = restore(without.file, tmp_path / "without")
    assert (without.without_key, told.needs_key) == (True, True)
    assert not (tmp_path / "without" / "pseudonym.key").exists()
    along = back_up(ws, tmp_path / "b.tar", with_key=True)
    told = restore(along.file, tmp_path / "along")
    assert (along.without_key, told.needs_key) == (False, False)
    assert (tmp_path / "along" / "pseudonym.key").read_bytes() == b"k" * 32


def test_what_was_at_work_can_be_resumed_in_the_copy(ws: Workspace, tmp_path: Path) -> None:
    ledger, me = Ledger(ws), process_id()
    jobs = [ledger.submit("finetune", {"dataset": "shop"}, "Fine-tune on shop", "shop") for _ in range(2)]
    JobRecord(ws, jobs[0].id).attach(me)
    JobRecord(ws, jobs[0].id).claim(me)
    run = ws.new_run("shop", 2, {})
    with ws.lock_of_run(run.id):
        told = restore(back_up(ws, tmp_path / "a.tar").file, tmp_path / "new")
    assert told.lost == ("job 1", "job 2", run.name)
    again = Workspace.open(tmp_path / "new")
    assert [job.status for job in Ledger(again).jobs()] == [Status.LOST, Status.LOST]
    assert again.run(run.id).status == "lost"
    assert [job.status for job in ledger.jobs()] == [Status.QUEUED, Status.RUNNING]


BUSY = """
import sys, time
from recsys_core.parts import Parts
from recsys_core.workspace.workspace import Workspace
ws = Workspace.open(sys.argv[1])
n = 0
while True:
    ws.save_result("map", "shop", 2, None, Parts({"n": n}), key=str(n % 3))
    run = ws.new_run("shop", 2, {})
    (run.folder / "model").write_text(str(n))
    ws.finish_run(run.id, {"n": n})
    ws.delete_run(run.id)
    n += 1
    if n == 3:
        print("ready", flush=True)
    time.sleep(0.01)
"""


def test_a_backup_of_a_workspace_in_use_is_of_one_moment(ws: Workspace, tmp_path: Path) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", BUSY, str(ws.root)], stdout=pipe) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        try:
            files = [back_up(ws, tmp_path / f"{number}.tar").file for number in range(3)]
        finally:
            writer.kill()
    for number, file in enumerate(files):
        restore(file, tmp_path / f"copy-{number}")
        again = Workspace.open(tmp_path / f"copy-{number}")
        assert inspect(again) == ()
        for key in "012":
            assert again.load_result("map", "shop", 2, None, key) is not None
