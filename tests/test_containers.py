"""The container files, read and linted. No engine runs here, so no image is built and nothing is started."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.routing import Route

from recsys_core.http.routes import api_routes

ROOT = Path(__file__).parent.parent
HERE = ROOT / ".ci" / "containers"
COMPOSE: dict[str, Any] = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if service.get("build"))
DOCKERFILE = (HERE / "Dockerfile").read_text(encoding="utf-8")


def test_the_linter_has_nothing_to_say() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([linter, HERE / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_linter_would_speak_up(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.replace("USER 10001", "USER root") + "RUN cd /tmp\n")
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([linter, tmp_path / "Dockerfile"], capture_output=True, text=True, check=False)
    assert done.returncode == 1


def test_there_are_an_app_a_database_a_head_and_workers() -> None:
    assert OURS == ["app", "ray-head", "ray-worker", "ray-worker-gpu"]
    assert sorted(set(SERVICES) - set(OURS)) == ["db"]
    assert SERVICES["ray-worker-gpu"]["profiles"] == ["gpu"]
    assert not any(service.get("profiles") for name, service in SERVICES.items() if name != "ray-worker-gpu")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_is_healthy_or_not_and_may_little(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")
    assert service.get("user") == "postgres" if name == "db" else "USER 10001" in DOCKERFILE


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_each_refers_to_is_there(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("depends_on", {})) <= set(SERVICES)
    assert {volume.split(":")[0] for volume in service["volumes"]} <= set(COMPOSE["volumes"])
    assert set(service["secrets"]) <= set(COMPOSE["secrets"])
    given = {variable for variable in service["environment"] if variable.startswith("DRIFTMAP_")}
    known = (ROOT / "recsys_core" / "settings.py").read_text(encoding="utf-8")
    assert {variable for variable in given if f"``{variable}``" not in known} == set()


def test_no_password_is_in_the_files_and_the_app_asks_who_lets_people_in() -> None:
    assert not re.search(r"://[^@\s]*:[^@\s]*@", (HERE / "compose.yaml").read_text(encoding="utf-8"))
    assert SERVICES["app"]["environment"]["DRIFTMAP_SIGN_IN"].startswith("${DRIFTMAP_SIGN_IN:?")
    assert SERVICES["app"]["ports"] == ["127.0.0.1:8501:8501"]
    assert not any(service.get("ports") for name, service in SERVICES.items() if name != "app")


def test_the_health_that_is_asked_for_is_a_route() -> None:
    paths = {route.path for route in api_routes() if isinstance(route, Route)}
    for asked in re.findall(r"127\.0\.0\.1:8501(/\w+)", DOCKERFILE + str(SERVICES["app"]["healthcheck"])):
        assert asked in paths


def test_only_what_the_image_is_made_of_is_sent_to_the_builder() -> None:
    sent = (HERE / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert sent[1] == "*"
    allowed = {line.removeprefix("!") for line in sent if line.startswith("!")}
    copied = [
        line.split()[1:-1] for line in DOCKERFILE.splitlines() if line.startswith("COPY") and "--" not in line
    ]
    assert allowed == {source for sources in copied for source in sources}
    assert all((ROOT / source).exists() for source in allowed)
