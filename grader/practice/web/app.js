// The page: which exercise, which of the three ways, and the grader behind them.
import { fetched, make } from './dom.js';
import { Judge } from './judge.js';
import { Practise } from './practise.js';
import { report } from './scorm.js';
import { forgetAll, keep, kept } from './store.js';

const at = id => document.getElementById(id);
const WAYS = ['practise', 'watch', 'touch'];
const grader = at('grader');
const come = new Map();
let site; // what the page holds; the grader is started before that is known

function tell({ stage, name, come: part, whole, reason, frozen }) {
  if (stage === 'fetching') {
    come.set(name, [part, whole]);
    const [got, all] = [...come.values()].reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    if (grader.dataset.stage === 'ready') return;
    const words = all ? `${Math.min(99, Math.round(100 * got / Math.max(all, site?.size ?? 0)))} %` : `${(got / 1e6).toFixed(0)} MB`;
    grader.querySelector('.part')?.replaceChildren(words) ?? grader.replaceChildren('The grader is being fetched: ', make('span', { class: 'part', 'aria-hidden': 'true' }, words));
    return;
  }
  grader.dataset.stage = stage;
  if (stage === 'ready') grader.textContent = frozen ? 'Grader ready' : 'Grader ready (slow start)';
  if (stage === 'again') grader.textContent = 'Starting the grader from the beginning …';
  if (stage === 'failed') grader.textContent = `No grader in this browser: ${reason}`;
}

// What keeps the page for later comes first, so that the grader is fetched once; where there is none, or it is slow, without.
async function keeper() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  if (workers.controller) { workers.register('sw.js').catch(() => { /* the one from before stays */ }); return; }
  const controlled = new Promise(resolve => { workers.addEventListener('controllerchange', resolve, { once: true }); });
  const late = new Promise(resolve => { setTimeout(resolve, 4000); });
  await Promise.race([workers.register('sw.js').then(() => controlled).catch(() => { /* only offline is lost */ }), late]);
}

const judge = new Judge(tell, keeper());
site = await fetched('site.json');
window.byhand = { judge: async (toml, texts, options) => judge.judge(toml, texts, options), ready: judge.ready, site };

const scored = (right, lines) => report(exercise.id, right, lines, site.exercises);
const practise = new Practise(at('practise'), judge, { scored });
const views = { watch: null, touch: null };
let exercise, pages, number, page;

const whole = (found, n) => ({ ...found.shared, ...found.each[n] });

// New numbers: those drawn beforehand, one after the other, and then from the start again.
function next() {
  number = (number + 1) % pages.each.length;
  keep(`number:${exercise.id}`, number);
  open();
  at('view').scrollIntoView({ block: 'start' });
  at('practise').querySelector('.row :is(input, textarea)')?.focus({ preventScroll: true });
}

function open() {
  page = whole(pages, number);
  practise.show(page, next);
  at('practise').querySelector('.again').hidden = pages.each.length < 2;
  views.watch = views.touch = null;
  drawWay();
}

async function choose(id) {
  exercise = site.exercises.find(one => one.id === id) ?? site.exercises[0];
  pages = await fetched(`data/${exercise.id}.json`);
  number = kept(`number:${exercise.id}`, 0) % pages.each.length;
  keep('exercise', exercise.id);
  at('pick').value = exercise.id;
  open();
}

const way = () => WAYS.find(name => at(`tab-${name}`).getAttribute('aria-selected') === 'true') ?? 'practise';

async function drawWay() {
  const asked = page;
  if (!asked) return;
  if (way() === 'watch' && views.watch !== asked) {
    views.watch = asked;
    const { Watch } = await import('./watch.js');
    if (views.watch === asked) new Watch(at('watch')).show(asked, site.exercises.filter(one => one.watched), id => { location.hash = `#${id}/watch`; }); // and not where another was chosen meanwhile
  }
  if (way() === 'touch' && views.touch !== asked) {
    views.touch = asked;
    const { touch } = await import('./touch.js');
    const figures = await touch(asked, site, id => { location.hash = `#${id}`; });
    if (views.touch === asked) at('touch').replaceChildren(...figures);
  }
}

function turnTo(name) {
  for (const one of WAYS) {
    const on = one === name, tab = at(`tab-${one}`);
    tab.setAttribute('aria-selected', String(on));
    tab.tabIndex = on ? 0 : -1;
    at(one).hidden = !on;
  }
  drawWay();
}

// The address says what is open: #EXERCISE, #EXERCISE/watch, or #watch.
async function follow() {
  const [first, second] = decodeURIComponent(location.hash.slice(1)).split('/');
  const name = WAYS.includes(first) ? first : WAYS.includes(second) ? second : 'practise';
  const id = site.exercises.some(one => one.id === first) ? first : exercise?.id ?? kept('exercise', site.exercises[0].id);
  turnTo(name);
  if (exercise?.id !== id) await choose(id);
}

at('site-title').textContent = site.title;
document.title = `${site.title}: backpropagation by hand`;
at('pick').append(...site.exercises.map(one => make('option', { value: one.id }, one.title)));
at('pick').closest('label').hidden = site.exercises.length < 2;
at('pick').addEventListener('change', event => { location.hash = `#${event.target.value}/${way()}`; });
const tabs = WAYS.map(name => at(`tab-${name}`));
for (const [n, tab] of tabs.entries()) {
  tab.addEventListener('click', () => { location.hash = `#${exercise.id}/${WAYS[n]}`; });
  tab.addEventListener('keydown', event => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const to = (n + by + tabs.length) % tabs.length;
    tabs[to].focus();
    tabs[to].click();
  });
}
at('forget').addEventListener('click', () => {
  if (!window.confirm('Delete everything that this page has kept on this device?')) return;
  forgetAll();
  choose(exercise.id);
});
window.addEventListener('hashchange', follow);
await follow();
document.documentElement.dataset.open = 'true';
