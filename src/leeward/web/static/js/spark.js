// The last five minutes of heart rate and saturation as two small lines; help, not data.
const SPAN_S = 300;
const WIDTH = 240;
const HEIGHT = 44;
const GAP_S = 3;
const LEAST_SPAN = { hr: 40, spo2: 10 };
const ROWS = { spo2: [4, 20], hr: [24, 40] };
const SVG = 'http://www.w3.org/2000/svg';

const histories = new Map(); // chair id -> [[epoch s, hr, spo2]], oldest first

function numberOf(reading) {
  return reading && reading.state === 'live' && reading.v != null ? Number(reading.v) : null;
}

const asNumber = (value) => (value == null ? null : Number(value));

export function takeSpark(id, chair) {
  const nowS = Date.parse(chair.t) / 1000;
  let history = histories.get(id) || [];
  if (chair.spark) {
    history = chair.spark.map(([ago, hr, spo2]) => [nowS - ago, asNumber(hr), asNumber(spo2)]);
  } else {
    history.push([nowS, numberOf(chair.channels.hr), numberOf(chair.channels.spo2)]);
  }
  histories.set(id, history.filter(([at]) => at >= nowS - SPAN_S));
}

// An unbroken stretch per `M`: a missing value, or silence, ends one.
function path(history, column, name) {
  const present = history.map((row) => row[column]).filter((value) => value !== null);
  if (!present.length) return '';
  const least = Math.min(...present);
  const most = Math.max(...present);
  const spare = Math.max(LEAST_SPAN[name] - (most - least), 0) / 2;
  const [top, bottom] = ROWS[name];
  const last = history[history.length - 1][0];
  let before = -Infinity;
  let words = '';
  for (const row of history) {
    const value = row[column];
    if (value === null) continue;
    const x = WIDTH * (1 - (last - row[0]) / SPAN_S);
    const y = bottom - ((bottom - top) * (value - least + spare)) / (most - least + 2 * spare);
    words += `${row[0] - before > GAP_S ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    before = row[0];
  }
  return words;
}

function line(svg, className, colour, dash) {
  const node = document.createElementNS(SVG, 'path');
  node.setAttribute('class', className);
  node.setAttribute('fill', 'none');
  node.setAttribute('stroke', `var(--${colour})`);
  node.setAttribute('stroke-width', '1.6');
  node.setAttribute('stroke-linecap', 'round');
  if (dash) node.setAttribute('stroke-dasharray', dash);
  svg.append(node);
}

function drawing(node) {
  const known = node.querySelector('svg');
  if (known) return known;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'Heart rate and SpO2, last 5 minutes');
  line(svg, 'spark__spo2', 'spo2', '5 3');
  line(svg, 'spark__hr', 'hr', '');
  node.replaceChildren(svg);
  return svg;
}

export function paintSpark(node, id) {
  const history = histories.get(id);
  if (!history?.length) return;
  const svg = drawing(node);
  svg.querySelector('.spark__hr').setAttribute('d', path(history, 1, 'hr'));
  svg.querySelector('.spark__spo2').setAttribute('d', path(history, 2, 'spo2'));
}
