"""Every feature that the domain asks for has a test that can fail: this table says which, and is held to be true.

A feature is numbered as in the description of the domain that the project started from. Its test is named after what
a user sees of it; where a page is where it is met, the test reads the page.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FEATURES: dict[int, tuple[str, tuple[str, ...]]] = {
    1: ("the map of challenge, mission, sectors and projects follows the tags", (
        "routers/test_mission_map.py::test_challenge_mission_sectors_projects_map_follows_the_tags",
        "services/test_missions_map.py::test_challenge_mission_sectors_projects_map_loses_the_edge_of_a_deleted_tag",
    )),
    2: ("targets of the Sustainable Development Goals are picked and roll up to goals", (
        "routers/test_mission_map.py::test_sdg_anchoring_shows_a_target_under_its_goal",
        "services/test_terms.py::test_there_are_17_goals_and_169_targets",
    )),
    3: ("bold: what is needed beside what happened anyway", (
        "routers/test_domain_direction.py::test_a_target_equal_to_the_trend_is_not_bold",
    )),
    4: ("concrete: no indicator without a baseline, and readings say when one is there", (
        "routers/test_steering.py::test_an_indicator_without_a_baseline_is_refused",
        "services/test_mission_course.py::test_done_ness_is_computed_from_the_reading",
    )),
    5: ("research and innovation: what works already is bought", (
        "routers/test_domain_direction.py::test_routes_that_all_work_already_are_buying_and_not_innovation",
    )),
    6: ("across sectors, by the money of the live portfolio", (
        "routers/test_domain_direction.py::test_a_sector_with_most_of_the_budget_turns_the_criterion_amber",
        "rules/test_portfolio.py::test_one_sector_with_most_of_the_money_turns_the_criterion_amber",
    )),
    7: ("rival solutions are counted by route and lead", (
        "routers/test_domain_direction.py::test_a_second_project_of_the_same_route_does_not_raise_the_count",
    )),
    8: ("a mission names no solution: reviews quote the words, or say none", (
        "routers/test_domain_direction.py::test_a_review_is_not_filed_without_a_quote_or_none",
    )),
    9: ("which share of a mission comes from above", (
        "routers/test_domain_direction.py::test_a_mission_without_voices_shows_that_all_of_it_comes_from_above",
    )),
    10: ("goals that go up and goals that go down", (
        "services/test_mission_course.py::test_the_trio_of_chile_goes_up_and_down",
        "demo/test_seed_missions.py::test_the_trio_of_the_solar_roadmap_stands_in_the_demonstration",
    )),
    11: ("pledges of the willing, beside what was delivered", (
        "services/test_pledges.py::test_an_unfulfilled_pledge_past_its_date_is_listed_as_such",
        "routers/test_pledges.py::test_an_organisation_pledges_and_says_that_it_kept_it",
    )),
    12: ("a vision that organisations sign, void for other words", (
        "routers/test_visions.py::test_a_vision_is_written_signed_and_shown_on_the_mission",
        "routers/test_visions.py::test_editing_the_text_voids_earlier_signatures_on_the_page",
        "services/test_visions.py::test_signatures_are_counted_by_group_and_tied_to_the_words",
    )),
    13: ("examples to start from", (
        "services/test_copies.py::test_a_cloned_mission_keeps_no_ballot_history",
        "routers/test_offers.py::test_a_facilitator_starts_from_an_example",
    )),
    14: ("one place for calls, answers and outcomes", (
        "routers/test_coverage.py::test_every_closed_call_has_an_outcome_page_with_counts",
    )),
    15: ("who is hardly heard is told while there is time", (
        "services/test_coverage.py::test_an_under_represented_group_is_shown_before_close",
        "routers/test_coverage.py::test_a_gap_is_shown_on_the_page_of_an_open_question",
    )),
    16: ("objections are answered first", (
        "services/test_objections.py::test_an_open_objection_blocks_certification",
        "routers/test_objections.py::test_somebody_objects_and_the_steward_answers",
    )),
    17: ("organisations endorse, each once", (
        "routers/test_domain_steering.py::test_an_organisation_endorses_a_mission_once",
        "services/test_backings.py::test_an_organisation_endorses_once",
    )),
    18: ("a review opens a new question, linked both ways", (
        "routers/test_steering.py::test_a_review_runs_from_its_opening_to_a_linked_question",
        "services/test_course.py::test_a_review_spawns_a_call_and_both_lead_to_each_other",
    )),
    19: ("those who took part are asked again", (
        "services/test_course.py::test_a_review_without_user_evidence_cannot_conclude",
        "services/test_course.py::test_applicants_are_asked_again_once_their_call_is_closed",
        "services/test_course.py::test_few_answers_ask_for_one_more_review_and_not_for_ever",
    )),
    20: ("indicators of what people notice, and not of cost alone", (
        "routers/test_domain_direction.py::test_a_mission_with_cost_indicators_only_fails_the_gate",
    )),
    21: ("stopping is an outcome, with a reason and a lesson", (
        "services/test_projects.py::test_stop_without_lesson_refused",
        "routers/test_projects.py::test_stopping_tells_what_waits_for_it_and_asks_for_a_lesson",
    )),
    22: ("whoever takes words back has them gone everywhere", (
        "routers/test_consent.py::test_withdrawn_words_are_gone_from_page_search_group_and_export",
    )),
    23: ("a committee of groups, suspended while one is missing", (
        "routers/test_committees.py::test_a_committee_without_its_civil_society_seat_is_suspended",
    )),
    24: ("across agencies", (
        "routers/test_domain_steering.py::test_a_single_agency_mission_is_flagged",
    )),
    25: ("capabilities are scored with evidence only", (
        "services/test_capabilities.py::test_a_score_without_evidence_is_refused",
        "routers/test_conditions.py::test_roles_and_capabilities_have_their_pages",
    )),
    26: ("what is held in the house", (
        "services/test_capabilities.py::test_outsourcing_a_role_lowers_the_share",
    )),
    27: ("a project starts from a hypothesis and ends with a verdict", (
        "services/test_projects.py::test_a_project_starts_from_a_hypothesis",
        "services/test_projects.py::test_close_without_verdict_refused",
        "routers/test_projects.py::test_a_project_is_contracted_once_it_says_what_it_assumes",
    )),
    28: ("institutes and standards beside grants", (
        "routers/test_domain_steering.py::test_a_mission_using_grants_only_is_flagged",
    )),
    29: ("fixing and shaping a market, side by side", (
        "routers/test_reviews.py::test_a_blank_cell_of_the_appraisal_is_named_and_nothing_is_lost",
        "services/test_reviews.py::test_an_appraisal_shows_what_each_reviewer_s_evidence_speaks_for",
    )),
    30: ("what spills over counts when a mission fails too", (
        "services/test_spillovers.py::test_a_failed_mission_still_shows_its_spillover_total",
        "routers/test_mission_map.py::test_a_failed_mission_tells_what_spilled_over",
    )),
    31: ("what depends on what", (
        "services/test_missions_links.py::test_stopping_a_lists_what_depends_on_a",
        "services/test_missions_links.py::test_a_cycle_in_depends_on_is_refused",
        "routers/test_mission_map.py::test_a_circle_is_refused_on_the_page_and_what_was_typed_stays",
    )),
    32: ("milestones are missed by the clock", (
        "services/test_milestones.py::test_a_missed_milestone_needs_no_click",
        "routers/test_steering.py::test_a_missed_milestone_stands_among_the_signals",
    )),
    33: ("a verdict names what changes", (
        "services/test_course.py::test_adapt_without_a_change_is_refused",
    )),
    34: ("lessons are found again, offered beside similar drafts, and counted", (
        "services/test_lessons.py::test_a_similar_draft_shows_the_lesson_and_used_by_rises",
        "routers/test_applications.py::test_a_team_marks_the_lesson_it_uses_and_keeps_what_it_typed",
    )),
    35: ("private money that followed", (
        "routers/test_domain_direction.py::test_earlier_private_money_is_not_counted",
        "rules/test_money.py::test_earlier_private_money_is_not_counted",
    )),
    36: ("ranges instead of points", (
        "services/test_readings.py::test_a_forecast_upside_down_is_refused",
        "routers/test_steering.py::test_a_forecast_needs_its_range",
    )),
    37: ("a share that may fail", (
        "routers/test_domain_steering.py::test_failures_inside_the_declared_share_are_not_red",
    )),
    38: ("conditions on public money", (
        "services/test_conditions_checks.py::test_overdue_evidence_is_a_breach_without_any_click",
        "services/test_conditions_checks.py::test_a_waiver_needs_a_decision",
        "services/test_conditions_checks.py::test_each_condition_is_a_check_in_the_projects_calendar",
        "services/test_awards_contract.py::test_the_conditions_the_call_told_go_with_it_and_who_pays_has_said_yes",
    )),
    39: ("risks and rewards", (
        "services/test_returns.py::test_public_pays_60_percent_and_holds_nothing_is_flagged",
        "routers/test_conditions.py::test_the_page_of_returns_flags_imbalance_and_what_was_paid",
    )),
    40: ("what the public paid for already", (
        "services/test_returns.py::test_procurement_of_a_publicly_funded_product_shows_the_warning",
        "routers/test_mission_map.py::test_paying_twice_shows_what_is_built_on_before_a_procurement",
    )),
    41: ("announced is not committed", (
        "routers/test_domain_steering.py::test_an_announcement_does_not_raise_the_committed_total",
        "services/test_ledger.py::test_announcement_does_not_raise_the_committed_total",
    )),
    42: ("what falls when a year is cut", (
        "services/test_what_if.py::test_budget_shock_lists_what_falls",
        "services/test_what_if.py::test_asking_writes_nothing",
        "services/test_what_if_properties.py::test_no_cut_of_any_portfolio_writes_anything",
    )),
    43: ("versions of a condition, agreed by both", (
        "services/test_conditions.py::test_a_unilateral_edit_of_an_agreed_condition_is_refused",
        "routers/test_conditions.py::test_other_words_stand_side_by_side_until_the_other_side_says_yes",
    )),
}  # fmt: skip
# What must always hold, each as a property over random cases: by the paragraph of the design that says so.
ALWAYS: dict[str, tuple[str, ...]] = {
    "an adopted mission has all that it needs": (
        "services/test_adoption.py::test_no_mission_is_adopted_without_all_that_it_needs",
        "services/test_adoption.py::test_a_guard_that_is_taken_away_is_noticed",
    ),
    "two clicks to an answer, and to the sources": (
        "routers/test_two_clicks.py::test_every_voice_reaches_its_answer_in_two_clicks",
        "routers/test_two_clicks.py::test_every_clause_reaches_its_sources_in_two_clicks",
    ),
    "announced is not committed, and sums are right to the cent": (
        "rules/test_money.py::test_only_committed_money_is_counted_and_announced_never",
        "services/test_ledger_properties.py::test_totals_are_those_of_a_naive_model",
    ),
    "no more is committed than a vote divided": (
        "services/test_awards_contract.py::test_what_is_committed_never_exceeds_the_budget_of_the_vote",
    ),
    "no milestone disappears": ("services/test_milestones_stay.py::test_no_order_of_steps_loses_a_milestone",),
    "of two at the same instant": (
        "services/test_applications.py::test_of_two_applications_of_one_organisation_sent_at_once_one_stands",
        "services/test_applications.py::test_without_the_index_both_would_stand",
        "services/test_deadline_races.py::test_a_call_does_not_move_on_while_one_who_was_in_time_is_being_heard",
        "services/test_deadline_races.py::test_without_both_an_application_would_come_after_the_call_has_moved_on",
        "services/test_motion_races.py::test_the_same_is_asked_for_once_though_four_ask",
        "services/test_motion_races.py::test_without_its_index_it_would_be_asked_for_four_times",
        "services/test_steering_races.py::test_a_reading_is_corrected_once_though_two_do",
        "services/test_steering_races.py::test_without_lock_and_constraint_it_would_be_corrected_twice",
        "services/test_links_race.py::test_of_two_that_close_a_circle_one_stands",
        "services/test_links_race.py::test_without_the_lock_both_would",
    ),
    "asking what would fall writes nothing": (
        "services/test_what_if_properties.py::test_no_cut_of_any_portfolio_writes_anything",
    ),
}  # fmt: skip
EVERY = [*(listed for _words, listed in FEATURES.values()), *ALWAYS.values()]
NAMED = sorted({each for listed in EVERY for each in listed})


@cache
def functions(path: str) -> dict[str, ast.FunctionDef]:
    """The tests of a file, read without running it."""
    tree = ast.parse((TESTS / path).read_text("utf-8"))
    return {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}


def test_every_feature_has_a_test() -> None:
    assert set(FEATURES) == set(range(1, 44))
    assert all(words and listed for words, listed in FEATURES.values())


@pytest.mark.parametrize("named", NAMED)
def test_a_named_test_is_there_and_can_fail(named: str) -> None:
    """It asserts something, or expects a refusal, itself or in a function beside it that it calls."""
    path, _colons, name = named.partition("::")
    beside = functions(path)
    assert name in beside, f"{named} is gone: rename it here too, or say in CONTRIBUTING why it was left out"

    called = {each.id for each in ast.walk(beside[name]) if isinstance(each, ast.Name)}
    looked_at = [beside[name], *(beside[each] for each in called & set(beside))]
    walks = "run_state_machine_as_test" in called
    assert walks or any(
        isinstance(each, ast.Assert) or expects(each) for one in looked_at for each in ast.walk(one)
    )


def expects(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "raises"
