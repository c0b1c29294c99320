import inspect
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from recsys_core import pipeline
from recsys_core.access import Actor, Role, acting_as, person
from recsys_core.errors import AccessError, InputError
from recsys_core.jobs.ledger import Ledger
from recsys_core.release.terms import Terms
from recsys_core.workspace.audit import Outcome, entries
from recsys_core.workspace.gate import role_taken
from recsys_core.workspace.members import add_member
from recsys_core.workspace.membership import only_in
from recsys_core.workspace.workspace import Workspace

ADMIN, ANALYST, VIEWER, NOBODY = (Actor(f"{role}@example.org", role) for role in reversed(Role))
GIVEN = {"request": SimpleNamespace(dataset="shop"), "terms": Terms(1.0, "month")}
METHODS = [
    (f"{of.__name__}.{name}", method)
    for of in (Workspace, Ledger)
    for name, method in vars(of).items()
    if not name.startswith("_") and inspect.isfunction(method)
]
FUNCTIONS = [
    (name, function) for name in pipeline.__all__ if inspect.isfunction(function := getattr(pipeline, name))
]


@pytest.mark.one_database  # opens no catalogue
@pytest.mark.parametrize(
    ("name", "public"), METHODS + FUNCTIONS, ids=[name for name, _ in METHODS + FUNCTIONS]
)
def test_every_public_act_states_the_role_it_takes(name: str, public: object) -> None:
    role = role_taken(public)
    assert role is not None, f"{name} takes whom? Put @takes or @changes before it."
    assert role > Role.NOBODY


@pytest.mark.one_database  # opens no catalogue
def test_the_roles_are_those_that_are_documented() -> None:
    taken = {name: role_taken(public) for name, public in METHODS + FUNCTIONS}
    admins = {name for name, role in taken.items() if role is Role.ADMIN}
    viewers = {name for name, role in taken.items() if role is Role.VIEWER and "." not in name}
    of_data = {"Workspace.delete_dataset", "Workspace.delete_run", "forget", "look_for"}
    of_people = {"add_member", "change_member", "remove_member", "team", "read_audit", "make_beside"}
    assert admins == of_data | of_people
    assert {
        name for name in viewers if not name.startswith(("load_", "prepare_", "Workspace", "Ledger"))
    } == {
        "budget",
        "doctor",
        "export",
        "recommend",
        "releases",
    }


@pytest.mark.one_database  # takes two workspaces, of which a server has one
def test_nobody_of_another_team_gets_past_any_public_act(ws: Workspace, tmp_path: Path) -> None:
    theirs = Workspace.open(tmp_path / "theirs")
    add_member(ws, "ada@example.org", Role.ADMIN)
    add_member(theirs, "ben@example.org", Role.ADMIN)
    ben = person("ben@example.org")
    bound = only_in(theirs.engine, Actor("a token or a job of theirs", Role.ADMIN))

    for asks in (ben, bound):
        for name, public in METHODS + FUNCTIONS:
            place = Ledger(ws) if name.startswith("Ledger") else ws
            needed = [p for p in inspect.signature(public).parameters.values() if p.default is p.empty][1:]
            given = {p.name: GIVEN.get(p.name, "shop") for p in needed if p.kind is not p.VAR_KEYWORD}
            with acting_as(asks), pytest.raises(AccessError, match=r"yours: nobody"):
                public(place, **given)
    assert {entry.outcome for entry in entries(ws.engine) if entry.who == ben.name} == {Outcome.REFUSED}


def told(ws: Workspace) -> list[tuple[str, str, str, Outcome]]:
    return [(e.who.partition("@")[0], e.what, e.target, e.outcome) for e in reversed(entries(ws.engine))]


def test_a_refusal_is_told_and_audited_and_nothing_is_done(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    with acting_as(ANALYST):
        ws.save_dataset("shop", log, items, {})
    with acting_as(VIEWER):
        assert [info.name for info in ws.datasets()] == ["shop"]
        with pytest.raises(AccessError, match=r"begin a run: that takes the role analyst \(yours: viewer\)"):
            ws.new_run("shop", 1, {})
    with acting_as(ANALYST), pytest.raises(AccessError, match="takes the role admin"):
        ws.delete_dataset("shop")
    with acting_as(NOBODY), pytest.raises(AccessError, match="takes the role viewer"):
        ws.datasets()

    assert ws.runs() == []
    assert [info.name for info in ws.datasets()] == ["shop"]
    assert told(ws) == [
        ("analyst", "save a version of a dataset", "shop", "done"),
        ("viewer", "begin a run", "shop, 1", "refused"),
        ("analyst", "delete a dataset", "shop", "refused"),
        ("nobody", "see datasets", "", "refused"),
    ]


def test_what_an_admin_removes_is_written_down_before_and_after(
    ws: Workspace, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws.save_dataset("shop", log, items, {})
    with acting_as(ADMIN):
        ws.delete_dataset("shop")
        with pytest.raises(InputError, match="no dataset 'shop'"):
            ws.delete_dataset("shop")

    assert [(what, outcome) for who, what, _, outcome in told(ws) if who == "admin"] == [
        ("delete a dataset", "begun"),
        ("delete a dataset", "done"),
        ("delete a dataset", "begun"),
        ("delete a dataset", "failed"),
    ]


def test_an_act_inside_another_is_a_part_of_it(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> None:
    people = pd.concat([log.assign(user_id=f"user-{n}") for n in range(3)] + [log])
    ws.save_dataset("shop", people, items, {})

    pipeline.forget(ws, "shop", "ann")

    assert [(what, target, outcome) for _, what, target, outcome in told(ws)] == [
        ("save a version of a dataset", "shop", "done"),
        ("remove a person", "shop", "begun"),
        ("remove a person", "shop", "done"),
    ]
    assert not any("ann" in f"{entry.target} {entry.detail}" for entry in entries(ws.engine))
