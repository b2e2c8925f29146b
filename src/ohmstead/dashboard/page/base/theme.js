/** Light, dark, or as the system says; the browser remembers the choice. */
import { html, useState } from "../../vendor/htm-preact.module.js";

const KEY = "theme";
const NEXT = /** @type {const} */ ({ auto: "light", light: "dark", dark: "auto" });
const TITLES = { auto: "as the system", light: "light", dark: "dark" };
const MARKS = { auto: "◐", light: "☀", dark: "☾" };

/** @typedef {keyof typeof NEXT} Theme */

/** @returns {Theme} */
function remembered() {
  try {
    const found = localStorage.getItem(KEY);
    return found === "light" || found === "dark" ? found : "auto";
  } catch {
    return "auto"; // storage may be forbidden
  }
}

/** @param {Theme} theme */
function show(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  dispatchEvent(new Event("themechange"));
}

/** @param {Theme} theme */
function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Then it holds until the page is closed.
  }
}

export function ThemeButton() {
  const [theme, setTheme] = useState(remembered);
  const turn = () => {
    const next = NEXT[theme];
    setTheme(next);
    remember(next);
    show(next);
  };
  return html`<button type="button" class="button is-icon" onClick=${turn} aria-label="Colours: ${TITLES[theme]}. Change to ${TITLES[NEXT[theme]]}." title="Colours: ${TITLES[theme]}">${MARKS[theme]}</button>`;
}

show(remembered());
