/**
 * The pieces that a device's card and its page are made of.
 *
 * @typedef {import("../types.js").Device} Device
 * @typedef {import("../types.js").Rejected} Rejected
 */
import { html } from "../../vendor/htm-preact.module.js";
import { ago, capital, duration, moment, quantity, words } from "../base/format.js";
import { linkTo } from "../base/routing.js";
import { ageOf, atSite, siteNow } from "../base/store.js";
import { alike, byWeight, doubtedOf, doubtedValue, figuresOf, healthOf, titleOfField, titleOfSignal, unitOf } from "./wording.js";

/** Instead of what there would be to see. */
export function NoDevices() {
  return html`<p class="card quiet">No device is set up. <a href=${linkTo("setup")}>Set up this home</a>.</p>`;
}

/** @param {{device: Device}} properties */
export function HealthPill({ device }) {
  const { text, tone } = healthOf(device);
  return html`<p class="pill is-${tone}" title=${`for ${duration(ageOf(device.since) ?? 0)}`}>${text}</p>`;
}

/** What is wrong, when it was last right, and when we try again. @param {{device: Device}} properties */
export function HealthWords({ device }) {
  const isGood = device.health === "good";
  const last_s = ageOf(device.last_good_at);
  const next_s = device.next_try_at ? (Date.parse(device.next_try_at) - siteNow()) / 1000 : null;
  const next = next_s === null ? "" : next_s > 1 ? `next try in ${duration(next_s)}` : "trying now";
  const last = last_s === null ? "no answer yet" : `last answer ${ago(last_s)}`;
  return html`
    ${device.reason && html`<p class="reason">${atSite(device.reason)}</p>`}
    <p class="quiet timing">
      ${[last, isGood ? device.contract && `asked every ${duration(device.contract.interval_s)}` : next].filter(Boolean).join(" · ")}
    </p>
  `;
}

/** @param {{device: Device, most?: number}} properties  `most`: only so many, those that matter most. */
export function Figures({ device, most = Infinity }) {
  const figures = (most === Infinity ? figuresOf(device) : byWeight(figuresOf(device))).slice(0, most);
  const isOneOfMany = device.readings.length > 1;
  if (!figures.length)
    return html`<p class="quiet">${device.last_good_at ? "It measures nothing of its own." : "No reading yet."}</p>`;
  return html`
    <dl class="figures">
      ${figures.map(
        ({ reading, field, value }) => html`
          <div key=${reading.type + field} class=${reading.quality === "good" ? "" : "is-doubtful"}>
            <dt>${titleOfField(field, isOneOfMany ? reading.type : undefined)}</dt>
            <dd>
              ${typeof value === "string" ? words(value) : quantity(value, unitOf(field))}
              ${reading.quality !== "good" && html`<span class="quality">${reading.quality}, ${ago(ageOf(reading.at) ?? 0)}</span>`}
            </dd>
          </div>
        `,
      )}
    </dl>
  `;
}

/** The newest value that was not believed, while nothing else is. @param {{device: Device}} properties */
export function NewestRejection({ device }) {
  const newest = doubtedOf(device)[0];
  if (!newest) return null;
  return html`<p class="rejected">
    Not believed: <b>${titleOfSignal(newest.field)}</b> ${doubtedValue(newest)}, ${ago(ageOf(newest.at) ?? 0)}. ${reasonOf(newest)}
  </p>`;
}

/** All of them. @param {{device: Device, zone: string}} properties */
export function Rejections({ device, zone }) {
  if (!device.rejected.length) return null;
  return html`<section class="card" aria-labelledby="rejected-title">
    <h2 id="rejected-title">Values that were not believed</h2>
    <p class="quiet">They are kept aside with the reason, and are in no sum and no curve.</p>
    <ul class="lines">
      ${alike(device.rejected).map(
        (all) => html`<li key=${all[0].field + all[0].reason}>
          <span><b>${titleOfSignal(all[0].field)}</b> ${doubtedValue(all[0])}</span><span>${reasonOf(all[0])}</span><span class="quiet">${timesOf(all, zone)}</span>
        </li>`,
      )}
    </ul>
  </section>`;
}

/** @param {Rejected} rejected */
function reasonOf({ reason, at }) {
  return `${capital(atSite(reason, at))}.`;
}

/** When it was so, newest first. @param {Rejected[]} all @param {string} zone */
function timesOf(all, zone) {
  const [last, first] = [all[0], all[all.length - 1]].map(({ at }) => moment(Date.parse(at), zone));
  if (all.length === 1) return last;
  return `${all.length} times, ${first === last ? last : `${first} to ${last}`}`;
}
