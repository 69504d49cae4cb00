// The live record of a session. <div class="record" data-source="/sessions/.../series">
// inside the [data-session] it belongs to.
//
// It starts from the series that the server gives and goes on with the ticks. The time axis is
// fixed (plan and recovery), the future is empty, and a gap stays a gap. What the figure held
// before (a drawing by the server) is replaced once there is something to show.

import * as draw from "./record_draw.js";

const UPLOT = new URL("../vendor/uplot-1.6.32/uPlot.iife.min.js", import.meta.url);
const LINES = ["hr", "spo2", "rr"];
const LOADED_AGAIN_MS = 60000;

function loadUplot() {
  if (globalThis.uPlot) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = UPLOT;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

// Nothing is drawn across more than two intervals without a reading.
export function withGaps(record) {
  const { t } = record;
  const steps = t.slice(1).map((at, i) => at - t[i]).sort((a, b) => a - b);
  const longest = 2.5 * (steps[Math.floor(steps.length / 2)] ?? 1);
  const columns = [[], [], [], []];
  t.forEach((at, i) => {
    if (i && at - t[i - 1] > longest) {
      columns[0].push(t[i - 1] + longest / 2);
      columns.slice(1).forEach((column) => column.push(null));
    }
    columns[0].push(at);
    LINES.forEach((name, k) => columns[k + 1].push(record[name][i] ?? null));
  });
  return columns;
}

// 40 to 200, wider when a reading lies outside: nothing is cut off.
function leftRange(record) {
  const values = [...record.hr, ...record.rr.filter((v) => v > 40), ...(record.bp ?? []).flatMap((b) => b.slice(1))]
    .filter((v) => v !== null && v !== undefined);
  const low = Math.min(40, Math.floor(Math.min(...values, 40) / 20) * 20);
  return [Math.max(0, low), Math.max(200, Math.ceil(Math.max(...values, 200) / 20) * 20)];
}

// The top half is 80 to 100, so that it does not cross the pressures; lower when it fell lower.
function rightRange(record) {
  const values = record.spo2.filter((v) => v !== null && v !== undefined);
  const floor = Math.min(80, Math.floor(Math.min(...values, 100) / 20) * 20);
  return [2 * floor - 100, 100];
}

// The labels keep apart however far it fell.
function spo2Step(floor) {
  const span = 50 - floor / 2;
  if (span <= 25) return 5;
  return span <= 50 ? 10 : 20;
}

class LiveRecord {
  constructor(figure) {
    this.figure = figure;
    this.session = figure.closest("[data-session]")?.dataset.session;
    this.zone = figure.closest("[data-zone]")?.dataset.zone;
  }

  async start() {
    const [record] = await Promise.all([this.fetch(), loadUplot()]);
    this.record = record;
    this.build();
    document.addEventListener("leeward:tick", (event) => this.takeTick(event.detail));
    document.addEventListener("leeward:event", (event) => {
      if (event.detail.session === this.session) this.again(300);
    });
    new ResizeObserver(() => this.resize()).observe(this.figure);
    this.again(LOADED_AGAIN_MS);
  }

  async fetch() {
    const answer = await fetch(this.figure.dataset.source, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`the record answered ${answer.status}`);
    return answer.json();
  }

  again(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      try {
        this.record = await this.fetch();
        this.redraw();
      } catch {
        // The ticks go on; the numbers beside say by themselves when they are old.
      }
      this.again(LOADED_AGAIN_MS);
    }, ms);
  }

  takeTick(tick) {
    const content = Object.values(tick.chairs ?? {}).find((c) => c.session === this.session);
    if (!content) return;
    const { record } = this;
    const t = Date.parse(tick.t) / 1000;
    const live = (name) => {
      const channel = content.channels?.[name];
      return channel?.state === "live" && channel.v !== null ? Number(channel.v) : null;
    };
    record.now = t;
    if (t <= (record.t.at(-1) ?? 0)) return;
    record.t.push(t);
    LINES.forEach((name) => record[name].push(live(name)));
    this.takePressure(content.channels ?? {});
    this.redraw();
  }

  takePressure({ nibp_sys: sys, nibp_dia: dia }) {
    if (!sys?.at || sys.v === null || !dia || dia.v === null) return;
    const at = Date.parse(sys.at) / 1000;
    if (this.record.bp.some(([t]) => Math.abs(t - at) < 1)) return;
    this.record.bp.push([at, Number(sys.v), Number(dia.v)]);
  }

  redraw() {
    const [low, high] = leftRange(this.record);
    const [floor] = rightRange(this.record);
    const { y, spo2 } = this.plot.scales;
    if (low !== y.min || high !== y.max || floor !== spo2.min) this.build();
    else this.plot.setData(withGaps(this.record));
  }

  resize() {
    const width = this.figure.clientWidth;
    if (width && Math.abs(width - this.plot.width) > 1) this.build();
  }

  build() {
    if (this.plot) this.plot.destroy();
    const width = this.figure.clientWidth;
    const box = document.createElement("div");
    box.className = "record__plot";
    this.figure.replaceChildren(box);
    this.plot = new globalThis.uPlot(this.options(width), withGaps(this.record), box);
  }

  options(width) {
    const c = draw.palette(this.figure);
    const narrow = width < 560;
    const font = `12px ${getComputedStyle(this.figure).fontFamily}`;
    const { start, end } = this.record;
    const record = () => this.record;
    const axis = { font, stroke: c.muted, ticks: { show: false } };
    const [floor] = rightRange(this.record);
    return {
      width, height: narrow ? 340 : 360, cursor: { show: false }, legend: { show: false },
      select: { show: false }, padding: [4, 8, 0, 0],
      scales: {
        x: { time: false, range: () => [start, end] },
        y: { range: () => leftRange(this.record) },
        spo2: { range: () => rightRange(this.record) },
      },
      axes: [
        { ...axis, scale: "x", side: 2, size: draw.STRIP_BOTTOM + 24, gap: draw.STRIP_BOTTOM + 4,
          grid: { show: false }, splits: () => this.minutes(narrow ? 30 : 15),
          values: (u, at) => at.map((t) => String(Math.round((t - this.zero()) / 60))) },
        { ...axis, scale: "x", side: 0, stroke: c.ink, size: draw.STRIP_TOP + 20, gap: draw.STRIP_TOP,
          grid: { show: true, stroke: c.grid, width: 1 }, splits: () => this.minutes(narrow ? 30 : 15),
          values: (u, at) => at.map((t) => this.clock(t)) },
        { ...axis, scale: "y", side: 3, size: 34, gap: 4, grid: { stroke: c.grid, width: 1 },
          splits: (u) => steps(u.scales.y.min, u.scales.y.max, 20) },
        { ...axis, scale: "spo2", side: 1, size: 34, gap: 4, stroke: c.spo2, grid: { show: false },
          splits: () => steps((floor + 100) / 2, 100, spo2Step(floor)), filter: (u, at) => at.map((v) => (v >= (floor + 100) / 2 ? v : null)) },
      ],
      series: [
        {},
        { scale: "y", stroke: c.hr, width: 1.6, spanGaps: false, points: { show: false } },
        { scale: "spo2", stroke: c.spo2, width: 1.8, dash: [5, 3], spanGaps: false, points: { show: false } },
        { scale: "y", stroke: c.rr, width: 1, spanGaps: false, points: { show: false } },
      ],
      hooks: {
        drawAxes: [(u) => draw.drawFuture(u, record(), c)],
        draw: [
          (u) => draw.drawLimits(u, record(), c),
          (u) => draw.drawPressures(u, record(), c),
          (u) => draw.drawDiscs(u, record(), c),
          (u) => draw.drawInfusion(u, record(), c),
          (u) => draw.drawNow(u, record(), c),
        ],
      },
    };
  }

  zero() {
    return this.record.zero ?? this.record.start;
  }

  minutes(step) {
    const seconds = step * 60;
    const first = Math.ceil((this.record.start - this.zero()) / seconds) * seconds + this.zero();
    return steps(first, this.record.end, seconds);
  }

  clock(t) {
    return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23",
      ...(this.zone ? { timeZone: this.zone } : {}) }).format(t * 1000);
  }
}

function steps(low, high, step) {
  const found = [];
  for (let at = low; at <= high + step / 1000; at += step) found.push(at);
  return found;
}

function begin(root) {
  for (const figure of root.querySelectorAll(".record[data-source]:not([data-drawn])")) {
    figure.dataset.drawn = "";
    new LiveRecord(figure).start().catch(() => delete figure.dataset.drawn);
  }
}

begin(document);
document.addEventListener("htmx:afterSwap", () => begin(document));
