// A whole pass step by step: forward, backward, update, check run. Any given number may be changed, and all follows from it.
import { button, make } from './dom.js';
import { substituted, typed, worked, written } from './formula.js';
import { Network } from './network.js';

const PARTS = { forward: 'Forward pass', backward: 'Backward pass', update: 'Update', check: 'Check run' };
const PAUSE = 1600;

// The steps in frames: one for each unit's sum and output, for each layer's δ, for each gradient, and so on.
export function frames(watch) {
  const found = [];
  const add = (part, key, step) => {
    const last = found.findLast(frame => frame.part === part && frame.key === key);
    if (last) last.steps.push(step); else found.push({ part, key, steps: [step] });
  };
  const layer = unit => watch.layers.findIndex(units => units.includes(unit));
  const of = part => watch.steps.filter(step => step.part === part);
  let before = '';
  for (const step of of('forward')) {
    if (step.link !== 'loss') before = step.name;
    add('forward', before, step);
  }
  const backward = of('backward');
  for (let n = watch.layers.length - 1; n > 0; n -= 1) {
    const here = backward.filter(step => layer(step.unit) === n);
    const gradients = here.filter(step => step.link === 'gradient' && step.name.includes('dW'));
    for (const step of here) if (!gradients.includes(step)) add('backward', `layer ${n}`, step);
    for (const step of gradients) add('backward', step.name, step);
  }
  for (const step of of('update')) add('update', `layer ${layer(step.unit)}`, step);
  let unit = 0;
  for (const step of of('check')) {
    if (step.link !== 'loss') unit = step.unit;
    add('check', `unit ${unit}`, step);
  }
  return found;
}

export class Watch {
  constructor(root) {
    this.root = root;
    this.at = 0;
    this.timer = 0;
  }

  // others: exercises of the page that can be watched; lead: opens one of them.
  show(page, others, lead) {
    if (!page.watch) {
      this.root.replaceChildren(
        make('p', { class: 'wait' }, 'This exercise is no single pass through a network, so that there is nothing to step through here.'),
        others.length ? make('p', {}, button(`Watch: ${others[0].title}`, () => lead(others[0].id), { class: 'lead' })) : '');
      return;
    }
    this.page = page;
    this.frames = frames(page.watch);
    this.told = make('div', { class: 'step-told', role: 'status' });
    this.range = make('input', { type: 'range', min: 0, max: this.frames.length, value: 0, 'aria-label': 'Step', on: { input: event => this.go(Number(event.target.value)) } });
    this.count = make('span', { class: 'count' });
    this.playing = button('Play', () => this.play());
    this.figure = make('div', { class: 'figure' });
    this.panel = make('div', { class: 'panel', role: 'group', 'aria-label': 'Given numbers', on: { input: () => this.go(this.at) } }, ...page.watch.given.map(given => this.number(given)));
    const jumps = Object.entries(PARTS).filter(([part]) => this.frames.some(frame => frame.part === part))
      .map(([part, name]) => button(`${name} (${this.frames.filter(frame => frame.part === part).length})`, () => this.go(this.frames.findIndex(frame => frame.part === part) + 1), { 'data-part': part }));
    this.jumps = make('div', { class: 'jumps' }, ...jumps);
    this.root.replaceChildren(
      make('h2', {}, page.title), this.jumps, this.figure, this.told,
      make('div', { class: 'stepper', on: { keydown: event => this.pressed(event) } },
        button('Back', () => this.go(this.at - 1), { class: 'back' }), button('Step', () => this.go(this.at + 1), { class: 'step' }), this.playing, this.range, this.count),
      make('h3', {}, 'Change any number; everything is worked out again'), this.panel,
      make('p', {}, button('The numbers of the exercise', () => this.reset())));
    this.net = new Network(this.figure, page.drawings.slice(0, 1));
    this.go(0);
  }

  number(given) {
    const light = on => this.light(on ? given.name : null);
    return make('label', {}, make('span', { html: given.label }), make('input', {
      type: 'number', step: 'any', name: given.name, value: this.page.start[given.name], 'aria-label': given.text, on: { focus: () => light(true), blur: () => light(false) },
    }));
  }

  reset() {
    for (const input of this.panel.querySelectorAll('input')) input.value = this.page.start[input.name];
    this.go(this.at);
  }

  // The chain of a weight whose number is in hand.
  light(name) {
    const step = name && this.page.watch.steps.find(one => one.name === `dE_d${name}`);
    if (step) this.lightPaths(step);
    else this.lightFrame(this.frames[this.at - 1]);
  }

  lightPaths(step) {
    const [first, ...rest] = step.paths.map(path => path.parts);
    this.net.light(first ?? step.own, [], rest.flat());
  }

  lightFrame(frame) {
    if (!frame) { this.net.light(); return; }
    const alone = frame.steps.length === 1 && frame.steps[0].paths.length ? frame.steps[0] : null;
    if (alone) this.lightPaths(alone);
    else this.net.light(frame.steps.flatMap(step => step.own), frame.steps.flatMap(step => step.used));
  }

  pressed(event) {
    const to = { ArrowRight: this.at + 1, ArrowLeft: this.at - 1, Home: 0, End: this.frames.length }[event.key];
    if (to === undefined || event.target === this.range) return;
    event.preventDefault();
    this.go(to);
  }

  play() {
    if (this.timer) { clearInterval(this.timer); this.timer = 0; } else {
      if (this.at === this.frames.length) this.go(0);
      this.timer = setInterval(() => {
        if (!this.root.isConnected || this.root.hidden || this.at === this.frames.length) { this.play(); return; }
        this.go(this.at + 1);
      }, PAUSE);
    }
    this.playing.textContent = this.timer ? 'Pause' : 'Play';
  }

  go(to) {
    this.at = Math.max(0, Math.min(this.frames.length, to));
    this.range.value = this.at;
    const given = Object.fromEntries([...this.panel.querySelectorAll('input')].map(input => [input.name, input.valueAsNumber]));
    const all = worked(this.page.watch.steps, given);
    this.write(given, all);
    this.tell(given, all);
    this.lightFrame(this.frames[this.at - 1]);
    this.count.textContent = `${this.at} of ${this.frames.length}`;
    const part = this.frames[this.at - 1]?.part;
    for (const jump of this.jumps.children) jump.toggleAttribute('aria-current', jump.dataset.part === part);
  }

  shown(value) { return written(value, this.page.places); }

  // Numbers beside the units: those of this step, and of those before it; new weights once they are there.
  write(given, all) {
    this.net.clear();
    const values = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, typed(value)]));
    for (const [n, frame] of this.frames.slice(0, this.at).entries()) {
      for (const step of frame.steps) {
        if (frame.part === 'update') values[step.name.replace('_new', '')] = this.shown(all[step.name]);
        const place = frame.part === 'check' ? step.name.replace('_new', '') : step.name;
        const said = n === this.at - 1 ? 'now' : frame.part === 'backward' ? 'back' : '';
        this.net.put(place, this.shown(all[step.name]), said);
      }
    }
    this.net.give(values);
  }

  tell(given, all) {
    const frame = this.frames[this.at - 1];
    if (!frame) {
      this.told.replaceChildren(make('p', {}, 'Press Step to work out the first line; arrow keys go on and back.'));
      return;
    }
    const show = name => (name in given ? typed(given[name]) : this.shown(all[name]));
    const line = (label, formula, tree, value) => {
      const put = substituted(tree, show);
      return make('p', { class: 'line-of' },
        make('span', { class: 'symbols', html: `${label}<span> = </span>${formula}` }),
        make('span', { class: 'numbers' }, put === value ? ' = ' : ` = ${put} = `, make('b', {}, value)));
    };
    this.told.replaceChildren(
      make('p', { class: 'part' }, `${PARTS[frame.part]}: ${[...new Set(frame.steps.map(step => step.link))].join(', ')}`),
      ...frame.steps.flatMap(step => [
        line(step.label, step.formula, step.tree, this.shown(all[step.name])),
        ...this.chain(step, all, line),
      ]));
  }

  // The same gradient link by link, along each path from the weight to the loss, and their sum.
  chain(step, all, line) {
    if (!step.paths.length) return [];
    const products = step.paths.map(path => worked([{ name: 'along', tree: path.tree }], all).along);
    const several = step.paths.length > 1;
    const lines = step.paths.map((path, n) => {
      const found = line(several ? `path ${n + 1}` : 'link by link', path.formula, path.tree, this.shown(products[n]));
      found.classList.add(n ? 'second' : 'first', 'path');
      return found;
    });
    const sum = make('p', { class: 'path' }, `both paths: ${products.map(value => this.shown(value)).join(' + ')} = `, make('b', {}, this.shown(products.reduce((a, b) => a + b))));
    return several ? [...lines, sum] : lines;
  }
}
