import { printable } from "./printable.ts";

/** Lines in one place on a terminal; elsewhere they are written again whenever they have changed. */
export class LiveLines {
  readonly #output: NodeJS.WriteStream;
  #shown: readonly string[] = [];

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  show(given: readonly string[]): void {
    const lines = given.map(printable);
    if (lines.join("\n") === this.#shown.join("\n")) return;
    const back = this.#output.isTTY && this.#shown.length > 0 ? `\x1b[${this.#shown.length}A\x1b[J` : "";
    this.#output.write(`${back}${lines.join("\n")}\n`);
    this.#shown = lines;
  }
}
