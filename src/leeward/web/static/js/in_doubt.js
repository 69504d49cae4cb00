// An act that was sent and never answered is in doubt: the page asks the record whether it was
// taken, and says so. Kept is only the id of the act and the words on its button, in this tab.
const ASK_AGAIN_MS = 2000;
const place = document.querySelector("[data-commands]");
const KEY = `leeward.sent ${place?.dataset.session}`;

function load() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

function change(id, entry) {
  const sent = load();
  if (entry) sent[id] = entry;
  else delete sent[id];
  sessionStorage.setItem(KEY, JSON.stringify(sent));
}

function say(words, kind) {
  const region = document.getElementById("alert");
  region?.querySelector("[data-in-doubt]")?.remove();
  if (!region || !words) return;
  const note = document.createElement("p");
  note.className = `note${kind}`;
  note.dataset.inDoubt = "";
  note.textContent = words;
  region.append(note);
}

function acted(form) {
  return place && form?.matches?.("form[method=post]") && form.action.includes("/do/");
}

document.addEventListener("submit", ({ target, submitter }) => {
  if (!acted(target)) return;
  const label = (submitter?.textContent ?? "").trim().slice(0, 60);
  change(target.elements.command_id?.value, { label });
}, true);

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.elt?.closest?.("form");
  if (!acted(form)) return;
  const id = detail.requestConfig?.parameters?.command_id ?? form.elements.command_id?.value;
  if (detail.xhr?.status) return change(id);
  change(id, { ...load()[id], unanswered: true });
  say(`In doubt: \u201c${load()[id].label}\u201d was sent and not answered. Asking the record \u2026`, " note--caution");
  setTimeout(askAll, ASK_AGAIN_MS);
});

async function ask(id, entry, told) {
  const answer = await fetch(`${place.dataset.commands}${encodeURIComponent(id)}/`, {
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const { taken, entries } = await answer.json();
  change(id);
  if (!taken) told.push([`Not saved: \u201c${entry.label}\u201d. Do it again.`, " note--stop"]);
  else if (entry.unanswered) {
    told.push([`Saved as entry ${entries.map((e) => e.seq).join(", ")}: ${entries[0].words}.`, ""]);
  }
}

let asking = 0;

async function askAll() {
  clearTimeout(asking);
  const told = [];
  try {
    for (const [id, entry] of Object.entries(load())) await ask(id, entry, told);
  } catch {
    asking = setTimeout(askAll, ASK_AGAIN_MS); // still no answer: the doubt stays on the screen
    return;
  }
  if (told.length) say(told.map(([words]) => words).join(" "), told.at(-1)[1]);
}

if (place && Object.keys(load()).length) askAll();
