"""The branch of the server's tests, for tests in which its server, its line or its disk breaks."""

from tests.server.conftest import (  # noqa: F401 - fixtures
    branch_folder,
    branch_url,
    postgres_branch,
    sqlite_branch,
)
