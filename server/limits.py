"""How often sign-in may be tried: by user name and address, since a village shares one address.

Uploads are begun by user.
"""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

SIGN_IN = "20 per minute"
UPLOADS = "120 per minute"
limiter = Limiter(key_func=get_remote_address, headers_enabled=False)
