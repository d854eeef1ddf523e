import { expect, test } from "vitest";
import { SystemClock } from "../../node/system-clock.ts";

test("The time is near the wall clock's and does not go back", () => {
  const clock = new SystemClock();
  let last = clock.now();
  expect(Math.abs(last - Date.now())).toBeLessThan(1000);
  for (let reading = 0; reading < 1000; reading++) {
    const now = clock.now();
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
});

test("A task runs once after its delay, and one that was disposed of never", async () => {
  const clock = new SystemClock();
  const ran: string[] = [];
  const done = Promise.withResolvers<void>();
  const startMs = clock.now();
  clock.schedule(5, () => ran.push("disposed"))[Symbol.dispose]();
  clock.schedule(20, () => done.resolve());
  clock.schedule(10, () => ran.push(`after ${clock.now() - startMs >= 9}`));
  await done.promise;
  expect(ran).toEqual(["after true"]);
});

test("A delay of years does not run at once", async () => {
  const clock = new SystemClock();
  let ran = false;
  using _years = clock.schedule(1e12, () => {
    ran = true;
  });
  await new Promise<void>((resolve) => void clock.schedule(20, resolve));
  expect(ran).toBe(false);
});
