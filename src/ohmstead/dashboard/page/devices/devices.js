/**
 * Every device: how it is doing in words, what it says now, what it can be told.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Device} Device
 */
import { html } from "../../vendor/htm-preact.module.js";
import { linkTo } from "../base/routing.js";
import { Abilities } from "./command.js";
import { Figures, HealthPill, HealthWords, NewestRejection, NoDevices } from "./parts.js";
import { about, titleOfDevice } from "./wording.js";

/** A card is there to be read first; the device's page has them all. */
const MOST_FIGURES = 6;

/** @param {{state: State}} properties */
export function Devices({ state }) {
  return html`
    <header class="page-head"><h1>Devices <span class="count">${state.devices.length}</span></h1></header>
    ${!state.devices.length && html`<${NoDevices} />`}
    <div class="cards">${state.devices.map((device) => html`<${DeviceCard} key=${device.id} device=${device} />`)}</div>
  `;
}

/** @param {{device: Device}} properties */
export function DeviceCard({ device }) {
  const title = titleOfDevice(device);
  return html`
    <article class="card device" aria-label=${`${title}, ${device.id}`} data-device=${device.id}>
      <header>
        <div>
          <h2 class="name"><a href=${linkTo("device", device.id)}>${title}</a></h2>
          <p class="quiet about">${about(device, title).map((part) => html`<span key=${part}>${part}</span>`)}</p>
        </div>
        <${HealthPill} device=${device} />
      </header>
      <${HealthWords} device=${device} />
      <${Figures} device=${device} most=${MOST_FIGURES} />
      <${NewestRejection} device=${device} />
      <${Abilities} device=${device} title=${title} />
      ${device.details.length > 0 && html`<p class="all"><a href=${linkTo("device", device.id)}>All ${device.details.length} fields<span class="unseen"> of ${title}, ${device.id}</span></a></p>`}
    </article>
  `;
}
