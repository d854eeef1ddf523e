import { expect, test } from "vitest";
import { AsyncStack, SyncStack } from "../../node/disposable-stacks.ts";

/** What both do, and in which order, where the second of three resources fails. */
test("stacks for Node.js 22 dispose of the same things in the same order as its own in Node.js 24", () => {
  const outcome = (stack: DisposableStack | SyncStack) => {
    const done: string[] = [];
    stack.defer(() => done.push("first"));
    stack.use({
      [Symbol.dispose]: () => {
        throw new Error("second");
      },
    });
    const moved = stack.move();
    moved.defer(() => {
      throw new Error("third");
    });
    expect(() => stack.defer(() => done.push("too late"))).toThrow(ReferenceError);
    stack[Symbol.dispose]();
    expect(done).toEqual([]);
    try {
      moved.dispose();
    } catch (error) {
      const { name, error: last, suppressed } = error as SuppressedError;
      done.push(name, last.message, suppressed.message);
    }
    moved.dispose();
    return [...done, stack.disposed, moved.disposed];
  };
  expect(outcome(new SyncStack())).toEqual(outcome(new DisposableStack()));
});

test("the asynchronous ones as well", async () => {
  const outcome = async (stack: AsyncDisposableStack | AsyncStack) => {
    const done: string[] = [];
    stack.use({ [Symbol.dispose]: () => done.push("sync") });
    stack.use({ [Symbol.asyncDispose]: async () => void done.push(await Promise.resolve("async")) });
    stack.defer(() => Promise.reject(new Error("failed")));
    const moved = stack.move();
    await expect(moved.disposeAsync()).rejects.toThrow("failed");
    await moved[Symbol.asyncDispose]();
    return done;
  };
  expect(await outcome(new AsyncStack())).toEqual(await outcome(new AsyncDisposableStack()));
});
