// Paints the newest numbers of each chair with their age. The number is the data; without a value
// there is a dash and the reason, never an old number that looks new.
import { paintAlarms, paintElsewhere } from './alarms.js';
import { paintSpark, takeSpark } from './spark.js';
import { ageWords, plain, setText } from './words.js';

// A cuff pressure older than this must not look current.
const CUFF_OLD_S = 300;
const DASH = '\u2013';
const NO_VALUE = {
  sensor_off: 'sensor off',
  out_of_range: 'out of range',
  invalid: 'not valid',
  no_value: 'no value',
};

const seen = new Map(); // chair id -> { chair, engine, tick time, when it came }
let feedDead = false;
let anyTick = false;

function cuff(channels) {
  const sys = channels.nibp_sys;
  const dia = channels.nibp_dia;
  if (!sys && !dia) return undefined;
  const worse = (sys?.age_s ?? -1) >= (dia?.age_s ?? -1) ? sys : dia;
  const isWhole = sys?.v != null && dia?.v != null && sys.at === dia.at;
  return { ...worse, v: isWhole ? `${plain(sys.v)}/${plain(dia.v)}` : null };
}

function readingOf(channels, name) {
  if (name === 'nibp') return cuff(channels);
  // An oximeter without leads counts the pulse: it stands for the heart rate, and says so.
  const isPulse = name === 'hr' && !channels.hr && channels.pr;
  const reading = isPulse ? { ...channels.pr, isPulse } : channels[name];
  return reading && { ...reading, v: reading.v == null ? null : plain(reading.v) };
}

function ageText(reading, extraS) {
  if (reading.age_s == null) return 'no data';
  const age = ageWords(reading.age_s + extraS);
  if (reading.v == null) return `${NO_VALUE[reading.q] || 'no value'}, ${age}`;
  const kind = reading.isPulse ? 'pulse, ' : '';
  return reading.q === 'questionable' ? `${kind}questionable, ${age}` : `${kind}${age}`;
}

// What a person typed stands in for a device that has no value, or an older one; it says so.
function typedInstead(node, chair, reading) {
  const typedAt = Date.parse(node.dataset.typedAt || '');
  if (Number.isNaN(typedAt)) return false;
  if (reading?.at) return !(Date.parse(reading.at) >= typedAt);
  const hasNone = reading?.v == null || reading.state === 'stale' || reading.state === 'none';
  // Only a fresh one: an old number must not hide that the sensor gives none.
  if (!hasNone || Date.parse(chair.t) - typedAt > CUFF_OLD_S * 1000) return false;
  return reading?.v == null || Date.parse(chair.t) - reading.age_s * 1000 < typedAt;
}

function paintTyped(node, chair, extraS) {
  const { typed, typedAt } = node.dataset;
  const age = node.querySelector('.v__a');
  setText(node.querySelector('.v__n'), typed);
  age.dataset.since = typedAt;
  const ageS = (Date.parse(chair.t) - Date.parse(typedAt)) / 1000;
  node.classList.remove('v--stale');
  node.classList.toggle('v--old', ageS + extraS > CUFF_OLD_S);
  node.classList.toggle('v--breach', !feedDead && isBreached(chair, node.dataset.channel));
}

// The page says what was typed each time a part of it is fetched anew.
function takeTyped() {
  document.querySelectorAll('[data-typed-now]').forEach((told) => {
    const values = JSON.parse(told.dataset.typedNow || '{}');
    const place = document.querySelector(`.session[data-chair="${CSS.escape(told.dataset.of)}"]`);
    place?.querySelectorAll('[data-channel]').forEach((node) => {
      const typed = values[node.dataset.channel];
      if (!typed) return;
      node.dataset.typed = typed.v;
      node.dataset.typedAt = typed.at;
      if (seen.has(told.dataset.of)) return;
      setText(node.querySelector('.v__n'), typed.v); // nobody reports from this chair
      node.querySelector('.v__a').dataset.since = typed.at;
    });
  });
}

function paintChannel(node, chair, extraS) {
  const name = node.dataset.channel;
  const reading = readingOf(chair.channels, name);
  if (typedInstead(node, chair, reading)) return paintTyped(node, chair, extraS);
  const number = node.querySelector('.v__n');
  const age = node.querySelector('.v__a');
  if (age?.dataset.since) delete age.dataset.since;
  const has = reading?.v != null;
  setText(number, has ? reading.v : DASH);
  setText(age, reading ? ageText(reading, extraS) : 'no data');
  const isCuff = name === 'nibp';
  const ageS = (reading?.age_s ?? 0) + extraS;
  const isStale = reading?.state === 'stale' || reading?.state === 'none';
  node.classList.toggle('v--stale', feedDead || (isStale && !isCuff));
  node.classList.toggle('v--old', isCuff && has && (isStale || ageS > CUFF_OLD_S));
  node.classList.toggle('v--breach', !feedDead && has && isBreached(chair, name));
}

function isBreached(chair, name) {
  return chair.alarms.some(
    (alarm) => alarm.present && alarm.priority === 'high' // a red fill means HIGH and nothing else
      && (alarm.channel === name || (name === 'nibp' && alarm.channel?.startsWith('nibp'))),
  );
}

function paintChair(id) {
  const { chair, came } = seen.get(id);
  const extraS = (performance.now() - came) / 1000;
  document.querySelectorAll(`[data-chair="${CSS.escape(id)}"]`).forEach((place) => {
    // A chair's next patient never shows up under the name of the one before.
    if (place.dataset.session && place.dataset.session !== chair.session) return blank(place);
    place.querySelectorAll('[data-channel]').forEach((node) => paintChannel(node, chair, extraS));
    place.querySelectorAll('[data-alarm]').forEach((node) => paintAlarms(node, chair));
    place.querySelectorAll('[data-spark]').forEach((node) => paintSpark(node, id));
  });
}

// Numbers of a session that no tick speaks of are gone, not frozen at their last age.
function blank(place) {
  place.querySelectorAll('[data-channel]').forEach((node) => {
    if (node.querySelector('.v__a')?.dataset.since) return; // typed by hand, and aging by itself
    setText(node.querySelector('.v__n'), DASH);
    setText(node.querySelector('.v__a'), 'no data');
    node.classList.remove('v--breach', 'v--old');
    node.classList.add('v--stale');
  });
}

function paintAll() {
  for (const id of seen.keys()) paintChair(id);
  if (!anyTick) return;
  document.querySelectorAll('[data-chair][data-session]').forEach((place) => {
    if (!seen.has(place.dataset.chair)) blank(place);
  });
}

document.addEventListener('leeward:tick', ({ detail }) => {
  anyTick = true;
  for (const [id, chair] of Object.entries(detail.chairs || {})) {
    const engine = chair.alarm_engine || detail.alarm_engine || { state: 'lost' };
    const whole = { channels: {}, alarms: [], ...chair, engine, t: detail.t };
    seen.set(id, { chair: whole, came: performance.now() - (detail.heard_ms_ago || 0) });
    takeSpark(id, whole);
    paintChair(id);
  }
  // A board's tick names every chair that is watched; one that left it has no numbers any more.
  if (detail.topic?.startsWith('board:')) {
    for (const id of seen.keys()) if (!(id in detail.chairs)) seen.delete(id);
  }
  document.querySelectorAll('[data-alarm-elsewhere]').forEach((node) => {
    paintElsewhere(node, new Map([...seen].map(([id, { chair }]) => [id, chair])));
  });
  document.dispatchEvent(new CustomEvent('leeward:painted'));
});

document.addEventListener('leeward:feed', ({ detail }) => {
  feedDead = detail.state === 'dead';
  paintAll();
});
document.addEventListener('htmx:afterSwap', () => {
  takeTyped();
  paintAll();
});
takeTyped();
setInterval(paintAll, 1000);
