"""A folder on S3, or on anything that speaks its protocol: listed, and found by the names of its files.

Knows nothing about what happens to what it finds. Requests are signed in the URL (AWS Signature Version 4) where keys
are given; a public bucket needs none.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from ...errors import ToolMissing
from ...web import Web
from .. import StockKind
from ..examine import KINDS
from ..notes import name_words
from ..tables import query_words
from . import Item, Pace, Reader

_PAGES = 100
"""Pages of a thousand names that a search reads."""
_VALID = 3600


class S3:
    """A Remote."""

    name = "s3"

    def __init__(self, options: Mapping[str, str], web: Web | None = None, cache: Path | None = None) -> None:
        """`url` is a bucket's address; `prefix` a folder in it; `key`, `secret` and `region` sign."""
        self._url = options.get("url", "").rstrip("/")
        self._prefix = options.get("prefix", "")
        self._key, self._secret = options.get("key", ""), options.get("secret", "")
        self._region = options.get("region", "us-east-1")
        self._licence, self._author = options.get("licence", "unknown"), options.get("author", "")
        self._reader = Reader("S3", Pace(1000, 60), web, cache)

    def ready(self) -> str:
        """A bucket that everybody may read needs an address alone."""
        if not self._url:
            raise ToolMissing("S3 needs the address of a bucket.", 'Set tools."stock.s3".url in reelwright.toml.')
        return "an address and keys are set" if self._key and self._secret else "an address is set, no keys"

    def search(self, text: str, kind: StockKind, count: int) -> list[Item]:
        """Files whose names share the most words with the text."""
        self.ready()
        asked = set(query_words(text))
        rows = [
            (-len(asked & set(query_words(name_words(name)))), name)
            for name in self._names()
            if KINDS.get(Path(name).suffix.lower()) == kind
        ]
        return [self._item(name, kind) for shared, name in sorted(rows) if shared][:count]

    def _item(self, name: str, kind: StockKind) -> Item:
        plain = f"{self._url}/{quote(name, safe='/~')}"
        digest = hashlib.sha256(plain.encode()).hexdigest()[:10]
        return Item(
            url=self.signed(f"/{quote(name, safe='/~')}", {}),
            page=plain,
            name=f"{Path(name).stem[:80]}-{digest}{Path(name).suffix.lower()}",
            kind=kind,
            title=name_words(name),
            author=self._author,
            licence=self._licence,
        )

    def _names(self) -> Iterator[str]:
        token = ""
        for _ in range(_PAGES):
            asked = {"list-type": "2", "prefix": self._prefix} | ({"continuation-token": token} if token else {})
            key = f"{self._url}?{sorted(asked.items())}"
            try:
                listing = ElementTree.fromstring(self._reader.bytes(self.signed("/", asked), key=key))
            except ElementTree.ParseError as error:
                raise self._reader.strange(error) from error
            names = [element.text or "" for element in listing.iter() if element.tag.rpartition("}")[2] == "Key"]
            yield from names
            token = next((one.text or "" for one in listing.iter() if one.tag.endswith("NextContinuationToken")), "")
            if not token:
                return

    def signed(self, path: str, asked: Mapping[str, str], now: datetime | None = None, valid: int = _VALID) -> str:
        """An address that may be read for an hour; the plain one where there are no keys."""
        parts = urlsplit(self._url)
        path = f"{parts.path}{path}"
        base = f"{parts.scheme}://{parts.netloc}{path}"
        if not (self._key and self._secret):
            return base + (f"?{_query(asked)}" if asked else "")
        stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{stamp[:8]}/{self._region}/s3/aws4_request"
        query = _query(
            {
                **asked,
                "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
                "X-Amz-Credential": f"{self._key}/{scope}",
                "X-Amz-Date": stamp,
                "X-Amz-Expires": str(valid),
                "X-Amz-SignedHeaders": "host",
            }
        )
        request = "\n".join(["GET", path, query, f"host:{parts.netloc}", "", "host", "UNSIGNED-PAYLOAD"])
        digest = hashlib.sha256(request.encode()).hexdigest()
        key = f"AWS4{self._secret}".encode()
        for part in (stamp[:8], self._region, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, digest])
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return f"{base}?{query}&X-Amz-Signature={signature}"


def _query(asked: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(asked.items()))
