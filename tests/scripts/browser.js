// What the scripts expect of a browser, for Node: import this before any of them.

import "fake-indexeddb/auto";

// An open channel would keep Node from ending.
globalThis.BroadcastChannel = class extends BroadcastChannel {
  constructor(name) {
    super(name);
    this.unref();
  }
};

/** Let the browser have no room left while `work` runs. */
export async function withoutRoom(work) {
  const { add, put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = IDBObjectStore.prototype.put = () => {
    throw new DOMException("", "QuotaExceededError");
  };
  try {
    return await work();
  } finally {
    Object.assign(IDBObjectStore.prototype, { add, put });
  }
}

/** Let the browser's storage fail while `work` runs. */
export async function withoutStorage(work) {
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = () => {
    throw new DOMException("", "UnknownError");
  };
  try {
    return await work();
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }
}
