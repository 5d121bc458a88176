"""What happens around every request, in the order of ``MIDDLEWARE`` in the settings."""

from .access import AccessRuleMiddleware
from .client_address import ClientAddressMiddleware
from .partnership import PartnershipMiddleware
from .request_log import RequestLogMiddleware
from .security_headers import SecurityHeadersMiddleware
from .session_lifetime import SessionLifetimeMiddleware

__all__ = [
    "AccessRuleMiddleware",
    "ClientAddressMiddleware",
    "PartnershipMiddleware",
    "RequestLogMiddleware",
    "SecurityHeadersMiddleware",
    "SessionLifetimeMiddleware",
]
