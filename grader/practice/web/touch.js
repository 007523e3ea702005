// Figures to touch. Their formulas are the ones that sheets are made of, exported as trees; none is written here.
import { button, draw, fetched, make } from './dom.js';
import { value, worked, written } from './formula.js';
import { Network } from './network.js';

const WIDE = 440, TALL = 250, LEFT = 44, RIGHT = 10, TOP = 12, LOW = 28;
const ROUNDS = 200;
const short = number => (Math.abs(number) >= 1e4 ? number.toExponential(1).replace('-', '−') : written(number, 3));

const power = number => number.toPrecision(2).replace(/e([-+]?)(\d+)/, (_, sign, digits) => `·10${sign === '-' ? '⁻' : ''}${[...digits].map(digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'[digit]).join('')}`);

// A coordinate system with curves, dots and ticks.
class Plot {
  constructor([x0, x1], [y0, y1], title) {
    Object.assign(this, { x0, x1, y0, y1 });
    this.svg = draw('svg', { viewBox: `0 0 ${WIDE} ${TALL}`, class: 'plot', role: 'img', 'aria-label': title });
    this.svg.append(draw('path', { class: 'axis', d: `M${LEFT} ${TALL - LOW}H${WIDE - RIGHT}M${LEFT} ${TALL - LOW}V${TOP}` }));
  }

  x(number) { return LEFT + (number - this.x0) / (this.x1 - this.x0) * (WIDE - LEFT - RIGHT); }

  y(number) { return TALL - LOW - (number - this.y0) / (this.y1 - this.y0) * (TALL - LOW - TOP); }

  inside(number) { return Math.max(this.y0, Math.min(this.y1, number)); }

  ticks(across, up, words = String) {
    for (const x of across) this.text(this.x(x), TALL - 9, words(x), 'middle');
    for (const y of up) this.text(LEFT - 6, this.y(y) + 4, words(y), 'end');
  }

  text(x, y, words, anchor) {
    const text = draw('text', { x, y, 'text-anchor': anchor, class: 'tick' }, words.replace('-', '−'));
    this.svg.append(text);
    return text;
  }

  add(tag, attributes) {
    const element = draw(tag, attributes);
    this.svg.append(element);
    return element;
  }

  trace(points) {
    return points.map(([x, y], n) => `${n ? 'L' : 'M'}${this.x(x).toFixed(1)} ${this.y(this.inside(y)).toFixed(1)}`).join('');
  }

  curve(f) {
    const count = 200, step = (this.x1 - this.x0) / count;
    return this.trace(Array.from({ length: count + 1 }, (_, n) => [this.x0 + n * step, f(this.x0 + n * step)]));
  }
}

const slider = (name, min, max, step, start, listener) => {
  const input = make('input', { type: 'range', min, max, step, value: start, 'aria-label': name, on: { input: () => listener(Number(input.value)) } });
  return input;
};

const figure = (id, title, tries, lead, ...content) => make('figure', { id }, make('h2', {}, title), ...content, make('figcaption', {}, tries, ' ', lead));

// --- a curve and its slope, with a dot to drag ---

function activation(data, lead) {
  const out = make('output', {}), formula = make('p', { class: 'formula' }), stage = make('div');
  const choice = make('select', { 'aria-label': 'Function' }, ...data.activations.map(one => make('option', {}, one.name)));
  let plot, dot, low, tangent, chosen;
  const at = a => ({ y: value(chosen.value, () => a), s: value(chosen.slope, name => (name.startsWith('y') ? value(chosen.value, () => a) : a)) });
  const range = slider('a', -6, 6, 0.01, 1.2, () => place());
  const place = () => {
    const a = Number(range.value), { y, s } = at(a);
    for (const [element, height] of [[dot, y], [low, s]]) { element.setAttribute('cx', plot.x(a)); element.setAttribute('cy', plot.y(plot.inside(height))); }
    tangent.setAttribute('d', plot.trace([[a - 1.2, y - 1.2 * s], [a + 1.2, y + 1.2 * s]]));
    out.textContent = `a = ${written(a, 2)},  value ${short(y)},  slope ${short(s)}`;
  };
  const show = () => {
    chosen = data.activations.find(one => one.name === choice.value);
    const bounded = ['sigmoid', 'tanh'].includes(chosen.name);
    plot = new Plot([-6, 6], chosen.name === 'sigmoid' ? [0, 1] : bounded ? [-1, 1] : [-2, 6], `${chosen.name} and its slope`);
    plot.ticks([-6, -3, 0, 3, 6], chosen.name === 'sigmoid' ? [0, 0.25, 0.5, 1] : bounded ? [-1, 0, 1] : [-2, 0, 1, 6]);
    plot.add('path', { class: 'main', d: plot.curve(a => at(a).y) });
    plot.add('path', { class: 'second', d: plot.curve(a => at(a).s) });
    tangent = plot.add('path', { class: 'tangent' });
    low = plot.add('circle', { r: 6, class: 'low' });
    dot = plot.add('circle', { r: 10, class: 'dot' });
    const drag = event => {
      const box = plot.svg.getBoundingClientRect();
      const inside = (event.clientX - box.left) / box.width * WIDE;
      range.value = plot.x0 + (inside - LEFT) / (WIDE - LEFT - RIGHT) * (plot.x1 - plot.x0);
      place();
    };
    plot.svg.addEventListener('pointerdown', event => { plot.svg.setPointerCapture(event.pointerId); drag(event); plot.svg.onpointermove = drag; });
    for (const end of ['pointerup', 'pointercancel']) plot.svg.addEventListener(end, () => { plot.svg.onpointermove = null; });
    stage.replaceChildren(plot.svg);
    formula.innerHTML = chosen.formula;
    place();
  };
  choice.addEventListener('change', show);
  show();
  return figure('figure-activation', 'A unit’s function and its slope', 'Drag the dot to either end: where the curve is flat, the slope (dashed) is nearly 0, and little of an error comes back.', lead, choice, formula, stage, range, out);
}

// --- a ball on a parabola ---

function ball({ ball: { name, loss, step } }, lead) {
  const start = 8, plot = new Plot([-4, 10], [0, 25], 'The loss E = ½(W − 3)² over the weight W, and where descent has come');
  plot.ticks([-4, 0, 3, 8], [0, 12.5, 25]);
  const at = w => value(loss, () => w);
  plot.add('path', { class: 'main', d: plot.curve(at) });
  const trail = plot.add('path', { class: 'tangent' }), dot = plot.add('circle', { r: 10, class: 'dot' });
  const out = make('output', {}), rate = make('output', {});
  let way = [start];
  const inside = w => Math.max(-4, Math.min(10, w));
  const place = () => {
    const w = way.at(-1);
    dot.setAttribute('cx', plot.x(inside(w)));
    dot.setAttribute('cy', plot.y(plot.inside(at(w))));
    trail.setAttribute('d', plot.trace(way.map(one => [inside(one), at(one)])));
    const away = Math.abs(w - 3) > 10 ? ' It flies off.' : at(w) < 1e-9 ? ' It has landed.' : '';
    out.textContent = `after ${way.length - 1} ${way.length === 2 ? 'step' : 'steps'}: W = ${short(w)}, E = ${short(at(w))}.${away}`;
  };
  const range = slider('Learning rate η', 0, 2.5, 0.01, 0.3, eta => { rate.textContent = `η = ${written(eta, 2)}`; });
  rate.textContent = 'η = 0.30';
  const go = () => {
    const w = way.at(-1), eta = Number(range.value);
    way.push(value(step, asked => (asked === name ? w : eta)));
    place();
  };
  place();
  return figure('figure-ball', 'One weight, one step a press', 'Try η = 1: one step lands. Then η = 1.9, and η = 2.1: each step goes too far, and from 2 on further every time.', lead,
    plot.svg, range, rate, make('p', {}, button('Step', go, { class: 'go' }), ' ', button('Back to W = 8', () => { way = [start]; place(); })), out);
}

// --- the loss of one's own network ---

function training(page, lead) {
  const plot = new Plot([0, ROUNDS], [-12, 2], 'The loss over iterations, for this exercise’s own numbers');
  plot.ticks([0, 50, 100, 150, 200], []);
  for (const [power, words] of [[-12, '10⁻¹²'], [-8, '10⁻⁸'], [-4, '10⁻⁴'], [0, '1'], [2, '100']]) plot.text(LEFT - 6, plot.y(power) + 4, words, 'end');
  const line = plot.add('path', { class: 'main' }), out = make('output', {});
  const { steps } = page.watch;
  const updated = steps.filter(step => step.part === 'update');
  const start = Object.fromEntries(Object.entries(page.start).map(([name, text]) => [name, Number(text)]));
  const show = log => {
    let now = { ...start, eta: 10 ** log }, rising = 0;
    const losses = [];
    for (let n = 0; n <= ROUNDS; n += 1) {
      const all = worked(steps, now);
      losses.push(all.E);
      if (n && all.E > losses[n - 1]) rising += 1;
      now = { ...now, ...Object.fromEntries(updated.map(step => [step.name.replace('_new', ''), all[step.name]])) };
    }
    line.setAttribute('d', plot.trace(losses.map((loss, n) => [n, Number.isFinite(loss) ? Math.log10(Math.max(loss, 1e-12)) : 2])));
    const last = losses.at(-1);
    const how = !Number.isFinite(last) || last > 10 * losses[0] ? 'It diverges.' : rising > 3 ? `It went up ${rising} times on the way: it oscillates.` : 'It goes down all the way.';
    out.textContent = `η = ${short(10 ** log)}: E begins at ${power(losses[0])} and is ${Number.isFinite(last) ? power(last) : 'no number'} after ${ROUNDS} iterations. ${how}`;
  };
  show(Math.log10(start.eta));
  return figure('figure-training', 'The loss, iteration by iteration', 'Make η ten times as large, then a hundred times: does the loss fall faster, or does it jump about?', lead,
    plot.svg, slider('Learning rate η, by powers of ten', -2, 3, 0.05, Math.log10(start.eta), show), out);
}

// --- how much of δ is left, layer by layer ---

function vanishing({ deep }, lead) {
  const out = make('output', {}), stage = make('div');
  const choice = make('select', { 'aria-label': 'Function of all units' }, ...Object.keys(deep).map(name => make('option', {}, name)));
  const range = slider('All weights', 0.2, 6, 0.1, 1, () => show());
  const show = () => {
    const { watch, start } = deep[choice.value], w = Number(range.value);
    const given = Object.fromEntries(Object.entries(start).map(([name, text]) => [name, name.startsWith('W') ? w : Number(text)]));
    const all = worked(watch.steps, given);
    const units = watch.layers.slice(1).map(([unit]) => unit);
    const sizes = units.map(unit => Math.abs(all[`delta${unit}`]));
    const plot = new Plot([0.4, units.length + 0.6], [-6, 1], 'The size of δ in each layer');
    for (const power of [-6, -4, -2, 0]) plot.text(LEFT - 6, plot.y(power) + 4, power ? `10${{ '-6': '⁻⁶', '-4': '⁻⁴', '-2': '⁻²' }[power]}` : '1', 'end');
    for (const [n, size] of sizes.entries()) {
      const top = plot.y(plot.inside(Math.log10(Math.max(size, 1e-9))));
      plot.add('rect', { class: 'bar', x: plot.x(n + 1) - 22, y: top, width: 44, height: Math.max(0, plot.y(-6) - top) });
      plot.text(plot.x(n + 1), TALL - 9, `layer ${n + 1}`, 'middle');
    }
    stage.replaceChildren(plot.svg);
    const share = sizes[0] / sizes.at(-1);
    out.textContent = `All weights ${written(w, 1)}: of δ at the output, ${share >= 1 ? `${short(share)} times as much` : `${(100 * share).toPrecision(2)} %`} is left in the first layer.`;
  };
  choice.addEventListener('change', show);
  show();
  return figure('figure-vanishing', 'The error on its way back', 'Five layers of σ: each multiplies δ by at most ¼ and by a weight. Which weight keeps it from vanishing? And with ReLU?', lead, choice, stage, range, out);
}

function dead({ dead: found }, lead) {
  const out = make('output', {}), stage = make('div', { class: 'figure' });
  const net = new Network(stage, found.drawings);
  const range = slider('Weight W14', -1.5, 1.5, 0.05, Number(found.start.W14), w => show(w));
  const show = w => {
    const given = Object.fromEntries(Object.entries(found.start).map(([name, text]) => [name, name === 'W14' ? w : Number(text)]));
    const all = worked(found.watch.steps, given);
    net.clear();
    net.give({ W14: written(w, 2) });
    for (const name of ['y3', 'y4', 'y5', 'delta3', 'delta4', 'delta5', 'dE_dW14', 'dE_dW24']) net.put(name, written(all[name], 3), name.startsWith('d') ? 'back' : '');
    net.light(all.y4 === 0 ? ['u4', 'e1-4', 'e2-4'] : []);
    out.textContent = all.y4 === 0
      ? `a₄ = ${written(all.a4, 2)} is below 0: the unit is off. δ₄ = 0, and none of its weights learns anything.`
      : `a₄ = ${written(all.a4, 2)}: the unit is on, and its weights learn: ∂E/∂W₁₄ = ${written(all.dE_dW14, 3)}.`;
  };
  show(Number(found.start.W14));
  return figure('figure-dead', 'A unit that is off', 'Move W₁₄ until the unit wakes up. What happens to its gradients?', lead, stage, range, out);
}

// --- two outputs, two paths ---

function two({ two: found }, lead) {
  const out = make('div', { role: 'status' }), stage = make('div', { class: 'figure' });
  const net = new Network(stage, found.drawings);
  const several = found.watch.steps.filter(step => step.paths.length > 1);
  const choice = make('select', { 'aria-label': 'Weight' }, ...several.map(step => make('option', { value: step.name }, step.text)));
  const targets = found.watch.given.filter(given => given.name.startsWith('t'));
  const ranges = targets.map(given => slider(given.text, 0, 1, 0.01, found.start[given.name], () => show()));
  const show = () => {
    const given = Object.fromEntries(Object.entries(found.start).map(([name, text]) => [name, Number(text)]));
    targets.forEach((target, n) => { given[target.name] = Number(ranges[n].value); });
    const all = worked(found.watch.steps, given);
    const step = several.find(one => one.name === choice.value);
    const along = step.paths.map(path => value(path.tree, name => all[name]));
    net.clear();
    net.give(Object.fromEntries(targets.map(target => [target.name, String(given[target.name])])));
    net.light(step.paths[0].parts, [], step.paths[1].parts);
    out.replaceChildren(
      make('p', { class: 'path first' }, 'through the first output ', make('b', {}, along[0].toFixed(5).replace('-', '−'))),
      make('p', { class: 'path second' }, 'through the second output ', make('b', {}, along[1].toFixed(5).replace('-', '−'))),
      make('p', {}, `${step.text} = ${(along[0] + along[1]).toFixed(5).replace('-', '−')}, their sum`));
  };
  choice.addEventListener('change', show);
  show();
  return figure('figure-two', 'Two outputs, two paths', 'Move a target until the two paths cancel: the weight then learns nothing, though both outputs are wrong.', lead,
    choice, stage, ...targets.map((target, n) => make('label', {}, make('span', { html: target.label }), ' ', ranges[n])), out);
}

// Each figure leads to an exercise: to one of its kind if the page has one, and else to the first.
function leading(site, go) {
  return (...kinds) => {
    const found = kinds.map(kind => site.exercises.find(one => one.kind === kind)).find(Boolean) ?? site.exercises[0];
    return button(`Practise: ${found.title}`, () => go(found.id), { class: 'lead' });
  };
}

export async function touch(page, site, go) {
  const data = await fetched('touch.json');
  const lead = leading(site, go);
  return [
    activation(data, lead('composite', 'chain', 'full-pass')),
    ball(data, lead('descent', 'optimizer', 'full-pass')),
    ...(page.watch?.steps.some(step => step.part === 'update') ? [training(page, lead('descent', 'full-pass'))] : []),
    vanishing(data, lead('vanishing', 'chain')),
    dead(data, lead('relu', 'full-pass')),
    two(data, lead('chain', 'full-pass')),
  ];
}
