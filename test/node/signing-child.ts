import { ApiClient } from "../../node/http/api-client.ts";
import { SigningTurn } from "../../node/orderer/signing-turn.ts";

/*
 * A process of its own for tests: `node signing-child.ts URL CHANNEL ORDERERS TEXT` signs the next block, with the text in
 * it, and is killed before it has handed it in.
 */
const [url = "", channel = "", orderers = "", text = ""] = process.argv.slice(2);
const turn = await SigningTurn.begin(new ApiClient(url), channel, { orderers });
await turn.sign([Buffer.from(text)]);
process.kill(process.pid, "SIGKILL");
