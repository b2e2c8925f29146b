/**
 * What its owner should know of the home as a whole: what does not fit, what is not in force.
 *
 * @typedef {import("../types.js").Health} Health
 * @typedef {{key: string, tone: "bad" | "wait", title: string, words: string, link?: string, action?: string}} Item
 */
import { html } from "../../vendor/htm-preact.module.js";
import { linkTo } from "../base/routing.js";

/** @param {{items: Item[]}} properties */
export function Notices({ items }) {
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
};
const OF_THE_SITE_FILE = new Set(["restart", "unknown_name"]);

/** @param {Health | null} health @returns {Item[]} */
export function ofGateway(health) {
  if (health === null) return [];
  const { history_error, findings } = health;
  /** @type {Item[]} */
  const items = [...ofConfig(health), ...itemsOf(findings)];
  if (history_error)
    items.unshift({ key: "history", tone: "bad", title: "Nothing is being remembered.", words: history_error });
  return items;
}

/** @param {Health | null} health @returns {Item[]} */
export function ofSiteFile(health) {
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
