// Messages between the tabs of this browser, and within a tab.

const channel = new BroadcastChannel("fieldwork");
const listeners = [];

channel.onmessage = ({ data }) => deliver(data);

/** Send a message to every tab, including this one. */
export function publish(message) {
  channel.postMessage(message);
  deliver(message);
}

/** Call `listener(message)` for each message of these types. */
export function listen(types, listener) {
  listeners.push([types, listener]);
}

function deliver(message) {
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
