"""The same world under Hypothesis: it chooses what happens next, and makes what breaks short by itself."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.simulation import ending, net_events
from tests.simulation.plan import BRANCH, DEVICE, Cast, Event, Plan
from tests.simulation.run import begin, happen
from tests.simulation.world import World

TABLETS = ("T1", "T2", "T3", "T4")
dice = st.integers(0, 2**64 - 1)
tablets = st.sampled_from(TABLETS)
OFTEN = ("edit", "edit", "sync", "sync", "save", "open", "resolve", "move")


class Branch(RuleBasedStateMachine):
    """One branch with four tablets; every rule is an event, every check is the oracle's."""

    world: World
    count: int = 0

    @initialize(
        pages=st.lists(st.sampled_from((1, 3, 500)), min_size=4, max_size=4),
        hot=st.integers(0, 999),
    )
    def open_the_branch(self, pages: list[int], hot: int) -> None:
        cast = tuple(
            Cast(name, page, 100, 0, False, behind)
            for behind, (name, page) in enumerate(zip(TABLETS, pages, strict=True))
        )
        self.world = begin(Plan(0, cast, (), hot))

    def happens(self, kind: str, who: str, seed: int) -> None:
        self.count += 1
        happen(self.world, Event(self.count, kind, who, seed))

    @rule(kind=st.sampled_from(OFTEN), who=tablets, seed=dice)
    def somebody_works(self, kind: str, who: str, seed: int) -> None:
        self.happens(kind, who, seed)

    @rule(kind=st.sampled_from(sorted(set(DEVICE) - set(OFTEN))), who=tablets, seed=dice)
    def something_happens_at_a_tablet(self, kind: str, who: str, seed: int) -> None:
        self.happens(kind, who, seed)

    @rule(kind=st.sampled_from(sorted(BRANCH)), who=st.sampled_from(("W3", "W4")), seed=dice)
    def something_happens_at_the_branch(self, kind: str, who: str, seed: int) -> None:
        self.happens(kind, who, seed)

    @precondition(lambda self: self.count > 3)
    @rule()
    def all_come_to_rest(self) -> None:
        net_events.let(self.world, frozenset())
        ending.quiesce(self.world)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            ending.end(self.world)


TestBranch = Branch.TestCase
TestBranch.settings = settings(
    parent=settings.default,
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
