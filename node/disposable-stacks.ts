/**
 * Gives Node.js 22 the `DisposableStack` and `AsyncDisposableStack` that Node.js 24 has of its own, as far as they are
 * used here. To be imported before anything else by what is run or imported from outside.
 */

type Dispose = () => unknown;

/** What both kinds of stack share. */
abstract class Stack {
  protected items: Dispose[] = [];
  #isDisposed = false;

  get disposed(): boolean {
    return this.#isDisposed;
  }

  defer(dispose: Dispose): void {
    this.requireLive();
    this.items.push(dispose);
  }

  protected requireLive(): void {
    if (this.#isDisposed) throw new ReferenceError("the stack has been disposed of");
  }

  /** All that was added, in the order in which it is disposed of; the stack counts as disposed of from now on. */
  protected take(): Dispose[] {
    this.#isDisposed = true;
    return this.items.splice(0).reverse();
  }
}

/** The errors that disposing has thrown, the last one first, as `SuppressedError` would chain them. */
function chained(errors: readonly unknown[]): unknown {
  return errors.reduce((suppressed, error) =>
    Object.assign(new Error("an error was suppressed during disposal"), {
      name: "SuppressedError",
      error,
      suppressed,
    }),
  );
}

/** A `DisposableStack` without `adopt`. */
export class SyncStack extends Stack implements Disposable {
  use<T extends Disposable | null | undefined>(resource: T): T {
    if (resource) this.defer(resource[Symbol.dispose].bind(resource));
    return resource;
  }

  move(): SyncStack {
    this.requireLive();
    const moved = new SyncStack();
    moved.items = this.take().reverse();
    return moved;
  }

  dispose(): void {
    const errors: unknown[] = [];
    for (const dispose of this.take()) {
      try {
        dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw chained(errors);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** An `AsyncDisposableStack` without `adopt`. */
export class AsyncStack extends Stack implements AsyncDisposable {
  use<T extends AsyncDisposable | Disposable | null | undefined>(resource: T): T {
    if (!resource) return resource;
    if (Symbol.asyncDispose in resource) this.defer(resource[Symbol.asyncDispose].bind(resource));
    else this.defer(resource[Symbol.dispose].bind(resource));
    return resource;
  }

  move(): AsyncStack {
    this.requireLive();
    const moved = new AsyncStack();
    moved.items = this.take().reverse();
    return moved;
  }

  async disposeAsync(): Promise<void> {
    const errors: unknown[] = [];
    for (const dispose of this.take()) {
      try {
        await dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw chained(errors);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disposeAsync();
  }
}

globalThis.DisposableStack ??= SyncStack as unknown as DisposableStackConstructor;
globalThis.AsyncDisposableStack ??= AsyncStack as unknown as AsyncDisposableStackConstructor;
