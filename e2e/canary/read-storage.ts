/**
 * Everything that an origin keeps in the browser, as text: runs in a page of it.
 *
 * @module
 */

/** Octets are written as hexadecimal digits, keys that cannot be read as what they are. */
export async function readStorage(): Promise<string> {
  const write = (_name: string, value: unknown): unknown => {
    if (value instanceof CryptoKey) return `CryptoKey ${value.extractable ? 'extractable' : 'kept'}`;
    const octets =
      value instanceof ArrayBuffer
        ? new Uint8Array(value)
        : ArrayBuffer.isView(value)
          ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
          : undefined;
    if (octets === undefined) return value;
    return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
  };
  const settle = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const kept: unknown[] = [{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state, window.name];
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await settle(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const records = database.transaction(store).objectStore(store);
      kept.push(name, store, await settle(records.getAllKeys()), await settle(records.getAll()));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      kept.push(name, request.url, await (await cache.match(request))?.text());
    }
  }
  return JSON.stringify(kept, write);
}
