// One form's answer replaces a whole part of the page. What somebody has begun to type into the
// other forms of that part, and what they have opened, is put back as it was.
//
// A form is known by where it goes and what it is about (its hidden fields but the token and the
// act's id), so that words never land in a form that asks something else. Passwords are let go.

const PASSING = ["csrfmiddlewaretoken", "command_id"];

function subject(form) {
  const about = [...form.querySelectorAll('input[type="hidden"]')]
    .filter((field) => !PASSING.includes(field.name))
    .map((field) => `${field.name}=${field.value}`);
  return [form.getAttribute("action"), ...about].join("|");
}

function isPick(field) {
  return ["radio", "checkbox"].includes(field.type);
}

function isTyped(field) {
  if (!field.name || ["hidden", "password", "submit", "file"].includes(field.type)) return false;
  if (field.tagName === "SELECT") return [...field.options].some((o) => o.selected !== o.defaultSelected);
  if (isPick(field)) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

function entries(form) {
  return [...form.elements].filter(isTyped).map((field) => ({
    name: field.name,
    value: field.value,
    checked: isPick(field) ? field.checked : undefined,
  }));
}

export function collect(part, sent) {
  const forms = [...part.querySelectorAll("form")].filter((form) => form !== sent);
  return {
    typed: new Map(forms.map((form) => [subject(form), entries(form)]).filter(([, all]) => all.length)),
    open: new Set([...part.querySelectorAll("details[open]")].filter((d) => !sent || !d.contains(sent)).map(heading)),
  };
}

function heading(details) {
  const words = details.querySelector("summary")?.textContent.trim() ?? "";
  const form = details.querySelector("form");
  return `${words}|${form ? subject(form) : ""}`;
}

function fill(form, all) {
  for (const { name, value, checked } of all) {
    const field = [...form.elements].find(
      (one) => one.name === name && (checked === undefined || one.value === value),
    );
    if (!field || field.disabled) continue;
    if (checked === undefined) field.value = value;
    else field.checked = checked;
  }
}

export function putBack(part, kept) {
  for (const form of part.querySelectorAll("form")) {
    const all = kept.typed.get(subject(form));
    if (all) fill(form, all);
  }
  for (const details of part.querySelectorAll("details:not([open])")) {
    if (kept.open.has(heading(details))) details.open = true;
  }
}

const waiting = new WeakMap();

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.target || detail.shouldSwap === false) return;
  const sent = detail.requestConfig?.elt?.closest?.("form");
  waiting.set(detail.target, collect(detail.target, sent));
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const kept = waiting.get(detail.target);
  waiting.delete(detail.target);
  if (kept && detail.target.isConnected) putBack(detail.target, kept);
});
