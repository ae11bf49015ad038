// Puts the cursor of a new form, or of a small window, into its first box. Django's own script has
// by then put it on the first of the buttons above the boxes; where somebody types, it stays.
"use strict";

const isBox = (element) =>
  ["INPUT", "SELECT", "TEXTAREA"].includes(element.tagName) &&
  !["button", "hidden", "image", "reset", "submit"].includes(element.type) &&
  !element.disabled && element.offsetParent;

const isResting = (element) =>
  element === document.body || element.matches("button, [type=submit]");

const isNew = document.getElementById("django-admin-form-add-constants")?.dataset.modelName;

if (isNew || document.body.classList.contains("popup")) {
  // Django's script comes when it will, but before the page counts as loaded.
  window.addEventListener("load", () => {
    const form = document.querySelector("#content-main form");
    const box = form && [...form.elements].find(isBox);
    if (box && isResting(document.activeElement)) box.focus();
  });
}
