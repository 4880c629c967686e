"""How much a message may carry (protocol.md, section 2), announced by `GET /api/v1/hello`."""

CHANGES_PER_SET = 500
CHANGES_PER_REQUEST = 1_000
SET_BYTES = 1 << 20
BODY_BYTES = 4 << 20
PAGE = 1_000
NESTING = 32
REASON_CHARACTERS = 200
PROTOCOL = 1
WAITING_CUSTOMERS = 50
SEALED_PER_REQUEST = 2_000
