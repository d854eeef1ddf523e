/** What comes back for a call to another process. */
export interface CallAnswer {
  readonly id: number;
  readonly result?: unknown;
  /** Why it failed; missing where it did not. */
  readonly error?: string;
}

/** Calls to another process that have not been answered yet. */
export class PendingCalls {
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;

  /** A new call: its number, and what becomes of it. */
  begin(): { readonly id: number; readonly outcome: Promise<unknown> } {
    const id = ++this.#lastId;
    const done = Promise.withResolvers<unknown>();
    this.#calls.set(id, done);
    return { id, outcome: done.promise };
  }

  answered({ id, result, error }: CallAnswer): void {
    const done = this.#calls.get(id);
    this.#calls.delete(id);
    if (error === undefined) done?.resolve(result);
    else done?.reject(new Error(error));
  }

  /** The other process has ended. */
  failAll(error: Error): void {
    for (const done of this.#calls.values()) done.reject(error);
    this.#calls.clear();
  }
}
