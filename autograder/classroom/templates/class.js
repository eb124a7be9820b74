"use strict";
const table = document.getElementById("learners");
const body = table.tBodies[0];
const rows = Array.from(body.rows);
const search = document.getElementById("search");
const number = document.getElementById("found");

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    if (!row.hidden) found += 1;
  }
  number.textContent = words.length ? `${found} of ${rows.length}` : "";
}

function key(row, column) {
  const cell = row.cells[column];
  return cell.dataset.order === undefined ? cell.textContent.trim() : Number(cell.dataset.order);
}

function compare(a, b) {
  if (typeof a === "number") return a - b;
  if (!a !== !b) return a ? -1 : 1;
  return a.localeCompare(b, undefined, { numeric: true });
}

function sort(heading) {
  const column = heading.cellIndex;
  const up = heading.getAttribute("aria-sort") !== "ascending";
  for (const other of heading.parentNode.cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", up ? "ascending" : "descending");
  rows.sort((a, b) => compare(key(a, column), key(b, column)) * (up ? 1 : -1));
  body.append(...rows);
}

for (const heading of table.tHead.rows[0].cells) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = heading.textContent;
  button.addEventListener("click", () => sort(heading));
  heading.replaceChildren(button);
}
search.addEventListener("input", show);
document.getElementById("tools").hidden = false;
show();
