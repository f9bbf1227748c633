"use strict";
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
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1).replace(/%(?![0-9a-f]{2})/gi, "%25")));
  if (place) { // from the sentence that a number led to, Tab goes on
    place.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
  }
})();
