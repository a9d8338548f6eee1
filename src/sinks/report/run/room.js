
// Where names may stand on the map: within the frame, clear of the buttons, of the scale bar, of degrees and of each other.
const gauge = document.createElement("canvas").getContext("2d");
const FACE = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", sans-serif';
const widths = new Map();
function widthOf(text, size, weight = 400) {
  const name = `${size} ${weight} ${text}`;
  if (!widths.has(name)) {
    if (widths.size > 5000) widths.clear();
    gauge.font = `${weight} ${size}px ${FACE}`;
    widths.set(name, gauge.measureText(text).width);
  }
  return widths.get(name);
}
const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
// What is taken, by the cells of a grid that it touches.
const SIDE = 64;
const taken = new Map();
let furniture = [];
const cellsOf = ([left, top, right, bottom]) => {
  const cells = [];
  for (let x = Math.floor(left / SIDE); x <= Math.floor(right / SIDE); x++) for (let y = Math.floor(top / SIDE); y <= Math.floor(bottom / SIDE); y++) cells.push(x * 4096 + y);
  return cells;
};
const take = (box) => {
  for (const cell of cellsOf(box)) {
    if (taken.has(cell)) taken.get(cell).push(box);
    else taken.set(cell, [box]);
  }
};
const inside = (box) => box[0] >= 3 && box[1] >= 2 && box[2] <= camera.width - 3 && box[3] <= camera.height - 2;
const clear = (box, but) => cellsOf(box).every((cell) => (taken.get(cell) || []).every((other) => other === but || !meet(box, other)));
const free = (box, but) => inside(box) && clear(box, but);
// The box of a text that starts, ends or is centered at a place on its base line.
function boxOf(text, x, base, anchor, size, weight) {
  const width = widthOf(text, size, weight);
  const left = anchor === "start" ? x : anchor === "end" ? x - width : x - width / 2;
  return [left - 1, base - 0.85 * size, left + width + 1, base + 0.3 * size];
}

// The buttons and the bar come first; degrees that would stand under them are left out.
function takeFurniture() {
  const { left, top, width } = map.getBoundingClientRect();
  // On paper the map has another size than its drawing.
  const scale = camera.width / (width || camera.width);
  const box = (node) => {
    const of = node.getBoundingClientRect();
    return [(of.left - left) * scale - 4, (of.top - top) * scale - 4, (of.right - left) * scale + 4, (of.bottom - top) * scale + 4];
  };
  taken.clear();
  furniture = [];
  const place = (one) => { furniture.push(one); take(one); };
  for (const one of [...map.querySelectorAll(".zoom, #bar, #bar-text")].map(box)) if (one[2] - one[0] > 8) place(one);
  for (const text of byId("lines").querySelectorAll("text")) {
    const area = boxOf(text.textContent, Number(text.getAttribute("x")), Number(text.getAttribute("y")), text.getAttribute("text-anchor") || "start", 10.5);
    if (free(area)) place(area);
    else text.remove();
  }
}

// Names of the base map stand where room is left; those of countries are spaced capitals.
function clearNames() {
  for (const text of byId("ground").querySelectorAll("#names text")) {
    const name = text.textContent.toUpperCase();
    const half = (widthOf(name, 12.5) + 2.25 * name.length) / 2;
    const [x, y] = [Number(text.getAttribute("x")), Number(text.getAttribute("y"))];
    const area = [x - half, y - 11, x + half, y + 4];
    if (free(area)) take(area);
    else text.remove();
  }
}
