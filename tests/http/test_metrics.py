from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from recsys_core.http.service import Service
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.workspace import Workspace
from tests.http.conftest import Connect, save_shop


def figures(client: TestClient) -> dict[str, float]:
    """What is told, by name and labels."""
    found = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_requests_are_told_by_route_and_status(connect: Connect, shop: Workspace) -> None:
    client = connect(shop.root, Service())
    client.get("/healthz")
    client.get("/healthz")
    client.get("/api/recommendations")
    client.get("/api/who/u00")

    found = figures(client)
    assert found["driftmap_http_requests_total{route=/healthz,status=200}"] == 2
    assert found["driftmap_http_requests_total{route=/api/recommendations,status=400}"] == 1
    assert found["driftmap_http_requests_total{route=/api/{rest:path},status=404}"] == 1
    assert found["driftmap_http_request_duration_seconds_count{route=/healthz}"] == 2


def test_what_the_workspace_holds_is_counted(connect: Connect, ws: Workspace) -> None:
    for _ in range(2):
        save_shop(ws)
    ws.new_run("shop", 2, {})
    Ledger(ws).submit("count", {}, "a")

    found = figures(connect(ws.root, Service()))
    assert found["driftmap_catalogue_up"] == 1
    assert 0 < found["driftmap_catalogue_latency_seconds"] < 10
    assert (found["driftmap_datasets"], found["driftmap_dataset_versions"]) == (1, 2)
    assert found["driftmap_events"] == 120
    assert found["driftmap_runs{status=running}"] == 1
    assert found["driftmap_jobs{status=queued}"] == found["driftmap_job_queue_length"] == 1
    assert found["driftmap_jobs{status=failed}"] == 0
    assert found["process_resident_memory_bytes"] > 1e6
    assert found["process_cpu_seconds_total"] > 0


def test_no_name_of_anybody_or_anything_is_told(client: TestClient) -> None:
    client.get("/api/recommendations", params={"dataset": "shop", "domain": "kitchen", "user": "u77"})
    text = client.get("/metrics").text
    assert not [name for name in ("shop", "kitchen", "u77") if name in text]


def test_a_catalogue_that_is_gone_is_told(connect: Connect, ws: Workspace) -> None:
    client = connect(ws.root, Service())
    assert figures(client)["driftmap_catalogue_up"] == 1
    for file in ws.root.glob("catalog.db*"):
        file.write_bytes(b"no database")
    found = figures(client)
    assert found["driftmap_catalogue_up"] == 0
    assert "driftmap_datasets" not in found
