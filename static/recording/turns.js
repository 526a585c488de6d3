// Work that is asked for often and takes a while.

/**
 * A function that runs `work` and resolves when it is done. Asked again meanwhile, it runs once
 * more afterwards, so that the last run always began after the last change.
 */
export function inTurns(work) {
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
