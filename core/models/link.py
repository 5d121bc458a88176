"""One-time links: what a person without an account holds in a mail."""

import secrets

from django.db import models

from .partnership import Partnership


def new_nonce() -> bytes:
    return secrets.token_bytes(32)


class OneTimeLink(models.Model):
    """A link for one purpose and one object. The address holds a token made from ``nonce`` and the secret key;
    only the token's hash is stored, so a stolen copy of the table opens nothing.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    nonce = models.BinaryField(max_length=32, default=new_nonce)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "object_id"], name="one_link_per_purpose_and_object")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.object_id}"
