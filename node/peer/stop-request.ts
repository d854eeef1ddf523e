import { EXIT_STATUS } from "../commands/command-line.ts";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * Waits for somebody to ask the process to stop: by SIGTERM, by Ctrl-C, by closing the terminal, or, where the process
 * was started with an IPC channel, by closing that. A second request ends the process at once, with status 1.
 */
export class StopRequest implements Disposable {
  /** Resolves with the first request. */
  readonly promise: Promise<void>;
  readonly #stack = new DisposableStack();

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.promise = promise;
    let requests = 0;
    const request = () => {
      requests++;
      if (requests > 1) process.exit(EXIT_STATUS.failed);
      console.error("stopping… once more to force");
      resolve();
    };
    for (const signal of SIGNALS) this.#on(signal, request);
    if (process.channel !== undefined) {
      // Its end is no second request: the parent may well have asked before it closed the channel.
      this.#on("disconnect", () => {
        if (requests === 0) request();
      });
      process.channel.unref();
    }
  }

  [Symbol.dispose](): void {
    this.#stack[Symbol.dispose]();
  }

  #on(event: "disconnect" | (typeof SIGNALS)[number], listener: () => void): void {
    process.on(event, listener);
    this.#stack.defer(() => process.off(event, listener));
  }
}
