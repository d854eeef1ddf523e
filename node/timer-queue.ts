/** What a {@link TimerQueue} takes its time from. */
export interface TimeSource {
  /** In milliseconds; never goes back. */
  now(): number;
  /** Calls once, after the delay or later, unless disposed of before. It may be called too early. */
  arm(delayMs: number, call: () => void): Disposable;
}

interface Task {
  readonly atMs: number;
  /** Tasks of one time run in the order in which they were scheduled. */
  readonly order: number;
  /** Undefined: it was disposed of. */
  run: (() => void) | undefined;
}

/** The queue is not put in order again for fewer tasks than this that were disposed of. */
const DISPOSED_MIN = 64;

/**
 * Any number of tasks that wait for their time, with one timer of the time source for all of them. A heap (Varghese &
 * Lauck 1987, scheme 3): scheduling takes O(log n), disposing O(1) amortised, since a task that was disposed of stays
 * in its place until it comes up or there are more of its kind than others.
 */
export class TimerQueue {
  readonly #time: TimeSource;
  #heap: Task[] = [];
  #waiting = 0;
  #order = 0;
  #armed: { readonly atMs: number; readonly timer: Disposable } | undefined;

  constructor(time: TimeSource) {
    this.#time = time;
  }

  /** How many tasks wait. The time source has a timer of ours just as long as there are any. */
  get size(): number {
    return this.#waiting;
  }

  /** Runs the task when the delay has passed, after all that are due earlier; never within this call. */
  schedule(delayMs: number, task: () => void): Disposable {
    const entry: Task = { atMs: this.#time.now() + Math.max(0, delayMs), order: this.#order++, run: task };
    this.#waiting++;
    push(this.#heap, entry);
    if (this.#heap[0] === entry) this.#arm();
    return { [Symbol.dispose]: () => this.#dispose(entry) };
  }

  #dispose(entry: Task): void {
    if (entry.run === undefined) return;
    entry.run = undefined;
    this.#waiting--;
    const disposed = this.#heap.length - this.#waiting;
    if (this.#waiting > 0 && (disposed < DISPOSED_MIN || disposed <= this.#waiting)) return;
    // A sorted array is a heap.
    this.#heap = this.#heap.filter(({ run }) => run !== undefined).sort(inOrder);
    if (this.#waiting === 0) this.#disarm();
  }

  readonly #fire = (): void => {
    this.#armed = undefined;
    const nowMs = this.#time.now();
    try {
      // What tasks schedule while they run has a turn of its own, or they could keep everything else waiting.
      const orderEnd = this.#order;
      for (let task = this.#heap[0]; isDue(task, nowMs, orderEnd); task = this.#heap[0]) this.#runFirst(task);
    } finally {
      if (this.#waiting > 0) this.#arm();
    }
  };

  #runFirst(task: Task): void {
    pop(this.#heap);
    const { run } = task;
    if (run === undefined) return;
    task.run = undefined;
    this.#waiting--;
    run();
  }

  /** Sees to it that the first task is not missed. */
  #arm(): void {
    const atMs = this.#heap[0]?.atMs ?? Infinity;
    if (this.#armed !== undefined && this.#armed.atMs <= atMs) return;
    this.#disarm();
    this.#armed = { atMs, timer: this.#time.arm(Math.max(0, atMs - this.#time.now()), this.#fire) };
  }

  #disarm(): void {
    this.#armed?.timer[Symbol.dispose]();
    this.#armed = undefined;
  }
}

function isDue(task: Task | undefined, nowMs: number, orderEnd: number): task is Task {
  return task !== undefined && (task.run === undefined || (task.atMs <= nowMs && task.order < orderEnd));
}

function inOrder(a: Task, b: Task): number {
  return a.atMs - b.atMs || a.order - b.order;
}

function push(heap: Task[], task: Task): void {
  let index = heap.length;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || inOrder(parent, task) <= 0) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = task;
}

/** Takes the first one out. */
function pop(heap: Task[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    const isRight = left !== undefined && right !== undefined && inOrder(right, left) < 0;
    const child = isRight ? right : left;
    if (child === undefined || inOrder(last, child) <= 0) break;
    heap[index] = child;
    index = 2 * index + (isRight ? 2 : 1);
  }
  heap[index] = last;
}
