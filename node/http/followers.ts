import type { ServerResponse } from "node:http";
import { NodeError } from "../errors.ts";

/** Those who follow something, as many as may. */
export class Followers {
  readonly #what: string;
  readonly #max: number;
  readonly #controllers = new Set<AbortController>();

  /** @param what what they follow, for people. */
  constructor(what: string, max: number) {
    this.#what = what;
    this.#max = max;
  }

  /**
   * Takes in one more. What is returned is aborted when its connection closes, or all are to end.
   *
   * @throws NodeError `BUSY`.
   */
  add(response: ServerResponse): AbortSignal {
    if (this.#controllers.size >= this.#max)
      throw new NodeError("BUSY", `${this.#max} follow the ${this.#what}, and more may not`);
    const controller = new AbortController();
    this.#controllers.add(controller);
    response.once("close", () => {
      this.#controllers.delete(controller);
      controller.abort();
    });
    return controller.signal;
  }

  /** Ends them all. */
  end(): void {
    for (const controller of this.#controllers) controller.abort();
  }
}
