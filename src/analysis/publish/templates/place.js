"use strict";
const placeNamed = (hash) => {
  try {
    return document.getElementById(decodeURIComponent(hash));
  } catch {
    return document.getElementById(hash); // a lone % is no code for anything
  }
};
const goOnFrom = (element) => { // Tab goes on from here
  if (!element) return;
  if (!element.matches("a, button, input, summary, [tabindex]")) element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
};
