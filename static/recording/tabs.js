// What the tabs of this browser tell each other, and each tab itself.

const channel = new BroadcastChannel("fieldwork");
const listeners = [];

channel.onmessage = ({ data }) => hear(data);

/** Tell every tab, this one too. */
export function tell(message) {
  channel.postMessage(message);
  hear(message);
}

/** Call `listener(message)` for whatever any tab tells of these types. */
export function listen(types, listener) {
  listeners.push([types, listener]);
}

function hear(message) {
  for (const [types, listener] of listeners) if (types.includes(message.type)) listener(message);
}

/**
 * A function that runs `work` and resolves when it is done. Called again meanwhile, it runs once
 * more afterwards, so that the last run always began after the last change.
 */
export function coalesced(work) {
  let running = null;
  let isWanted = false;
  return () => {
    isWanted = true;
    running ??= (async () => {
      try {
        while (isWanted) {
          isWanted = false;
          await work();
        }
      } finally {
        running = null;
      }
    })();
    return running;
  };
}
