/**
 * Line drawings for the navigation, on a 24 by 24 field.
 *
 * @typedef {import("./pages.js").Sign} Sign
 */
import { html } from "../../vendor/htm-preact.module.js";

/** @type {Record<Sign, string>} */
const LINES = {
  home: "M4 11.500 12 4.500l8 7M6 10v9.500h12V10",
  energy: "M4 20h16M6.500 16.500v-5M11 16.500v-10M15.500 16.500v-7M20 16.500v-12",
  devices: "M5 4.500h14v6H5zM5 13.500h14v6H5zM8 7.500h.01M8 16.500h.01M12 7.500h4M12 16.500h4",
  chargers: "M5 20.500V6a2 2 0 0 1 2-2h5a2 2 0 0 1 2 2v14.500M3.500 20.500h12M14 12h2a1.500 1.500 0 0 1 1.500 1.500v3a1.500 1.500 0 0 0 3 0V9.500L17.500 6.500M10 7.500 8 11h3l-2 3.500",
  backup: "M12 3.500 5 6.500v5c0 4.500 3 7.500 7 9 4-1.500 7-4.500 7-9v-5zM12.500 8 9.500 12.500h5L11.500 17",
  console: "M4 5.500h16v13H4zM7.500 9.500l3 2.500-3 2.500M12.500 15h4",
  captures: "M4 12h3l2.500-6.500 4 13L16.500 12H20",
  settings: "M4 7.500h9M18 7.500h2M4 16.500h2M11 16.500h9M15.500 5a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5M8.500 14a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5",
  more: "M6 12h.01M12 12h.01M18 12h.01",
};

/** @param {{sign: Sign}} properties */
export function SignView({ sign }) {
  return html`<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><path d=${LINES[sign]} /></svg>`;
}
