// Sounds of alarms after IEC 60601-1-8: bursts of pulses by priority, repeated while somebody must
// still look. A page that can't be heard says so; the bedside monitor stays the primary alarm.
//
// The board sounds every chair. A session's page sounds its own chair, and another one once its
// alarm has gone further (`step`), which it does at once where no sound was confirmed.
import { worstFirst } from "./alarm_order.js";
import { serverNow } from "./server_clock.js";

// Begin of each pulse [s] within a burst, and how often the burst comes [ms].
const BURSTS = {
  high: { at: [0, 0.2, 0.4, 0.75, 0.95, 1.6, 1.8, 2.0, 2.35, 2.55], hz: 880, everyMs: 7000 },
  medium: { at: [0, 0.3, 0.6], hz: 660, everyMs: 12000 },
  low: { at: [0, 0.4], hz: 520, everyMs: 25000 },
};
const PULSE_S = 0.15;
const LOUD = 0.5;

const root = document.documentElement;
const place = document.querySelector("[data-sound]");
const chairs = new Map();
let faults = [];
let last = { priority: "", at: -Infinity };
let context = null;

function make() {
  try {
    context = new AudioContext();
  } catch {
    context = null;
  }
  context?.addEventListener("statechange", judge);
}

function isAudible() {
  return context !== null && context.state === "running";
}

export function play(priority) {
  if (!isAudible()) return false;
  const { at, hz } = BURSTS[priority];
  for (const delay of at) {
    const begin = context.currentTime + delay;
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = hz;
    tone.type = "triangle";
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(LOUD, begin + 0.02);
    gain.gain.setValueAtTime(LOUD, begin + PULSE_S - 0.02);
    gain.gain.linearRampToValueAtTime(0, begin + PULSE_S);
    tone.connect(gain).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + PULSE_S);
  }
  return true;
}

function isSounding(alarm) {
  if (!alarm.present || alarm.acknowledged) return false;
  return !(alarm.quiet_until && Date.parse(alarm.quiet_until) > serverNow());
}

// What this screen must make heard now, the worst of it; "" when all is quiet.
export function sounding() {
  if (root.dataset.feed === "dead") return "medium";
  if (faults.length) return "high";
  const own = place.dataset.sound;
  const alarms = [...chairs].flatMap(([id, chair]) => chair.alarms.filter(
    (alarm) => isSounding(alarm) && (own === "board" || id === own || alarm.step > 0)));
  return worstFirst(alarms)[0]?.priority ?? "";
}

function sound() {
  const priority = sounding();
  const now = performance.now();
  const isWorse = priority && priority !== last.priority;
  root.dataset.sounding = priority;
  if (!priority) {
    last = { priority, at: -Infinity };
  } else if (isWorse || now - last.at >= BURSTS[priority].everyMs) {
    last = { priority, at: now };
    const heard = play(priority);
    document.dispatchEvent(new CustomEvent("leeward:sound", { detail: { priority, heard } }));
  }
}

// Silence that is meant and silence that is not look different.
function judge() {
  const state = isAudible() ? "on" : "blocked";
  if (root.dataset.sound === state) return;
  root.dataset.sound = state;
  for (const node of document.querySelectorAll("[data-sound-blocked]")) node.hidden = state === "on";
}

async function turnOn() {
  if (context === null || context.state === "closed") make();
  try {
    await context?.resume();
  } catch {
    // judged by its state below
  }
  judge();
}

async function keepAwake() {
  if (document.visibilityState !== "visible") return;
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // a screen that may sleep is no fault of the page; the feed's age shows it afterwards
  }
}

document.addEventListener("leeward:tick", ({ detail }) => {
  faults = detail.faults ?? [];
  if (detail.topic?.startsWith("board:")) chairs.clear();
  for (const [id, chair] of Object.entries(detail.chairs ?? {})) {
    chairs.set(id, { alarms: chair.alarms ?? [] });
  }
});

// Delegated: the parts of the page come anew after each act.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-sound-on], [data-sound-play]");
  if (!button) return;
  await turnOn();
  if (button.matches("[data-sound-play]")) {
    const heard = play("high");
    const said = document.querySelector("[data-sound-said]");
    if (said) said.textContent = heard ? "The alarm sound was played. Did you hear it?"
      : "This screen can\u2019t play sound. Answer No: high alarms go to the other screens at once.";
  }
});

if (place) {
  make();
  judge();
  keepAwake();
  document.addEventListener("visibilitychange", keepAwake);
  document.addEventListener("htmx:afterSwap", () => { delete root.dataset.sound; judge(); });
  // Any touch of the page is leave to sound; browsers ask for one.
  for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, turnOn, { once: true });
  setInterval(() => { judge(); sound(); }, 500);
}
