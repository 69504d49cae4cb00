"""Samples into a watch: in their order, late ones put where they belong.

What has been told stays told. A late sample can show an episode that was not seen before, or that
an alarm was over earlier; it never makes an alarm unsaid.
"""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .limits import Threshold
from .state import Episode, Watch
from .track import Change, Track, take, take_all, wait


@dataclass(frozen=True, slots=True)
class Begun:
    """An episode to tell of.

    Attributes
    ----------
    onset_ms : int
        Begin [ms].
    offset_ms : int or None
        End [ms], if it is over already.
    value : Decimal or None
        The breaching value [unit of the threshold].
    """

    onset_ms: int
    offset_ms: int | None
    value: Decimal | None

    def entered(self, watch: Watch, hold: str) -> Watch:
        """The watch with this episode told."""
        episode = Episode(self.onset_ms, self.offset_ms, hold)
        return replace(watch, episodes=(*watch.episodes, episode))


@dataclass(frozen=True, slots=True)
class Finished:
    """An episode that was told of is over."""

    hold: str


News = tuple[Begun | Finished, ...]


def take_sample(
    watch: Watch,
    threshold: Threshold,
    taken_ms: int,
    value: Decimal,
    now_ms: int,
    *,
    instead: bool = False,
) -> tuple[Watch, News]:
    """Take a sample.

    Parameters
    ----------
    watch : Watch
        The watch so far.
    threshold : Threshold
        What it watches for.
    taken_ms : int
        When the sample was taken [ms], after `watch.base_ms`.
    value : Decimal
        Its value [unit of the threshold].
    now_ms : int
        The present [ms].
    instead : bool
        Whether it takes the place of an earlier sample of that time.

    Returns
    -------
    Watch, tuple of Begun or Finished
        The watch with the sample, and what there is to tell. A `Begun` enters the watch when it
        has its hold.
    """
    sample = (taken_ms, value)
    if sample in watch.window:
        return watch, ()
    newest = not watch.window or taken_ms > watch.window[-1][0]
    onset_ms = watch.live.onset_ms
    if newest and (onset_ms is None or onset_ms <= taken_ms):
        live, changes = take(watch.live, threshold, taken_ms, value)
        watch = replace(watch, window=(*watch.window, sample), live=live)
        return _told(watch, changes)
    window = [s for s in watch.window if not (instead and s[0] == taken_ms)]
    insort(window, sample)
    live, found = take_all(watch.base, threshold, window)
    live, waited = wait(live, threshold, now_ms)
    if waited is not None:
        found.append(waited)
    watch = replace(watch, window=tuple(window), live=live)
    return _compared(watch, _episodes(watch.base, found), now_ms)


def settle(watch: Watch, threshold: Threshold, before_ms: int) -> Watch:
    """Settle the samples older than a moment [ms]; later ones can still be put between."""
    old = [sample for sample in watch.window if sample[0] < before_ms]
    if not old:
        return watch
    base, _ = take_all(watch.base, threshold, old)
    base_ms = old[-1][0]
    kept = tuple(e for e in watch.episodes if e.offset_ms is None or e.offset_ms > base_ms)
    window = watch.window[len(old) :]
    return replace(watch, base=base, base_ms=base_ms, window=window, episodes=kept)


def _told(watch: Watch, changes: Sequence[Change]) -> tuple[Watch, News]:
    news: list[Begun | Finished] = []
    for change in changes:
        if change.begins:
            news.append(Begun(change.at_ms, None, change.value))
            continue
        if news and isinstance(news[-1], Begun):
            news[-1] = replace(news[-1], offset_ms=change.at_ms)
            continue
        for episode in watch.episodes:
            if episode.offset_ms is None:
                news.append(Finished(episode.hold))
                watch = _closed(watch, episode, change.at_ms)
    return watch, tuple(news)


def _episodes(base: Track, changes: Sequence[Change]) -> list[Begun]:
    found = [] if base.onset_ms is None else [Begun(base.onset_ms, None, base.value)]
    for change in changes:
        if change.begins:
            found.append(Begun(change.at_ms, None, change.value))
        else:
            found[-1] = replace(found[-1], offset_ms=change.at_ms)
    return found


def _compared(watch: Watch, found: list[Begun], now_ms: int) -> tuple[Watch, News]:
    news: list[Begun | Finished] = []
    untold = list(watch.episodes)
    for episode in found:
        told = next((t for t in untold if _overlap(t, episode)), None)
        if told is not None:
            untold.remove(told)
        if told is None or (told.offset_ms is not None and episode.offset_ms is None):
            news.append(episode)
        elif told.offset_ms is None and episode.offset_ms is not None:
            news.append(Finished(told.hold))
            watch = _closed(watch, told, episode.offset_ms)
    for told in untold:
        if told.offset_ms is None:
            news.append(Finished(told.hold))
            watch = _closed(watch, told, now_ms)
    return watch, tuple(news)


def _overlap(told: Episode, found: Begun) -> bool:
    told_first = found.offset_ms is None or told.onset_ms <= found.offset_ms
    found_first = told.offset_ms is None or found.onset_ms <= told.offset_ms
    return told_first and found_first


def _closed(watch: Watch, episode: Episode, at_ms: int) -> Watch:
    closed = tuple(replace(e, offset_ms=at_ms) if e == episode else e for e in watch.episodes)
    return replace(watch, episodes=closed)
