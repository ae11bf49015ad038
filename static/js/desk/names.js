// Gives a name to the boxes that Django's scripts and the text editor make without one:
// what a screen reader says is what the label beside them shows.
"use strict";

const labelOf = (field) =>
  field.getAttribute("aria-label") ||
  document.querySelector(`label[for="${CSS.escape(field.id)}"]`)?.textContent.trim().replace(/:$/, "") ||
  "";

const nameBoxes = () => {
  for (const box of document.querySelectorAll(".select2-selection:not([data-named])")) {
    const field = box.closest(".select2-container")?.previousElementSibling;
    const name = field && labelOf(field);
    if (!name) continue;
    box.dataset.named = "";
    const shown = box.getAttribute("aria-labelledby");
    box.setAttribute("aria-label", name);
    const choice = shown && document.getElementById(shown);
    if (choice) {
      // The name is read first, then what is chosen.
      choice.removeAttribute("role");
      choice.removeAttribute("aria-readonly");
      box.id ||= `${shown}-box`;
      box.setAttribute("aria-labelledby", `${box.id} ${shown}`);
    }
    const search = box.querySelector(".select2-search__field");
    search?.setAttribute("aria-label", name);
  }
  for (const search of document.querySelectorAll(".select2-dropdown .select2-search__field:not([aria-label])")) {
    const open = document.querySelector(".select2-container--open .select2-selection");
    search.setAttribute("aria-label", open?.getAttribute("aria-label") || "…");
  }
  for (const box of document.querySelectorAll(".ProseMirror[contenteditable]:not([aria-label])")) {
    const field = box.closest(".prose-editor")?.querySelector("textarea") ||
      box.closest(".form-row, td")?.querySelector("textarea");
    const name = field && labelOf(field);
    if (!name) continue;
    box.setAttribute("role", "textbox");
    box.setAttribute("aria-multiline", "true");
    box.setAttribute("aria-label", name);
    box.dir = "auto";
  }
};

new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
nameBoxes();
