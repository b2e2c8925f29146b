/**
 * What its owner should know before anything else: what does not fit, what does not answer, what is not in force.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Health} Health
 * @typedef {import("../frame/notices.js").Item} Item
 */
import { html } from "../../vendor/htm-preact.module.js";
import { useAsked } from "../base/asked.js";
import { linkTo } from "../base/routing.js";
import { healthOf, titleOfDevice } from "../devices/wording.js";
import { Notices, ofGateway } from "../frame/notices.js";

const EVERY_MS = 15_000;

/** @param {{state: State}} properties */
export function News({ state }) {
  const health = /** @type {Health | null} */ (useAsked("health", {}, EVERY_MS).found);
  const items = [...ofGateway(health), ...ofDevices(state), ...ofOutages(state)];
  return html`<${Notices} items=${items} />`;
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
