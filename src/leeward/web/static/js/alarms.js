// The alarm bar of a chair: the worst alarm in words, with its priority as stars, or that nobody
// watches. "No alarms" is said only where the engine runs and something is measured.
import { worstFirst } from './alarm_order.js';
import { serverNow } from './server_clock.js';

const STARS = { high: '*** HIGH', medium: '** MEDIUM', low: '* LOW' };
export const UNWATCHED = 'Alarms are not being watched';
export const RECORD_ONLY = 'Record only, no alarms';

function make(tag, className, words = '') {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = words;
  return node;
}

function isWatched(chair) {
  return chair.record_only || chair.engine.state === 'ok';
}

function alarmWords(alarm, more) {
  const over = alarm.present ? '' : ', over';
  const heard = alarm.acknowledged ? ', seen' : '';
  return `${alarm.text}${over}${heard}${more ? `, and ${more} more` : ''}`;
}

function bar(alarm, more, size, where = '') {
  const node = make('div', `alarm alarm--${alarm.priority}${size}`);
  if (!alarm.acknowledged) node.dataset.live = '';
  node.append(make('span', 'alarm__p', `${STARS[alarm.priority] || '*'}${where}`));
  node.append(make('span', 'alarm__w', alarmWords(alarm, more)));
  const time = make('span', 'alarm__t');
  time.dataset.since = alarm.since;
  node.append(time);
  if (isQuiet(alarm)) {
    const countdown = make('span', 'alarm__q', 'sound off ');
    const left = make('b', '');
    left.dataset.until = alarm.quiet_until;
    countdown.append(left);
    node.append(countdown);
  }
  return node;
}

function isQuiet(alarm) {
  return !alarm.acknowledged && alarm.quiet_until && Date.parse(alarm.quiet_until) > serverNow();
}

function isFeedDead() {
  return document.documentElement.dataset.feed === 'dead';
}

function quiet(chair, size) {
  if (isFeedDead()) return make('div', `alarm alarm--none${size}`, 'Alarms not known, no live data');
  if (chair.record_only) return make('div', `alarm alarm--none${size}`, RECORD_ONLY);
  const isMonitored = Object.keys(chair.channels).length > 0;
  return make('div', `alarm alarm--none${size}`, isMonitored ? 'No alarms' : 'Not monitored');
}

// Rebuilt only when something changed: a bar made anew every second would never finish a flash.
function replace(node, key, build) {
  if (node.dataset.shows === key && node.childElementCount) return;
  node.dataset.shows = key;
  node.replaceChildren(...build());
}

function keyOf(alarms) {
  return alarms.map((a) => [a.id, a.priority, a.text, a.present, a.acknowledged, isQuiet(a)].join('|')).join(';');
}

export function paintAlarms(node, chair) {
  const size = node.closest('[data-alarm-wide]') ? ' alarm--wide' : '';
  const alarms = worstFirst(chair.alarms);
  const watched = isWatched(chair);
  const key = `${isFeedDead()}/${watched}/${Object.keys(chair.channels).length > 0}/${keyOf(alarms)}`;
  replace(node, key, () => {
    const bars = watched ? [] : [make('div', `alarm alarm--medium alarm--unwatched${size}`, UNWATCHED)];
    if (alarms.length) bars.push(bar(alarms[0], alarms.length - 1, size));
    else if (watched) bars.push(quiet(chair, size));
    return bars;
  });
}

// On a session's page: the worst unanswered HIGH of the other chairs. `data-names` holds the
// chairs' names by id, `data-board` where to go.
export function paintElsewhere(node, chairs) {
  const own = node.closest('[data-chair]')?.dataset.chair;
  const names = JSON.parse(node.dataset.names || '{}');
  const found = [];
  for (const [id, chair] of chairs) {
    if (id === own) continue;
    for (const alarm of chair.alarms) {
      if (alarm.priority === 'high' && !alarm.acknowledged) found.push({ ...alarm, chair: id });
    }
  }
  const alarms = worstFirst(found);
  replace(node, keyOf(alarms) || 'none', () => {
    if (!alarms.length) return [];
    const name = names[alarms[0].chair];
    const where = name ? `, chair ${name}` : ', another chair';
    const made = bar(alarms[0], alarms.length - 1, ' alarm--wide', where);
    if (node.dataset.board) {
      const link = make('a', 'btn', 'Open board');
      link.href = node.dataset.board;
      made.append(link);
    }
    return [made];
  });
}

// What the engine could not write down, it says past the record; no chair's bar can hold it.
document.addEventListener('leeward:tick', ({ detail }) => {
  for (const node of document.querySelectorAll('[data-faults]')) {
    node.hidden = !(detail.faults ?? []).includes(node.dataset.faults);
  }
});
