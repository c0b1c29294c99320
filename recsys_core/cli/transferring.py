"""``driftmap transfer``: which domains help newcomers of which."""

from typing import TYPE_CHECKING, Annotated

import typer

from recsys_core.cli.opening import do, open_workspace
from recsys_core.cli.options import (
    DatasetOption,
    JsonOption,
    RunOption,
    SeedsOption,
    VersionOption,
    WorkspaceOption,
)
from recsys_core.cli.output import say, table

if TYPE_CHECKING:
    from recsys_core.evaluation.transfer_matrix import Direction, TransferMatrix

HEADS = ("from", "to", "shared", "tested", "verdict", "ratio to popularity", "95 % interval", "q")
NOTE = "Verdicts are corrected for their number (Benjamini-Hochberg, 5 %); intervals are not."


def transfer(
    dataset: DatasetOption,
    targets: Annotated[
        str | None, typer.Option("--targets", metavar="a,b", help="Only to these domains, by default to all.")
    ] = None,
    seeds: SeedsOption = 1,
    run: RunOption = None,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure which domains help newcomers of which, by the blend of all that needs no trained model.

    A trained one would have to be trained anew for every direction; of the run only its encoder counts.
    """
    names = [name.strip() for name in (targets or "").split(",") if name.strip()] or None
    ws = open_workspace(workspace)
    ws.dataset(dataset, version)
    params = {"dataset": dataset, "targets": names, "seeds": seeds, "version": version, "run": run}
    matrix: TransferMatrix = do(ws, "transfer", params)
    say(matrix.to_json(), [*table([_row(one) for one in matrix.directions], HEADS), NOTE], as_json)


def _row(one: "Direction") -> tuple[str, ...]:
    names = (" + ".join(one.sources), one.target, f"{one.n_shared:,}")
    if one.ratio is None:
        return (*names, "-", one.transfer, "-", "-", "-")
    numbers = (f"{one.ratio:.2f}", f"{one.low:.2f} to {one.high:.2f}", f"{one.q:.3f}")
    return (*names, f"{one.n_test:,}", one.transfer, *numbers)
