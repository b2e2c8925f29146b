/**
 * One device with all it says, all it can be told, and all that was not believed.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Device} Device
 */
import { html } from "../../vendor/htm-preact.module.js";
import { duration, moment } from "../base/format.js";
import { linkTo } from "../base/routing.js";
import { SignalCurves } from "../energy/signals.js";
import { Abilities } from "./command.js";
import { Fields } from "./fields.js";
import { Ledger } from "./ledger.js";
import { Figures, HealthPill, HealthWords, Rejections } from "./parts.js";
import { about, healthOf, titleOfDevice } from "./wording.js";

/** @param {{state: State, rest: string[]}} properties */
export function DevicePage({ state, rest }) {
  const device = state.devices.find(({ id }) => id === rest[0]);
  if (!device)
    return html`<p class="card waiting">No device is called “${rest[0]}” here. <a href=${linkTo("devices")}>See all devices</a>.</p>`;
  const title = titleOfDevice(device);
  return html`
    <header class="page-head" data-device=${device.id}>
      <div>
        <p class="crumb"><a href=${linkTo("devices")}>Devices</a></p>
        <h1>${title}</h1>
        <p class="quiet about">${[...about(device, title), device.id].map((part) => html`<span key=${part}>${part}</span>`)}</p>
      </div>
      <${HealthPill} device=${device} />
    </header>
    <div class="pair">
      <section class="card device" aria-label="Now">
        <${HealthWords} device=${device} />
        <${Figures} device=${device} />
      </section>
      <section class="card device" aria-label="Commands and contract">
        <h2>What it can be told</h2>
        ${Object.keys(device.abilities).length ? html`<${Abilities} device=${device} title=${title} isOpen=${true} />` : html`<p class="quiet">${device.contract ? "Nothing: it is there to be read." : "Not known until it has answered."}</p>`}
        <${Contract} device=${device} zone=${state.site.time_zone} />
      </section>
    </div>
    <${Rejections} device=${device} zone=${state.site.time_zone} />
    <${SignalCurves} state=${state} device=${device.id} />
    <${Fields} device=${device} title=${title} zone=${state.site.time_zone} />
    <${Ledger} state=${state} device=${device.id} />
  `;
}

/** How it is polled, and why so. @param {{device: Device, zone: string}} properties */
function Contract({ device, zone }) {
  const { contract, since } = device;
  return html`<p class="quiet">
    ${contract && `Asked every ${duration(contract.interval_s)}${contract.why ? `: ${contract.why}` : ""}. `}
    ${healthOf(device).text} since ${moment(Date.parse(since), zone)}.
  </p>`;
}
