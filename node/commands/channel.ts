import type { Command } from "commander";
import { addChannelShow } from "./channel-show.ts";
import { addChannelUpdate } from "./channel-update.ts";

/** Adds what an operator does with a channel's configuration. */
export function addChannel(channel: Command): void {
  addChannelShow(channel);
  addChannelUpdate(channel);
}
