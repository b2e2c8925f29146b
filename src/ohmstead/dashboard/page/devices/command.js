/**
 * Telling a device something: choose within its envelope, read it once more, send, see what became of it.
 *
 * @typedef {import("../types.js").Device} Device
 * @typedef {import("../types.js").Envelope} Envelope
 * @typedef {import("../types.js").Receipt} Receipt
 * @typedef {"choose" | "review" | "sending" | "done"} Step
 * @typedef {{device: Device, ability: string, envelope: Envelope, title: string}} Target
 */
import { Declined, post } from "../base/api.js";
import { plain } from "../base/format.js";
import { html, useEffect, useId, useLayoutEffect, useRef, useState } from "../base/hooks.js";
import { saying, wordsFor } from "./abilities.js";
import { ReceiptView, failed } from "./receipt.js";

const COST = {
  volatile: "",
  flash:
    "The device keeps this value in flash memory, which wears out with each write. Ohmstead spends writes from a small daily budget and skips a value that is already set.",
  cloud: "This costs a call to the manufacturer’s cloud, which allows only so many an hour.",
};

/** More commands than these wait behind one line: a card is there to be read first. */
const MOST_SHOWN = 3;

/** @param {{device: Device, title: string, isOpen?: boolean}} properties  `isOpen`: however many there are. */
export function Abilities({ device, title, isOpen = false }) {
  const [open, setOpen] = useState(/** @type {string | null} */ (null));
  const names = Object.keys(device.abilities);
  const why = useId();
  if (!names.length) return null;
  const buttons = names.map(
    (name) => html`<button
      key=${name}
      type="button"
      class="button"
      disabled=${!device.control}
      aria-describedby=${device.control ? undefined : why}
      onClick=${() => setOpen(name)}
    >${wordsFor(name).button}…</button>`,
  );
  return html`
    <div class="abilities">
      ${isOpen || names.length <= MOST_SHOWN
        ? buttons
        : html`<details>
            <summary>${names.length} commands</summary>
            <div class="abilities">${buttons}</div>
          </details>`}
      ${!device.control &&
      html`<p class="quiet" id=${why}>
        Control is off: nothing is ever written to this device. Its owner allows it with <code>control = true</code> for
        “${device.source}” in the site file.
      </p>`}
      ${open !== null &&
      html`<${CommandDialog}
        device=${device}
        ability=${open}
        envelope=${device.abilities[open]}
        title=${title}
        onClose=${() => setOpen(null)}
      />`}
    </div>
  `;
}

/** @param {Target & {onClose: () => void}} properties */
function CommandDialog({ device, ability, envelope, title, onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const { values, button, ask } = wordsFor(ability);
  const options = Object.keys(values ?? {}).map(Number).filter((option) => isAllowed(envelope, option));
  const isOnlyOne = options.length === 1;
  const [step, setStep] = useState(/** @type {Step} */ (isOnlyOne ? "review" : "choose"));
  // Text, as it is typed: a lone minus is no number yet, and not to be wiped away.
  const [text, setText] = useState(String(envelope.allowed.at(-1)?.high ?? 0));
  const value = text === "" ? NaN : Number(text);
  const [receipt, setReceipt] = useState(/** @type {Receipt | null} */ (null));
  const heading = useId();
  // Before the step inside takes the focus; closing it gives the focus back to the button that opened it.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  const send = async () => {
    setStep("sending");
    setReceipt(await sent({ device: device.id, ability, value }));
    setStep("done");
    dispatchEvent(new Event("commanded"));
  };
  return html`
    <dialog ref=${dialog} class="command" aria-labelledby=${heading} onClose=${onClose}>
      <h3 id=${heading}>${button}</h3>
      <p class="quiet">${title} · ${device.id}</p>
      ${step === "choose" &&
      html`<${Choice} text=${text} value=${value} setText=${setText} envelope=${envelope} ability=${ability} options=${options} onNext=${() => setStep("review")} onCancel=${close} />`}
      ${step === "review" &&
      html`<${Review} wanted=${saying(ability, value, envelope.unit)} onSend=${send} back=${isOnlyOne ? "Cancel" : "Back"} onBack=${isOnlyOne ? close : () => setStep("choose")} />`}
      ${step === "sending" && html`<p class="sending" role="status">Sending, then reading back what the device says…</p>`}
      ${step === "done" && receipt && html`<${ReceiptView} receipt=${receipt} unit=${envelope.unit} onClose=${close} />`}
    </dialog>
  `;
}

/** @param {Envelope} envelope @param {number} value */
function isAllowed(envelope, value) {
  return envelope.allowed.some((interval) => interval.low <= value && value <= interval.high);
}

/** @param {{text: string, value: number, setText: (text: string) => void, envelope: Envelope, ability: string, options: number[], onNext: () => void, onCancel: () => void}} properties */
function Choice({ text, value, setText, envelope, ability, options, onNext, onCancel }) {
  const mayGoOn = isAllowed(envelope, value);
  return html`
    <form
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        if (mayGoOn) onNext();
      }}
    >
      ${options.length
        ? html`<${Options} value=${value} setText=${setText} ability=${ability} options=${options} />`
        : html`<${Amount} text=${text} value=${value} setText=${setText} envelope=${envelope} ask=${wordsFor(ability).ask} mayGoOn=${mayGoOn} />`}
      ${COST[envelope.write_class] && html`<p class="cost">${COST[envelope.write_class]}</p>`}
      <div class="actions">
        <button type="button" class="button is-quiet" onClick=${onCancel}>Cancel</button>
        <button type="submit" class="button is-main" disabled=${!mayGoOn}>Review</button>
      </div>
    </form>
  `;
}

/** @param {{value: number, setText: (text: string) => void, ability: string, options: number[]}} properties */
function Options({ value, setText, ability, options }) {
  const first = useRef(/** @type {HTMLInputElement | null} */ (null));
  const name = useId();
  useEffect(() => first.current?.focus(), []);
  return html`<fieldset class="options">
    <legend>${wordsFor(ability).ask}</legend>
    ${options.map(
      (option) => html`<label key=${option}>
        <input type="radio" name=${name} checked=${option === value} onChange=${() => setText(String(option))} ref=${option === value ? first : undefined} />
        ${saying(ability, option, "")}
      </label>`,
    )}
  </fieldset>`;
}

/** @param {{text: string, value: number, setText: (text: string) => void, envelope: Envelope, ask: string, mayGoOn: boolean}} properties */
function Amount({ text, value, setText, envelope, ask, mayGoOn }) {
  const id = useId();
  const number = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => number.current?.select(), []);
  const low = Math.min(...envelope.allowed.map((interval) => interval.low));
  const high = Math.max(...envelope.allowed.map((interval) => interval.high));
  const typed = (/** @type {Event} */ event) => setText(/** @type {HTMLInputElement} */ (event.target).value);
  const range = { min: low, max: high, step: envelope.step };
  return html`
    <label for=${id}>${ask}</label>
    <div class="choice">
      <input type="range" ...${range} value=${Number.isNaN(value) ? low : value} onInput=${typed} aria-label=${`${ask}, slider`} />
      <input id=${id} type="number" required ...${range} value=${text} onInput=${typed} aria-describedby="${id}-allowed" ref=${number} />
      <span>${envelope.unit}</span>
    </div>
    <p class=${mayGoOn ? "quiet" : "reason"} id="${id}-allowed" role=${mayGoOn ? undefined : "alert"}>
      Allowed: ${allowed(envelope)}.
    </p>
  `;
}

/** @param {Envelope} envelope */
function allowed(envelope) {
  const ranges = envelope.allowed.map(({ low, high }) => (low === high ? plain(low) : `${plain(low)} to ${plain(high)}`));
  return `${ranges.join(" or ")} ${envelope.unit} in steps of ${plain(envelope.step)}`;
}

/** @param {{wanted: string, onSend: () => void, back: string, onBack: () => void}} properties */
function Review({ wanted, onSend, back, onBack }) {
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useLayoutEffect(() => button.current?.focus(), []);
  return html`
    <p class="wanted">${wanted}?</p>
    <div class="actions">
      <button type="button" class="button is-quiet" onClick=${onBack}>${back}</button>
      <button type="button" class="button is-main" ref=${button} onClick=${onSend}>Send</button>
    </div>
  `;
}

/** @param {{device: string, ability: string, value: number}} order @returns {Promise<Receipt>} */
async function sent(order) {
  try {
    return await post("commands", order);
  } catch (error) {
    const receipt = error instanceof Declined ? error.problem.receipt : undefined;
    return receipt ?? failed(order, error);
  }
}
