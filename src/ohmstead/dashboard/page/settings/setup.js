/**
 * The first run: say what this home is, find its devices, agree to what is saved.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("./use_site.js").SiteInHand} SiteInHand
 */
import { html, useEffect, useId, useLayoutEffect, useRef, useState } from "../base/hooks.js";
import { Trouble } from "../base/asked.js";
import { linkTo } from "../base/routing.js";
import { Finder } from "./finder.js";
import { SaveBar, Undo } from "./save_bar.js";
import { SiteDevices } from "./site_devices.js";
import { SiteForm, guessed } from "./site_form.js";
import { useSite } from "./use_site.js";

const STEPS = ["Your home", "Your devices", "Save"];

/** @param {{state: State}} properties */
export function Setup({ state }) {
  const hand = useSite();
  const [step, setStep] = useState(0);
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const form = useId();
  const { site, draft } = hand;
  useEffect(() => {
    if (step) heading.current?.focus();
  }, [step]);
  // Before anybody can type: what is typed first would be lost to the guess.
  useLayoutEffect(() => {
    if (draft && site && !site.devices.length) hand.edit(guessed(draft));
  }, [site === null]);
  return html`
    <header class="page-head"><h1>Set up this home</h1></header>
    <${Trouble} asked=${hand.asked} what="The site file" />
    ${site && draft && html`
      <ol class="wizard-steps">
        ${STEPS.map((title, index) => html`<li key=${title} class=${index < step ? "is-done" : ""} aria-current=${index === step ? "step" : undefined}>${title}</li>`)}
      </ol>
      <section class="card wizard">
        <h2 tabindex="-1" ref=${heading}>${step < STEPS.length ? STEPS[step] : "It is set up"}</h2>
        ${step === 0 && html`<p class="quiet">A day begins at midnight here, and money is counted in this currency. The place is used for the sun only, and never leaves this machine.</p><${SiteForm} id=${form} draft=${draft} edit=${hand.edit} onDone=${() => setStep(1)} />`}
        ${step === 1 && html`<${Finder} site=${site} draft=${draft} edit=${hand.edit} /><h3>Chosen</h3><${SiteDevices} site=${site} draft=${draft} edit=${hand.edit} />`}
        ${step === 2 && !hand.changes.length && html`<p class="quiet">There is nothing to save.</p>`}
        ${step >= STEPS.length && html`<${Done} hand=${hand} count=${state.devices.length} />`}
        ${step < STEPS.length && html`<div class="actions">
          ${step > 0 && html`<button type="button" class="button is-quiet" onClick=${() => setStep(step - 1)}>Back</button>`}
          ${step === 0 && html`<button type="submit" form=${form} class="button is-main">Continue</button>`}
          ${step === 1 && html`<button type="button" class="button is-main" onClick=${() => setStep(2)}>Continue</button>`}
        </div>`}
      </section>
      ${step === 2 && html`<${SaveBar} hand=${hand} onSaved=${() => setStep(STEPS.length)} />`}
    `}
  `;
}

/** @param {{hand: SiteInHand, count: number}} properties */
function Done({ hand, count }) {
  const { site } = hand;
  const own = site?.devices.length ?? 0;
  return html`
    <p role="status">${site && own ? `${site.name} is running with ${own} of your devices${count > own ? `, and what lies behind them: ${count} in all` : ""}.` : "The site is as it was before."}</p>
    <p><a class="button is-main" href=${linkTo("")}>See it live</a></p>
    <${Undo} hand=${hand} />
  `;
}
