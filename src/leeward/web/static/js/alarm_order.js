// The one order of alarms, the same as leeward.core.alarms.order: what nobody has answered first,
// then by priority, then what lasts before what is over, then the longest.
const RANK = { high: 0, medium: 1, low: 2 };

export function worstFirst(alarms) {
  return [...alarms].sort(
    (a, b) => Number(a.acknowledged) - Number(b.acknowledged)
      || (RANK[a.priority] ?? 3) - (RANK[b.priority] ?? 3)
      || Number(b.present) - Number(a.present)
      || Date.parse(a.since) - Date.parse(b.since),
  );
}
