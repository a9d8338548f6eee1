
// Sortable, paginated tables.
const PAGE = 50;
const PRINTED = 500;
const TABLES = [];
// On a small screen, where rows are cards, a page has fewer.
const NARROW = matchMedia("(max-width: 640px)");
const CARDS = 25;

// Creates the table `id`, with `${id}-pages` below it. `columns` are {id, title, of, number}: `of` gives the sort
// key of a row; a column without it is not sortable. `draw` creates a row. If `by` is null, rows keep their
// order. A page of it has `page` rows, and paper `printed`.
function sorted(id, columns, by, draw, { page: onPage, printed } = { page: PAGE, printed: PRINTED }) {
  const node = byId(id);
  const table = { by, up: false, page: 0, list: [], printed };
  const compare = () => {
    const { of, number: isNumber } = columns.find((each) => each.id === table.by);
    const turn = table.up ? 1 : -1;
    // Rows without a number are last in either direction.
    return ([a, x], [b, y]) => {
      if (isNumber && (x === null || y === null)) return (x === null) - (y === null) || a - b;
      return (x < y ? -turn : x > y ? turn : 0) || a - b;
    };
  };
  table.fill = (list) => {
    table.page = 0;
    const of = table.by && columns.find((each) => each.id === table.by).of;
    table.list = of ? list.map((row) => [row, of(row)]).sort(compare()).map(([row]) => row) : list;
    table.draw();
  };
  table.draw = (rows = NARROW.matches ? Math.min(onPage, CARDS) : onPage, paper = false) => {
    const pages = Math.max(1, Math.ceil(table.list.length / rows));
    table.page = Math.min(table.page, pages - 1);
    node.tHead.replaceChildren(el("tr", {}, columns.map((column) => el("th", {
      scope: "col", class: column.number ? "r" : null,
      "aria-sort": !column.of ? null : table.by === column.id ? (table.up ? "ascending" : "descending") : "none",
    }, column.of && !paper ? el("button", { type: "button", "data-sort": column.id, onclick: () => table.sort(column) }, column.title) : column.title))));
    node.tBodies[0].replaceChildren(...table.list.slice(table.page * rows, (table.page + 1) * rows).map(draw));
    labelCells(node);
    const turn = (by) => { table.page += by; table.draw(); };
    byId(`${id}-pages`).replaceChildren(...(pages < 2 ? [] : paper ? [el("span", { class: "small" }, `The first ${whole(rows)} of ${whole(table.list.length)}; on a screen the page has all of them.`)] : [
      el("button", { type: "button", disabled: table.page === 0, onclick: () => turn(-1) }, "Previous"),
      el("span", { class: "small" }, `Page ${table.page + 1} of ${pages}`),
      el("button", { type: "button", disabled: table.page === pages - 1, onclick: () => turn(1) }, "Next"),
    ]));
  };
  table.sort = (column) => {
    // Numbers start descending, words ascending.
    table.up = table.by === column.id ? !table.up : !column.number;
    table.by = column.id;
    table.fill(table.list);
    node.querySelector(`button[data-sort="${column.id}"]`).focus();
  };
  TABLES.push(table);
  return table;
}

// Printed tables are not paginated, up to a size that can be printed. Their headers are no buttons: those are missing where a
// header is repeated on a page.
window.addEventListener("beforeprint", () => TABLES.forEach((table) => { table.page = 0; table.draw(table.printed, true); }));
window.addEventListener("afterprint", () => TABLES.forEach((table) => table.draw()));

// Filter controls of a table.
const chosenOf = (title, id, options, changed) => el("label", {}, title, el("select", { id, onchange: (event) => changed(event.target.value) }, options));
const bandOptions = () => [el("option", { value: "" }, "all"), [5, 4, 3, 2, 1, 0].map((band) => el("option", { value: band }, WORDS[band]))];
const textFilter = (title, changed) => el("label", {}, title, el("input", { id: "filter-text", type: "search", autocomplete: "off", oninput: (event) => { state.text = event.target.value; changed(); } }));
