"""The state machines of domain.md, section 6, written down again: who may make which move, and offline."""

# domain.md, 6: type: initial; name: from > to, who, * offline
MOVES = {
    "customer": (
        ("prospect", "active"),
        "activate: prospect > active; sleep: active > dormant; wake: dormant > active;"
        "block: prospect active dormant > blocked S; unblock: blocked > active S",
    ),
    "loan": (
        ("active",),
        "settle: active > settled; reopen: settled > active; write_off: active > written_off P",
    ),
    "visit": (
        ("planned", "in_progress"),
        "start: planned missed > in_progress O*; complete: in_progress > completed O*;"
        "accept: completed > accepted S; return: completed > in_progress S;"
        "cancel: planned > cancelled S; miss: planned > missed",
    ),
    "inspection_note": (
        ("draft",),
        "sign: draft returned > signed; confirm: signed > confirmed SR;return: signed > returned S",
    ),
    "task": (("open",), "done: open > done OSRPK*; cancel: open > cancelled OSRPK*"),
    "conflict": (("open",), "resolve: open > resolved OSR*; reopen: resolved > open S"),
    "group": (
        ("forming",),
        "activate: forming > active S; freeze: active > frozen S; thaw: frozen > active S;"
        "dissolve: forming active frozen > dissolved S",
    ),
    "cash_deposit": (
        ("open",),
        "hand_in: open > handed_in O*; confirm: handed_in > confirmed K;"
        "dispute: handed_in > disputed OK; settle: disputed > confirmed S",
    ),
    "officer_audit": (
        ("draft",),
        "sign: draft returned > signed; confirm: signed > confirmed S; return: signed > returned S",
    ),
    "handover": (
        ("draft",),
        "open: draft > in_review S; agree: in_review > agreed O; object: in_review > objected O;"
        "rule: objected > agreed P; sign: agreed > signed; take_effect: signed > effective;"
        "cancel: draft in_review objected agreed > cancelled S",
    ),
    "cashflow_survey": (("draft",), "lock: draft > locked O*; reopen: locked > draft"),
    "loan_application": (
        ("draft",),
        "submit: draft returned > submitted O*; withdraw: draft submitted returned > withdrawn O*;"
        "review_pass: submitted > reviewed R; return: submitted reviewed > returned RPS;"
        "decline: submitted reviewed > declined RPS; approve: reviewed > approved SP;"
        "approve_expedited: submitted > approved S; sign_contract: approved > contracted K;"
        "disburse: contracted > disbursed K; lapse: approved contracted > lapsed",
    ),
    "collateral": (
        ("offered",),
        "register: offered > registered K; release: registered > released K;"
        "realise: registered > realised KS",
    ),
    "finding": (
        ("open",),
        "claim: open > rectified OSRA*; verify: rectified > closed OSRA*;"
        "reject: rectified > open OSRA*; waive: open > waived SP",
    ),
    "case": (
        ("open",),
        "start: open > in_progress OS*; resolve: in_progress > resolved OS*;"
        "close: resolved > closed OS; reopen: resolved closed > in_progress OS*",
    ),
    "warning_signal": (
        ("raised",),
        "acknowledge: raised > acknowledged OS*; handle: acknowledged > handling OS*;"
        "clear: handling > cleared OS; dismiss: raised > dismissed S",
    ),
}
LETTERS = {
    "O": "officer", "S": "supervisor", "R": "reviewer", "P": "approver", "K": "clerk",
    "A": "auditor",
}  # fmt: skip
