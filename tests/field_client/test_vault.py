"""A PIN guards the store with a secret of the device; too many wrong ones leave only what the branch can open."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from nacl.public import PrivateKey, SealedBox

import field_client.vault
from field_client.faults import (
    KeyDestroyedError,
    PinNeededError,
    PinTooShortError,
    PinWaitError,
    StoreInUseError,
    StoreUnreadableError,
    WrongPinError,
)
from field_client.journal import Journal
from field_client.store import Store
from field_client.vault import MOST_MISSES, Vault
from schemas.registry import REGISTRY
from tests.field_client.test_store import DEVICE, new_set

PIN = "123456"
PLANTED = "陈国平"


@dataclass
class Guarded:
    """A store with a clock that the test moves."""

    path: Path
    now: datetime = datetime(2026, 6, 16, tzinfo=UTC)
    random: Random = field(default_factory=lambda: Random(5))

    @property
    def vault(self) -> Vault:
        return Vault(self.path, lambda: self.now, self.random.randbytes)

    def store(self, key: bytes | None = None) -> Store:
        return Store.open(self.path, REGISTRY, DEVICE, key)

    def unlock(self, pin: str) -> bytes:
        """Unlock after however long one has to wait."""
        self.now += timedelta(hours=1)
        return self.vault.unlock(pin)


@pytest.fixture(autouse=True)
def cheap_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch PINs less: the tests guess many."""
    cheap = {"time_cost": 1, "memory_cost": 8, "parallelism": 1, "hash_len": 32}
    monkeypatch.setattr(field_client.vault, "_ARGON2", cheap)


@pytest.fixture
def guarded(tmp_path: Path) -> Guarded:
    """A store with a set and a planted name in it, behind a PIN."""
    made = Guarded(tmp_path / "s.db")
    store = made.store()
    store.record_incident("2026-06-16", PLANTED, {})
    store.append(new_set(1))
    store.close()
    made.vault.set_pin(PIN, None)
    return made


def test_a_plain_store_asks_for_no_pin(tmp_path: Path) -> None:
    made = Guarded(tmp_path / "s.db")
    assert not made.vault.is_locked()
    made.store().close()

    assert not made.vault.is_locked()


def test_the_store_is_encrypted_and_whole(guarded: Guarded) -> None:
    assert guarded.vault.is_locked()
    for file in guarded.path.parent.iterdir():
        assert PLANTED.encode() not in file.read_bytes(), file

    store = guarded.store(guarded.vault.unlock(PIN))

    assert [it["kind"] for it in store.incidents()] == [PLANTED]
    assert [it.number for it in store.own_sets()] == [1]
    assert store.append(new_set(2)).number == 2
    store.close()


def test_without_the_key_it_is_no_database(guarded: Guarded) -> None:
    for key in (None, b"x" * 32):
        with pytest.raises(StoreUnreadableError):
            guarded.store(key)


def test_without_a_pin_it_stays_shut(guarded: Guarded) -> None:
    with pytest.raises(PinNeededError):
        guarded.vault.unlock(None)


def test_the_pin_alone_is_not_enough(guarded: Guarded) -> None:
    held = json.loads(guarded.vault.file.read_text())
    guarded.vault.file.write_text(json.dumps({**held, "secret": "00" * 32}))

    with pytest.raises(WrongPinError):
        guarded.vault.unlock(PIN)


def test_the_key_file_is_its_owners(guarded: Guarded) -> None:
    assert guarded.vault.file.stat().st_mode & 0o077 == 0


def test_wrong_pins_back_off(guarded: Guarded) -> None:
    for _ in range(3):
        with pytest.raises(WrongPinError):
            guarded.vault.unlock("000000")
    with pytest.raises(WrongPinError) as error:
        guarded.vault.unlock("000000")
    assert (error.value.facts["left"], error.value.facts["seconds"]) == (MOST_MISSES - 4, 30)

    with pytest.raises(PinWaitError):
        guarded.vault.unlock(PIN)
    guarded.now += timedelta(seconds=30)
    assert len(guarded.vault.unlock(PIN)) == 32


def test_a_clock_put_back_starts_the_wait_anew_and_no_more(guarded: Guarded) -> None:
    for _ in range(4):
        with pytest.raises(WrongPinError):
            guarded.vault.unlock("000000")
    guarded.now -= timedelta(days=400)

    with pytest.raises(PinWaitError) as wait:
        guarded.vault.unlock(PIN)
    assert wait.value.facts["seconds"] == 30
    guarded.now += timedelta(seconds=29)
    with pytest.raises(PinWaitError) as rest:
        guarded.vault.unlock(PIN)
    assert rest.value.facts["seconds"] == 1
    guarded.now += timedelta(seconds=1)
    assert len(guarded.vault.unlock(PIN)) == 32


def test_a_clock_put_back_before_any_wait_makes_none(guarded: Guarded) -> None:
    with pytest.raises(WrongPinError):
        guarded.vault.unlock("000000")
    guarded.now -= timedelta(days=400)

    assert len(guarded.vault.unlock(PIN)) == 32


def test_the_right_pin_forgets_the_wrong_ones(guarded: Guarded) -> None:
    for _ in range(MOST_MISSES - 1):
        with pytest.raises(WrongPinError):
            guarded.unlock("000000")
    guarded.unlock(PIN)

    with pytest.raises(WrongPinError) as error:
        guarded.unlock("000000")

    assert error.value.facts["left"] == MOST_MISSES - 1


def test_too_many_wrong_pins_destroy_the_key(guarded: Guarded) -> None:
    secret = json.loads(guarded.vault.file.read_text())["secret"]
    for _ in range(MOST_MISSES - 1):
        with pytest.raises(WrongPinError):
            guarded.unlock("000000")
    with pytest.raises(KeyDestroyedError):
        guarded.unlock("000000")

    with pytest.raises(KeyDestroyedError):
        guarded.unlock(PIN)
    assert secret not in guarded.vault.file.read_text()


def test_the_pin_can_be_changed(guarded: Guarded) -> None:
    key = guarded.vault.unlock(PIN)
    guarded.vault.set_pin("654321", key)

    assert guarded.vault.unlock("654321") == key
    with pytest.raises(WrongPinError):
        guarded.vault.unlock(PIN)


def test_a_short_pin_is_refused(guarded: Guarded) -> None:
    with pytest.raises(PinTooShortError):
        guarded.vault.set_pin("1234", guarded.vault.unlock(PIN))


def test_a_store_that_is_open_is_not_encrypted_behind_its_back(tmp_path: Path) -> None:
    made = Guarded(tmp_path / "s.db")
    store = made.store()

    with pytest.raises(StoreInUseError):
        made.vault.set_pin(PIN, None)

    store.append(new_set(1))
    store.close()
    made.store().close()


# ------------------------------------------------------------------------------ the sealed journal


def test_each_set_is_sealed_to_the_branch_before_it_is_kept(tmp_path: Path) -> None:
    branch_key = PrivateKey.generate()
    made = Guarded(tmp_path / "s.db")
    store = made.store()
    store.note(seal_key=_base64(bytes(branch_key.public_key)))

    first, second = store.append(new_set(1)), store.append(new_set(2))
    store.close()

    journal = Journal(made.path)
    assert b"1000000001" not in journal.file.read_bytes()
    opened = [_unsealed(branch_key, it["sealed"]) for it in journal.lines()]
    assert opened == [first.content, second.content]


def test_a_torn_line_of_the_journal_is_passed_over(tmp_path: Path) -> None:
    branch_key = PrivateKey.generate()
    journal = Journal(tmp_path / "s.db")
    seal_key = _base64(bytes(branch_key.public_key))
    journal.append(DEVICE, {"number": 1}, seal_key)
    with journal.file.open("a") as opened:
        opened.write('{"device": "x", "num')

    assert [it["number"] for it in journal.lines()] == [1]

    journal.append(DEVICE, {"number": 2}, seal_key)
    assert [it["number"] for it in journal.lines()] == [1, 2]


def test_of_two_lines_with_one_number_the_last_counts(tmp_path: Path) -> None:
    branch_key = PrivateKey.generate()
    journal = Journal(tmp_path / "s.db")
    for made in ("rolled back", "kept"):
        journal.append(DEVICE, {"number": 1, "id": made}, _base64(bytes(branch_key.public_key)))

    (line,) = journal.lines()
    assert _unsealed(branch_key, line["sealed"]) == {"number": 1, "id": "kept"}


def test_the_journal_drops_what_is_no_longer_kept(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "s.db")
    for number in (1, 2):
        journal.append(DEVICE, {"number": number}, _base64(bytes(PrivateKey.generate().public_key)))

    journal.drop({(DEVICE, 1)})

    assert [it["number"] for it in journal.lines()] == [2]


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unsealed(key: PrivateKey, text: str) -> object:
    return json.loads(SealedBox(key).decrypt(base64.b64decode(text)))
