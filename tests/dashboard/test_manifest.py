from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from importlib.resources import files
from pathlib import Path
from posixpath import dirname, join, normpath

from ohmstead.dashboard import pages

PAGES = pages()
INDEX = PAGES["/"].body.decode()
VENDOR = files("ohmstead.dashboard").joinpath("vendor")


def digest(body: bytes) -> str:
    return "sha384-" + b64encode(hashlib.sha384(body).digest()).decode()


def test_vendored_files_are_what_their_packages_published() -> None:
    recorded = json.loads(VENDOR.joinpath("manifest.json").read_bytes())
    code = {entry.name for entry in VENDOR.iterdir() if entry.name.endswith((".js", ".css"))}
    assert code <= set(recorded)
    for name, entry in recorded.items():
        assert digest(VENDOR.joinpath(name).read_bytes()) == entry["integrity"], name


def test_what_only_tests_use_is_what_its_package_published() -> None:
    folder = Path(__file__).parent / "vendor"
    assert digest((folder / "axe.min.js").read_bytes()) in (folder / "README.md").read_text()


def test_every_vendored_file_has_its_licence_beside_it() -> None:
    for entry in json.loads(VENDOR.joinpath("manifest.json").read_bytes()).values():
        for licence in entry["licence_files"]:
            assert VENDOR.joinpath(licence).read_text()


def test_the_page_is_one_document_and_everything_else_lies_under_one_hash() -> None:
    folders = {path.split("/")[2] for path in PAGES if path != "/"}
    assert len(folders) == 1
    assert re.fullmatch(r"[0-9a-f]{12}", folders.pop())
    assert not PAGES["/"].is_immutable
    assert all(file.is_immutable for path, file in PAGES.items() if path != "/")


def test_types_for_the_checker_and_the_manifest_itself_are_not_served() -> None:
    assert not [path for path in PAGES if path.endswith((".ts", ".json", ".py"))]


def test_what_the_index_links_is_served_and_unchanged() -> None:
    linked = re.findall(r'(?:src|href)="(/assets/[^"]+)"(?: integrity="([^"]+)")?', INDEX)
    assert len(linked) > 10
    for path, integrity in linked:
        assert path in PAGES
        assert integrity in ("", digest(PAGES[path].body))


def test_what_the_first_picture_needs_comes_side_by_side_and_the_other_pages_later() -> None:
    preloaded = {path.split("/", 3)[3] for path in re.findall(r'modulepreload" href="([^"]+)"', INDEX)}
    assert {"page/app.js", "page/home/flow.js", "page/base/live.js", "vendor/uPlot.esm.js"} <= preloaded
    assert not [
        path for path in preloaded if path.startswith(("page/energy/", "page/settings/", "page/tools/"))
    ]


def test_every_import_leads_to_a_served_module() -> None:
    for path, file in PAGES.items():
        if not path.endswith(".js") or "/page/" not in path:
            continue
        text = file.body.decode()
        imports = re.findall(r'^(?:import|export)[^"]*from "([^"]+)"', text, re.MULTILINE)
        imports += re.findall(r'\bimport\("(\.[^"]+\.js)"\)\.then', text)
        for name in imports:
            assert normpath(join(dirname(path), name)) in PAGES, f"{path} imports {name}"


def test_nothing_of_ours_names_another_host() -> None:
    for path, file in PAGES.items():
        if path == "/" or "/page/" in path:
            hosts = set(re.findall(r"(?:https?|wss?)://[\w.-]+", file.body.decode()))
            assert hosts <= {"http://www.w3.org"}, path


def test_the_index_runs_no_inline_script_and_sets_no_inline_style() -> None:
    assert re.findall(r"<script(?![^>]* src=)", INDEX) == []
    assert "<style" not in INDEX
    assert not re.search(r"\s(?:style|on\w+)=", INDEX)
