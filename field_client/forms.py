"""A form: a record opened, typed into at leisure, and saved on what it showed when it was opened.

A pull may come in between, and other work of the same user: neither may change what the user saw,
and what he typed may not wipe out what he did not see (protocol, section 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from field_client import views
from field_client.actions import Action, Desk, Opened
from field_client.sets import OwnSet
from field_client.store import Draft, Store
from schemas.values import format_instant
from sync import text
from sync.rebase import View

Json = Any


@dataclass
class Form:
    """One record in a form. `typed` is what its user entered; he saw the view at `base`, of the `epoch`."""

    desk: Desk
    id: str
    base: int
    opened: Opened
    after: int
    typed: dict[str, Json] = field(default_factory=dict)
    epoch: str | None = None

    @classmethod
    def open(cls, desk: Desk, wanted: str) -> Form:
        """Open a record; where a draft of it is kept, go on with that."""
        opened = Opened.of(desk.store, wanted)
        for draft in desk.store.drafts():
            if draft.record == opened.view.id:
                return cls.of_draft(desk, draft)
        now, after = desk.store.identity(), desk.store.last_seq()
        base = desk.store.base_of(opened.view.id)
        return cls(desk, desk.new_id(), base, opened, after, epoch=now.view_epoch)

    @classmethod
    def of_draft(cls, desk: Desk, draft: Draft) -> Form:
        """Open a form as its draft was kept."""
        view = View(draft.type, draft.record, draft.customer, 0, draft.shown)
        opened = Opened(view, draft.newest)
        typed = dict(draft.fields)
        return cls(desk, draft.id, draft.base, opened, draft.after, typed, draft.epoch)

    def __setitem__(self, path: str, value: Json) -> None:
        self.typed[path] = value

    def __getitem__(self, path: str) -> Json:
        return self.typed[path] if path in self.typed else self.opened.view.fields.get(path)

    def keep(self) -> None:
        """Keep the form as a draft: it survives anything, and is not sent."""
        view = self.opened.view
        self.desk.store.keep_draft(
            Draft(
                self.id, view.id, view.type, view.customer, self.base, view.fields,
                self.opened.newest, self.after, self.typed, format_instant(self.desk.now()),
                self.epoch,
            )
        )  # fmt: skip

    def drop(self) -> None:
        """Throw the form away."""
        self.desk.store.drop_draft(self.id)

    def save(self, action: str = "edit") -> OwnSet | None:
        """Finish the form: its changes become a set, and its draft ends, in one transaction."""
        with self.desk.store.transaction():
            made = Action(self.desk, action, self.base, self.epoch)
            opened, typed = self._with_later_work()
            made.update(opened, typed)
            self.drop()
            return made.save()

    def _with_later_work(self) -> tuple[Opened, dict[str, Json]]:
        """Lay what was typed over own work that was saved after the form was opened."""
        store, view = self.desk.store, self.opened.view
        later = later_work(store, view, self.after)
        if not later:
            return self.opened, self.typed
        now = views.shown(store, view.id)
        current = now.fields if now else {}
        newest, typed, shown = dict(self.opened.newest), dict(self.typed), dict(view.fields)
        declared = store.registry[view.type]
        for path, value in self.typed.items():
            unit, one = declared.unit(path), declared.field(path)
            if unit not in later:
                continue
            newest[unit] = later[unit]
            if one is not None and one.policy == "text" and isinstance(value, str):
                joined = text.merge(shown.get(path) or "", current.get(path) or "", value)
                if joined is None:
                    newest.pop(unit)  # the server lays both side by side, in a conflict
                else:
                    typed[path] = joined
            shown[path] = current.get(path)
        return Opened(replace(view, fields=shown), newest), typed


def later_work(store: Store, view: View, after: int) -> Mapping[str, int]:
    """Return, by unit, the newest own set (`seq`) made later than *after* that set it and was not rejected.

    Of this device as it is now; what it sends again of an earlier one is as old as it was.
    """
    declared = store.registry[view.type]
    query = (
        "seq > ? AND device = (SELECT id FROM device) AND status IS NOT 'rejected' "
        "AND seq IN (SELECT seq FROM touched WHERE record = ?)"
    )
    return {
        declared.unit(path): one.seq
        for one in store.own_sets(query, after, view.id)
        for change in one.changes
        if change.id == view.id
        for path in change.set
    }
