/**
 * Which page is drawn by what. They come when they are opened: the first picture does not wait for them.
 *
 * @typedef {import("./app.js").PageView} PageView
 */
import { html } from "../vendor/htm-preact.module.js";
import { linkTo } from "./base/routing.js";

/** @type {Record<string, () => Promise<PageView>>} */
const VIEWS = {
  energy: () => import("./energy/energy.js").then((found) => found.EnergyPage),
  devices: () => import("./devices/devices.js").then((found) => found.Devices),
  device: () => import("./devices/device_page.js").then((found) => found.DevicePage),
  chargers: () => import("./chargers/chargers.js").then((found) => found.Chargers),
  backup: () => import("./chargers/backup.js").then((found) => found.Backup),
  console: () => import("./tools/console.js").then((found) => found.ConsolePage),
  captures: () => import("./tools/captures.js").then((found) => found.Captures),
  settings: () => import("./settings/settings.js").then((found) => found.SettingsPage),
  setup: () => import("./settings/setup.js").then((found) => found.Setup),
  more: () => import("./frame/more.js").then((found) => found.More),
};

/** @param {string} page @returns {Promise<PageView>} */
export async function load(page) {
  return VIEWS[page]?.() ?? Nowhere;
}

function Nowhere() {
  return html`<p class="card waiting">There is no such page. <a href=${linkTo("")}>Go home</a>.</p>`;
}
