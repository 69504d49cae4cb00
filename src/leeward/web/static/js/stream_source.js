// One connection to /stream, shared by every page that asks for the same thing.
//
// Runs inside the SharedWorker, or inside the page where there is none. It keeps what a page that
// joins later needs: the last tick of each topic, the sparklines so far, and the recent events.

const MOST_EVENTS = 400;
const MOST_POINTS = 300;
const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 15000;

export class StreamSource {
  constructor() {
    this.listeners = new Set();
    this.ticks = new Map();
    this.sparks = new Map();
    this.events = [];
    this.source = null;
    this.retryMs = FIRST_RETRY_MS;
  }

  // A page asks; the newest token is the one that a reconnection uses.
  join(listener, wish) {
    this.wish = wish;
    this.listeners.add(listener);
    for (const event of this.events) listener({ kind: "message", message: event, ageMs: 0 });
    for (const { tick, at } of this.ticks.values()) {
      listener({ kind: "message", message: this.withSparks(tick), ageMs: Date.now() - at });
    }
    if (this.source === null) this.open(wish.after);
  }

  leave(listener) {
    this.listeners.delete(listener);
    if (this.listeners.size === 0) this.close();
  }

  close() {
    clearTimeout(this.timer);
    if (this.source) this.source.close();
    this.source = null;
  }

  open(after) {
    clearTimeout(this.timer);
    const query = new URLSearchParams({ token: this.wish.token });
    if (after) query.set("after", after);
    this.source = new EventSource(`${this.wish.url}?${query}`);
    this.source.onmessage = (event) => this.take(event);
    this.source.onerror = () => this.failed();
  }

  take(event) {
    this.retryMs = FIRST_RETRY_MS;
    let message;
    try {
      message = JSON.parse(event.data);
    } catch {
      return; // half a message is no message
    }
    if (event.lastEventId) this.after = event.lastEventId;
    if (message.type === "tick") this.keepTick(message);
    if (message.type === "event") {
      this.events.push(message);
      if (this.events.length > MOST_EVENTS) this.events.shift();
    }
    for (const listener of this.listeners) listener({ kind: "message", message, ageMs: 0 });
  }

  // The browser comes back by itself after a cut. A refusal closes the source for good: then only
  // a newer token helps, which the next page that is loaded brings; until then ask now and again.
  failed() {
    const refused = this.source && this.source.readyState === EventSource.CLOSED;
    for (const listener of this.listeners) listener({ kind: "lost", refused });
    if (!refused) return;
    this.source.close();
    this.timer = setTimeout(() => this.open(this.after ?? this.wish.after), this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }

  keepTick(tick) {
    this.ticks.set(tick.topic ?? "", { tick, at: Date.now() });
    for (const [chair, content] of Object.entries(tick.chairs ?? {})) {
      if (content.spark) {
        this.sparks.set(chair, { session: content.session, points: content.spark.map(
          ([ageS, hr, spo2]) => [Date.parse(tick.t) - ageS * 1000, hr, spo2]) });
        continue;
      }
      let kept = this.sparks.get(chair);
      if (!kept || kept.session !== content.session) {
        kept = { session: content.session, points: [] };
        this.sparks.set(chair, kept);
      }
      const live = (name) => (content.channels?.[name]?.state === "live" ? content.channels[name].v : null);
      kept.points.push([Date.parse(tick.t), live("hr"), live("spo2")]);
      if (kept.points.length > MOST_POINTS) kept.points.shift();
    }
  }

  // The last tick as if it were the first: with the sparklines, ages in seconds before its `t`.
  withSparks(tick) {
    const t = Date.parse(tick.t);
    const chairs = {};
    for (const [chair, content] of Object.entries(tick.chairs ?? {})) {
      const kept = this.sparks.get(chair);
      const spark = kept && kept.session === content.session
        ? kept.points.map(([at, hr, spo2]) => [(t - at) / 1000, hr, spo2]) : [];
      chairs[chair] = { ...content, spark };
    }
    return { ...tick, chairs };
  }
}
