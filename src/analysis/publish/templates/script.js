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

  const [SORTED, FILTERED] = [8, 12]; // rows; fewer are seen at a glance
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

  const unpacked = (packed) => { // heads, and how many rows there are of each kind: see `show.evidence`
    const [heads, ...values] = packed.split("\n").map((line) => line.split("\t"));
    const [kinds] = values.pop() || [""];
    let before = [];
    return [heads, kinds.split(";").map((kind) => {
      const [rows, ...places] = kind.split(" ").map(Number);
      before = [...before.slice(0, heads.length - places.length), ...places];
      return [rows, before.map((place, head) => values[head]?.[place])];
    })];
  };

  const choosers = new WeakMap(); // a table's own way to show certain rows alone; gives those back
  const readers = new WeakMap(); // what a row of it has of something
  const inWords = new WeakMap(); // what a reader sees in place of a code, by what it is a code of
  const worded = (lines) => {
    const words = new Map();
    for (const [head, code, said] of (lines || "").split("\n").map((line) => line.split("\t"))) {
      words.set(head, (words.get(head) || new Map()).set(code, said));
    }
    return words;
  };
  const filterable = (table) => {
    const rows = [...table.tBodies[0].rows];
    const heads = [...table.tHead.rows[0].cells].map(text);
    const { total: whole, left: others, what, words: lines } = table.closest("details")?.dataset || {}; // of an evidence too long to be here all
    const names = worded(lines);
    const cell = (row, head) => {
      const place = row.cells[heads.indexOf(head)];
      return place?.dataset.code ?? text(place);
    };
    for (const [name, of] of names) for (const row of heads.includes(name) ? rows : []) {
      const place = row.cells[heads.indexOf(name)];
      place.dataset.code = text(place);
      place.textContent = place.dataset.code.split(", ").map((code) => of.get(code) ?? code).join(", ");
    }
    const [told, away] = unpacked(others || ""); // how many of each kind are not here
    const input = make("input", { type: "search", autocomplete: "off" });
    const count = make("span", { className: "count" });
    const all = make("button", { type: "button", className: "all", hidden: true }, "Show all");
    count.setAttribute("role", "status");
    const holder = table.closest(".scroll") || table;
    const few = rows.length < FILTERED; // then only what a link has chosen is said
    const head = (key) => (key === "frame" && what === "frame" ? "what" : key);
    const read = (row, key) => (key === "frame" && what !== "frame" ? (row.dataset.frame || "").split("|") : [cell(row, head(key))]);
    readers.set(table, read);
    const word = (key, code) => names.get(head(key))?.get(code) ?? (key === "frame" ? names.get("what")?.get(code) : undefined);
    inWords.set(table, word);
    const show = (fits, words, kin) => {
      rows.forEach((row) => (row.hidden = !fits(row)));
      const left = rows.filter((row) => !row.hidden);
      const sentences = heads.includes("place") ? new Set(left.map((row) => cell(row, "place"))).size : left.length;
      const several = sentences === left.length ? "" : `${sentences} sentence${sentences === 1 ? "" : "s"} in `;
      const more = whole ? ` (of ${whole}; the others are not on this page)` : "";
      const of = kin === undefined ? `${rows.length} rows${more}` : `${left.length + kin} shown`;
      count.textContent = words ? `${several}${left.length} of ${of}${words} ` : "";
      all.hidden = !words;
      return left;
    };
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/);
      show((row) => words.every((word) => row.textContent.toLowerCase().includes(word)), input.value.trim() && " ");
    });
    all.addEventListener("click", () => {
      input.value = "";
      show(() => true, "");
      (few ? holder : input).focus();
    });
    choosers.set(table, (wanted, strict) => { // strict: of what it has no column, no row has it
      input.value = "";
      const asked = [...new Set(wanted.keys())].filter((key) => strict || heads.includes(head(key)));
      const fit = (said, key) => wanted.getAll(key).some((value) => said.some((word) => word === value.trim() || word.split(", ").includes(value)));
      const kin = whole && asked.every((key) => told.includes(head(key)))
        ? away.filter(([, kind]) => asked.every((key) => fit([kind[told.indexOf(head(key))]], key))).reduce((sum, [rows]) => sum + rows, 0)
        : undefined;
      const words = asked.flatMap((key) => wanted.getAll(key).map((code) => word(key, code) ?? code)).join(", ");
      return show((row) => asked.every((key) => fit(read(row, key), key)), strict && !words ? "" : `: ${words}`, kin);
    });
    const line = make("div", { className: few ? "filter few" : "filter" }, make("label", { hidden: few }, "Filter rows ", input), " ", count, all);
    holder.before(line);
  };

  for (const table of document.querySelectorAll("main table")) {
    const body = table.tBodies[0];
    if (!table.tHead || !body || table.matches(".heat") || body.querySelector("[rowspan]") || body.rows.length < 2) continue;
    if (body.rows.length >= SORTED) sortable(table);
    if (body.rows.length >= FILTERED || table.closest("[id].scroll, .evidence")) filterable(table);
  }

  // The sentences of a whole page, chosen by who prints them and who says what in them; charts stay as they are.
  const CHOICES = { outlet: "Outlet", voice: "Voice", frame: "Frame", what: "", speaker: "Speaker" };
  const KINDS = { stance: "Position", label: "Tone", form: "Form of speech", error: "Error" };
  const PICTURED = { stance: "what", tone: "what", form: "what" }; // what the bar calls them
  const boardsIn = (scope) => [ // pictures that follow: parts, of each what its sentences hold, and in what they are counted
    ...[...scope.querySelectorAll(".strips[data-codes]")].map((strips) => {
      const codes = strips.dataset.codes.split("\n").map((line) => line.split("\t"));
      const held = (cell) => cell.dataset.held.split(";").map((places) => [
        ["outlet", cell.closest("li").dataset.outlet],
        ...places.split(" ").filter(Boolean).map((place) => codes[place]),
      ]);
      const parts = [...strips.querySelectorAll("[data-held]")].map((cell) => [cell, held(cell)]);
      return { parts, units: parts.map(([cell]) => cell), name: "paragraph", place: strips };
    }),
    ...[...scope.querySelectorAll(".events")].map((events) => {
      const held = ({ voice, form, speaker, frame }, outlet) => [[
        ...Object.entries({ outlet, voice, form, speaker }).filter(([, value]) => value),
        ...(frame || "").split("|").map((one) => ["frame", one]),
      ]];
      const parts = [...events.querySelectorAll("[data-outlet]")].map((who) => [who, held(who.closest("li").dataset, who.dataset.outlet)]);
      return { parts, units: [...events.querySelectorAll(".block")], name: "utterance", place: events };
    }),
  ];
  const follow = ({ parts, units, name }, chosen) => { // dims what does not fit, folds blocks of which nothing does; gives those left
    const asked = [...new Set(chosen.keys())];
    const fits = (held) => asked.every((key) => held.some(([kind, value]) => (PICTURED[kind] || kind) === key && chosen.getAll(key).includes(value)));
    for (const [part, sentences] of parts) {
      const fit = sentences.some(fits);
      part.classList.toggle("apart", !fit);
      if (part.matches("a")) part.tabIndex = fit ? 0 : -1;
    }
    const has = (unit) => unit.matches("[data-held]:not(.apart)") || unit.querySelector("[data-outlet]:not(.apart)");
    for (const unit of units) {
      const fit = Boolean(has(unit));
      if (unit.matches(".block")) {
        unit.hidden = !fit;
        for (const version of unit.querySelectorAll("li")) version.classList.toggle("apart", !has(version));
      }
      const folded = unit.closest("details");
      if (fit && folded && asked.length) folded.open = true;
    }
    const left = units.filter(has);
    return [left, units.length, name];
  };
  const views = new Map(); // of each bar how to apply a choice
  const single = document.querySelectorAll(".part");
  const carry = (chosen) => { // to the other pages
    const kept = new URLSearchParams([...chosen].filter(([key]) => key !== "what"));
    if (single.length) return;
    for (const link of document.querySelectorAll(".contents > ol > li > a:not([aria-current]), .turn a")) link.hash = `${kept}` && `view?${kept}`;
  };
  const chosenIn = (bar) => [...bar.querySelectorAll("select")].filter((field) => field.value).map((field) => [field.name, field.value]);
  const chooser = (scope) => {
    const lists = [...scope.querySelectorAll(".evidence table")].filter((table) => choosers.has(table));
    const boards = boardsIn(scope);
    const pictured = lists.length ? [] : boards.flatMap(({ parts }) => parts.flatMap(([, sentences]) => sentences)); // whose values are offered
    const kinds = [...new Set(lists.map((table) => KINDS[table.closest("details").dataset.what]).filter(Boolean))];
    if (pictured.length) kinds.push(KINDS.stance, KINDS.label);
    const values = (key) => {
      const counts = new Map();
      for (const held of pictured) for (const word of new Set(held.filter(([kind]) => (PICTURED[kind] || kind) === key).map(([, value]) => value))) counts.set(word, (counts.get(word) || 0) + 1);
      for (const table of lists) for (const row of table.tBodies[0].rows) {
        if (key === "what" && table.closest("details").dataset.what === "frame") continue;
        const said = readers.get(table)(row, key).flatMap((words) => (key === "outlet" ? [words] : words.split(", ")));
        for (const word of new Set(said)) if (word) counts.set(word, (counts.get(word) || 0) + 1);
      }
      return [...counts].sort(([a, n], [b, m]) => (key === "outlet" ? a.localeCompare(b) : m - n));
    };
    const fields = Object.entries(CHOICES).map(([key, name]) => {
      const found = values(key);
      if (found.length < 2 || (key === "what" && !kinds.length)) return undefined;
      const said = (code) => lists.map((table) => inWords.get(table)(key, code)).find(Boolean) ?? code;
      const options = found.map(([code, n]) => make("option", { value: code }, `${said(code)} (${n})`));
      return make("select", { name: key, ariaLabel: name || kinds.map((kind, n) => (n ? kind.toLowerCase() : kind)).join(" or ") }, make("option", { value: "" }, "any"), ...options);
    }).filter(Boolean);
    if (!fields.length) return;
    const count = make("span", { className: "count" });
    count.setAttribute("role", "status");
    const go = make("button", { type: "button", className: "all", hidden: true }, "Go to them");
    const clear = make("button", { type: "button", className: "all", hidden: true }, "Show all");
    const labels = fields.map((field) => make("label", {}, `${field.ariaLabel} `, field));
    const bar = make("div", { className: "view", id: scope.id === "main" ? "view" : `${scope.id}:view` }, make("b", {}, lists.length ? "Sentences" : "Paragraphs"), ...labels, count, go, clear);
    bar.setAttribute("role", "search");
    bar.setAttribute("aria-label", `Sentences to show${single.length ? `: ${text(scope.querySelector("h1"))}` : ""}`);
    let found = [];
    const apply = (wanted) => {
      for (const field of fields) field.value = wanted.get(field.name) || "";
      const chosen = new URLSearchParams(chosenIn(bar));
      const left = lists.map((table) => choosers.get(table)(chosen, true));
      const places = (rows) => new Set(rows.map((row) => row.querySelector("td.place a")?.getAttribute("href") || row)).size;
      const some = `${chosen}` !== "";
      const all = places(lists.flatMap((table) => [...table.tBodies[0].rows]));
      const followed = boards.map((board) => follow(board, chosen));
      const counts = new Map(lists.length ? [["sentence", [places(left.flat()), all]]] : []);
      for (const [fit, of, name] of followed) counts.set(name, [0, 1].map((n) => [fit.length, of][n] + (counts.get(name) || [0, 0])[n]));
      const told = [...counts].map(([name, [n, of]]) => `${n || "none"} of ${of} ${name}s`).join(", ");
      count.textContent = some ? `${told[0].toUpperCase()}${told.slice(1)} on this page` : "";
      found = [...left.flat(), ...followed.flatMap(([units]) => units)];
      [go.hidden, clear.hidden] = [!found.length || !some, !some];
      if (some) lists.forEach((table, n) => left[n].length && (table.closest("details").open = true));
      carry(chosen);
      return chosen;
    };
    const write = () => {
      const chosen = apply(new URLSearchParams(chosenIn(bar)));
      const address = `${location.href.split("#")[0]}${`${chosen}` && `#${bar.id}?${chosen}`}`;
      try {
        history.replaceState(null, "", address); // no step back for each choice
      } catch {
        location.replace(`#${bar.id}?${chosen}`);
      }
    };
    bar.addEventListener("change", write);
    clear.addEventListener("click", () => {
      for (const field of fields) field.value = "";
      write();
      fields[0].focus();
    });
    go.addEventListener("click", () => {
      found[0].scrollIntoView();
      goOnFrom(found[0]);
    });
    const before = lists.length ? scope.querySelector("h2") || scope.querySelector("h1")?.nextElementSibling : boards[0].place;
    before.before(bar);
    views.set(bar, apply);
  };
  (single.length ? single : [document.getElementById("main")]).forEach(chooser);
  if (!views.size && location.hash.startsWith("#view?")) carry(new URLSearchParams(location.hash.slice(6)));

  const widths = new ResizeObserver((seen) => requestAnimationFrame(() => {
    for (const { target } of seen) target.classList.toggle("wide", target.scrollWidth > target.clientWidth + 1);
  }));
  document.querySelectorAll("main .scroll").forEach((area) => widths.observe(area));

  const unfold = (asked) => { // #evidence?outlet=...&what=... are rows of a table; ?outlet=...#evidence, too, which needs no script
    const [name, query = asked] = location.hash.slice(1).split("?");
    const element = location.hash && (placeNamed(location.hash.slice(1)) || placeNamed(name));
    if (!element) return;
    if (views.has(element)) {
      views.get(element)(new URLSearchParams(query));
      element.scrollIntoView();
      return goOnFrom(element.querySelector("select"));
    }
    for (let up = element; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    const table = query && (element.querySelector("table") || element);
    const chosen = table && choosers.has(table);
    if (chosen) {
      for (const [bar, apply] of views) if (chosenIn(bar).length) apply(new URLSearchParams());
      choosers.get(table)(new URLSearchParams(query)); // once it is open, so that its count is heard
    }
    element.scrollIntoView();
    const first = chosen && [...table.tBodies[0].rows].find((row) => !row.hidden);
    goOnFrom(first || element);
  };
  addEventListener("hashchange", () => unfold());
  const asked = location.search.slice(1);
  unfold(asked);
  if (asked) addEventListener("load", () => setTimeout(() => unfold(asked))); // for the browser, too, goes to the place
  document.addEventListener("click", (event) => { // within this page without loading it anew
    const link = event.target.closest?.("a[href^='?']");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const [query, name] = link.getAttribute("href").slice(1).split("#");
    if (location.hash === `#${name}?${query}`) unfold();
    else location.hash = `#${name}?${query}`;
  });

  document.addEventListener("mouseover", ({ target }) => { // what a screen reader says of a mark, whoever points at it sees
    const link = target.closest?.(".picture a[aria-label]");
    if (link && !link.getAttribute("title")) link.setAttribute("title", link.getAttribute("aria-label"));
  });

  const codes = [...document.querySelectorAll("details.code")];
  if (codes.length) {
    const button = make("button", { type: "button", className: "codes" }, "Show the code");
    button.setAttribute("aria-pressed", "false");
    const away = (are) => document.documentElement.classList.toggle("codes-away", are); // until somebody asks for it
    away(true);
    button.addEventListener("click", () => {
      const open = button.ariaPressed !== "true";
      away(!open);
      codes.forEach((code) => (code.open = open));
      button.setAttribute("aria-pressed", String(open));
    });
    document.querySelector(".tools").append(button);
  }
})();
