// After something happened, the parts of the page that show it are fetched again through htmx.
const TOGETHER_MS = 150;
const LOOK_AGAIN_MS = 1000;

const waiting = new Set();
let timer = 0;

function concerns(element, detail) {
  if (detail.type === "changed") return true;
  const session = element.closest("[data-session]")?.dataset.session;
  if (session && session !== detail.session) return false;
  const names = element.dataset.refreshOn?.split(/\s+/).filter(Boolean) ?? [];
  return names.length === 0 || names.includes(detail.event);
}

// What somebody is filling in must not vanish under their hands; the part waits until they are done.
function isBusy(element) {
  const active = document.activeElement;
  if (active && element.contains(active) && active.matches("input, textarea, select")) return true;
  if (element.querySelector("details.pump[open]")) return true;
  if (element.querySelector("[data-sent]")) return true; // its own answer is on the way
  return [...element.querySelectorAll("input:not([type=hidden]), textarea")].some((field) =>
    ["radio", "checkbox"].includes(field.type)
      ? field.checked !== field.defaultChecked
      : field.value !== field.defaultValue,
  );
}

function refresh() {
  for (const element of waiting) {
    if (element.isConnected && isBusy(element)) continue;
    waiting.delete(element);
    if (element.isConnected) globalThis.htmx?.trigger(element, "refresh");
  }
  timer = waiting.size ? setTimeout(refresh, LOOK_AGAIN_MS) : 0;
}

document.addEventListener("leeward:event", ({ detail }) => {
  for (const element of document.querySelectorAll("[data-refresh]")) {
    if (concerns(element, detail)) waiting.add(element);
  }
  clearTimeout(timer);
  timer = setTimeout(refresh, TOGETHER_MS);
});

// Typing may have begun while the answer was on its way: it is let go and asked for again later.
// Words that say why something was refused stay until the next act.
const refusals = new WeakMap();

function fetchedAnew({ target, requestConfig }) {
  return requestConfig?.verb === "get" && target?.matches("[data-refresh]");
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!fetchedAnew(detail)) return;
  refusals.set(detail.target, detail.target.querySelector("[data-focus]"));
  if (!isBusy(detail.target)) return;
  detail.shouldSwap = false;
  waiting.add(detail.target);
  if (!timer) timer = setTimeout(refresh, LOOK_AGAIN_MS);
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const kept = fetchedAnew(detail) && refusals.get(detail.target);
  if (kept && !kept.isConnected) detail.target.prepend(kept);
});
