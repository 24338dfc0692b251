"""What Dockerfile and docker-compose.yml must say. No container engine has run them: this only reads them."""

import json
import re

import pytest
import yaml

from vru_portal.embedded import BASE_DIR

COMPOSE = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
PORTAL = ["web", "worker", "beat", "migrate"]
DOCKERFILE = (BASE_DIR / "Dockerfile").read_text()
KNOWN = {"FROM", "ARG", "ENV", "RUN", "WORKDIR", "COPY", "USER", "EXPOSE", "HEALTHCHECK", "CMD"}


def instructions():
    """(name, what follows) of each."""
    lines = [line for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
    whole = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in whole.splitlines()]


class TestCompose:
    def test_runs_the_five_parts_and_the_migrations(self):
        assert set(SERVICES) == {*PORTAL, "postgres", "redis"}
        assert SERVICES["postgres"]["image"] == "postgres:18"

    def test_asks_every_lasting_part_whether_it_is_well(self):
        assert all("test" in SERVICES[name]["healthcheck"] for name in set(SERVICES) - {"migrate"})

    def test_waits_for_the_migrations_and_both_servers(self):
        for name in ("web", "worker", "beat"):
            waits = {on: each["condition"] for on, each in SERVICES[name]["depends_on"].items()}
            assert waits == {
                "migrate": "service_completed_successfully",
                "postgres": "service_healthy",
                "redis": "service_healthy",
            }

    @pytest.mark.parametrize("name", PORTAL)
    def test_runs_the_portal_with_no_rights_and_nothing_to_write_to_but_its_volumes(self, name):
        service = SERVICES[name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert [volume.partition(":")[0] for volume in service["volumes"]] == ["portal", "keys"]

    @pytest.mark.parametrize("secret", ["SECRET_KEY", "PORTAL_DB_PASSWORD", "POSTGRES_PASSWORD", "REDIS_PASSWORD"])
    def test_has_no_default_for_a_secret(self, secret):
        uses = re.findall(r"\$\{(" + secret + r"[^}]*)\}", (BASE_DIR / "docker-compose.yml").read_text())
        assert uses
        assert all(use.startswith(f"{secret}:?") for use in uses)

    def test_declares_every_volume_that_is_used(self):
        used = {
            volume.partition(":")[0]
            for service in SERVICES.values()
            for volume in service.get("volumes", [])
            if not volume.startswith(".")
        }
        assert used == set(COMPOSE["volumes"])

    def test_keeps_the_keys_of_registers_out_of_what_is_backed_up(self):
        (volume,) = (each for each in SERVICES["web"]["volumes"] if each.startswith("keys:"))
        assert SERVICES["web"]["environment"]["REGISTER_KEYS_FILE"].startswith(volume.removeprefix("keys:") + "/")


class TestDockerfile:
    def test_has_instructions_that_there_are(self):
        assert {name for name, _ in instructions()} <= KNOWN

    def test_ends_as_a_user_without_rights(self):
        (user,) = (rest for name, rest in instructions() if name == "USER")
        assert user == "portal"

    def test_writes_commands_as_json(self):
        commands = [rest.rpartition("CMD ")[2] for name, rest in instructions() if name in {"CMD", "HEALTHCHECK"}]
        assert len(commands) == 2
        assert all(isinstance(json.loads(command), list) for command in commands)

    def test_gives_the_portal_each_folder_that_compose_mounts(self):
        (made,) = (rest for _, rest in instructions() if "install --directory" in rest)
        assert made.split()[-2:] == [volume.partition(":")[2] for volume in SERVICES["web"]["volumes"]]
