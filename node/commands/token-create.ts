import { Option, type Command } from "commander";
import { API_RIGHTS, type ApiRight } from "../http/api-right.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { addToken } from "../http/token-file.ts";
import { tell } from "./tell.ts";

interface Flags {
  readonly right: ApiRight;
  readonly name: string;
  readonly tokens: string;
  readonly json?: true;
}

/** Adds `create`: makes a token and writes what a peer needs to recognise it. */
export function addTokenCreate(token: Command): void {
  token
    .command("create")
    .description("make a token, print it, and add its hash to a peer's token file")
    .addOption(
      new Option("--right <right>", "what it allows; submit includes read, operate both")
        .choices(API_RIGHTS)
        .makeOptionMandatory(),
    )
    .requiredOption("--name <name>", "whose it is: letters, digits, and . _ @ -, in this file only once")
    .requiredOption("--tokens <file>", "the token file, made if it is missing")
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(create);
}

const EXAMPLE = `
The token is shown this once, on standard output; the file has its hash only. To withdraw it, delete its line: a running
peer sees that with the next request.

Examples:
  blockgossip token create --right submit --name gateway --tokens api.tokens > gateway.token
  blockgossip token create --right read --name dashboard --tokens api.tokens`;

function create({ right, name, tokens, json }: Flags): void {
  const token = addToken(tokens, { right, name });
  tell(json, { token, right, name, tokens }, [token]);
  if (json !== true) console.error(`added ${name} to ${tokens}; the token is not shown again`);
}
