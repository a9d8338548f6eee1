
// The map as a picture: what the page shows of it, drawn again on a canvas with its title, legend and sources. The page's policy
// lets it load no picture, not even one of its own, so its drawings are followed shape by shape.
// The patterns of the page: their colors, how far apart their lines are, how wide and how opaque, and to which side they lean. A tile
// of a pattern shows half of the line on its edge.
const HATCHES = { hatch: ["--unknown-ground", "--unknown-line", 4, 0.8, 1, 1], uncollected: [null, "--name", 9, 0.8, 0.38, 1], "uncollected-small": [null, "--name", 5, 0.8, 0.38, 1],
  "uncollected-old": [null, "--name", 11, 0.8, 0.38, -1], "uncollected-old-small": [null, "--name", 6, 0.8, 0.38, -1] };
const PICTURE_MARGIN = 18;

// The outline of a shape in its own coordinates.
function outlineOf(node) {
  const of = (name) => Number(node.getAttribute(name) || 0);
  const path = new Path2D(node.tagName === "path" ? node.getAttribute("d") || "" : undefined);
  if (node.tagName === "line") { path.moveTo(of("x1"), of("y1")); path.lineTo(of("x2"), of("y2")); }
  if (node.tagName === "rect") path.rect(of("x"), of("y"), of("width"), of("height"));
  if (node.tagName === "circle") path.arc(of("cx"), of("cy"), of("r"), 0, 2 * Math.PI);
  if (node.tagName === "ellipse") path.ellipse(of("cx"), of("cy"), of("rx"), of("ry"), 0, 0, 2 * Math.PI);
  return path;
}

// Fills with the lines of a pattern.
function hatch(pen, path, rule, name, scale, [left, top, right, bottom]) {
  const [ground, line, gap, width, alpha, lean] = HATCHES[name];
  const style = getComputedStyle(document.documentElement);
  pen.save();
  pen.clip(path, rule);
  if (ground) {
    pen.fillStyle = style.getPropertyValue(ground);
    pen.fillRect(left, top, right - left, bottom - top);
  }
  pen.globalAlpha *= alpha;
  pen.strokeStyle = style.getPropertyValue(line);
  pen.lineWidth = width * scale;
  pen.beginPath();
  const step = gap * scale * Math.SQRT2;
  const [first, last] = lean > 0 ? [left + top, right + bottom] : [left - bottom, right - top];
  for (let at = Math.floor(first / step) * step; at <= last; at += step) {
    pen.moveTo(at - lean * top, top);
    pen.lineTo(at - lean * bottom, bottom);
  }
  pen.stroke();
  pen.restore();
}

// Draws on a sheet of its own, which is then laid on the picture: what lies in it on each other does not show through.
function throughSheet(pen, opacity, drawOn) {
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [pen.canvas.width, pen.canvas.height];
  const ink = sheet.getContext("2d");
  ink.setTransform(pen.getTransform());
  drawOn(ink);
  pen.save();
  pen.resetTransform();
  pen.globalAlpha = opacity;
  pen.drawImage(sheet, 0, 0);
  pen.restore();
}

// Draws a node of a drawing and all in it; `frame` is the box on the screen whose upper left corner is the pen's origin.
function follow(pen, node, frame, alpha = 1) {
  if (["defs", "title"].includes(node.tagName)) return;
  const style = getComputedStyle(node);
  if (style.display === "none") return;
  const now = alpha * Number(style.opacity);
  if (["svg", "g"].includes(node.tagName)) {
    if (style.opacity !== "1") {
      throughSheet(pen, Number(style.opacity), (sheet) => { for (const child of node.children) follow(sheet, child, frame, alpha); });
      return;
    }
    for (const child of node.children) follow(pen, child, frame, now);
    return;
  }
  if (style.visibility === "hidden") return;
  const of = node.getScreenCTM();
  const matrix = new DOMMatrix([of.a, of.b, of.c, of.d, of.e - frame.left, of.f - frame.top]);
  const scale = Math.sqrt(Math.abs(of.a * of.d - of.b * of.c));
  const still = style.vectorEffect === "non-scaling-stroke" ? 1 : scale;
  pen.save();
  pen.lineJoin = style.strokeLinejoin;
  pen.lineWidth = parseFloat(style.strokeWidth) * still;
  pen.setLineDash(style.strokeDasharray === "none" ? [] : style.strokeDasharray.split(",").map((part) => parseFloat(part) * still));
  const strokes = style.stroke !== "none" && pen.lineWidth > 0;
  if (node.tagName === "text") {
    const { x, y } = matrix.transformPoint({ x: Number(node.getAttribute("x") || 0), y: Number(node.getAttribute("y") || 0) });
    pen.font = `${style.fontStyle} ${style.fontWeight} ${parseFloat(style.fontSize) * scale}px ${style.fontFamily}`;
    pen.letterSpacing = style.letterSpacing === "normal" ? "0px" : style.letterSpacing;
    pen.textAlign = { middle: "center", end: "right" }[style.textAnchor] || "left";
    const text = style.textTransform === "uppercase" ? node.textContent.toUpperCase() : node.textContent;
    pen.globalAlpha = now;
    pen.strokeStyle = style.stroke;
    pen.fillStyle = style.fill;
    if (strokes) pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
  } else {
    const path = new Path2D();
    path.addPath(outlineOf(node), matrix);
    const pattern = /url\("?#([\w-]+)/.exec(style.fill);
    pen.globalAlpha = now * Number(style.fillOpacity);
    if (pattern && HATCHES[pattern[1]]) {
      const box = node.getBoundingClientRect();
      const within = (value, side) => Math.max(-20, Math.min(side + 20, value));
      hatch(pen, path, style.fillRule, pattern[1], Math.min(scale, 1), [within(box.left - frame.left, frame.width), within(box.top - frame.top, frame.height), within(box.right - frame.left, frame.width), within(box.bottom - frame.top, frame.height)]);
    } else if (style.fill !== "none") {
      pen.fillStyle = style.fill;
      pen.fill(path, style.fillRule);
    }
    pen.globalAlpha = now * Number(style.strokeOpacity);
    pen.strokeStyle = style.stroke;
    if (strokes) pen.stroke(path);
  }
  pen.restore();
}

// Draws the words and drawings of a part of the page where they stand on the screen.
function followText(pen, root, frame) {
  for (const drawing of root.querySelectorAll("svg")) follow(pen, drawing, frame);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  pen.textBaseline = "middle";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentNode.closest("svg")) continue;
    const style = getComputedStyle(node.parentNode);
    pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    pen.fillStyle = style.color;
    for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const { left, top, height } = range.getBoundingClientRect();
      if (height) pen.fillText(word, left - frame.left, top - frame.top + height / 2);
    }
  }
  pen.textBaseline = "alphabetic";
}

// A text in lines of at most so many pixels.
function inLines(pen, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    if (pen.measureText(longer).width <= width || !lines[lines.length - 1]) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

// Where the data of the map come from, who drew it, and what it is not.
function sourcesTold() {
  const { facts } = DATA;
  const files = facts.inputs.map((input) => input.file);
  return `Data: ${files.slice(0, 8).join(", ")}${files.length > 8 ? ` and ${many(files.length - 8, "more file")}` : ""}. Made with Tamarisk ${facts.version}. ${DATA.no_position}`;
}

// What the picture shows: the score, its day, and what filters leave.
function pictureTold() {
  const dates = isWhole() || !ofDomain().length ? "" : `incidents ${datesTold()}`;
  return [`${capital(risk(state.domain))} risk`, DATA.as_of ? `as of ${DATA.as_of}` : "", `scheme ${DATA.scheme}`, isFiltered() ? sitesTold() : "", dates].filter(Boolean).join(" · ");
}

function pictureOfMap() {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(name);
  const parts = [byId("bands"), map, byId("legend")].map((part) => [part, part.getBoundingClientRect()]);
  const width = parts[1][1].width;
  const measure = document.createElement("canvas").getContext("2d");
  const lines = (text, size, weight, tone) => {
    measure.font = `${weight} ${size}px ${FACE}`;
    return text ? inLines(measure, text, width).map((line) => [line, size, weight, tone]) : [];
  };
  const head = [...lines(byId("title").textContent, 22, 650, "--ink"), ...lines(DATA.heading?.subtitle ?? "", 15, 400, "--ink"), ...lines(pictureTold(), 13, 400, "--quiet")];
  const foot = lines(sourcesTold(), 11, 400, "--quiet");
  const high = (list) => list.reduce((sum, [, size]) => sum + Math.round(size * 1.35), 0);
  const canvas = document.createElement("canvas");
  const ratio = 2;
  const tall = 2 * PICTURE_MARGIN + high(head) + high(foot) + parts.reduce((sum, [, box]) => sum + box.height + 8, 0) + 8;
  [canvas.width, canvas.height] = [Math.round((width + 2 * PICTURE_MARGIN) * ratio), Math.round(tall * ratio)];
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.fillStyle = color("--bg");
  pen.fillRect(0, 0, width + 2 * PICTURE_MARGIN, tall);
  pen.translate(PICTURE_MARGIN, PICTURE_MARGIN);
  const write = (list) => {
    for (const [text, size, weight, tone] of list) {
      pen.font = `${weight} ${size}px ${FACE}`;
      pen.fillStyle = color(tone);
      pen.fillText(text, 0, size);
      pen.translate(0, Math.round(size * 1.35));
    }
  };
  write(head);
  for (const [part, box] of parts) {
    pen.translate(0, 8);
    if (part === map) pictureOfFrame(pen, box, color);
    else followText(pen, part, box);
    pen.translate(0, box.height);
  }
  pen.translate(0, 8);
  write(foot);
  return canvas;
}

// What is in the frame of the map: the base map, the dots, the markers with their names, and the scale bar.
function pictureOfFrame(pen, box, color) {
  pen.save();
  pen.beginPath();
  pen.rect(0, 0, box.width, box.height);
  pen.clip();
  pen.fillStyle = color("--sea");
  pen.fillRect(0, 0, box.width, box.height);
  follow(pen, byId("ground"), box);
  pen.drawImage(byId("dots"), 0, 0, box.width, box.height);
  follow(pen, byId("over"), box);
  const bar = byId("bar").getBoundingClientRect();
  pen.strokeStyle = color("--ink");
  pen.lineWidth = 2;
  pen.beginPath();
  const [left, right, low] = [bar.left - box.left + 1, bar.right - box.left - 1, bar.bottom - box.top - 1];
  for (const [x, y, draws] of [[left, low - 5, "moveTo"], [left, low, "lineTo"], [right, low, "lineTo"], [right, low - 5, "lineTo"]]) pen[draws](x, y);
  pen.stroke();
  followText(pen, byId("bar-text"), box);
  pen.strokeStyle = color("--rule");
  pen.lineWidth = 1;
  pen.strokeRect(0.5, 0.5, box.width - 1, box.height - 1);
  pen.restore();
}
