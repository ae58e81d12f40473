"""How an error leaves the program: words on stderr (or one JSON line on stdout) and an exit code."""

import errno
import json
import sys

from ..errors import BriefError, ProjectError, ReelwrightError, Refused, Stopped

BAD_INPUT, FAILED, STOPPED = 2, 1, 130


def report(error: Exception, *, as_json: bool) -> int:
    """Say what happened and what to do next; returns the exit code."""
    code = FAILED
    if isinstance(error, ReelwrightError):
        message, hint = error.message, error.hint
        if isinstance(error, BriefError | ProjectError | Refused):
            code = BAD_INPUT
        elif isinstance(error, Stopped):
            code = STOPPED
    elif isinstance(error, OSError) and error.errno == errno.ENOSPC:
        message, hint = "The disk is full.", "Free some space and run `reelwright resume`."
    elif isinstance(error, PermissionError):
        message, hint = f"No permission for {error.filename}.", "Choose another folder with --out."
    else:
        import traceback

        traceback.print_exception(error)
        message, hint = (
            f"This is a fault of ours: {type(error).__name__}: {error}",
            "Please report it with the lines above.",
        )
    if as_json:
        print(json.dumps({"type": "failed", "error": type(error).__name__, "message": message, "hint": hint}))
    print(f"{'Stopped' if code == STOPPED else 'Error'}: {message}\n{hint}".rstrip(), file=sys.stderr)
    return code
