"""When a camera shows which position of its film; time runs on whether anyone watches or not."""

from __future__ import annotations

import time
from dataclasses import dataclass

NS_PER_MS = 1_000_000


@dataclass(frozen=True)
class Anchor:
    """From `monotonic_ns` on, the film runs from `position_ns` at `rate` times its own pace."""

    monotonic_ns: int
    position_ns: int
    rate: float


class FilmClock:
    """Maps film positions (ns, loops counted through) to host time; a change of rate adds an anchor and keeps the past."""

    def __init__(self, epoch_monotonic_ns: int) -> None:
        self._anchors = [Anchor(epoch_monotonic_ns, 0, 1.0)]
        # Fixed once, so that the truth does not move when the host's clock is stepped.
        self._utc_minus_monotonic_ns = time.time_ns() - time.monotonic_ns()

    @property
    def rate(self) -> float:
        return self._anchors[-1].rate

    def position_ns(self, monotonic_ns: int) -> int:
        anchor = self._anchors[-1]
        return anchor.position_ns + round((monotonic_ns - anchor.monotonic_ns) * anchor.rate)

    def monotonic_ns(self, position_ns: int) -> int:
        anchor = next((a for a in reversed(self._anchors) if a.position_ns <= position_ns), self._anchors[0])
        return anchor.monotonic_ns + round((position_ns - anchor.position_ns) / anchor.rate)

    def utc_ms(self, position_ns: int) -> float:
        return (self.monotonic_ns(position_ns) + self._utc_minus_monotonic_ns) / NS_PER_MS

    def set_rate(self, rate: float) -> None:
        now = time.monotonic_ns()
        self._anchors.append(Anchor(now, self.position_ns(now), rate))
