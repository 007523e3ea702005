// Formulas as byhand exported them: trees that are evaluated, and printed with numbers put in. No formula is written here.
const erf = x => {
  // ∫ of the normal density by its series (Marsaglia 2004), as far as double precision goes.
  let sum = x, term = x;
  for (let n = 3; n < 300; n += 2) { term *= x * x / n; sum += term; }
  return sum;
};
const PEAK = 1 / Math.sqrt(2 * Math.PI);
export const FUNCTIONS = {
  'exp': Math.exp,
  'ln': Math.log,
  'log10': Math.log10,
  'ten-to': a => 10 ** a,
  'sqrt': Math.sqrt,
  'sin': Math.sin,
  'cos': Math.cos,
  'sin-of-degrees': a => Math.sin(a * Math.PI / 180),
  'cos-of-degrees': a => Math.cos(a * Math.PI / 180),
  'sigmoid': a => (a >= 0 ? 1 / (1 + Math.exp(-a)) : Math.exp(a) / (1 + Math.exp(a))),
  'tanh': Math.tanh,
  'abs': Math.abs,
  'sign': Math.sign,
  'relu': a => Math.max(a, 0),
  'relu-slope': a => (a > 0 ? 1 : 0),
  'leaky-relu': a => (a > 0 ? a : 0.01 * a),
  'leaky-relu-slope': a => (a > 0 ? 1 : 0.01),
  'elu': a => (a > 0 ? a : Math.exp(a) - 1),
  'elu-slope': a => (a > 0 ? 1 : Math.exp(a)),
  'normal-cdf': a => (Math.abs(a) > 8 ? (a > 0 ? 1 : 0) : 0.5 + erf(a) * PEAK * Math.exp(-a * a / 2)),
  'normal-pdf': a => PEAK * Math.exp(-a * a / 2),
};

export function value(tree, known) {
  if (typeof tree === 'string') return known(tree);
  const [what, ...parts] = tree;
  if (what === 'number') return parts[0] / parts[1];
  if (what === '^') return value(parts[0], known) ** parts[1];
  if (what in FUNCTIONS) return FUNCTIONS[what](value(parts[0], known));
  const numbers = parts.map(part => value(part, known));
  switch (what) {
    case '+': return numbers.reduce((a, b) => a + b);
    case '*': return numbers.reduce((a, b) => a * b);
    case '/': return numbers[0] / numbers[1];
    case '-': return -numbers[0];
    default: throw new Error(`no such operation: ${what}`);
  }
}

// Every step from given numbers, in order.
export function worked(steps, given) {
  const all = { ...given };
  for (const step of steps) all[step.name] = value(step.tree, name => all[name]);
  return all;
}

export function written(number, places, figures = null) {
  if (figures && Number.isFinite(number) && number) return Number(number.toPrecision(figures)).toFixed(Math.max(0, figures - 1 - Math.floor(Math.log10(Math.abs(number))))).replace('-', '−');
  if (!Number.isFinite(number)) return Number.isNaN(number) ? 'no number' : number > 0 ? '∞' : '−∞';
  const text = Math.abs(number) >= 1e9 ? number.toExponential(2) : number.toFixed(places);
  return (Number(text) === 0 ? text.replace('-', '') : text).replace('-', '−');
}

export const typed = number => String(number).replace('-', '−');

const VULGAR = { '1/2': '½', '1/3': '⅓', '1/4': '¼', '2/3': '⅔' };
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

// As on a worksheet: products as (0.1)(0.35), sums as 0.4 − 0.7, brackets around what is negative.
export function substituted(tree, shown) {
  const bare = node => {
    if (typeof node === 'string') return shown(node);
    const [what, ...parts] = node;
    switch (what) {
      case 'number': return VULGAR[parts.join('/')] ?? (parts[1] === 1 ? String(parts[0]) : `(${parts.join('/')})`);
      case '+': return parts.map((part, n) => (part[0] === '-' && typeof part !== 'string'
        ? `${n ? ' − ' : '−'}${term(part[1])}`
        : `${n ? ' + ' : ''}${n ? guarded(part) : bare(part)}`)).join('');
      case '*': return parts.map(factor).reduce((text, next) => text + (next.startsWith('(') ? next : `·${next}`));
      case '-': return `−${factor(parts[0])}`;
      case '/': return `${factor(parts[0])} / ${factor(parts[1])}`;
      case '^': return `${factor(parts[0])}${[...String(parts[1])].map(digit => RAISED[digit]).join('')}`;
      default: return parts[1].endsWith('^') ? `${parts[1].slice(0, -1)}^(${bare(parts[0])})` : `${parts[1]}(${bare(parts[0])})`;
    }
  };
  const guarded = node => { const text = bare(node); return text.startsWith('−') ? `(${text})` : text; };
  const term = node => { const text = bare(node); return typeof node === 'string' && !text.startsWith('−') ? text : factor(node); };
  const factor = node => {
    if (typeof node === 'string') return `(${shown(node)})`;
    const closed = node[0] === 'number' || node[0] === '^' || node[0] in FUNCTIONS;
    return closed ? bare(node) : node[0] === '*' ? bare(node) : `(${bare(node)})`;
  };
  return bare(tree);
}
