// byhand's own drawing: numbers are written beside its units, and its parts light up.
const SIGNS = { correct: '✓', follows: '↷', wrong: '✗', unreadable: '?', 'not-assessed': '·', provisional: '≈' };
const LONGEST = 9;

export class Network {
  constructor(box, drawings) {
    box.innerHTML = drawings.join('');
    const all = selector => [...box.querySelectorAll(selector)];
    this.places = new Map(all('[data-place]').map(element => [element.dataset.place, element]));
    this.parts = new Map(all('[data-part]').map(element => [element.dataset.part, element]));
    this.numbers = all('[data-given]');
    this.box = box;
    for (const svg of all('svg.drawing')) svg.style.setProperty('--wide', svg.viewBox.baseVal.width);
    // Where it is wider than the screen it is moved sideways, with the keyboard too.
    new ResizeObserver(() => {
      if (box.scrollWidth > box.clientWidth + 1) Object.assign(box, { tabIndex: 0, role: 'group', ariaLabel: 'The network' });
      else for (const name of ['tabindex', 'role', 'aria-label']) box.removeAttribute(name);
    }).observe(box);
  }

  // What is lit comes into sight.
  follow() {
    const lit = [...this.box.querySelectorAll('.own')].map(element => element.getBoundingClientRect());
    if (!lit.length || this.box.scrollWidth <= this.box.clientWidth + 1) return;
    const frame = this.box.getBoundingClientRect();
    const middle = (Math.min(...lit.map(one => one.left)) + Math.max(...lit.map(one => one.right))) / 2;
    this.box.scrollLeft += middle - (frame.left + frame.right) / 2;
  }

  // A number at its place, with the colour and the sign of what is said of it.
  put(name, text, said = '') {
    const place = this.places.get(name);
    if (!place) return;
    const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
    const stem = name.startsWith('delta') ? 'δ ' : name === 'E' ? 'E ' : '';
    const sign = SIGNS[said] ?? ''; // alone where working stands there and no number
    place.textContent = short || sign ? `${stem}${short} ${sign}`.trim() : '';
    if (said) place.dataset.said = said; else delete place.dataset.said;
  }

  // What a step is about, what it uses, a second path, and what both paths share.
  light(own = [], used = [], second = []) {
    const both = own.filter(name => second.includes(name));
    const without = names => names.filter(name => !both.includes(name));
    for (const part of this.parts.values()) part.classList.remove('own', 'used', 'second', 'both');
    for (const [names, how] of [[used.filter(name => !own.includes(name)), 'used'], [without(own), 'own'], [without(second), 'second'], [both, 'both']]) {
      for (const name of names) this.parts.get(name)?.classList.add(how);
    }
    this.follow();
  }

  // Given numbers that were changed.
  give(values) {
    for (const element of this.numbers) {
      const text = values[element.dataset.given];
      if (text !== undefined) element.textContent = element.textContent.startsWith('=') ? `= ${text}` : text;
    }
  }

  clear() {
    for (const name of this.places.keys()) this.put(name, '');
    this.light();
  }
}
