/**
 * What its owner should know before anything else: what does not fit, what does not answer, what is not in force.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Health} Health
 * @typedef {{key: string, tone: "bad" | "wait", title: string, words: string, link?: string, action?: string}} Item
 */
import { html } from "../../vendor/htm-preact.module.js";
import { useAsked } from "../base/asked.js";
import { linkTo } from "../base/routing.js";
import { healthOf, titleOfDevice } from "../devices/wording.js";

const EVERY_MS = 15_000;
/** Its owner has just changed it, and waits. */
const SITE_FILE_EVERY_MS = 5_000;

/** @param {{state: State}} properties */
export function News({ state }) {
  const health = /** @type {Health | null} */ (useAsked("health", {}, EVERY_MS).found);
  const items = [...ofGateway(health), ...ofDevices(state), ...ofOutages(state)];
  return html`<${Notices} items=${items} />`;
}

/** What is wrong with the site file alone. */
export function SiteFileNews() {
  const health = /** @type {Health | null} */ (useAsked("health", {}, SITE_FILE_EVERY_MS).found);
  return html`<${Notices} items=${ofSiteFile(health)} />`;
}

/** @param {{items: Item[]}} properties */
function Notices({ items }) {
  if (!items.length) return null;
  return html`
    <section class="news" aria-label="What needs attention">
      ${items.map(
        ({ key, tone, title, words, link, action }) => html`<div class="notice is-${tone}" key=${key}>
          <p><b>${title}</b> ${words}</p>
          ${link && html`<a href=${link}>${action}</a>`}
        </div>`,
      )}
    </section>
  `;
}

/** What is wrong with the home as a whole, where it is not the meters. @type {Record<string, string>} */
const TITLES = {
  blocked: "The gateway stood still.",
  clock: "A device's clock is wrong.",
  moved: "A device has another address.",
  restart: "A change is not in force yet.",
  short: "The gateway has too little room.",
  unknown_name: "A name is no device's.",
  unreached: "Somebody this home reports to is not there.",
};
const OF_THE_SITE_FILE = new Set(["restart", "unknown_name"]);

/** @param {Health | null} health @returns {Item[]} */
function ofGateway(health) {
  if (health === null) return [];
  const { history_error, findings } = health;
  /** @type {Item[]} */
  const items = [...ofConfig(health), ...itemsOf(findings)];
  if (history_error)
    items.unshift({ key: "history", tone: "bad", title: "Nothing is being remembered.", words: history_error });
  return items;
}

/** @param {Health | null} health @returns {Item[]} */
function ofSiteFile(health) {
  if (health === null) return [];
  const findings = health.findings.filter(({ trouble }) => OF_THE_SITE_FILE.has(trouble));
  return [...ofConfig(health), ...itemsOf(findings)].map((item) => ({ ...item, link: undefined }));
}

/** @param {Health} health @returns {Item[]} */
function ofConfig({ config_problem }) {
  if (!config_problem) return [];
  return [{ key: "config", tone: "bad", title: "The site file is not in force as it stands.", words: config_problem, link: linkTo("settings"), action: "Settings" }];
}

/** @param {Health["findings"]} findings @returns {Item[]} */
function itemsOf(findings) {
  return findings.map(({ trouble, words }) => ({ key: trouble + words, tone: "wait", title: TITLES[trouble] ?? "The meters do not agree.", words }));
}

/** Sources that do not answer, each once. @param {State} state @returns {Item[]} */
function ofDevices({ devices }) {
  const troubled = devices.filter((device) => healthOf(device).tone === "bad");
  const bySource = new Map(troubled.reverse().map((device) => [device.source, device]));
  return [...bySource.values()].map((device) => ({
    key: device.id,
    tone: "bad",
    title: `${titleOfDevice(device)}: ${healthOf(device).text.toLowerCase()}.`,
    words: device.reason,
    link: linkTo("device", device.id),
    action: "Look",
  }));
}

/** Grids that are away. @param {State} state @returns {Item[]} */
function ofOutages({ devices }) {
  const dark = devices.filter(({ readings }) => readings.some(({ type, connected }) => type === "grid" && connected === false));
  return dark.map((device) => ({
    key: `outage ${device.id}`,
    tone: "wait",
    title: `${titleOfDevice(device)} is without the grid.`,
    words: "What keeps it running is shown under Backup.",
    link: linkTo("backup"),
    action: "Backup",
  }));
}
