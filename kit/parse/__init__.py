"""Files, folders -> Corpus. Every file that gives no document is listed with its reason."""

from kit.parse.files import read

__all__ = ["read"]
