/**
 * Where the ISIM keeps its records: IndexedDB of its own origin.
 *
 * In a frame on another site than its own, browsers give each such site a store apart from all others: a profile is then
 * given once on each. On one site, whatever the ports, there is one store.
 *
 * @module
 */
import { StorageRefused } from './errors.ts';

export type RecordName = 'device' | 'header' | 'profile' | 'sequence' | 'consents';

export interface RecordStore {
  /** Undefined where there is none. @throws {StorageRefused} */
  readonly read: (name: RecordName) => Promise<unknown>;
  /** All or nothing, on the disk when it resolves; undefined deletes a record. @throws {StorageRefused} */
  readonly write: (changes: Readonly<Partial<Record<RecordName, unknown>>>) => Promise<void>;
}

const databaseName = 'wicgate-isim';
const storeName = 'records';

/** @throws {StorageRefused} the browser forbids it. */
export async function openRecordStore(factory: IDBFactory): Promise<RecordStore> {
  const database = await openDatabase(factory);
  return {
    read: (name) =>
      guard(async () => {
        const request = database.transaction(storeName, 'readonly').objectStore(storeName).get(name);
        return settle<unknown>(request);
      }),
    write: (changes) =>
      guard(async () => {
        // A sequence number must not be forgotten, whatever happens to the machine.
        const transaction = database.transaction(storeName, 'readwrite', { durability: 'strict' });
        const store = transaction.objectStore(storeName);
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined) store.delete(name);
          else store.put(value, name);
        }
        await new Promise<void>((resolve, reject) => {
          transaction.oncomplete = () => resolve();
          transaction.onabort = () => reject(transaction.error);
          transaction.onerror = () => reject(transaction.error);
        });
      }),
  };
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  return guard(async () => {
    const request = factory.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    const database = await settle(request);
    database.onversionchange = () => database.close();
    return database;
  });
}

function settle<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function guard<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new StorageRefused({ cause });
  }
}
