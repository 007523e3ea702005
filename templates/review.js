"use strict";
const $ = name => document.getElementById(name);
const ITEMS = JSON.parse($("items").textContent);
const NAME = $("items").dataset.name;
const KEY = "byhand " + location.pathname;
const id = item => [item.file, item.place, item.quantity].join("\n");
let decided = {};
try { decided = JSON.parse(localStorage.getItem(KEY) || "{}"); } catch (error) { decided = {}; }
let tab = "open", at = 0, byStudent = false, single = null;
const started = Date.now(); let done = 0;
const open = () => {
  const found = ITEMS.filter(item => item.open);
  if (byStudent) found.sort((a, b) => a.student.localeCompare(b.student) || a.exercise.localeCompare(b.exercise));
  return found;
};
let queue = open();
const isDone = item => Object.hasOwn(decided, id(item));
function keep() { try { localStorage.setItem(KEY, JSON.stringify(decided)); } catch (error) { /* private window */ } }
function show() {
  const left = queue.filter(item => !isDone(item)).length, total = queue.length;
  const pace = done ? ", " + ((Date.now() - started) / 1000 / done).toFixed(1) + " s each" : "";
  $("count").textContent = left ? left + " of " + total + " left" + pace : total ? "all " + total + " read; save them" : "nothing is left to read";
  $("bar").firstElementChild.style.width = (total ? 100 * (total - left) / total : 100) + "%";
  $("tab-open").classList.toggle("on", tab === "open"); $("tab-read").classList.toggle("on", tab === "read");
  $("by").firstChild.textContent = byStudent ? "By student " : "By likeness ";
  const item = single || queue[at];
  $("one").hidden = tab === "read" && !single || !item; $("all").hidden = tab === "open" || Boolean(single);
  if (!item || $("one").hidden) return;
  $("picture").src = item.picture;
  $("what").replaceChildren();
  const label = document.createElement("b"); label.textContent = item.label;
  $("what").append(label, " · exercise " + item.exercise + (item.student ? " · " + item.student : "") + (item.why ? " · " + item.why : ""));
  const chosen = decided[id(item)];
  $("choices").replaceChildren(...item.choices.slice(0, 9).map((text, n) => {
    const button = document.createElement("button"); button.type = "button";
    const key = document.createElement("kbd"); key.textContent = n + 1;
    button.append(key, " " + text); button.setAttribute("aria-pressed", chosen === text);
    button.onclick = () => decide(text); return button;
  }));
  $("blank").setAttribute("aria-pressed", chosen === "");
  $("typed").value = chosen !== undefined && !item.choices.includes(chosen) ? chosen : "";
}
function decide(text) {
  const item = single || queue[at]; if (!item) return;
  if (!isDone(item)) done += 1;
  decided[id(item)] = text; keep(); $("typed").blur();
  if (single) { single = null; sheet(); show(); return; }
  step(1);
}
function step(by) { at = Math.max(0, Math.min(queue.length - 1, at + by)); show(); }
function sheet() {
  const read = ITEMS.filter(item => !item.open);
  $("sheet").replaceChildren(...read.map((item, n) => {
    const figure = document.createElement("figure"), picture = document.createElement("img"), caption = document.createElement("figcaption"), who = document.createElement("small");
    figure.tabIndex = 0; figure.dataset.n = n; picture.src = item.picture; picture.loading = "lazy"; picture.alt = item.label;
    who.textContent = item.student + " " + item.label;
    caption.append(isDone(item) ? decided[id(item)] || "(nothing)" : item.text, who);
    figure.classList.toggle("changed", isDone(item)); figure.append(picture, caption);
    figure.onclick = () => { single = item; show(); }; return figure;
  }));
}
function move(by) {
  const all = [...$("sheet").children]; const now = all.indexOf(document.activeElement);
  const next = all[Math.max(0, Math.min(all.length - 1, now + by))]; if (next) next.focus();
}
const cell = text => /^[=+@\t\r]|^-(?![\d.])/.test(text) ? "'" + text : text;
const quoted = text => '"' + cell(text).replaceAll('"', '""') + '"';
function table() {
  const rows = ITEMS.filter(item => isDone(item) || item.person).map(item => [item.file, item.place, item.quantity, isDone(item) ? decided[id(item)] : item.text]);
  return "file,place,quantity,text\r\n" + rows.map(row => row.map(quoted).join(",") + "\r\n").join("");
}
function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff" + table()], { type: "text/csv" })); link.download = NAME; link.click();
  $("then").textContent = "Now: byhand regrade RESULTS --readings " + NAME + ", with RESULTS for this folder and the path of the file that was saved.";
}
function go(name) { tab = name; single = null; if (name === "read") sheet(); show(); if (name === "read") move(1); }
$("tab-open").onclick = () => go("open"); $("tab-read").onclick = () => go("read"); $("save").onclick = save; $("blank").onclick = () => decide("");
$("by").onclick = () => { byStudent = !byStudent; queue = open(); at = 0; show(); };
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = document.activeElement === $("typed"), key = event.key;
  if (typing) {
    if (key === "Enter" && $("typed").value.trim()) { event.preventDefault(); decide($("typed").value.trim()); }
    if (key === "Escape") $("typed").blur();
    return;
  }
  const item = single || queue[at], choosing = tab === "open" || single;
  const keys = {
    o: () => go("open"), a: () => go("read"), s: save, g: () => $("by").click(),
    ArrowRight: () => choosing ? step(1) : move(1), ArrowLeft: () => choosing ? step(-1) : move(-1),
    ArrowDown: () => choosing ? step(1) : move(4), ArrowUp: () => choosing ? step(-1) : move(-4),
    Enter: () => { if (choosing) { $("typed").focus(); $("typed").select(); } else if (document.activeElement.dataset.n !== undefined) document.activeElement.click(); },
    Escape: () => { single = null; show(); },
    u: () => { if (choosing && item) { delete decided[id(item)]; keep(); if (single) { single = null; sheet(); } else at = Math.min(queue.length - 1, at + 1); show(); } },
    0: () => choosing && decide(""),
  };
  if (choosing && item && /^[1-9]$/.test(key) && item.choices[key - 1] !== undefined) { event.preventDefault(); decide(item.choices[key - 1]); return; }
  if (Object.hasOwn(keys, key)) { event.preventDefault(); keys[key](); }
});
show();
