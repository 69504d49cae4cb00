// What uPlot does not draw by itself: pressures, event discs, the infusion strip, limits.
//
// The canvas keeps its state between hooks, so each hook saves, clears the dash and restores;
// otherwise a dashed saturation line makes the pressures dashed too.

const DISC = 8.5;
export const STRIP_TOP = 46;
export const STRIP_BOTTOM = 36;

export function palette(element) {
  const style = getComputedStyle(element);
  const names = ["ink", "muted", "card", "control", "brand", "brand-soft", "hr", "spo2", "bp", "rr",
    "grid", "grid-strong", "ground", "amber", "chart-future"];
  return Object.fromEntries(names.map((n) => [n, style.getPropertyValue(`--${n}`).trim()]));
}

function clean(u, draw) {
  const { ctx } = u;
  ctx.save();
  ctx.setLineDash([]);
  ctx.lineCap = "butt";
  ctx.lineJoin = "round";
  ctx.globalAlpha = 1;
  draw(ctx, devicePixelRatio || 1);
  ctx.restore();
}

export function drawFuture(u, record, colour) {
  clean(u, (ctx) => {
    const { left, top, width, height } = u.bbox;
    const x = Math.min(Math.max(u.valToPos(record.now, "x", true), left), left + width);
    ctx.fillStyle = colour["chart-future"];
    ctx.fillRect(x, top, left + width - x, height);
  });
}

export function drawLimits(u, record, colour) {
  clean(u, (ctx, dpr) => {
    const { left, width } = u.bbox;
    ctx.setLineDash([2 * dpr, 4 * dpr]);
    ctx.font = `${12 * dpr}px ${getComputedStyle(u.root).fontFamily}`;
    ctx.textAlign = "right";
    for (const [channel, words, value] of record.limits ?? []) {
      const spo2 = channel === "spo2";
      const y = u.valToPos(value, spo2 ? "spo2" : "y", true);
      ctx.strokeStyle = ctx.fillStyle = spo2 ? colour.spo2 : colour.bp;
      ctx.lineWidth = dpr;
      ctx.beginPath();
      ctx.moveTo(spo2 ? left + width * 0.8 : left, y);
      ctx.lineTo(left + width, y);
      ctx.stroke();
      // Pressures are named left of where the saturation's limits begin, so that none overlap.
      const x = left + width * (spo2 ? 1 : 0.78) - 6 * dpr;
      ctx.fillText(`${plainly(words)} ${value}`, x, y - 4 * dpr);
    }
  });
}

const NAMES = { spo2: "SpO2", sbp: "Systolic", dbp: "Diastolic", hr: "HR", rr: "RR" };

// "sbp high" as "Systolic high".
function plainly(words) {
  return words.split(" ").map((word) => NAMES[word] ?? word).join(" ");
}

export function drawPressures(u, record, colour) {
  clean(u, (ctx, dpr) => {
    ctx.strokeStyle = colour.bp;
    for (const [t, sys, dia] of record.bp ?? []) {
      const x = u.valToPos(t, "x", true);
      const top = u.valToPos(sys, "y", true);
      const low = u.valToPos(dia, "y", true);
      const w = 5 * dpr;
      ctx.lineWidth = 1.2 * dpr;
      ctx.beginPath();
      ctx.moveTo(x, top);
      ctx.lineTo(x, low);
      ctx.stroke();
      ctx.lineWidth = 2 * dpr;
      ctx.beginPath();
      ctx.moveTo(x - w, top - 1.4 * w);
      ctx.lineTo(x, top);
      ctx.lineTo(x + w, top - 1.4 * w);
      ctx.moveTo(x - w, low + 1.4 * w);
      ctx.lineTo(x, low);
      ctx.lineTo(x + w, low + 1.4 * w);
      ctx.stroke();
    }
  });
}

// Discs keep their order, stand at least a disc apart, and point to their true minute.
export function spread(wanted, gap, low, high) {
  const xs = [...wanted];
  for (let i = 1; i < xs.length; i += 1) xs[i] = Math.max(xs[i], xs[i - 1] + gap);
  const over = xs.length ? xs[xs.length - 1] - high : 0;
  if (over > 0) xs[xs.length - 1] = high;
  for (let i = xs.length - 2; i >= 0; i -= 1) xs[i] = Math.min(xs[i], xs[i + 1] - gap);
  return xs.map((x) => Math.max(x, low));
}

export function drawDiscs(u, record, colour) {
  clean(u, (ctx, dpr) => {
    const { left, top, width } = u.bbox;
    const events = [...(record.events ?? [])].sort((a, b) => a[1] - b[1]);
    const marks = events.map(([, t]) => u.valToPos(t, "x", true));
    const room = Math.max(1, Math.floor(width / (2.3 * DISC * dpr)));
    const rows = events.length > room || crowded(marks, 2.3 * DISC * dpr) ? 2 : 1;
    const gap = (2.3 * DISC * dpr) / rows;
    const xs = spread(marks, gap, left, left + width);
    const font = getComputedStyle(u.root).fontFamily;
    events.forEach(([number], i) => {
      const y = top - (rows === 2 && i % 2 ? 33 : 15) * dpr;
      ctx.strokeStyle = colour.muted;
      ctx.lineWidth = 0.9 * dpr;
      ctx.beginPath();
      ctx.moveTo(xs[i], y + DISC * dpr);
      ctx.lineTo(marks[i], top);
      ctx.stroke();
      ctx.beginPath();
      ctx.arc(xs[i], y, DISC * dpr, 0, 2 * Math.PI);
      ctx.fillStyle = colour.card;
      ctx.fill();
      ctx.lineWidth = 1.3 * dpr;
      ctx.stroke();
      ctx.fillStyle = colour.ink;
      ctx.font = `700 ${12 * dpr}px ${font}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(String(number), xs[i], y + 0.5 * dpr);
    });
  });
}

function crowded(marks, gap) {
  return marks.some((x, i) => i > 4 && x - marks[i - 4] < 3 * gap);
}

export function drawInfusion(u, record, colour) {
  clean(u, (ctx, dpr) => {
    const rates = record.infusion ?? [];
    const { left, top, width, height } = u.bbox;
    const floor = top + height + (STRIP_BOTTOM - 4) * dpr;
    const most = Math.max(1, ...rates.map(([, , rate]) => rate));
    ctx.font = `${12 * dpr}px ${getComputedStyle(u.root).fontFamily}`;
    ctx.textBaseline = "middle";
    ctx.fillStyle = colour.muted;
    ctx.textAlign = "right";
    ctx.fillText("Infusion, mL/h", left + width - 4 * dpr, floor - 12 * dpr);
    ctx.textAlign = "left";
    for (const [from, to, rate] of rates) {
      const x0 = u.valToPos(from, "x", true);
      const x1 = u.valToPos(to ?? Math.max(record.now, from), "x", true);
      const tall = (26 * dpr * rate) / most;
      ctx.fillStyle = colour["brand-soft"];
      ctx.fillRect(x0, floor - tall, x1 - x0, tall);
      ctx.strokeStyle = colour.brand;
      ctx.lineWidth = 1.3 * dpr;
      ctx.strokeRect(x0, floor - tall, x1 - x0, tall);
      const label = String(rate);
      if (x1 - x0 > ctx.measureText(label).width + 8 * dpr && rate > 0) {
        ctx.fillStyle = colour.ink;
        ctx.fillText(label, x0 + 4 * dpr, floor - Math.max(tall / 2, 7 * dpr));
      }
    }
    ctx.fillStyle = colour["grid-strong"];
    ctx.fillRect(left, floor, width, dpr);
  });
}

export function drawNow(u, record, colour) {
  clean(u, (ctx, dpr) => {
    const x = u.valToPos(record.now, "x", true);
    const { left, top, width, height } = u.bbox;
    if (x < left || x > left + width) return;
    ctx.strokeStyle = colour.ink;
    ctx.lineWidth = 1.2 * dpr;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height + STRIP_BOTTOM * dpr);
    ctx.stroke();
  });
}
