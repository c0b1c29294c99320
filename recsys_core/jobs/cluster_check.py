"""The cluster as the doctor sees it."""

from recsys_core.errors import InputError
from recsys_core.jobs.cluster import Cluster, ClusterAwayError
from recsys_core.settings import read_settings
from recsys_core.workspace.doctor import Check


def examine_cluster() -> list[Check]:
    """What the configured Ray cluster has, or what is lost while it does not answer; [] without one."""
    cluster = Cluster.configured()
    if cluster is None:
        return []
    try:
        return [Check("cluster", True, f"Ray at {cluster.address}: {cluster.size()}")]
    except InputError as error:
        return [Check("cluster", False, error.problem, error.remedy)]
    except ClusterAwayError as away:
        return [
            Check("cluster", False, str(away), f"{what_is_lost()} Start it, or mend DRIFTMAP_RAY_ADDRESS.")
        ]


def what_is_lost() -> str:
    """What becomes of background jobs while the cluster is away."""
    if read_settings().ray_away == "local":
        return "Background jobs run on this machine meanwhile."
    return (
        "Background jobs wait until it is back; with DRIFTMAP_RAY_AWAY=local they would run on this machine."
    )
