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

// A pressure typed by hand after the monitor's own is the newer one: leave it.
function isTypedNewer(node, reading) {
  const typed = Date.parse(node.querySelector('.v__a')?.dataset.since || '');
  return !Number.isNaN(typed) && !(Date.parse(reading?.at || '') >= typed);
}

function paintChannel(node, chair, extraS) {
  const name = node.dataset.channel;
  const reading = readingOf(chair.channels, name);
  if (name === 'nibp' && isTypedNewer(node, reading)) {
    const typedS = (Date.parse(chair.t) - Date.parse(node.querySelector('.v__a').dataset.since)) / 1000;
    node.classList.toggle('v--old', typedS + extraS > CUFF_OLD_S);
    node.classList.toggle('v--breach', !feedDead && isBreached(chair, name));
    return;
  }
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
document.addEventListener('htmx:afterSwap', paintAll);
setInterval(paintAll, 1000);
