"""The list of what the running site owes to security, each line with the tests that hold it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[1]

HELD: Final[Mapping[str, tuple[str, ...]]] = {
    "S1 loopback until a credential exists": (
        "api/test_access.py::test_nobody_in_the_network_is_served_before_there_is_a_token",
        "security/test_offline.py::test_a_default_start_sends_no_packet_off_the_host_and_works_without_internet",
    ),
    "S2 every route authenticated but a list": (
        "api/test_access.py::test_nothing_but_the_listed_exceptions_is_answered_without_a_token",
        "security/test_visitors.py::test_s2_every_path_of_the_router_is_locked_but_the_listed_ones",
    ),
    "S3 tokens random, hashed, named, expiring, revocable, scoped": (
        "kit/tokens/test_store.py::test_s3_tokens_are_long_random_and_stored_as_hashes_only",
        "kit/tokens/test_store.py::test_s3_only_the_owner_can_read_the_file",
        "api/test_access.py::test_a_token_opens_what_its_scope_says_and_nothing_else",
        "api/test_access.py::test_a_token_that_is_revoked_ends_its_sessions_and_its_live_view",
        "api/test_access.py::test_an_expired_token_is_told_so",
    ),
    "S4 no passwords: tokens of our own making are all there is": (
        "kit/tokens/test_store.py::test_s3_tokens_are_long_random_and_stored_as_hashes_only",
    ),
    "S5 guessing is slowed, the owner is not locked out": (
        "kit/tokens/test_gate.py::test_s5_of_a_thousand_tries_at_most_twenty_are_looked_at",
        "kit/tokens/test_gate.py::test_s5_the_owner_is_not_locked_out_by_a_guesser",
        "security/test_visitors.py::test_s5_of_a_thousand_tries_at_most_twenty_are_looked_at",
    ),
    "S6 rate, size and slowness are bounded": (
        "api/test_access.py::test_a_flood_of_requests_is_held_back",
        "api/test_problems.py::test_a_body_beyond_the_limit_is_not_read",
        "api/test_problems.py::test_a_body_that_drips_is_let_go",
        "api/test_reception.py::test_a_letter_each_second_is_not_the_point",
        "security/test_visitors.py::test_s6_a_head_beyond_all_measure_is_refused",
        "security/test_visitors.py::test_s6_a_visitor_that_asks_and_never_reads_delays_nobody",
    ),
    "S7 WebSocket: origin, and never a token in the URL": (
        "security/test_visitors.py::test_s7_a_foreign_page_gets_no_live_stream",
        "api/test_access.py::test_a_token_in_the_url_is_no_token",
    ),
    "S8 no page of another host changes anything": (
        "security/test_visitors.py::test_s8_no_form_image_or_fetch_of_another_page_changes_anything",
        "api/test_problems.py::test_a_body_that_any_page_could_send_is_not_taken",
        "api/test_access.py::test_a_browser_comes_in_with_a_token_once_and_leaves",
    ),
    "S9 no name that was pointed at us": (
        "security/test_visitors.py::test_s9_a_name_that_was_pointed_at_us_opens_nothing",
        "api/test_hosts.py::test_a_name_that_was_pointed_at_us_is_not_answered",
    ),
    "S10 headers, and device texts as text": (
        "api/test_headers.py::test_every_answer_carries_the_security_headers",
        "security/test_visitors.py::test_s10_what_a_device_calls_itself_is_text_wherever_it_is_shown",
    ),
    "S11 TLS": (
        "api/test_access.py::test_others_come_in_under_tls_with_a_token_and_without_one_they_do_not",
    ),
    "S12 devices are not believed": (
        "gateway/test_commands.py::test_a_command_is_carried_out_read_back_and_remembered",
    ),
    "S13 secrets in a private file and nowhere else": (
        "security/test_canaries.py::test_no_secret_is_in_any_answer",
        "security/test_canaries.py::test_no_serial_and_no_secret_is_in_the_log_or_an_error",
    ),
    "S14 serials and secrets out of what is shared": (
        "security/test_canaries.py::test_no_serial_and_no_secret_is_in_a_recording",
        "security/test_canaries.py::test_no_serial_and_no_secret_is_in_the_log_or_an_error",
    ),
    "S15 no path of a request reaches a disk": (
        "security/test_visitors.py::test_s15_no_path_of_a_request_reaches_a_disk",
        "api/test_recordings.py::test_no_name_leads_to_another_file",
        "api/test_pages.py::test_only_what_the_manifest_names_is_served",
    ),
    "S16 no pickle, eval, YAML, shell, templated SQL": (
        "security/test_code.py::test_nothing_loads_objects_or_starts_programs",
        "security/test_code.py::test_code_is_only_made_from_our_own_tables",
        "security/test_code.py::test_the_linter_watches_over_it",
    ),
    "S17 requests send us nowhere else": (
        "api/test_wizard.py::test_a_request_sends_us_nowhere_but_into_the_home_and_to_the_vendor",
        "api/test_wizard.py::test_networks_that_are_not_a_homes_are_not_looked_at",
    ),
    "S18 every command by scope, limit and on record": (
        "api/test_access.py::test_the_ledger_says_whose_token_commanded",
        "gateway/test_commands.py::test_nothing_is_written_before_the_owner_enables_control",
        "api/test_console.py::test_what_writes_is_done_for_an_admin_only_and_read_back",
    ),
    "S19 generic outside, detailed inside": (
        "api/test_problems.py::test_a_fault_of_ours_is_logged_and_not_told",
        "api/test_schemathesis.py::test_every_call_answers_as_its_document_says_and_none_is_a_fault_of_ours",
        "security/test_visitors.py::test_s19_whatever_is_asked_no_body_says_what_is_inside",
    ),
    "S20 the service is confined": (
        "packaging/test_deployment.py::test_the_service_is_confined",
        "packaging/test_deployment.py::test_the_container_runs_as_nobody_in_particular_and_copies_what_there_is",
    ),
    "S24 no telemetry": (
        "security/test_offline.py::test_a_default_start_sends_no_packet_off_the_host_and_works_without_internet",
    ),
    "S25 works without the internet, comes back in order": (
        "security/test_offline.py::test_a_default_start_sends_no_packet_off_the_host_and_works_without_internet",
        "gateway/test_acquaintance.py",
    ),
}
NOT_THE_SITES: Final = frozenset({"S21", "S22", "S23"})
"""Of a release, not of a running site."""


@pytest.mark.parametrize("requirement", HELD)
def test_what_holds_it_is_there(requirement: str) -> None:
    for place in HELD[requirement]:
        name, _, function = place.partition("::")
        tree = ast.parse((TESTS / name).read_text())
        named = {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert not function or function in named, place


def test_no_number_is_left_out() -> None:
    numbers = {requirement.partition(" ")[0] for requirement in HELD} | NOT_THE_SITES
    assert numbers == {f"S{number}" for number in range(1, 26)}
