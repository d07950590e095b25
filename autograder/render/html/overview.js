"use strict";
// The table of students: only the rows that can be seen exist, so that it scrolls as well with 20,000 as with 20.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const box = $("map"), head = $("cells").tHead, body = $("cells").tBodies[0];
const ROW = 24, SPARE = 6;
const view = { order: [], only: null, label: "", find: "", unit: "", status: "", section: "", key: "name", column: -1 };
const people = data.people || data.students;

const rows = [];
const make = (tag, className) => Object.assign(document.createElement(tag), { className: className || "" });
const points = (student, column) => parseInt(data.rows[student].slice(3 * column + 1, 3 * column + 3), 16);
const letter = (student, column) => data.rows[student][3 * column];
const byName = [...people.keys()].sort((a, b) => people[a].localeCompare(people[b], undefined, { numeric: true }));
const plain = data.students.map((name, i) => `${people[i]} ${name}`.toLowerCase());
const inUnit = (column) => !view.unit || data.exercises[column][1] === view.unit;

function buildHead() {
  const row = head.insertRow();
  const who = row.appendChild(make("th", "who"));
  who.scope = "col";
  who.textContent = "student";
  const total = row.appendChild(make("th", "total"));
  total.scope = "col";
  total.append(headButton("total %", () => sortBy(view.key === "best" ? "worst" : "best")));
  data.exercises.forEach(([name, unit], column) => {
    const cell = row.appendChild(make("th", column && data.exercises[column - 1][1] !== unit ? "first" : ""));
    cell.scope = "col";
    cell.append(headButton(name, () => sortBy("column", column)));
  });
}

function headButton(words, act) {
  const button = make("button");
  button.type = "button";
  button.textContent = words;
  button.title = `sort by ${words}`;
  button.addEventListener("click", act);
  return button;
}

function sortBy(key, column) {
  view.key = key;
  view.column = key === "column" ? column : -1;
  if (["name", "best", "worst"].includes(key)) $("sort").value = key;
  [...head.rows[0].cells].forEach((cell, i) => {
    const here = view.column >= 0 ? i === view.column + 2 : i === (key === "name" ? 0 : 1);
    here ? cell.setAttribute("aria-sort", key === "best" ? "descending" : "ascending") : cell.removeAttribute("aria-sort");
  });
  update();
}

// Whether a student has an exercise of the chosen unit in the chosen status; "all": all that counts is passed.
function fits(student) {
  const letters = data.exercises.map((_, column) => column).filter(inUnit).map((column) => letter(student, column));
  const asked = letters.filter((each) => !"-d".includes(each));
  return view.status === "all" ? asked.every((each) => each === "p") : letters.some((each) => view.status.includes(each));
}

function update() {
  const only = view.only && new Set(view.only);
  let order = byName.filter((student) => (!only || only.has(student)) && plain[student].includes(view.find)
    && (!view.status || fits(student)) && (!view.section || data.sections[student] === view.section));
  for (const row of [head.rows[0], ...rows]) [...row.cells].forEach((cell, i) => { if (i > 1) cell.hidden = !inUnit(i - 2); });
  const share = (student) => (data.shares[student] === null ? -1 : data.shares[student]);
  if (view.key === "best") order.sort((a, b) => share(b) - share(a));
  if (view.key === "worst") order.sort((a, b) => share(a) - share(b));
  if (view.key === "column") order.sort((a, b) => points(a, view.column) - points(b, view.column));
  view.order = order;
  $("count").textContent = order.length === data.students.length ? `${order.length} students` : `${order.length} of ${data.students.length} students`;
  $("clear").hidden = !view.only;
  $("clear").textContent = `✕ ${view.label}`;
  $("cells").setAttribute("aria-rowcount", String(order.length + 1));
  box.scrollTop = 0;
  draw();
}

const newCell = (_, column) => {
  const cell = make("td");
  cell.hidden = !inUnit(column);
  cell.append("");
  return cell;
};
const above = make("tr"), below = make("tr");
above.setAttribute("aria-hidden", "true");
below.setAttribute("aria-hidden", "true");
body.append(above, below);

function newRow() {
  const row = make("tr");
  const who = row.appendChild(make("th"));
  who.scope = "row";
  who.append(make("a"));
  row.append(make("td", "total"), ...data.exercises.map(newCell));
  rows.push(row);
  return row;
}

// Rows that stay in sight keep their elements; those that leave at one end come back at the other.
let shown = 0;
function draw() {
  const height = Math.max(box.clientHeight, 0.72 * innerHeight);
  const count = Math.min(view.order.length, Math.ceil(height / ROW) + 2 * SPARE);
  const first = Math.max(0, Math.min(Math.floor(box.scrollTop / ROW) - SPARE, view.order.length - count));
  while (rows.length < count) body.insertBefore(newRow(), below);
  for (let step = first - shown; step > 0 && step < rows.length; step--) {
    rows.push(rows.shift());
    body.insertBefore(rows[rows.length - 1], below);
  }
  for (let step = first - shown; step < 0 && -step < rows.length; step++) {
    rows.unshift(rows.pop());
    body.insertBefore(rows[0], above.nextSibling);
  }
  shown = first;
  rows.forEach((row, i) => {
    row.hidden = i >= count;
    if (i < count) fill(row, view.order[first + i], first + i + 2);
  });
  above.style.height = `${first * ROW}px`;
  below.style.height = `${(view.order.length - first - count) * ROW}px`;
}

function fill(row, student, number) {
  row.setAttribute("aria-rowindex", String(number));
  if (row.student === student) return;
  row.student = student;
  const [who, total, ...cells] = row.cells;
  const link = who.firstChild;
  link.textContent = people[student];
  link.title = data.students[student] + (data.sections[student] && `, ${data.sections[student]}`);
  data.links[student] ? (link.href = data.links[student]) : link.removeAttribute("href");
  const why = (data.why[student] || []).map((number) => data.reasons[number]), late = data.late[student];
  const share = data.shares[student] === null ? "–" : data.shares[student].toFixed(0);
  total.textContent = late ? `${late} d late  ${share}` : share;
  total.title = why[0] || "";
  cells.forEach((cell, column) => fillCell(cell, data.rows[student].slice(3 * column, 3 * column + 3), column, why[column + 1]));
}

const WORDS = { p: "passed", f: "failed", e: "error", s: "slow", h: "half done", k: "not begun", n: "not handed in", b: "not graded", u: "not reached", d: "does not count", "-": "not asked" };

function fillCell(cell, code, column, why = "") {
  if (cell.code === code && cell.why === why) return;
  Object.assign(cell, { code, why });
  const sign = code[0], percent = parseInt(code.slice(1), 16), [name, , most] = data.exercises[column];
  const idle = "knd-u".includes(sign), plainly = idle || sign === "b";
  cell.className = `cell ${why && "less "}${sign === "b" ? "broken" : idle ? "absent" : `s${Math.floor(percent / 10)}`}`;
  cell.firstChild.data = sign === "b" ? "!" : idle ? "·" : String(Math.round(percent * most / 10) / 10);
  cell.title = `${name}: ${WORDS[sign]}${plainly ? "" : `, ${percent} %`}${why && ` (${why})`}`;
}

function show(who, label) {
  Object.assign(view, { only: who, label, find: "" });
  $("find").value = "";
  update();
  $("students").scrollIntoView();
}

// The texts of a group beside each other; a line that is in all of them is dim, so that what is each one's own stands out.
function compare(number, item) {
  const old = item.querySelector(".compare");
  if (old) return old.remove();
  const box = item.appendChild(make("div", "compare"));
  box.tabIndex = 0; // what scrolls is reached by keyboard
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "programs side by side");
  for (const [name, texts] of data.sources[number]) {
    box.appendChild(make("h3")).textContent = name;
    const row = box.appendChild(make("div", "texts"));
    const lines = texts.map((text) => new Set(text.split("\n").map((line) => line.trim())));
    texts.forEach((text, i) => {
      const column = row.appendChild(make("figure"));
      column.appendChild(make("figcaption")).textContent = people[data.groups[number][i]];
      const code = column.appendChild(make("pre"));
      code.tabIndex = 0;
      text.split("\n").forEach((line) => {
        const same = lines.every((others) => others.has(line.trim()));
        code.appendChild(make("span", same ? "same" : "own")).textContent = `${line}\n`;
      });
    });
  }
}

let waiting = false;
box.addEventListener("scroll", () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; draw(); });
}, { passive: true });
addEventListener("resize", draw);
$("find").addEventListener("input", (event) => { view.find = event.target.value.trim().toLowerCase(); update(); });
$("sort").addEventListener("change", (event) => sortBy(event.target.value));
$("clear").addEventListener("click", () => { view.only = null; update(); });
for (const key of ["unit", "status", "section"]) $(key)?.addEventListener("change", (event) => { view[key] = event.target.value; update(); });
document.querySelectorAll("button[data-kind]").forEach((button) => {
  button.addEventListener("click", () => show(data[button.dataset.kind][button.dataset.number], button.dataset.label));
});
document.querySelectorAll("button[data-column]").forEach((button) => {
  const wrong = (student) => "fes".includes(letter(student, Number(button.dataset.column)));
  button.addEventListener("click", () => show(byName.filter(wrong), button.dataset.label));
});
document.querySelectorAll("button[data-compare]").forEach((button) => {
  const number = Number(button.dataset.compare);
  button.hidden = !(data.sources[number] || []).length;
  button.addEventListener("click", () => compare(number, button.closest("li")));
});
if (data.exercises.length <= 14) $("cells").className = "roomy";
buildHead();
sortBy("name");
