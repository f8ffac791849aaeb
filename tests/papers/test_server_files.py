"""The files to run the program with: their facts come from the code, and no private path is ever logged."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from support.commands import run_here
from support.need import need

from assistant.languages import LANGUAGES
from assistant.papers import server_files
from assistant.papers.server_files import FILES, ServerFacts, print_server_file, public_paths
from assistant.web.http.pages import Assets
from assistant.web.http.security_headers import HEADERS
from assistant.web.routes import all_routes

ROUTES = sorted({route.path for route in all_routes(Assets.read())})
PUBLIC = {"language", "dialogue", "version", "digest", "name"}
SAMPLES = {
    "language": "nb",
    "dialogue": "before_meeting",
    "version": "0" * 64,
    "digest": "0123abcd",
    "name": "main.js",
    "secret": "#abc",
    "opening": "a" * 32,
    "way": "link",
    "after": "after",
    "form": "pdf",
}


def sample(route: str) -> str:
    """A path that this route answers."""
    return re.sub(
        r"\{(\w+)(?::(?:[^{}]|\{[^{}]*\})*)?\}", lambda found: SAMPLES.get(found[1], "f" * 32), route
    )


def variables(route: str) -> set[str]:
    return set(re.findall(r"\{([a-z]\w*)", route))


def is_logged(path: str) -> bool:
    return any(re.search(expression, path) for expression in public_paths())


@pytest.mark.parametrize("route", [route for route in ROUTES if variables(route) - PUBLIC])
def test_a_path_that_holds_an_id_or_a_secret_is_never_logged(route: str) -> None:
    assert not is_logged(sample(route))


@pytest.mark.parametrize(
    "start", ["/meetings", "/desk", "/admin", "/notebook", "/refused", "/staff", "/d", "/i"]
)
def test_no_path_of_a_signed_in_person_is_logged(start: str) -> None:
    routes = [route for route in ROUTES if route == start or route.startswith(f"{start}/")]
    assert routes
    assert not [route for route in routes if is_logged(sample(route))]


def test_the_same_pages_for_everyone_are_logged() -> None:
    for path in ("/", "/nb/", "/nn/help", "/en/how-it-is-kept", "/nb/script/before_meeting", "/readyz"):
        assert is_logged(path), path


def test_a_new_route_is_private_until_it_is_known_to_be_public(monkeypatch: pytest.MonkeyPatch) -> None:
    class Route:
        path = "/{language}/letters/{letter:[0-9a-f]{32}}"

    monkeypatch.setattr(server_files, "all_routes", lambda assets: [Route])
    assert public_paths() == ()


def test_every_public_path_is_in_the_printed_site() -> None:
    printed = print_server_file("nginx", ServerFacts())
    for expression in public_paths():
        assert f'"~{expression}" 1;' in printed


@pytest.mark.parametrize("name", FILES)
def test_a_fact_that_changes_changes_the_file(name: str) -> None:
    usual = print_server_file(name, ServerFacts())
    assert "{{" not in usual
    changed = ServerFacts(
        version="9.9.9",
        port=8099,
        body_kibibytes=77,
        headers_within=3,
        heartbeat=7,
        keep_alive=31,
        stop_seconds=4,
        open_files=999,
        body_within=41,
        workers=3,
    )
    expected = {
        "unit": ("9.9.9", "8099", "LimitNOFILE=999", "TimeoutStopSec=12", "ASSISTANT_WORKERS=3"),
        "nginx": ("9.9.9", "127.0.0.1:8099", "77k", "timeout 3s", "read_timeout 21s", "timeout 26s", "41s"),
        "caddy": ("9.9.9", "127.0.0.1:8099", "77KiB", "read_header 3s", "timeout 21s", "keepalive 26s"),
        "containerfile": ("for_motet-9.9.9-py3-none-any.whl", "ASSISTANT_PORT=8099", "127.0.0.1:8099/readyz"),
        "door": ("9.9.9",),
        "compose": ("for-motet:9.9.9", "0.1:8099:8099", "nofile: 999", "grace_period: 12s", "WORKERS: 3"),
    }
    printed = print_server_file(name, changed)
    for fact in expected[name]:
        assert fact in printed, fact
        assert fact not in usual, fact


def test_systemd_accepts_the_unit_and_finds_little_exposed(tmp_path: Path) -> None:
    need("systemd-analyze", "ASSISTANT_REQUIRE_PROXIES", is_there=bool(shutil.which("systemd-analyze")))
    file = tmp_path / "for-motet.service"
    file.write_text(print_server_file("unit", ServerFacts()))
    verified = subprocess.run(
        ["systemd-analyze", "verify", str(file)], capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0
    assert file.name not in verified.stderr
    security = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(file)]
    assert subprocess.run(security, capture_output=True, check=False).returncode == 0


def test_the_compose_file_keeps_the_password_out_of_the_address_and_the_root_read_only() -> None:
    composed = yaml.safe_load(print_server_file("compose", ServerFacts()))
    app, database = composed["services"]["app"], composed["services"]["database"]
    assert app["environment"]["ASSISTANT_DATABASE"] == "postgresql://motet@database/motet"
    assert app["read_only"] is True
    assert app["cap_drop"] == ["ALL"]
    assert database["networks"] == ["back"]
    assert composed["networks"]["back"] == {"internal": True}
    assert set(app["secrets"]) | set(database["secrets"]) == set(composed["secrets"])
    network = composed["networks"]["front"]["ipam"]["config"][0]
    assert app["environment"]["ASSISTANT_PROXY"] == network["gateway"]


@pytest.mark.parametrize("name", ["unit", "compose"])
def test_the_number_of_processes_is_one_that_serve_reads(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = run_here("papers", name, "--workers", "3", folder=tmp_path).stdout.decode()
    given = re.search(r"(ASSISTANT_WORKERS)[=:] ?(\d+)$", printed, re.MULTILINE)
    assert given is not None
    monkeypatch.setenv(*given.groups())
    refused = run_here("serve", folder=tmp_path)
    assert refused.returncode == 1
    assert "--workers 3 needs PostgreSQL" in refused.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nginx", "--public-url", "http://motet.example.no"), "https"),
        (("nginx", "--public-url", "https://motet.example.no/path"), "--public-url is not an address"),
        (("nginx", "--certificate", "/etc/a.pem"), "give both"),
        (("nginx", "--certificate", "/etc/a.pem; x", "--key", "/etc/b.pem"), "--certificate is not"),
        (("nginx", "--certificate", "/etc/a.pem", "--key", "b.pem"), "--key is not"),
        (("unit", "--data", "/srv/data"), "below /var/lib"),
        (("unit", "--data", "/var/lib/../x"), "below /var/lib"),
        (("unit", "--program", "assistant"), "--program is not"),
        (("caddy", "--host", "0.0.0.0 {"), "--host is not"),
    ],
)
def test_what_cannot_be_served_is_refused_with_a_sentence(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    done = run_here("papers", *arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert sentence in done.stderr.decode()


def test_the_list_of_papers_names_each_file(tmp_path: Path) -> None:
    said = run_here("papers", "list", folder=tmp_path).stdout.decode()
    for name in FILES:
        assert f"assistant papers {name}" in said


def test_the_way_in_from_another_website_is_a_link_in_each_language_and_never_a_frame() -> None:
    printed = print_server_file("door", ServerFacts(public_url="https://motet.example.org"))
    leads = re.findall(r'<a href="https://motet\.example\.org/(\w+)/"', printed)
    assert leads == [language for language in LANGUAGES for _ in ("a link", "a button")]
    assert not re.search(r"<(iframe|frame|script|img|link|form|object|embed)\b", printed)
    assert "frame-ancestors 'none'" in HEADERS["Content-Security-Policy"], "a frame would stay empty"
