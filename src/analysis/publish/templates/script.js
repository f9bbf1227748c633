(() => {
  const make = (tag, attributes, ...children) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...children);
    return element;
  };
  const text = (cell) => (cell ? cell.textContent.trim() : "");
  const number = (word) => {
    const plain = word.replace(/[−–]/g, "-").replace(/[,\s%+]/g, "");
    return plain === "" ? NaN : Number(plain);
  };
  const missing = (word) => word === "" || /^(<?NA>?|NaN|None)$/.test(word);
  const compare = (a, b) => {
    const [x, y] = [number(a), number(b)];
    return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en", { numeric: true }) : x - y;
  };

  const sortable = (table) => {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    heads.forEach((head, column) => {
      if (head.tagName !== "TH" || text(head) === "") return;
      const button = make("button", { type: "button", className: "sort" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.ariaSort === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...body.rows].map((row) => [text(row.cells[column]), row]);
        rows.sort(([a], [b]) => missing(a) - missing(b) || (down ? -1 : 1) * compare(a, b));
        body.append(...rows.map(([, row]) => row));
      });
    });
  };

  const choosers = new WeakMap(); // a table's own way to show certain rows alone
  const filterable = (table) => {
    const rows = [...table.tBodies[0].rows];
    const heads = [...table.tHead.rows[0].cells].map(text);
    const cell = (row, head) => text(row.cells[heads.indexOf(head)]);
    const { total: whole, left: others } = table.closest("details")?.dataset || {}; // of an evidence too long to be here all
    const [told, ...away] = (others || "").split("\n").map((line) => line.split("\t")); // how many of each kind are not here
    const input = make("input", { type: "search", autocomplete: "off" });
    const count = make("span", { className: "count" });
    const all = make("button", { type: "button", className: "all", hidden: true }, "Show all");
    count.setAttribute("role", "status");
    const show = (fits, words, kin) => {
      rows.forEach((row) => (row.hidden = !fits(row)));
      const left = rows.filter((row) => !row.hidden);
      const sentences = heads.includes("place") ? new Set(left.map((row) => cell(row, "place"))).size : left.length;
      const several = sentences === left.length ? "" : `${sentences} sentence${sentences === 1 ? "" : "s"} in `;
      const more = whole ? ` (of ${whole}; the others are not on this page)` : "";
      const of = kin === undefined ? `${rows.length} rows${more}` : `${left.length + kin} shown`;
      count.textContent = words ? `${several}${left.length} of ${of}${words} ` : "";
      all.hidden = !words;
    };
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/);
      show((row) => words.every((word) => row.textContent.toLowerCase().includes(word)), input.value.trim() && " ");
    });
    all.addEventListener("click", () => {
      input.value = "";
      show(() => true, "");
      input.focus();
    });
    choosers.set(table, (wanted) => {
      input.value = "";
      const asked = [...new Set(wanted.keys())].filter((head) => heads.includes(head));
      const fit = (said, head) => wanted.getAll(head).some((value) => said === value.trim() || said.split(", ").includes(value));
      const kin = whole && asked.every((head) => told.includes(head))
        ? away.filter((kind) => asked.every((head) => fit(kind[told.indexOf(head)], head))).reduce((sum, [rows]) => sum + Number(rows), 0)
        : undefined;
      show(
        (row) => asked.every((head) => fit(cell(row, head), head)),
        `: ${asked.flatMap((head) => wanted.getAll(head)).join(", ")}`,
        kin,
      );
    });
    const holder = table.closest(".scroll") || table;
    const line = make("div", { className: "filter" }, make("label", {}, "Filter rows ", input), " ", count, all);
    holder.before(line);
  };

  for (const table of document.querySelectorAll("main table")) {
    const body = table.tBodies[0];
    if (!table.tHead || !body || table.matches(".heat") || body.querySelector("[rowspan]") || body.rows.length < 2) continue;
    sortable(table);
    if (body.rows.length >= 10 || table.closest("[id].scroll, [id].evidence")) filterable(table);
  }

  const widths = new ResizeObserver((seen) => requestAnimationFrame(() => {
    for (const { target } of seen) target.classList.toggle("wide", target.scrollWidth > target.clientWidth + 1);
  }));
  document.querySelectorAll("main .scroll").forEach((area) => widths.observe(area));

  const unfold = () => {
    const [name, query] = location.hash.slice(1).split("?"); // #evidence?outlet=...&what=... are rows of a table
    const element = location.hash && (placeNamed(location.hash.slice(1)) || document.getElementById(name));
    if (!element) return;
    for (let up = element; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    const table = query && (element.querySelector("table") || element);
    const chosen = table && choosers.has(table);
    if (chosen) choosers.get(table)(new URLSearchParams(query)); // once it is open, so that its count is heard
    element.scrollIntoView();
    const first = chosen && [...table.tBodies[0].rows].find((row) => !row.hidden);
    goOnFrom(first || element);
  };
  addEventListener("hashchange", unfold);
  unfold();

  document.addEventListener("mouseover", ({ target }) => { // what a screen reader says of a mark, whoever points at it sees
    const link = target.closest?.(".picture a[aria-label]");
    if (link && !link.getAttribute("title")) link.setAttribute("title", link.getAttribute("aria-label"));
  });

  const codes = [...document.querySelectorAll("details.code")];
  if (codes.length) {
    const button = make("button", { type: "button", className: "codes" }, "Show the code");
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const open = button.ariaPressed !== "true";
      codes.forEach((code) => (code.open = open));
      button.setAttribute("aria-pressed", String(open));
    });
    document.querySelector(".tools").append(button);
  }
})();
