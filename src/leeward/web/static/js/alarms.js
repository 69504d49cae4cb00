// The alarm bar of a chair: the worst alarm in words, with its priority as stars, or that nobody
// watches. "No alarms" is said only where the engine runs and something is measured.
const RANK = { high: 0, medium: 1, low: 2 };
const STARS = { high: '*** HIGH', medium: '** MEDIUM', low: '* LOW' };
export const UNWATCHED = 'Alarms are not being watched';

function make(tag, className, words = '') {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = words;
  return node;
}

export function worstFirst(alarms) {
  return [...alarms].sort(
    // What is there now comes before what is over and only waits for an answer.
    (a, b) => (RANK[a.priority] ?? 3) - (RANK[b.priority] ?? 3)
      || Number(b.present) - Number(a.present)
      || Number(a.acknowledged) - Number(b.acknowledged)
      || a.since.localeCompare(b.since),
  );
}

function isWatched(chair) {
  return chair.engine.state === 'ok';
}

function alarmWords(alarm, more) {
  const over = alarm.present ? '' : ', over';
  const heard = alarm.acknowledged ? ', seen' : '';
  return `${said(alarm.text)}${over}${heard}${more ? `, and ${more} more` : ''}`;
}

const NAMES = { spo2: 'SpO2', hr: 'HR', rr: 'RR', sbp: 'Systolic', dbp: 'Diastolic', bp: 'BP',
  nibp: 'BP', moaas: 'MOAA/S', etco2: 'etCO2' };

// "spo2 low: 86 % (limit 88)" as "SpO2 low: 86 %". How long something is overdue is its timer's to say.
function said(text) {
  const [condition, figures = ''] = text.split(': ');
  const label = condition.split(' ').map((word) => NAMES[word] ?? word).join(' ');
  const value = figures.split(' (limit')[0].replace('mm[Hg]', 'mmHg').replace('{score}', '').trim();
  return value && !/ s$/.test(value) ? `${label}: ${value}` : label;
}

function bar(alarm, more, size, where = '') {
  const node = make('div', `alarm alarm--${alarm.priority}${size}`);
  if (!alarm.acknowledged) node.dataset.live = '';
  node.append(make('span', 'alarm__p', `${STARS[alarm.priority] || '*'}${where}`));
  node.append(make('span', 'alarm__w', alarmWords(alarm, more)));
  const time = make('span', 'alarm__t');
  time.dataset.since = alarm.since;
  node.append(time);
  return node;
}

function isFeedDead() {
  return document.documentElement.dataset.feed === 'dead';
}

function quiet(chair, size) {
  if (isFeedDead()) return make('div', `alarm alarm--none${size}`, 'Alarms not known, no live data');
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
  return alarms.map((a) => [a.id, a.priority, a.text, a.present, a.acknowledged].join('|')).join(';');
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
