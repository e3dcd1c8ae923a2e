// The page around Elsa Studio: shows the element that the address names, one at a time.
// A module, because Studio's scripts own the page-level names.

const base = new URL(document.baseURI).pathname;
const tearDown = 1200; // Studio takes a removed element apart a second later; two at once break its dialogs.

const views = [
  { path: /^(?:workflows\/)?definitions\/([^/]+)(?:\/edit)?$/, tag: 'elsa-workflow-definition-editor', attribute: 'definition-id', area: 'definitions', here: id => [`/dags/${id}`, 'Runs and settings of this DAG'] },
  { path: /^(?:workflows\/)?instances\/([^/]+)(?:\/view)?$/, tag: 'elsa-workflow-instance-viewer', attribute: 'instance-id', area: 'instances', here: id => [`/runs/${id}`, 'Logs and actions of this run'] },
  { path: /^(?:workflows\/)?instances\/?$/, tag: 'elsa-workflow-instance-list', area: 'instances' },
  { path: /^(?:(?:workflows\/)?definitions)?\/?$/, tag: 'elsa-workflow-definition-list', area: 'definitions' },
];

const provider = document.querySelector('elsa-backend-provider');
provider.setAttribute('remote-endpoint', location.origin + '/elsa/api');
// Tells the server which window saves, so that two windows do not silently overwrite each other's draft.
provider.setAttribute('tenant-id-header-name', 'X-Studio-Window');
provider.setAttribute('tenant-id', Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => byte.toString(16).padStart(2, '0')).join(''));

let shown = null;
let ready = Promise.resolve();

function show() {
  const path = location.pathname.slice(base.length);
  if (path === shown) return; // the lists write their filters into the query
  const view = views.find(candidate => candidate.path.test(path)) ?? views.at(-1);
  const first = shown === null;
  shown = path;
  const id = view.attribute && path.match(view.path)[1];
  document.getElementById('studio-slot').replaceChildren();
  mark(view, id);
  ready = ready.then(async () => {
    if (!first) await new Promise(done => setTimeout(done, tearDown));
    await customElements.whenDefined(view.tag);
    if (path === shown) add(view, id);
  });
}

function add(view, id) {
  const element = document.createElement(view.tag);
  if (id) element.setAttribute(view.attribute, decodeURIComponent(id));
  element.editWorkflowDefinition = definitionId => go(`workflows/definitions/${encodeURIComponent(definitionId)}/edit`);
  element.viewWorkflowInstance = instanceId => go(`workflows/instances/${encodeURIComponent(instanceId)}/view`);
  document.getElementById('studio-slot').append(element);
}

function mark(view, id) {
  for (const link of document.querySelectorAll('#studio-bar [data-view]')) {
    if (link.dataset.view === view.area) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const here = document.getElementById('studio-here');
  here.hidden = !id;
  if (id) [here.href, here.textContent] = view.here(id);
}

// Through Blazor: it remembers the address it last saw, and the lists would write that one back.
function go(path) { Blazor.navigateTo(base + path); }

for (const name of ['pushState', 'replaceState']) {
  const original = history[name];
  history[name] = function (...given) {
    const result = original.apply(this, given);
    queueMicrotask(show);
    return result;
  };
}
addEventListener('popstate', show);
document.getElementById('studio-bar').addEventListener('click', click => {
  const link = click.target.closest('a');
  if (!link || click.ctrlKey || click.metaKey || click.shiftKey) return;
  click.preventDefault();
  click.stopPropagation(); // Blazor would take links below the base address for its own
  if ('away' in link.dataset) location.assign(link.href);
  else go(new URL(link.href).pathname.slice(base.length));
}, true);
show();
