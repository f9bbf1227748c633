(() => {
  const make = (tag, attributes, ...children) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...children);
    return element;
  };
  for (const article of document.querySelectorAll(".article")) {
    const layers = { quote: "Quotes and speakers", frame: "Frames", stance: "Stance", tone: "Tone" };
    const set = make("fieldset", { className: "layers" }, make("legend", {}, "Show"));
    for (const [layer, name] of Object.entries(layers)) {
      const box = make("input", { type: "checkbox", checked: true });
      box.addEventListener("change", () => article.classList.toggle(`no-${layer}`, !box.checked));
      set.append(make("label", {}, box, name));
    }
    article.querySelector(".legend").after(set);
  }
  goOnFrom(placeNamed(location.hash.slice(1))); // the sentence that a number led to
})();
