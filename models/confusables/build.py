"""Rebuild `skeleton.tsv`: the UTS #39 skeleton of every character that has one.

The data are Unicode's own (confusables.txt), asked for through the spoof checker of an installed
ICU library, so that no file has to be downloaded::

    python models/confusables/build.py

Only characters whose skeleton differs from what NFKC and case folding give are kept.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import re
import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).parent
BUFFER = 256


def main() -> None:
    """Write the table beside this script."""
    name = ctypes.util.find_library("icui18n")
    if name is None:
        sys.exit("ICU (libicui18n) is not installed")
    version = re.search(r"\.(\d+)$", name)
    suffix = f"_{version.group(1)}" if version else ""
    icu = ctypes.CDLL(name)
    status = ctypes.c_int(0)
    opened = getattr(icu, f"uspoof_open{suffix}")
    opened.restype = ctypes.c_void_p
    checker = opened(ctypes.byref(status))
    skeleton = getattr(icu, f"uspoof_getSkeletonUTF8{suffix}")
    skeleton.argtypes = [
        ctypes.c_void_p, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_int32,
        ctypes.c_char_p, ctypes.c_int32, ctypes.POINTER(ctypes.c_int),
    ]  # fmt: skip
    lines = []
    for code in range(0x110000):
        char = chr(code)
        if unicodedata.category(char) in ("Cn", "Co", "Cs"):
            continue
        raw = char.encode()
        out = ctypes.create_string_buffer(BUFFER)
        status = ctypes.c_int(0)
        n = skeleton(checker, 0, raw, len(raw), out, BUFFER, ctypes.byref(status))
        folded = out.raw[:n].decode()
        if folded != unicodedata.normalize("NFKD", char).casefold():
            lines.append(f"{code:X}\t{' '.join(f'{ord(c):X}' for c in folded)}\n")
    (HERE / "skeleton.tsv").write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    main()
