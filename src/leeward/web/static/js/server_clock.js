// The server's time as this page knows it. Ages and countdowns never trust the tablet's own date.
//
// The offset comes from <meta name="server-time"> and is corrected by every tick.

let offsetMs = 0;

export function setServerTime(iso) {
  const told = Date.parse(iso);
  if (Number.isFinite(told)) offsetMs = told - Date.now();
}

export function serverNow() {
  return Date.now() + offsetMs;
}

// Milliseconds since a moment taken with `moment()`. A browser's steady clock may stand still while
// the machine sleeps, and its date may be set back; the longer of the two is the honest age.
export function moment() {
  return { steady: performance.now(), date: Date.now() };
}

export function msSince(then) {
  return Math.max(performance.now() - then.steady, Date.now() - then.date, 0);
}

// 0:18, 12:05, 1:02:09
export function minutesSeconds(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const h = Math.floor(s / 3600);
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return h ? `${h}:${rest}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
}

// 2 s, 4 min, 2 h; rounded down, so that nothing looks younger than its unit allows.
export function ageInWords(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 5400) return `${Math.floor(s / 60)} min`;
  return `${Math.floor(s / 3600)} h`;
}

const meta = document.querySelector('meta[name="server-time"]');
if (meta) setServerTime(meta.content);
