// The page's live feed: news become events on `document`, and silence is seen by this page's own
// clock, never by the connection's word. README.md states the contract.
import { moment, msSince, setServerTime } from "./server_clock.js";
import { StreamSource } from "./stream_source.js";

const DEAD_AFTER_MS = 5000;
const HERE_EVERY_MS = 15000;

const element = document.querySelector("[data-stream]");
const root = document.documentElement;
const places = () => document.querySelectorAll("#feed-state, [data-feed-state]");
const wordsBefore = new Map([...places()].map((node) => [node, node.textContent.trim()]));

let heard = moment();
let newestT = -Infinity;

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`leeward:${name}`, { detail }));
}

function takeTick(tick, ageMs) {
  const t = Date.parse(tick.t);
  if (!(t >= newestT)) return;
  // The same moment told again (or for a second topic) is no sign of life.
  if (t > newestT) {
    newestT = t;
    const now = moment();
    heard = { steady: now.steady - ageMs, date: now.date - ageMs };
    setServerTime(new Date(t + ageMs).toISOString());
    judge();
  }
  tell("tick", { ...tick, heard_ms_ago: ageMs });
}

function take({ kind, message, ageMs }) {
  if (kind !== "message") return;
  if (message.type === "tick") takeTick(message, ageMs);
  else if (message.type === "event" || message.type === "changed") tell("event", message);
}

// Words of the page (that this is a demo, say) come back; "not heard yet" does not.
function liveWords(node) {
  const before = wordsBefore.get(node) ?? "";
  return node.dataset.words ?? (/^(feed not heard yet)?$/.test(before) ? "feed live" : before);
}

function say(isDead, silentMs) {
  const dead = `No live data for ${Math.floor(silentMs / 1000)} s. Watch the bedside monitor.`;
  for (const node of places()) {
    const words = isDead ? dead : liveWords(node);
    if (node.textContent !== words) node.textContent = words;
  }
  for (const node of document.querySelectorAll("[data-live]")) node.classList.toggle("is-dead", isDead);
}

// Said once into the alert region, so that a screen reader hears it once and not every second.
function alertOnce(isDead) {
  const region = document.getElementById("alert");
  region?.querySelector("[data-feed-alert]")?.remove();
  if (!region || !isDead) return;
  const note = document.createElement("p");
  note.className = "note note--stop";
  note.dataset.feedAlert = "";
  note.textContent = "No live data. Watch the bedside monitor.";
  region.append(note);
}

function judge() {
  const silentMs = msSince(heard);
  const isDead = silentMs >= DEAD_AFTER_MS;
  if (!isDead && newestT === -Infinity) return; // nothing heard yet, and not yet too long
  const before = root.dataset.feed;
  const state = isDead ? "dead" : "live";
  root.dataset.feed = state;
  say(isDead, silentMs);
  if (state === before) return;
  alertOnce(isDead);
  tell("feed", { state, silentMs });
}

function wish() {
  const { token, after, key, url } = element.dataset;
  return { token, after, key, url: new URL(url ?? "/stream", location.href).href };
}

function direct() {
  new StreamSource().join(take, wish());
}

function shared() {
  const script = new URL("./stream_worker.js", import.meta.url);
  const worker = new SharedWorker(script, { type: "module", name: "leeward-stream" });
  const here = () => worker.port.postMessage({ wish: wish() });
  worker.port.onmessage = ({ data }) => take(data);
  const timer = setInterval(here, HERE_EVERY_MS);
  worker.onerror = () => {
    clearInterval(timer); // a worker that cannot start must not leave the page without a feed
    direct();
  };
  window.addEventListener("pagehide", () => worker.port.postMessage({ leave: true }));
  window.addEventListener("pageshow", here);
}

if (element) {
  // Only pages that name their viewer and topics share: one person's stream is never another's.
  if (element.dataset.key && typeof SharedWorker === "function") shared();
  else direct();
  setInterval(judge, 500);
  document.addEventListener("visibilitychange", judge);
}
