/**
 * Our own icons: line drawings on a 24 by 24 field.
 *
 * @typedef {import("./roles.js").Role} Role
 */
import { html } from "../../vendor/htm-preact.module.js";

/** @type {Record<Role, string>} */
const LINES = {
  solar:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M4.9 4.9l1.8 1.8M17.3 17.3l1.8 1.8M19.1 4.9l-1.8 1.8M6.7 17.3l-1.8 1.8",
  grid: "M12 2 7 22M12 2l5 20M5 8h14M6.5 8 5 11M17.500 8l1.500 3M10.300 9l5.400 7M13.700 9l-5.400 7M8.300 16h7.400",
  home: "M3.500 11 12 4l8.500 7M6 9.500V20h12V9.500M10 20v-6h4v6",
  battery: "M4 7.500h14v9H4zM18 10.500h2.500v3H18M10.500 9.500 8.500 12.300h4l-2 2.700",
  generator: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M13 7.500 9 13h3l-1 4 4-5.500h-3z",
  chargers: "M4 13.500 6 8.500h9l3 5M3 13.500h18V18H3zM7 18v1.500M17 18v1.500M6.500 15.800h.01M17.500 15.800h.01",
  v2l: "M8 3v5M16 3v5M5.500 8h13v3a6.500 6.500 0 0 1-13 0zM12 17.500V22",
};

/** @param {Role} role @param {number} x Centre. @param {number} y Centre. @param {number} size */
export function icon(role, x, y, size) {
  const scale = size / 24;
  return html`<path
    class="icon"
    aria-hidden="true"
    transform="translate(${x - size / 2} ${y - size / 2}) scale(${scale})"
    d=${LINES[role]}
  />`;
}
