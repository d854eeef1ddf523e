import { computed, signal } from "@preact/signals";
import {
  Client,
  NodeError,
  RejectedError,
  type ApiChannel,
  type ApiEvents,
  type ApiMember,
  type ApiStatus,
} from "../client.ts";
import { firstOpen, withAnswer, type JourneyBook } from "./journeys.ts";
import { poll } from "./poller.ts";
import { nameOf } from "./texts.ts";

/** Whether what is shown is of now. */
export type Connection =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "locked"; readonly message: string }
  | { readonly kind: "failing"; readonly message: string };

/** A change that was seen while the page was open. */
export interface Happening {
  readonly atMs: number;
  readonly text: string;
}

/** Heights of the peers at one time. */
export interface HeightSample {
  readonly atMs: number;
  readonly heights: ReadonlyMap<string, number>;
}

const TOKEN_KEY = "blockgossip-token";
const HAPPENINGS_MAX = 50;
/** About three minutes. */
const SAMPLES_MAX = 180;
const EVENTS_MAX = 50;

/** All that the page shows, kept up to date while it is open. */
export class Dashboard {
  readonly status = signal<ApiStatus | undefined>(undefined);
  readonly members = signal<readonly ApiMember[]>([]);
  readonly channel = signal<ApiChannel | undefined>(undefined);
  readonly events = signal<ApiEvents["events"]>([]);
  readonly journeys = signal<JourneyBook>(new Map());
  readonly samples = signal<readonly HeightSample[]>([]);
  readonly happenings = signal<readonly Happening[]>([]);
  readonly connection = signal<Connection>({ kind: "connecting" });
  /** The channel that was chosen; undefined: the first. */
  readonly chosenChannel = signal<string | undefined>(undefined);
  /** The block whose way is shown; undefined: always the newest. */
  readonly chosenBlock = signal<number | undefined>(undefined);

  readonly channelName = computed(() => this.chosenChannel.value ?? this.status.value?.channels[0]?.name);
  /** The members of the channel that is shown. */
  readonly peers = computed(() =>
    this.members.value.filter(({ channels }) => channels.some(({ name }) => name === this.channelName.value)),
  );
  /** Numbers of the blocks whose way is known, the newest first. */
  readonly blocks = computed(() => [...this.journeys.value.keys()].toSorted((a, b) => b - a));
  readonly shownBlock = computed(() => this.chosenBlock.value ?? this.blocks.value[0]);

  #api: Client;
  readonly #known = Promise.withResolvers<void>();
  #running = new DisposableStack();

  constructor() {
    this.#api = clientWith(sessionStorage.getItem(TOKEN_KEY) ?? undefined);
  }

  /** Asks the peer from now on. */
  start(): void {
    this.#running.dispose();
    this.#running = new DisposableStack();
    const failed = (error: unknown) => this.#failed(error);
    const ask = (task: (signal: AbortSignal) => Promise<void>) => this.#running.use(poll(task, failed));
    ask(async (stop) => {
      this.status.value = await this.#api.status(stop);
      this.connection.value = { kind: "live" };
      this.#known.resolve();
    });
    ask(async (stop) => this.#tookMembers(await this.#api.members(undefined, stop)));
    ask(async (stop) => {
      const after = this.events.value.at(-1)?.time ?? 0;
      const { events } = await this.#api.events(after, stop);
      if (events.length > 0) this.events.value = [...this.events.value, ...events].slice(-EVENTS_MAX);
    });
    ask((stop) => this.#askChannel(stop));
    ask((stop) => this.#askJourneys(stop));
  }

  /** Uses this token from now on, unless it cannot be one; it is forgotten with the tab. */
  unlock(token: string): void {
    try {
      this.#api = clientWith(token);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      this.connection.value = { kind: "locked", message: error.message };
      return;
    }
    sessionStorage.setItem(TOKEN_KEY, token);
    this.connection.value = { kind: "connecting" };
    this.start();
  }

  /** Shows another channel. */
  choose(channel: string): void {
    this.chosenChannel.value = channel;
    this.chosenBlock.value = undefined;
    this.channel.value = undefined;
    this.journeys.value = new Map();
    this.samples.value = [];
  }

  async #askChannel(stop: AbortSignal): Promise<void> {
    await this.#known.promise;
    const name = this.channelName.value;
    if (name === undefined) return;
    const channel = await this.#api.channel(name, stop);
    if (name === this.channelName.value) this.channel.value = channel;
  }

  async #askJourneys(stop: AbortSignal): Promise<void> {
    await this.#known.promise;
    const name = this.channelName.value;
    if (name === undefined) return;
    const height = this.status.value?.channels.find((channel) => channel.name === name)?.height ?? 0;
    const living = this.peers.value.filter(({ state }) => state === "alive").map(({ peer }) => peer);
    const answer = await this.#api.journeys(name, firstOpen(this.journeys.value, height, living), stop);
    if (name === this.channelName.value) this.journeys.value = withAnswer(this.journeys.value, answer);
  }

  #tookMembers(members: readonly ApiMember[]): void {
    for (const member of this.members.value.length === 0 ? [] : members) {
      const before = this.members.value.find(({ peer }) => peer === member.peer);
      if (before?.state === member.state) continue;
      this.#happened(`${nameOf(members, member.peer)} is ${member.state}: ${member.reason}`);
    }
    this.members.value = members;
    const heights = new Map<string, number>();
    for (const { peer, state, channels } of members) {
      const height = channels.find(({ name }) => name === this.channelName.value)?.height;
      if (height !== undefined && state === "alive") heights.set(peer, height);
    }
    this.samples.value = [...this.samples.value, { atMs: Date.now(), heights }].slice(-SAMPLES_MAX);
  }

  #happened(text: string): void {
    this.happenings.value = [{ atMs: Date.now(), text }, ...this.happenings.value].slice(0, HAPPENINGS_MAX);
  }

  #failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof RejectedError && error.problem.status === 401) {
      // Nothing more is asked until there is another token.
      this.#running.dispose();
      this.connection.value = { kind: "locked", message };
    } else if (this.connection.value.kind !== "locked") this.connection.value = { kind: "failing", message };
  }
}

/** Of the peer that the page came from, which may stand behind a path of a proxy. */
function clientWith(token: string | undefined): Client {
  return new Client(new URL(".", location.href).href, { token });
}
