// What has been given by now, counted on from the pump's stated rate between two entries.
// The server's figure counts; this only keeps it moving, and never beyond what is in the syringe.
import { serverNow } from "./server_clock.js";
import { setText } from "./words.js";

const MS_PER_H = 3600000;
const STEP_ML = 0.01;

function paint(node) {
  const { at, ml, rate, most, strength, shows } = node.dataset;
  const hours = Math.max(0, serverNow() - Date.parse(at)) / MS_PER_H;
  const exact = Math.min(Number(ml) + Number(rate) * hours, Number(most));
  const given = Math.round(exact / STEP_ML) * STEP_ML;
  if (!Number.isFinite(given)) return;
  const figure = shows === "mg" ? given * Number(strength) : given;
  setText(node, String(Number(figure.toFixed(2))));
}

function paintAll() {
  document.querySelectorAll("[data-given]").forEach(paint);
}

document.addEventListener("htmx:afterSwap", paintAll);
setInterval(paintAll, 1000);
paintAll();
