/** A button that opens and closes a panel: by click, Escape, or a click elsewhere. */

/**
 * Wires the two; gives `{close}`. `opened()` runs after the panel came up, and takes the focus
 * where it belongs; Escape gives it back to the button.
 */
export function disclosure(button, panel, opened = () => firstControl(panel)?.focus()) {
  button.setAttribute("aria-expanded", "false");
  panel.hidden = true;

  function elsewhere(event) {
    if (!panel.contains(event.target) && !button.contains(event.target)) close();
  }

  function escape(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
    button.focus();
  }

  function open() {
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", elsewhere);
    opened();
  }

  function close() {
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", elsewhere);
  }

  button.addEventListener("click", () => (panel.hidden ? open() : close()));
  for (const node of [button, panel]) {
    node.addEventListener("keydown", (event) => panel.hidden || escape(event));
  }
  return { close };
}

function firstControl(panel) {
  return panel.querySelector("button, input, select, a[href]");
}
