// What pages do besides being read: durations tick, a run's page follows its run, a log follows its attempt.

function duration(milliseconds) {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}

setInterval(() => {
  for (const element of document.querySelectorAll('[data-since]'))
    element.textContent = duration(Date.now() - Date.parse(element.dataset.since));
}, 1000);

// Everything that scrolls or has the focus is put back after its part of the page was replaced.
function replace(region, html) {
  const focus = document.activeElement && region.contains(document.activeElement) ? pathOf(document.activeElement) : null;
  const scrolled = [...region.querySelectorAll('.scroll, .graph')].map(element => element.scrollLeft);
  region.innerHTML = html;
  region.querySelectorAll('.scroll, .graph').forEach((element, index) => { element.scrollLeft = scrolled[index] ?? 0; });
  if (focus) region.querySelector(focus)?.focus({ preventScroll: true });
}

function pathOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const address = element.getAttribute('href');
  if (address) return `${element.tagName.toLowerCase()}[href="${CSS.escape(address)}"]`;
  const form = element.closest('form');
  return form ? `form[action="${CSS.escape(form.getAttribute('action'))}"] button` : null;
}

function watchRun(region) {
  let loading = false;
  let again = false;
  async function load() {
    if (loading) { again = true; return; }
    loading = true;
    do {
      again = false;
      try {
        const answer = await fetch(region.dataset.fragment);
        if (answer.ok) replace(region, await answer.text());
      } catch {
        // The connection is lost; the event source reconnects and reports the next change.
      }
    } while (again);
    loading = false;
  }
  if (region.dataset.active !== 'true') return;
  const events = new EventSource(region.dataset.watch);
  events.addEventListener('changed', load);
  events.addEventListener('ended', () => { events.close(); load(); });
}

function followLog(log) {
  const lines = log.querySelector('[data-log-lines]');
  const follow = log.querySelector('[data-log-follow]');
  const state = log.querySelector('[data-log-state]');
  const level = log.querySelector('[data-log-level]');
  const toEnd = () => { if (follow.checked) lines.scrollTop = lines.scrollHeight; };
  level.addEventListener('change', () => { lines.dataset.level = level.value; toEnd(); });
  follow.addEventListener('change', toEnd);
  // Reading back stops the following, going to the end takes it up again.
  lines.addEventListener('wheel', () => { requestAnimationFrame(() => { follow.checked = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 24; }); }, { passive: true });
  toEnd();

  const add = row => {
    if (document.getElementById(`l${row.id}`)) return;
    const line = document.createElement('li');
    line.id = `l${row.id}`;
    line.className = `l-${row.level}`;
    const time = document.createElement('time');
    time.dateTime = row.timestamp;
    time.textContent = new Date(row.timestamp).toISOString().slice(11, 23);
    const name = document.createElement('b');
    name.textContent = row.level;
    const text = document.createElement('span');
    text.textContent = row.exception ? `${row.event}\n${row.exception}` : row.event;
    line.append(time, ' ', name, ' ', text);
    lines.append(line);
  };
  const events = new EventSource(`${log.dataset.stream}&after=${log.dataset.after}`);
  events.addEventListener('open', () => { state.textContent = log.dataset.ended === 'true' ? 'ended' : 'live'; });
  events.addEventListener('error', () => { state.textContent = 'reconnecting…'; });
  events.addEventListener('line', event => { add(JSON.parse(event.data)); toEnd(); });
  events.addEventListener('end', () => {
    events.close();
    state.textContent = `ended, ${lines.children.length} rows`;
    // The page was live: its attempt's state, duration and outputs are now final.
    if (log.dataset.ended === 'false') setTimeout(() => location.reload(), 600);
  });
}

document.querySelectorAll('[data-watch]').forEach(watchRun);
document.querySelectorAll('[data-log]').forEach(followLog);

// A notice is about the action just taken; a reload should not repeat it.
const address = new URL(location.href);
if (address.searchParams.has('notice')) {
  address.searchParams.delete('notice');
  history.replaceState(null, '', address);
}
