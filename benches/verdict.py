"""Whether the course's library is as good as PyTorch and Keras, as far as some seeds can tell.

A network holds where the mean over the seeds is no worse than the worst seed of the better of the two: the course's
mean lies within the spread of their seeds, or beyond it on the good side. The course's own spread plays no part, so that
one that is good by luck only does not pass for good. Where PyTorch and Keras are apart themselves, it may hold beside the
weaker of them only, and the verdict says so.

    >>> scores = {"course": [0.97, 0.98], "torch": [0.97, 0.99], "keras": [0.95, 0.96]}
    >>> verdict(scores, higher_is_better=True)
    'yes'
    >>> verdict({**scores, "course": [0.90, 0.99]}, higher_is_better=True)
    'no'
    >>> verdict({**scores, "course": [0.96, 0.97]}, higher_is_better=True)
    'beside keras only'
    >>> verdict({"course": [3.0, 3.2], "torch": [1.0, 3.0]}, higher_is_better=False)
    'no'
    >>> round(standard_errors_behind(scores, higher_is_better=True), 2)
    0.45
"""

import math
import statistics

OWN = "course"
# The one verdict that fails: within the spread of one of the two is what is asked for. The tables tell it from a full yes.
NO = "no"


def verdict(scores, higher_is_better):
    others = by_mean(scores, higher_is_better)
    if OWN not in scores or not others:
        return NO
    held = [name for name in others if within_spread(scores[OWN], scores[name], higher_is_better)]
    if others[0] in held:
        return "yes"
    return f"beside {held[0]} only" if held else NO


def by_mean(scores, higher_is_better):
    """The other sides, the best first."""
    others = [name for name in scores if name != OWN]
    return sorted(others, key=lambda name: statistics.mean(scores[name]), reverse=higher_is_better)


def within_spread(own, other, higher_is_better):
    mean = statistics.mean(own)
    return mean >= min(other) if higher_is_better else mean <= max(other)


def standard_errors_behind(scores, higher_is_better):
    """How far the course's mean is behind that of the better one, in standard errors of their difference; below 0 where
    it is ahead. None where nothing varies, or one is missing."""
    others = by_mean(scores, higher_is_better)
    if OWN not in scores or not others:
        return None
    own, other = scores[OWN], scores[others[0]]
    error = math.sqrt(statistics.variance(own) / len(own) + statistics.variance(other) / len(other))
    lag = statistics.mean(other) - statistics.mean(own)
    return (lag if higher_is_better else -lag) / error if error else None
