// Forms on every page: where the focus goes, one sending per press, a new id for the next act.

import "./kept.js";

function focusMarked(within) {
  within.querySelector?.(".problem, [data-focus]")?.focus();
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on a clinic's network is no secure context, and has no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function renew(within) {
  for (const field of within.querySelectorAll('input[name="command_id"]')) field.value = newId();
}

function release(within) {
  for (const button of within.querySelectorAll("[data-sent]")) {
    button.disabled = false;
    delete button.dataset.sent;
  }
}

function say(words) {
  const region = document.getElementById("alert");
  region?.querySelector("[data-form-alert]")?.remove();
  if (!region || !words) return;
  const note = document.createElement("p");
  note.className = "note note--stop";
  note.dataset.formAlert = "";
  note.textContent = words;
  region.append(note);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented && !form.matches("[hx-post], [hx-get], [hx-put]")) return;
  // After this turn: a disabled button's own name and value would not be sent.
  setTimeout(() => {
    for (const control of form.elements) {
      if (control.type !== "submit" || control.disabled) continue;
      control.disabled = true;
      control.dataset.sent = "";
    }
  }, 0);
});

// Back brings a page with its old fields: pressing again there is a new act.
window.addEventListener("pageshow", (event) => {
  release(document);
  if (event.persisted) renew(document);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt?.closest?.("form");
  if (!form) return;
  setTimeout(() => release(form), 0);
  const status = event.detail.xhr?.status ?? 0;
  const data = document.getElementById("alert")?.dataset ?? {};
  if (event.detail.successful) {
    renew(form); // done is done: a form that stays must not go out again under the same id
    say("");
  } else if (status === 0) {
    // No answer may mean that it was done: the id stays, so that trying again acts once.
    say(data.unreachable ?? "No answer from the server. It may or may not be saved; try again.");
  } else {
    say(data.failed ?? "This was not saved.");
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.verb !== "get") focusMarked(event.detail.elt);
});

focusMarked(document);
