# SPDX-License-Identifier: GPL-2.0-only
"""Rule sets of the shapes of selftests/host/shapes.c, read from shape_text:
rules, and packets with the rule that decides them by the naive walk. One set of
rules is kept: a hundred thousand take more pages than a process of user-mode
Linux may have many times over."""
import os
import subprocess
from functools import lru_cache
from typing import NamedTuple, Optional


class Rule(NamedTuple):
    """None: any. Addresses and ports are ranges of numbers."""
    action: str
    proto: Optional[int] = None
    src: Optional[tuple] = None
    dst: Optional[tuple] = None
    sport: Optional[tuple] = None
    dport: Optional[tuple] = None


class Flow(NamedTuple):
    """rule: index of the rule that decides; the number of rules: the default"""
    rule: int
    proto: int
    src: int
    dst: int
    sport: int
    dport: int


def pair(word, base):
    return None if word == "-" else tuple(int(x, base) for x in word.split("-"))


def lines(name, n, v6, *more):
    """The words of each line shape_text prints."""
    cmd = [os.environ["ZPF_SHAPE_TEXT"]] + ["-6"] * v6 + [name, str(n), *more]
    with subprocess.Popen(cmd, stdout=subprocess.PIPE, text=True) as proc:
        yield from (line.split() for line in proc.stdout)
    if proc.returncode:
        raise subprocess.CalledProcessError(proc.returncode, cmd)


@lru_cache(maxsize=1)
def shape(name, n, v6):
    """Its rules."""
    return [Rule(word[1], None if word[2] == "-" else int(word[2]),
                 pair(word[3], 16), pair(word[4], 16), pair(word[5], 10), pair(word[6], 10))
            for word in lines(name, n, v6) if word[0] == "rule"]


def packets(name, n, v6, place, count):
    """So many packets at a place: first, middle, last, default or random."""
    return [Flow(int(word[2]), int(word[3]), int(word[4], 16), int(word[5], 16),
                 int(word[6]), int(word[7]))
            for word in lines(name, n, v6, place, str(count)) if word[0] != "rule"]
