"""What an operator can have an opinion on, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo


class SettingsError(ValueError):
    """Every mistake in the settings, in one message."""


@dataclass(frozen=True)
class Settings:
    """Settings of a server process.

    Attributes:
        data: folder with the embedded database, keys and attachments.
        database_url: `sqlite:///…` or `postgresql://…`.
        access_seconds: life of an access token.
        keep_days: how long tombstones and moves stay in the index.
        request_seconds: how long a client may be silent in the middle of a request.
        rate_limit: whether sign-in is limited.
        business_date: a date that stands for today (tests, demonstrations); None: the real one.
        secure_cookies: send the session cookie over TLS only.
        field_app: folder of the built tablet app; None: where the client's package has it.
    """

    data: Path = Path("data")
    database_url: str = "sqlite:///data/xiangxin.sqlite3"
    access_seconds: int = 900
    refresh_days: int = 30
    keep_days: int = 180
    request_seconds: int = 20
    rate_limit: bool = True
    business_date: date | None = None
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    secure_cookies: bool = False
    log_format: str = "auto"
    field_app: Path | None = None

    @staticmethod
    def from_env(
        env: Mapping[str, str], data: str | None = None, database: str | None = None
    ) -> Settings:
        """Read `XIANGXIN_*`; flags of the command line go before the environment.

        Raises:
            SettingsError: naming every variable that cannot be used.
        """
        faults: list[str] = []
        folder = Path(data or env.get("XIANGXIN_DATA", "data")).resolve()
        url = database or env.get("XIANGXIN_DATABASE_URL") or f"sqlite:///{folder}/xiangxin.sqlite3"
        if not url.startswith(("sqlite:///", "postgresql://")):
            faults.append("XIANGXIN_DATABASE_URL must begin with sqlite:/// or postgresql://")
        settings = Settings(
            data=folder,
            database_url=url,
            access_seconds=_whole(env, "XIANGXIN_ACCESS_SECONDS", 900, faults),
            keep_days=_whole(env, "XIANGXIN_KEEP_DAYS", 180, faults),
            request_seconds=_whole(env, "XIANGXIN_REQUEST_SECONDS", 20, faults),
            rate_limit=env.get("XIANGXIN_RATE_LIMIT", "on") != "off",
            business_date=_date(env, "XIANGXIN_BUSINESS_DATE", faults),
            time_zone=_zone(env, "XIANGXIN_TIME_ZONE", faults),
            secure_cookies=env.get("XIANGXIN_SECURE_COOKIES", "off") == "on",
            log_format=env.get("XIANGXIN_LOG_FORMAT", "auto"),
        )
        if faults:
            raise SettingsError("; ".join(faults))
        return settings

    def today(self, now: datetime | None = None) -> date:
        """Return the business date: the set one, or the calendar day of the branch's time zone."""
        if self.business_date is not None:
            return self.business_date
        return (now or utc_now()).astimezone(self.time_zone).date()

    def refresh_life(self) -> timedelta:
        """Return how long an unused refresh token lives."""
        return timedelta(days=self.refresh_days)


def utc_now() -> datetime:
    """Return the present moment in UTC: the one place where the server reads the clock."""
    return datetime.now(UTC)  # noqa: TID251 - the one place where the server reads the clock


def _whole(env: Mapping[str, str], name: str, default: int, faults: list[str]) -> int:
    text = env.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        faults.append(f"{name} must be a whole number, such as {default}")
        return default
    return int(text)


def _date(env: Mapping[str, str], name: str, faults: list[str]) -> date | None:
    text = env.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(f"{name} must be a date such as 2026-06-16")
        return None


def _zone(env: Mapping[str, str], name: str, faults: list[str]) -> ZoneInfo:
    text = env.get(name, "Asia/Shanghai")
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError):
        faults.append(f"{name} must be a time zone such as Asia/Shanghai")
        return ZoneInfo("UTC")
