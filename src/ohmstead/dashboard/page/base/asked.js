/**
 * A question whose last good answer stays on the screen until a better one comes, and its words when none does.
 *
 * @typedef {import("./api.js").Query} Query
 */
import { html, useEffect, useState } from "../../vendor/htm-preact.module.js";
import { ask, isUnknown, wordsOf } from "./api.js";
import { current } from "./store.js";

/**
 * @template T
 * @typedef {object} Asked
 * @property {T | null} found
 * @property {string} trouble  Why the newest question has no answer; empty while all is well.
 * @property {boolean} isUnknown  Whether this gateway has no such thing at all.
 * @property {boolean} isAsking
 * @property {() => void} again
 */

/**
 * @template T
 * @param {string | null} path  None: there is nothing to ask yet.
 * @param {Query} [query]
 * @param {number} [every_ms]
 * @returns {Asked<T>}
 */
export function useAsked(path, query = {}, every_ms = 0) {
  return useAnswer(path === null ? "" : path + JSON.stringify(query), () => ask(path ?? "", query), every_ms);
}

/**
 * The same for what takes more than one request.
 *
 * @template T
 * @param {string} question  What tells it from others; empty: there is nothing to ask yet.
 * @param {() => Promise<unknown>} fetched
 * @param {number} [every_ms]
 * @returns {Asked<T>}
 */
export function useAnswer(question, fetched, every_ms = 0) {
  const [answer, setAnswer] = useState({ question: "", found: /** @type {T | null} */ (null), trouble: "", isUnknown: false });
  const [attempt, setAttempt] = useState(0);
  const again = () => setAttempt((count) => count + 1);
  const isOpen = current().connection.state === "open";
  useEffect(() => {
    if (question === "") return;
    let isWanted = true;
    fetched().then(
      (found) => isWanted && setAnswer({ question, found: /** @type {T} */ (found), trouble: "", isUnknown: false }),
      (error) =>
        isWanted &&
        setAnswer((before) => ({
          question,
          found: before.question === question ? before.found : null,
          trouble: wordsOf(error),
          isUnknown: isUnknown(error),
        })),
    );
    // A gateway that is away is asked again when it is back.
    const timer = every_ms > 0 && isOpen ? setTimeout(again, every_ms) : undefined;
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [question, attempt, isOpen]);
  const { found, trouble } = answer;
  return { found, trouble, isUnknown: answer.isUnknown, isAsking: answer.question !== question, again };
}

/** @param {{asked: Asked<unknown>, what: string}} properties  `what`: as in "The energy of this day". */
export function Trouble({ asked, what }) {
  // A lost connection is told above everything, and what was read before still stands here.
  if (!asked.trouble || (asked.found !== null && current().connection.state === "lost")) return null;
  if (asked.isUnknown) return html`<p class="quiet" role="status">${what} is not part of this version of Ohmstead.</p>`;
  return html`<div class="trouble" role="alert">
    <p>${what} cannot be read now. ${asked.trouble}</p>
    <button type="button" class="button" onClick=${asked.again}>Try again</button>
  </div>`;
}
