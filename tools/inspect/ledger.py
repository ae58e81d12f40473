"""The ledger: every part of the film has a licence and a source, and what a machine made says so.

Knows nothing about which licences somebody may use: the policy does.
"""

from collections.abc import Sequence

from . import Check, LedgerRow

_UNKNOWN = frozenset({"", "unknown", "none", "?", "n/a"})


def ledger_check(rows: Sequence[LedgerRow] | None) -> Check:
    """Skipped where no ledger is given: a film does not tell where its parts come from."""
    target = "licence and source for every asset"
    if not rows:
        return Check(name="ledger", value="no ledger given", target=target, verdict="skip", source="platform policy")
    bare = [row for row in rows if _empty(row.licence) or _empty(row.origin)]
    first = f": {bare[0].asset[:12]} has no {'licence' if _empty(bare[0].licence) else 'source'}" if bare else ""
    return Check(
        name="ledger",
        value=f"{len(bare)} of {len(rows)} incomplete{first}" if bare else f"{len(rows)} assets, all complete",
        target=target,
        verdict="fail" if bare else "pass",
        source="platform policy",
    )


def _empty(words: str) -> bool:
    return words.strip().lower() in _UNKNOWN
