// An exercise as on paper: type a line, press Enter, hear at once. What is right is said by the grader alone.
import { button, make } from './dom.js';
import { Network } from './network.js';
import { forget, keep, kept } from './store.js';
import { written } from './formula.js';

const SAID = {
  correct: ['✓', 'right'],
  follows: ['↷', 'right on your own numbers'],
  wrong: ['✗', 'this step broke'],
  unreadable: ['?', 'cannot be read'],
  'not-assessed': ['·', 'cannot be judged'],
  provisional: ['≈', 'not settled yet'],
};
const KEYS = [['−', 'minus'], ['.', 'point'], ['·', 'times'], ['(', 'open bracket'], [')', 'close bracket'], ['=', 'equals']];
const NARROW = 520; // as in style.css
const WRITTEN = /[-−+]?(?:\d[\d.,\s]*|[.,]\d+|[½⅓¼⅔])(?:[eE][-−+]?\d+)?\s*$/;

// Printed lines without a heading go on with those before them.
function joined(parts, part) {
  const before = parts.at(-1);
  if (part.kind !== 'printed' || part.heading || before?.kind !== 'printed') return [...parts, part];
  return [...parts.slice(0, -1), { ...before, lines: [...before.lines, ...part.lines] }];
}

// What is told of a line, and the sentences in it that give the number away; null where all of them do.
function apart(text, number) {
  const sentences = text.split(/(?<=[.!?]) (?=\p{Lu}|[∂δη“])/u);
  const written = sentence => [...sentence.matchAll(/[−]?\d[\d.]*\d|[−]?\d/g)].map(found => found[0]);
  const gives = sentence => written(sentence).includes(number);
  const told = sentences.filter(sentence => !gives(sentence));
  return told.length ? [told.join(' '), sentences.filter(gives).join(' ')] : [text, null];
}

export class Practise {
  constructor(root, judge, options) {
    Object.assign(this, { root, judge, options, turn: 0, full: null, looking: false });
  }

  show(page, next) {
    Object.assign(this, { page, next, turn: this.turn + 1, report: null, full: null, told: new Set() });
    this.texts = kept(this.key, {});
    this.root.replaceChildren(this.aside(), make('div', { class: 'lines' }, ...page.sections.map((section, n) => this.section(section, n))), this.after(), this.keyBar());
    this.fields = [...this.root.querySelectorAll('.row :is(input, textarea)')];
    for (const field of this.fields) {
      field.value = this.texts[field.name] ?? '';
      field.addEventListener('focus', () => this.light(field.name));
      field.addEventListener('change', () => this.changed(field));
      field.addEventListener('keydown', event => this.pressed(event, field));
    }
    this.net = new Network(this.root.querySelector('.figure'), page.drawings);
    this.count();
    if (Object.keys(this.texts).length) this.look();
  }

  get key() { return `texts:${this.page.code}`; }

  // --- what stands there ---

  aside() {
    const { page } = this;
    const conventions = page.conventions.flatMap(([term, text]) => [make('dt', {}, term), make('dd', { html: text })]);
    return make('div', { class: 'aside' },
      make('div', { class: 'head' },
        make('h2', {}, page.title), make('span', { class: 'code' }, page.code)),
      make('div', { class: 'score' },
        make('span', { class: 'tally', role: 'status' }),
        make('progress', { max: this.asked.length, value: 0, 'aria-label': 'Lines that are right' }),
        make('label', {}, make('input', { type: 'checkbox', class: 'shown', checked: kept('score', true), on: { change: event => { keep('score', event.target.checked); this.count(); } } }), ' score')),
      make('p', { class: 'remarks', role: 'status' }),
      page.task ? make('p', { class: 'task', html: page.task }) : null,
      make('div', { class: 'figure' }),
      this.sets('Given', page.given),
      page.worked.length ? this.sets('Worked out for you', page.worked) : null,
      make('details', { class: 'conventions', open: !kept('conventions-closed', window.innerWidth <= NARROW), on: { toggle: event => keep('conventions-closed', !event.target.open) } },
        make('summary', {}, 'Conventions'), make('dl', {}, ...conventions)));
  }

  after() {
    return make('div', { class: 'after' },
      make('div', { class: 'tools' },
        button('New numbers', () => this.next(), { class: 'again' }),
        button('Save (.txt)', () => this.save('txt')),
        button('Save (.json)', () => this.save('json')),
        button('Print', () => window.print()),
        button('Clear this sheet', () => this.clear())),
      this.paste());
  }

  sets(title, sets) {
    return make('details', { class: 'given', open: true },
      make('summary', {}, title),
      ...sets.map(set => make('div', { class: 'set' }, set.title === title ? '' : make('h3', {}, set.title.replace(`${title}: `, '')), make('div', { class: set.table ? 'rows table' : 'rows' },
        ...set.rows.map(row => make('div', {}, ...row.map(([label, number]) => make('span', {},
          make('span', { html: label }), number ? ` = ${number}` : ''))))))));
  }

  paste() {
    const area = make('textarea', { rows: 5, 'aria-label': 'A whole sheet, a line each, such as a3 = 0.755', placeholder: 'a3 = 0.755\ny3 = 0.6803\n…', spellcheck: 'false' });
    const said = make('p', { class: 'read', role: 'status' });
    const dropped = async event => {
      const [file] = event.dataTransfer?.files ?? [];
      if (!file) return;
      event.preventDefault();
      await this.take(await file.text(), file.name, said);
    };
    return make('details', { class: 'paste', on: { dragover: event => event.preventDefault(), drop: dropped } },
      make('summary', {}, 'Paste or drop a whole sheet'), area,
      button('Judge it', () => this.take(area.value, '', said), { class: 'take' }), said);
  }

  section(section, number) {
    const parts = section.parts.reduce(joined, []).flatMap(part => this.part(part));
    return make('section', {}, make('h2', {}, make('span', { class: 'n' }, String(number + 1)), section.title), ...parts);
  }

  part(part) {
    switch (part.kind) {
      case 'lines': return [
        part.caption ? make('h3', {}, part.caption) : null,
        ...part.names.map(name => this.row(name, make('span', { html: this.page.lines[name].label }), `${this.page.lines[name].text}${this.page.lines[name].link ? `, ${this.page.lines[name].link}` : ''}`)),
      ].filter(Boolean);
      case 'note': return [make('p', { class: 'note', html: part.html })];
      case 'printed': return [
        part.heading ? make('h3', {}, part.heading) : null,
        make('p', { class: 'printed' }, ...part.lines.map(([n, label, number]) => make('span', {}, make('small', {}, String(n)), ' ', make('span', { html: label }), ` = ${number}`))),
      ].filter(Boolean);
      default: return [
        make('p', { class: 'prompt', id: `prompt-${part.name}`, html: part.prompt }),
        this.row(part.name, part.kind === 'question' && part.label ? make('span', { html: part.label }) : null, part.title, part.kind === 'words' || (part.kind === 'question' && Boolean(part.label))),
      ];
    }
  }

  row(name, label, spoken, long = false) {
    const field = make(long ? 'textarea' : 'input', {
      id: `in-${name}`, name, rows: long ? 1 : null, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'next', 'aria-describedby': `say-${name}`, 'aria-label': spoken,
    });
    return make('div', { class: long ? 'row long' : 'row', 'data-quantity': name },
      make('label', { for: `in-${name}` }, label ?? '', label ? make('span', { class: 'equals' }, '=') : ''),
      field, make('span', { class: 'mark', 'aria-hidden': 'true' }),
      make('div', { class: 'told' },
        make('p', { id: `say-${name}`, class: 'say', role: 'status' }),
        make('p', { class: 'more' })));
  }

  keyBar() {
    const press = (event, key) => {
      event.preventDefault(); // the field keeps the focus
      const field = document.activeElement;
      if (!this.fields.includes(field)) return;
      field.setRangeText(key, field.selectionStart, field.selectionEnd, 'end');
    };
    return make('div', { class: 'keys', role: 'toolbar', 'aria-label': 'Signs that phones hide' },
      ...KEYS.map(([key, name]) => make('button', { type: 'button', tabindex: '-1', 'aria-label': name, on: { pointerdown: event => press(event, key) } }, key)));
  }

  // --- what is done ---

  get asked() { return this.page.sections.flatMap(section => section.parts.flatMap(part => part.names ?? (part.name ? [part.name] : []))); }

  pressed(event, field) {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    this.changed(field);
    const to = this.fields[this.fields.indexOf(field) + (event.shiftKey ? -1 : 1)];
    to?.focus();
  }

  light(name) {
    const line = this.page.lines[name];
    this.net.light(line?.own, line?.used);
  }

  changed(field) {
    const text = field.value.trim();
    if ((this.texts[field.name] ?? '') === text) return;
    if (text) this.texts[field.name] = text; else delete this.texts[field.name];
    this.told.delete(field.name);
    keep(this.key, this.texts);
    field.closest('.row').querySelector('.mark').textContent = text ? '…' : ''; // until it is judged
    this.look();
  }

  ask(hints) { return this.judge.judge(this.page.toml, this.texts, { hints, needs: this.page.needs }); }

  // Verdicts and hints, one question at a time: what is typed while one is open is asked about together, after it.
  async look() {
    this.turn += 1;
    this.full = null;
    if (this.looking) return;
    this.looking = true;
    this.root.classList.add('thinking');
    for (let turn = 0; turn !== this.turn;) {
      turn = this.turn;
      try {
        const report = await this.ask(true);
        if (turn === this.turn) {
          this.report = report;
          this.paint();
        }
      } catch (error) {
        if (turn === this.turn) this.remark(`The grader stumbled: ${error.message}`);
      }
    }
    this.looking = false;
    this.root.classList.remove('thinking');
  }

  paint() {
    for (const answer of this.report.answers) {
      const row = this.root.querySelector(`[data-quantity="${answer.quantity}"]`);
      if (row) this.paintRow(row, answer);
    }
    this.remark(this.report.remarks.join(' '));
    this.count();
  }

  paintRow(row, answer) {
    const name = answer.quantity, field = row.querySelector('input, textarea');
    const given = name in this.texts;
    const said = given ? (answer.provisional ? 'provisional' : answer.verdict) : '';
    if (given) row.dataset.verdict = answer.verdict; else delete row.dataset.verdict;
    row.toggleAttribute('data-provisional', Boolean(given && answer.provisional));
    row.toggleAttribute('data-noted', Boolean(given && answer.feedback));
    row.querySelector('.mark').textContent = SAID[said]?.[0] ?? '';
    if (said === 'wrong') field.setAttribute('aria-invalid', 'true'); else field.removeAttribute('aria-invalid');
    const words = !given ? '' : this.words(said, answer);
    const say = row.querySelector('.say');
    if (say.textContent !== words) say.textContent = words;
    this.paintMore(row, answer, said);
    this.net.put(name, given ? (field.value.match(WRITTEN)?.[0] ?? '').trim().replace('-', '−') : '', said);
  }

  words(said, answer) {
    if (said === 'provisional') return answer.feedback ? `${answer.feedback} Your next lines will tell whether you work by another convention.` : 'Right, if you work by another convention than this sheet; your next lines will tell.';
    if (said === 'unreadable') return answer.feedback.replace(', and counts nothing until a person has looked', '');
    return answer.feedback || `${answer.label}: ${SAID[said]?.[1] ?? said}.`;
  }

  // Below a line that is not right: the whole sentence, and the number, each when it is asked for.
  paintMore(row, answer, said) {
    const more = row.querySelector('.more');
    const helped = said === 'wrong' || said === 'provisional';
    if (!helped) { more.replaceChildren(); return; }
    if (this.told.has(answer.quantity)) { this.tellAll(answer.quantity, more); return; }
    const ask = button(said === 'wrong' ? 'What went wrong?' : 'Tell me more', async () => {
      await this.tellAll(answer.quantity, more);
      (more.querySelector('button') ?? row.querySelector('input, textarea')).focus(); // the button is gone
    }, { class: 'why' });
    more.replaceChildren(ask);
  }

  async whole() {
    this.full ??= this.ask(false);
    return this.full;
  }

  async tellAll(name, more) {
    const turn = this.turn;
    const report = await this.whole();
    if (turn !== this.turn) return;
    this.told.add(name);
    const answer = report.answers.find(one => one.quantity === name);
    const own = answer?.expected_from_your_values;
    const number = own === null || own === undefined ? '' : written(own, this.page.places, this.page.figures);
    const [told, giving] = apart(answer?.feedback ?? '', number);
    const value = make('span', { class: 'value', role: 'status' });
    const asked = number && giving !== null ? button('Show the number', () => {
      value.textContent = giving || `Your own lines give ${number}.`;
      asked.remove();
      more.closest('.row').querySelector('input, textarea').focus();
    }, { class: 'number' }) : '';
    more.replaceChildren(make('span', { class: 'whole', role: 'status' }, told), ' ', asked, value);
  }

  count() {
    const tally = this.root.querySelector('.tally'), bar = this.root.querySelector('progress');
    const shown = this.root.querySelector('.shown').checked;
    const right = this.report ? this.report.answers.filter(a => a.quantity in this.texts && ['correct', 'follows'].includes(a.verdict) && !a.provisional).length : 0;
    bar.value = right;
    bar.hidden = !shown;
    const whole = right === this.asked.length;
    const words = !shown ? '' : whole ? `All ${right} lines are right.` : `${right} of ${this.asked.length} lines`;
    if (tally.textContent !== words) tally.textContent = words;
    this.options.scored(right, this.asked.length);
  }

  remark(words) {
    const place = this.root.querySelector('.remarks');
    if (place.textContent !== words) place.textContent = words;
  }

  async take(text, name, said) {
    if (!text.trim()) { said.textContent = 'Nothing stands there.'; return; }
    try {
      const found = await this.judge.read(this.page.toml, text, name);
      const texts = Object.fromEntries(Object.entries(found.texts).filter(([line]) => this.fields.some(field => field.name === line)));
      const count = Object.keys(texts).length;
      const other = found.code && found.code !== this.page.code ? [`The sheet says it belongs to ${found.code}; this is ${this.page.code}.`] : [];
      said.textContent = [`${count} ${count === 1 ? 'line' : 'lines'} read.`, ...other, ...found.remarks, ...found.complaints].join(' ');
      Object.assign(this.texts, texts);
      for (const field of this.fields) field.value = this.texts[field.name] ?? '';
      keep(this.key, this.texts);
      await this.look();
    } catch (error) {
      said.textContent = `It cannot be read: ${error.message}`;
    }
  }

  save(suffix) {
    const { code } = this.page;
    const lines = this.asked.filter(name => this.texts[name]);
    const text = suffix === 'json'
      ? JSON.stringify({ code, ...Object.fromEntries(lines.map(name => [name, this.texts[name]])) }, null, 1)
      : ['name:', `code: ${code}`, '', ...lines.map(name => `${name} = ${this.texts[name].replaceAll('\n', ' ')}`), ''].join('\n');
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    make('a', { href: address, download: `practice-${code}.${suffix}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  clear() {
    if (!window.confirm('Clear all lines of this sheet?')) return;
    forget(this.key);
    this.show(this.page, this.next);
  }
}
