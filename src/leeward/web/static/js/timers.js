// Clocks, countdowns and elapsed times, all on the server's time.
import { ageInWords, minutesSeconds, serverNow } from "./server_clock.js";

const CLOCK = /^(\d{1,2}):(\d{2})$/;
const renderedAt = serverNow();

function setText(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

// A time that has passed runs on with a minus sign: how late is news too.
function paintUntil(node) {
  const left = Date.parse(node.dataset.until) - serverNow();
  if (Number.isNaN(left)) return;
  const isLate = left <= -1000;
  node.classList.toggle("is-late", isLate);
  setText(node, isLate ? `\u2212${minutesSeconds(-left)}` : minutesSeconds(left));
}

function paintSince(node) {
  const passed = Math.max(0, serverNow() - Date.parse(node.dataset.since));
  if (Number.isNaN(passed)) return;
  // A typed vital sign's age reads like every other age; everything else runs in seconds.
  const isAge = node.matches(".v__a");
  setText(node, isAge ? `typed, ${ageInWords(passed)} ago` : minutesSeconds(passed));
}

// The time of day as the server wrote it, in the clinic's zone, moved on by whole minutes.
function paintClock(node) {
  node.dataset.clock ||= node.textContent.trim();
  const [, hours, minutes] = CLOCK.exec(node.dataset.clock) ?? [];
  if (hours === undefined) return;
  const passed = Math.floor(serverNow() / 60000) - Math.floor(renderedAt / 60000);
  const at = (((Number(hours) * 60 + Number(minutes) + passed) % 1440) + 1440) % 1440;
  const two = (n) => String(n).padStart(2, "0");
  setText(node, `${two(Math.floor(at / 60))}:${two(at % 60)}`);
}

function paint() {
  document.querySelectorAll("[data-until]").forEach(paintUntil);
  document.querySelectorAll("[data-since]").forEach(paintSince);
  document.querySelectorAll("[data-clock]").forEach(paintClock);
}

document.addEventListener("htmx:afterSwap", paint);
document.addEventListener("leeward:painted", paint);
setInterval(paint, 500);
paint();
