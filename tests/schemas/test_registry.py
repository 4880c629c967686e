"""The declared types against the tables of domain.md, sections 5 and 6, written down again."""

import pytest

from schemas.changes import leaves, record_faults
from schemas.declare import Choice, Field, Label, ListOf, Record, RecordType, Ref
from schemas.fields import move, one_of, state
from schemas.registry import REGISTRY
from schemas.roles import ROLES
from tests.schemas.machines import LETTERS, MOVES

# domain.md, 5.8: type, parent, reference (users), create_only, late, deletable, state, made by
TYPES = """
org_unit         -        branch             -  -  -  -       admin
user             -        branch             -  -  -  -       admin
product          -        branch             -  -  -  -       admin
checklist        -        branch             C  -  -  -       admin
device           -        user:user_id       -  -  -  -       -
assignment       -        user:officer_id    -  -  -  -       supervisor
customer         -        -                  -  -  -  state   officer,supervisor
household_member -        -                  -  L  D  -       officer,supervisor
loan             -        -                  -  -  -  state   clerk
installment      loan:loan_id -              C  -  -  -       -
repayment        loan:loan_id -              C  L  -  -       officer,supervisor,clerk
visit            -        -                  -  L  -  state   officer,supervisor
inspection_note  -        -                  -  L  -  state   N
interaction      -        -                  C  L  -  -       T
task             -        -                  -  L  -  state   T
attachment       -        -                  C  L  D  -       A
conflict         -        -                  -  -  -  status  -
parameter        -        branch             -  -  -  -       admin
watchlist_entry  -        branch             -  -  -  -       supervisor
group            -        branch             -  -  -  state   officer,supervisor
target           -        user:officer_id    -  -  -  -       supervisor
cash_deposit     -        user:officer_id    -  -  -  state   officer
officer_audit    -        user:auditor_id    -  -  -  state   auditor
handover         -        user:H             -  -  -  state   supervisor
relationship     -        -                  -  L  -  -       officer,supervisor
cashflow_survey  -        -                  -  L  -  state   officer
credit_rating    -        -                  -  L  -  -       officer
loan_application -        -                  -  L  -  state   officer
guarantor        loan_application:application_id - - L D -    officer
collateral       loan_application:application_id - - L D state officer
decision         loan_application:application_id - C - - -    supervisor,reviewer,approver
finding          inspection_note:inspection_note_id - - L - state N
case             interaction:interaction_id - -  L  -  state   T
warning_signal   -        -                  -  L  -  state   officer,supervisor,auditor
classification   loan:loan_id -              -  L  -  -       officer,supervisor,reviewer
"""
HANDED_OVER = "from_officer_id,to_officer_id,witness_id"

# domain.md, 5.1 to 5.7: field policy, * sensitive, ! required, who writes where it is not O and S.
# W1- is "nobody afterwards"; a name in {} is the group's; the letters stand in WHO.
FIELDS = """
org_unit: name AW! M, code AW! M, kind AW! M, parent_id AW M, lending_suspended AW MS,
  active AW M
user: name AW! M, role AW! M, unit_id AW! M, active AW M, lending_suspended AW MS
device: user_id AW! -, code AW! -, name AW M, active AW M
assignment: officer_id AW! S, village_id AW S, customer_id AW S, role AW S, valid_from AW! S,
  valid_to AW S, reason AW S
customer: customer_no AW -, name 3W*!, id_no W1*!, id_valid_to 3W, gender 3W, phone 3W!,
  phone_alt 3W, village_id W1!, address_note TM, home_lat_e6 LW {home}, home_lon_e6 LW {home},
  home_acc_m LW {home}, name_latin LW, segment 3W!, main_activity 3W, years_resident 3W,
  household_size 3W, able_workers 3W, annual_income_fen 3W*, registered_on W1, land_own_tmu 3W,
  land_rented_tmu 3W, assets.*.label 3W, assets.*.kind 3W, assets.*.value_fen 3W,
  assets.*.proof 3W, debts.*.lender 3W, debts.*.kind 3W, debts.*.balance_fen 3W,
  debts.*.monthly_fen 3W, debts.*.due 3W, village_opinion 3W O {opinion},
  village_opinion_by 3W O {opinion}, village_opinion_on 3W O {opinion},
  consent_attachment_id W1 O, group_id AW S, state TR, source W1, tags SU, preferences TM, next_contact_on LW,
  last_contact_on HI
household_member: name 3W!, relation 3W!, id_no W1*, birth_year 3W, labour 3W, occupation 3W,
  works_away 3W, annual_income_fen 3W, co_borrower 3W*, presence 3W
visit: purposes SU!, group_id W1, planned_on 3W {plan}, slot 3W {plan}, plan_reason 3W {plan},
  original_planned_on AW -, officer_id W1, co_officer_id W1, priority AW S, plan_note TM,
  arrived_at W1 O {arrival}, arrive_lat_e6 W1 O {arrival}, arrive_lon_e6 W1 O {arrival},
  arrive_acc_m W1 O {arrival}, co_arrived_at W1 O {co_arrival}, co_lat_e6 W1 O {co_arrival},
  co_lon_e6 W1 O {co_arrival}, co_acc_m W1 O {co_arrival}, left_at W1 O, met_with SU O,
  outcome W1* O, reason TM O, promise_amount_fen 3W O {promise}, promise_on 3W O {promise},
  summary TM O, state TR
inspection_note: kind W1! N, loan_id W1 N, application_id W1 N, visit_id W1 N, checklist_code W1! N {checklist},
  checklist_version W1! N {checklist}, answers.*.value 3W* N, answers.*.note 3W N, narrative TM N,
  conclusion 3W* N, recommended_class 3W N {recommendation},
  recommended_reason 3W N {recommendation}, inspector_ids W1! N, signed_by.*.user W1- N,
  signed_by.*.at W1- N, signed_by.*.content_hash W1- N, supervisor_comment TM S, amends_id W1 N,
  state TR N
task: title 3W! T, record_type W1 T, record W1 T, assignee_id W1 T, due_on 3W! T, source W1-! T,
  state TR T, done_note TM, cancel_reason TM
repayment: loan_id AO! K, amount_fen AO! K, value_date AO! K, channel AO! K, payer_name AO K,
  receipt_no AO! K, collected_by AO K, lat_e6 AO K {place}, lon_e6 AO K {place},
  acc_m AO K {place}, reverses_id AO K, note AO K
product: code AW! M, name AW! M, methods AW M, min_amount_fen AW M, max_amount_fen AW M,
  min_term_months AW M, max_term_months AW M, rate_bps_min AW M, rate_bps_max AW M,
  penalty_markup_bps AW M, day_count AW M, grace_days AW M, security AW M, purposes AW M
checklist: code AO! M, version AO! M, kind AO M, questions AO M
loan: loan_no AW -, application_id AW -, product_id AW! -, principal_fen AW! -, rate_bps AW! -, method AW! -,
  disbursed_on AW! -, maturity_on AW! -, first_due_on AW -, schedule_version AW -, purpose AW! -,
  security AW! -, officer_id AW! -, responsible AW! -, restructured_on AW -,
  restructure_count AW -, receipts_before AW -, state TR P
interaction: kind AO! T, direction AO! T, at AO! T, summary AO! T, visit_id AO T
attachment: record_type AO! A, record AO! A, kind AO! A, sha256 AO! A, size AO! A,
  media_type AO! A, captured_at AO! A, captured_by AO A, lat_e6 AO A {place}, lon_e6 AO A {place},
  acc_m AO A {place}
conflict: record AW -, record_type AW -, field AW -, kind AW -, sensitive AW -, base_value AW -,
  kept AW -, others AW -, status TR V, resolution LW V, chosen LW V, survivor LW V,
  resolved_by AW -, comment LW V
installment: loan_id AO! -, schedule_version AO! -, seq AO! -, due_date AO! -,
  principal_fen AO! -, interest_fen AO! -, fee_fen AO -
parameter: key AW! M, value AW M, unit_id AW M, valid_from AW M
watchlist_entry: id_no_hash AW! S, level AW S, reason AW! S, source AW S, valid_from AW S,
  valid_to AW S
group: name 3W!, leader_customer_id 3W*, agreement_no W1, formed_on W1!, expires_on W1,
  max_per_member_fen AW S, state TR S
target: officer_id AW! S, period AW S, metric AW S, target_value AW S
cash_deposit: officer_id W1-! O, business_date W1-! O, receipt_ids SU! O, counted_fen 3W K,
  difference_reason TM K, received_by AW CLERK, state TR K
officer_audit: subject_user_id W1-! AUDITOR, auditor_id W1-! AUDITOR,
  checklist_code W1! AUDITOR {checklist}, checklist_version W1! AUDITOR {checklist},
  answers.*.value 3W* AUDITOR, answers.*.note 3W AUDITOR, narrative TM AUDITOR,
  conclusion 3W* AUDITOR, findings.*.severity 3W AUDITOR, findings.*.description 3W AUDITOR,
  findings.*.required_action 3W AUDITOR, findings.*.due_on 3W AUDITOR,
  findings.*.closed_on 3W AUDITOR, signed_by.*.user W1- AUDITOR, signed_by.*.at W1- AUDITOR,
  signed_by.*.content_hash W1- AUDITOR, amends_id W1 AUDITOR, state TR AS
handover: from_officer_id AW! S, to_officer_id AW! S, witness_id AW! S, reason AW! S,
  effective_on AW! S, items.*.listed AW S, items.*.exposure_fen AW -, items.*.class AW -,
  items.*.from_risk_note TM O, items.*.appraisal TM W, items.*.agreed W1 O,
  items.*.objection W1 O, items.*.ruling AW P, items.*.ruled_by AW P, signed_by.*.user W1- W,
  signed_by.*.at W1- W, signed_by.*.content_hash W1- W, state TR SOP
relationship: to_customer_id W1-, to_user_id W1-, kind W1-!, evidence W1-, ended_on W1
cashflow_survey: application_id W1, start_month 3W!, months 3W, opening_cash_fen 3W*!,
  haircut_bps AW -, lines.*.label 3W, lines.*.kind 3W, lines.*.category 3W, lines.*.quantity 3W,
  lines.*.unit 3W, lines.*.unit_price_fen 3W, lines.*.month_fen 3W, lines.*.farm 3W,
  lines.*.evidence 3W, surveyed_on W1!, state TR
credit_rating: survey_id W1-! O, scores W1-! O, total W1-! O {rating}, grade W1-! O {rating},
  limit_fen W1-! O {rating}, valid_to W1-! O, proposed_by W1-! O, confirmed_by W1 S
loan_application: application_no AW -, product_id W1-! O, loan_id W1- O, officer_id W1, co_officer_id W1,
  amount_fen 3W*! O {terms}, term_months 3W* O {terms}, maturity_date 3W* O {terms},
  method 3W*! O {terms}, rate_bps 3W*! O {terms}, plan 3W* O {terms}, purpose 3W! O,
  purpose_note TM O, repay_source TM O, security SU O, five_c.*.score 3W O, five_c.*.note 3W O,
  officer_opinion TM O, exception 3W {exceptional}, exception_reason 3W {exceptional},
  expedited AW S, withdraw_reason TM O, conditions_met.*.on W1 KO, conditions_met.*.by W1 KO,
  state TR T
guarantor: application_id W1!, guarantor_customer_id W1, name 3W* {party}, id_no 3W* {party},
  phone 3W* {party}, kind 3W!, amount_fen 3W*!, monthly_income_fen 3W, other_guarantees_fen 3W,
  willing_confirmed_on W1 {willing}, signature_attachment_id W1 {willing}, relation_to_borrower 3W
collateral: application_id W1!, kind 3W!, owner_name 3W*!, co_owner_consent_id W1,
  location 3W* {title}, certificate_no 3W* {title}, registered_on 3W* {title}, insured_to 3W,
  valuations.*.valued_on W1- VAL, valuations.*.method W1- VAL, valuations.*.value_fen W1- VAL,
  valuations.*.by W1- VAL, valuations.*.second_signer W1- VAL, valuations.*.reason W1- VAL,
  revalue_every_months AW S, condition_note TM, state TR SK
decision: application_id AO! D, stage AO D, tier AO D, user_id AO D, outcome AO D, reason_code AO D,
  amount_fen AO D {terms}, term_months AO D {terms}, maturity_date AO D {terms},
  method AO D {terms}, rate_bps AO D {terms}, plan AO D {terms}, conditions.*.text AO D,
  conditions.*.must_before AO D, comment AO! D
finding: inspection_note_id W1! N, qid W1 N, severity 3W*! N, description TM N,
  required_action TM S, owner_id W1 N, due_on W1 N, level HI N, evidence SU N, waive_comment TM SP,
  state TR NP
case: interaction_id W1-! T, kind W1! T, about_user_id W1 T, owner_id W1 T, resolution TM,
  satisfaction W1, state TR T
warning_signal: rule W1-! G, loan_id W1- G, severity 3W! G, level HI, facts W1- G,
  handling_note TM, due_on 3W G, state TR G
classification: loan_id W1-! V, as_of W1-! V, system_class AW -, proposed_class W1-! V {proposal},
  reason W1- V {proposal}, subgrade W1- V, proposed_by W1-! V, confirmed_by W1 SR {confirmation},
  confirmed_at W1 SR {confirmation}
"""
WHO = {
    "": ("officer", "supervisor"),
    "O": ("officer",),
    "S": ("supervisor",),
    "M": ("admin",),
    "-": (),
    "N": ("officer", "supervisor", "reviewer", "auditor"),
    "T": ("officer", "supervisor", "reviewer", "approver", "clerk"),
    "K": ("officer", "supervisor", "clerk"),
    "A": ("officer", "supervisor", "reviewer", "approver", "clerk", "auditor"),
    "V": ("officer", "supervisor", "reviewer"),
    "P": ("approver",),
    "MS": ("admin", "supervisor"),
    "CLERK": ("clerk",),
    "AUDITOR": ("auditor",),
    "AS": ("auditor", "supervisor"),
    "W": ("officer", "supervisor", "reviewer", "auditor"),
    "SOP": ("supervisor", "officer", "approver"),
    "KO": ("clerk", "officer"),
    "VAL": ("officer", "supervisor", "reviewer", "clerk"),
    "SK": ("supervisor", "clerk"),
    "D": ("supervisor", "reviewer", "approver"),
    "SP": ("supervisor", "approver"),
    "NP": ("officer", "supervisor", "reviewer", "auditor", "approver"),
    "G": ("officer", "supervisor", "auditor"),
    "SR": ("supervisor", "reviewer"),
}
POLICY = {
    "3W": ("manual", ()),
    "LW": ("latest", ()),
    "HI": ("highest", ()),
    "SU": ("set", ()),
    "TM": ("text", ()),
    "AO": ("append", ()),
    "TR": ("state", ()),
    "W1": ("once", ("supervisor",)),
    "W1-": ("once", ()),
}


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


@pytest.mark.parametrize("row", rows(TYPES), ids=lambda row: str(row[0]))
def test_a_type_is_as_the_table_of_types_says(row: list[str]) -> None:
    name, parent, reference, create_only, late, deletable, machine, made_by = row
    declared = REGISTRY[name]
    kind, _, users = reference.partition(":")
    users = HANDED_OVER if users == "H" else users

    assert declared.parent == (tuple(parent.split(":")) if parent != "-" else None)
    assert declared.reference == (kind if kind != "-" else None)
    assert declared.users == (tuple(users.split(",")) if users else ())
    assert declared.create_only == (create_only == "C")
    assert declared.late_fact == (late == "L")
    assert declared.deletable == (deletable == "D")
    assert (declared.states.field if declared.states else "-") == machine
    assert declared.made_by == (WHO[made_by] if made_by in WHO else tuple(made_by.split(",")))


def test_the_registry_has_the_types_of_the_table_and_no_others() -> None:
    assert list(REGISTRY.types) == [row[0] for row in rows(TYPES)]


def declared_in_words(declared: RecordType) -> dict[str, tuple[object, ...]]:
    return {
        path: (it.policy, it.authority, it.sensitive, it.required, it.group, it.write)
        for path, it in leaves(declared)
    }


def written_down(block: str) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for entry in block.split(","):
        path, code, *rest = entry.split()
        group = next((it.strip("{}") for it in rest if it.startswith("{")), None)
        write = WHO[next((it for it in rest if not it.startswith("{")), "")]
        plain = code.rstrip("*!")
        policy, authority = POLICY.get(plain, ("authority", write))
        found[path] = (policy, authority, "*" in code, "!" in code, group, write)
    return found


@pytest.mark.parametrize("block", FIELDS.replace("\n  ", " ").strip().splitlines())
def test_each_field_has_the_policy_group_and_writers_of_the_domain(block: str) -> None:
    name, _, fields = block.partition(":")

    assert declared_in_words(REGISTRY[name]) == written_down(fields)


def test_every_machine_is_written_down() -> None:
    assert set(MOVES) == {name for name, it in REGISTRY.types.items() if it.states}


@pytest.mark.parametrize("name", MOVES)
def test_a_state_machine_moves_as_section_6_says(name: str) -> None:
    initial, moves = MOVES[name]
    machine = REGISTRY[name].states
    assert machine is not None
    expected = {}
    for line in moves.split(";"):
        move_name, _, rest = line.strip().partition(": ")
        source, _, after = rest.partition(" > ")
        target, _, who = after.partition(" ")
        roles = tuple(LETTERS[it] for it in who.rstrip("*"))
        expected[move_name] = (tuple(source.split()), target, roles, who.endswith("*"))

    assert machine.initial == initial
    assert {
        it.name: (it.source, it.target, it.roles, it.offline) for it in machine.transitions
    } == expected


@pytest.mark.parametrize("declared", REGISTRY.types.values(), ids=lambda it: str(it.name))
def test_a_declaration_holds_together(declared: RecordType) -> None:
    moves = {it.name for it in declared.states.transitions} if declared.states else set()
    for path, field in leaves(declared):
        assert set(field.write) | set(field.authority) <= set(ROLES.options), path
        assert set(field.required_by) <= moves, path
        assert not field.required or field.default is None, f"{path}: required and filled in"
        assert (field.policy == "append") == declared.create_only, path
        for ref in references(field):
            assert ref.to is None or ref.to in REGISTRY.types, path
    for group in declared.groups.values():
        members = [it for it in declared.plain_fields() if it.name in group]
        decided = {(it.policy, it.authority, it.write, it.sensitive) for it in members}
        assert len(decided) == 1, f"{group} is decided as one"
    if declared.states:
        held = declared.field(declared.states.field)
        assert held is not None
        assert held.policy == "state"
        assert isinstance(held.kind, Choice)
        named = {*declared.states.initial, *(it.target for it in declared.states.transitions)}
        assert named == set(held.kind.options)
    if declared.title_field:
        assert declared.field(declared.title_field) is not None
    for user in declared.users:
        names = declared.field(user)
        assert names is not None
        assert isinstance(names.kind, Ref)
        assert names.kind.to == "user"


def references(field: Field) -> list[Ref]:
    kinds = [field.kind]
    if isinstance(field.kind, ListOf):
        kinds = [field.kind.of]
    elif isinstance(field.kind, Record):
        kinds = list(field.kind.members.values())
    return [it for it in kinds if isinstance(it, Ref)]


def labels(declared: RecordType) -> list[Label]:
    found = [declared.title, *(it.label for it in declared.fields)]
    for _, field in leaves(declared):
        found.append(field.label)
        found.extend([field.hint] if field.hint else [])
        found.extend(field.kind.options.values() if isinstance(field.kind, Choice) else [])
    moves = declared.states.transitions if declared.states else ()
    return [*found, *(it.label for it in moves if it.label)]


@pytest.mark.parametrize("declared", REGISTRY.types.values(), ids=lambda it: str(it.name))
def test_whatever_people_read_is_there_in_both_languages(declared: RecordType) -> None:
    for label in labels(declared):
        assert label.en.strip(), label
        assert label.zh.strip(), label
        assert label.en.isascii(), label
        assert label.zh == "SHA-256" or not label.zh.isascii(), label
    moves = declared.states.transitions if declared.states else ()
    assert all(it.label for it in moves)


# ------------------------------------------------------------------- what a whole record must be

USER = "01990000-0000-7000-8000-00000000000a"
LOAN = {"disbursed_on": "2026-01-15", "maturity_on": "2027-01-15"}
DONE = {
    "state": "completed",
    "outcome": "done",
    "arrive_lat_e6": 1,
    "met_with": ["王桂英"],
    "summary": "好。",
}
ABSENT = {"state": "completed", "outcome": "absent", "arrive_lat_e6": 1, "reason": "无人"}


@pytest.mark.parametrize(
    ("name", "fields", "problem"),
    [
        ("assignment", {"customer_id": USER}, None),
        ("assignment", {"village_id": USER, "role": "primary"}, None),
        ("assignment", {}, ("customer_id", "invalid-value", "village-or-customer")),
        (
            "assignment",
            {"village_id": USER, "customer_id": USER},
            ("customer_id", "invalid-value", "village-or-customer"),
        ),
        ("assignment", {"customer_id": USER, "role": "cover"}, ("valid_to", "required", None)),
        ("assignment", {"customer_id": USER, "role": "cover", "valid_to": "2026-07-01"}, None),
        ("loan", LOAN, None),
        (
            "loan",
            LOAN | {"maturity_on": "2026-01-15"},
            ("maturity_on", "invalid-value", "maturity-not-after-disbursement"),
        ),
        ("visit", {"state": "planned"}, ("planned_on", "required", None)),
        ("visit", {"state": "planned", "planned_on": "2026-06-18"}, None),
        ("visit", {"state": "in_progress"}, None),
        ("visit", DONE, None),
        ("visit", DONE | {"summary": None}, ("summary", "required", None)),
        ("visit", DONE | {"met_with": []}, ("met_with", "required", None)),
        ("visit", DONE | {"arrive_lat_e6": None}, ("reason", "required", "place-or-reason")),
        ("visit", DONE | {"arrive_lat_e6": None, "reason": "无信号"}, None),
        ("visit", ABSENT, None),
        ("visit", ABSENT | {"reason": None}, ("reason", "required", None)),
        ("task", {"record": USER}, ("record_type", "required", None)),
        ("task", {"record_type": "loan"}, ("record", "required", None)),
        ("task", {"record_type": "loan", "record": USER}, None),
        ("conflict", {"status": "open", "sensitive": True}, None),
        ("conflict", {"status": "resolved", "resolution": "keep"}, None),
        (
            "conflict",
            {"status": "resolved", "resolution": "custom"},
            ("comment", "required", None),
        ),
        (
            "conflict",
            {"status": "resolved", "resolution": "keep", "sensitive": True},
            ("comment", "required", None),
        ),
    ],
)
def test_a_whole_record_is_valid_or_says_where_it_is_not(
    name: str, fields: dict[str, object], problem: tuple[str, str, str | None] | None
) -> None:
    found = [it for check in REGISTRY[name].checks if (it := check(fields)) is not None]

    assert [(it.field, it.code, it.reason) for it in found] == ([problem] if problem else [])


CUSTOMER = {
    "name": "王桂英",
    "id_no": "999901197805120013",
    "phone": "13800000000",
    "village_id": USER,
    "segment": "grain",
}


@pytest.mark.parametrize(
    ("fields", "needed", "missing"),
    [
        (CUSTOMER, None, []),
        ({"name": "王桂英"}, None, ["id_no", "phone", "village_id", "segment"]),
        ({"name": "王桂英"}, {"name"}, []),
        ({}, {"name"}, ["name"]),
    ],
)
def test_a_record_carried_over_may_lack_what_an_officer_must_ask(
    fields: dict[str, object], needed: set[str] | None, missing: list[str]
) -> None:
    faults = record_faults(REGISTRY["customer"], fields, needed)

    assert [it.field for it in faults] == missing


def test_a_machine_is_asked_for_its_moves() -> None:
    options = one_of({"a": ("A", "甲"), "b": ("B", "乙")})
    machine = REGISTRY["task"].states
    assert machine is not None

    assert [it.name for it in machine.moves("open", "done")] == ["done"]
    assert machine.moves("done", "open") == []
    assert state(options, ()).kind == options
    assert move("go", "a b", "b", (), "Go", "走").source == ("a", "b")
