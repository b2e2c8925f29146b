/**
 * The one connection to the gateway: the whole state first, then what changes. When it breaks, it comes back by itself,
 * unless the gateway wants to know first who is asking.
 *
 * @typedef {import("../types.js").LiveMessage} LiveMessage
 */
import { Declined, ask } from "./api.js";
import { apply, current, update } from "./store.js";

const FIRST_MS = 500;
const LONGEST_MS = 15_000;
/** The gateway says something at least every ten seconds; three times nothing is a dead line. */
const SILENCE_MS = 30_000;

let waitMs = FIRST_MS;
let isAsking = false;
/** @type {WebSocket | null} */
let socket = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retryTimer;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let silenceTimer;

export function start() {
  connect();
  addEventListener("online", retryNow);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && current().connection.state === "lost") retryNow();
  });
}

/** Try again at once, as a person may ask. */
export function retryNow() {
  waitMs = FIRST_MS;
  if (socket === null) connect();
}

async function connect() {
  if (isAsking) return;
  clearTimeout(retryTimer);
  isAsking = true;
  try {
    update({ session: await ask("session"), access: "in" });
    open();
  } catch (error) {
    if (error instanceof Declined && error.problem.status === 401) update({ session: null, access: "out" });
    else retryLater();
  } finally {
    isAsking = false;
  }
}

function open() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const opened = new WebSocket(`${scheme}//${location.host}/api/v1/live`);
  socket = opened;
  opened.onmessage = (event) => hear(JSON.parse(event.data));
  opened.onclose = () => lost(opened);
  listenForSilence();
}

/** Go quietly: whoever signs out is not told of a lost connection. */
export function leave() {
  const left = socket;
  socket = null;
  clearTimeout(silenceTimer);
  left?.close();
  update({ session: null, access: "out" });
}

/** @param {LiveMessage} message */
function hear(message) {
  waitMs = FIRST_MS;
  listenForSilence();
  if (current().connection.state !== "open")
    update({ connection: { state: "open", lostAtMs: null, nextTryAtMs: null } });
  apply(message);
}

function listenForSilence() {
  clearTimeout(silenceTimer);
  silenceTimer = setTimeout(() => {
    const silent = socket;
    silent?.close();
    // A dead line does not confirm its closing: go on without.
    if (silent) lost(silent);
  }, SILENCE_MS);
}

/** @param {WebSocket} closed */
function lost(closed) {
  if (closed !== socket) return;
  socket = null;
  clearTimeout(silenceTimer);
  retryLater();
}

function retryLater() {
  // A whole house of browsers must not come back in the same moment.
  const pauseMs = waitMs * (0.8 + 0.4 * Math.random());
  waitMs = Math.min(waitMs * 2, LONGEST_MS);
  const lostAtMs = current().connection.lostAtMs ?? Date.now();
  update({ connection: { state: "lost", lostAtMs, nextTryAtMs: Date.now() + pauseMs } });
  retryTimer = setTimeout(connect, pauseMs);
}
