// One sentence at a time, coded by keyboard. All that is shown comes from the model's `shown`; answers go back as messages.

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

// A labelled choice with its key and, below it, what the codebook says of it.
function choice(group, code, name) {
  const input = make("input", { type: group.one ? "radio" : "checkbox", name, value: code.value });
  input.dataset.group = group.id;
  const label = make("label", {}, input, make("kbd", {}, code.key), make("span", {}, code.name));
  const row = make("div", { class: "choice" }, label);
  row.append(...definition(code));
  return { row, input, code };
}

// What the codebook says of a code or target: its definition, and, hidden at first, the rest.
function definition({ definition, more }) {
  if (!definition) return [];
  const rest = make("div", { class: "more", hidden: "" });
  for (const [what, text] of more) rest.append(make("p", {}, make("b", {}, `${what}: `), text));
  return [make("p", { class: "definition" }, definition), ...(more.length ? [rest] : [])];
}

function render({ model, el }) {
  const groups = model.get("groups");
  const unique = `coding-${Math.random().toString(36).slice(2)}`;
  const progress = make("p", { class: "where" });
  const before = make("span", { class: "around" });
  const sentence = make("mark", { class: "sentence", tabindex: "-1" });
  const after = make("span", { class: "around" });
  const text = make("p", { class: "text", lang: model.get("language") }, before, " ", sentence, " ", after);
  const status = make("p", { class: "status", role: "status", "aria-live": "polite" });
  const choices = [];
  const sets = groups.map((group) => {
    const set = make("fieldset", {}, make("legend", {}, group.name), ...definition(group));
    if (group.codes.length > 4) set.classList.add("wide");
    for (const code of group.codes) {
      const one = choice(group, code, `${unique}-${group.id}`);
      choices.push(one);
      set.append(one.row);
    }
    return set;
  });
  const button = (words, key, act) => {
    const one = make("button", { type: "button" }, words, " ", make("kbd", {}, key));
    one.addEventListener("click", act);
    return one;
  };
  const buttons = make(
    "div",
    { class: "buttons" },
    button("Save and next", "Enter", save),
    button("Undo", "Backspace", () => send("undo")),
    button("Later", "Esc", () => send("skip")),
    button("Whole codebook", "?", define),
  );
  const root = make("section", {
    class: "coding-desk",
    role: "group",
    "aria-label": "Coding by keyboard",
    tabindex: "0",
  });
  const desk = make("div", { class: "groups" }, ...sets);
  root.append(progress, text, desk, buttons, status);
  el.append(root);

  let waiting = false;

  function send(kind, answer) {
    if (waiting) return;
    waiting = true;
    model.send({ kind, turn: model.get("shown").turn, answer });
  }

  function save() {
    const codes = {};
    for (const { input } of choices)
      if (input.checked) (codes[input.dataset.group] ??= []).push(input.value);
    send("answer", codes);
  }

  function define() {
    const all = [...root.querySelectorAll(".more")];
    const closed = all.some((one) => one.hidden);
    for (const one of all) one.hidden = !closed;
  }

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation(); // JupyterLab has other uses for single letters: x would cut the cell
    const typed = event.key;
    const found = choices.find(({ code }) => code.key === typed);
    if (typed === "Enter" && event.target.tagName !== "BUTTON") save();
    else if (typed === "Backspace") send("undo");
    else if (typed === "Escape") send("skip");
    else if (typed === "?") define();
    else if (found) {
      found.input.checked = found.input.type === "radio" || !found.input.checked;
      status.classList.remove("wrong");
      status.textContent = `${found.code.name}: ${found.input.checked ? "given" : "not given"}`;
    } else return;
    event.preventDefault();
  });

  function show() {
    const shown = model.get("shown");
    waiting = false;
    status.textContent = shown.message;
    status.classList.toggle("wrong", shown.wrong);
    if (shown.wrong) return;
    progress.textContent = shown.progress;
    before.textContent = shown.before;
    sentence.textContent = shown.sentence;
    after.textContent = shown.after;
    const over = shown.sentence === "";
    desk.hidden = text.hidden = over;
    for (const { input, code } of choices) input.checked = (shown.given[input.dataset.group] ?? []).includes(code.value);
    if (root.contains(document.activeElement)) (over ? root : sentence).focus();
  }

  model.on("change:shown", show);
  show();
  return () => model.off("change:shown", show);
}

export default { render };
