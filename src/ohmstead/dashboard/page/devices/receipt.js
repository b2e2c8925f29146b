/**
 * What became of a command, in words.
 *
 * @typedef {import("../types.js").Receipt} Receipt
 */
import { Declined } from "../base/api.js";
import { words } from "../base/format.js";
import { html, useLayoutEffect, useRef } from "../base/hooks.js";
import { atSite, siteNow } from "../base/store.js";
import { meaning } from "./abilities.js";

/** @type {Record<string, {title: string, explained: string, tone: "good" | "wait" | "bad"}>} */
const OUTCOMES = {
  confirmed: { title: "Confirmed", explained: "The device was asked again and says the same value.", tone: "good" },
  acknowledged: { title: "Acknowledged", explained: "The device said yes; it was not read back.", tone: "good" },
  sent: { title: "Sent", explained: "It left; the device does not answer such commands.", tone: "wait" },
  different: { title: "Different", explained: "The device said yes, but reads back another value.", tone: "bad" },
  unknown: { title: "Unknown", explained: "The connection broke in between. Look at the device before asking again.", tone: "bad" },
  refused: { title: "Refused", explained: "Nothing was changed.", tone: "bad" },
};

/** @param {string} outcome */
export function outcomeOf(outcome) {
  return OUTCOMES[outcome] ?? { title: words(outcome), explained: "", tone: "wait" };
}

/**
 * A receipt for a command that came back without one.
 * @param {{device: string, ability: string, value: number}} order
 * @param {unknown} error
 * @returns {Receipt}
 */
export function failed(order, error) {
  const isDeclined = error instanceof Declined;
  return {
    device: order.device,
    ability: order.ability,
    at: new Date(siteNow()).toISOString(),
    // An answer below 500, or 503, says that nothing was sent; with anything else nobody knows.
    outcome: isDeclined && (error.problem.status < 500 || error.problem.status === 503) ? "refused" : "unknown",
    asked: order.value,
    read_back: null,
    reason: isDeclined ? error.message : "Ohmstead did not answer.",
  };
}

/** @param {{receipt: Receipt, unit: string, onClose: () => void}} properties */
export function ReceiptView({ receipt, unit, onClose }) {
  const { title, explained, tone } = outcomeOf(receipt.outcome);
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useLayoutEffect(() => button.current?.focus(), []);
  return html`
    <div class="receipt" role="status" data-outcome=${receipt.outcome}>
      <p class="pill is-${tone}">${title}</p>
      <p>${explained}</p>
      ${receipt.reason && html`<p class="reason">${atSite(receipt.reason, receipt.at)}</p>`}
      <dl class="figures">
        <div><dt>Asked</dt><dd>${meaning(receipt.ability, receipt.asked, unit)}</dd></div>
        <div><dt>Device says</dt><dd>${meaning(receipt.ability, receipt.read_back, unit)}</dd></div>
      </dl>
    </div>
    <div class="actions">
      <button type="button" class="button is-main" ref=${button} onClick=${onClose}>Close</button>
    </div>
  `;
}
