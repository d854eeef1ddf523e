/** One command of a block and what the document shows of its output. */
export interface Step {
  /** Where it stands, counted from 1. */
  readonly line: number;
  readonly command: string;
  readonly shown: readonly string[];
}

/** A block that a document marks as one to be run. */
export interface RunBlock {
  readonly line: number;
  /** `console`: commands at a prompt; `ts`: a program, whose output the block behind it shows. */
  readonly kind: "console" | "ts";
  /** Marked `up`: its last command goes on running when all that is shown has come. */
  readonly isUp: boolean;
  /** Marked `offline`: nothing of it listens, so its ports are as they stand. */
  readonly isOffline: boolean;
  /** Marked `unordered`: lines come in any order. */
  readonly isUnordered: boolean;
  /** Marked `any=14,15`: these numbers are others in every run. */
  readonly any: ReadonlySet<string>;
  /** Marked `status=1`: the exit status of its commands; 0 where nothing is said. */
  readonly status: number;
  readonly steps: readonly Step[];
}

/**
 * The blocks of a document whose fence says `console run` or `ts run`, in order. More marks may follow, see `RunBlock`. In a console
 * block a line that begins with a prompt (`$ `, or `ca$ ` and the like) is a command; one that ends in a backslash, or has a
 * here document, goes on.
 */
export function runBlocks(document: string): readonly RunBlock[] {
  const lines = document.split("\n");
  return lines.flatMap((fence, index) => {
    const [, kind, marks = ""] = /^```(console|ts) run\b(.*)$/.exec(fence) ?? [];
    if (kind !== "console" && kind !== "ts") return [];
    const body = fenced(lines, index);
    const said = marks.trim().split(" ");
    return {
      line: index + 1,
      kind,
      isUp: said.includes("up"),
      isOffline: said.includes("offline"),
      isUnordered: said.includes("unordered"),
      any: new Set(valueOf("any", said).match(/\d+/g)),
      status: Number(valueOf("status", said)),
      steps: kind === "console" ? stepsOf(body, index + 2) : [programOf(lines, index, body)],
    };
  });
}

/** The value that a mark such as `any=1,2` gives; empty where it is not there. */
function valueOf(name: string, said: readonly string[]): string {
  return said.find((mark) => mark.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

function fenced(lines: readonly string[], fence: number): readonly string[] {
  return lines.slice(fence + 1, lines.indexOf("```", fence + 1));
}

function programOf(lines: readonly string[], fence: number, body: readonly string[]): Step {
  const behind = fence + body.length + 3;
  return {
    line: fence + 1,
    command: body.join("\n"),
    shown: lines[behind] === "```" ? fenced(lines, behind) : [],
  };
}

const PROMPT = /^\w*\$ /;

function stepsOf(body: readonly string[], firstLine: number): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < body.length;) {
    const from = at;
    const command = [body[at++]!.replace(PROMPT, "")];
    const end = /<<(\w+)/.exec(command[0]!)?.[1];
    if (end !== undefined)
      do command.push(body[at]!);
      while (body[at++] !== end);
    while (command.at(-1)!.endsWith("\\")) command.push(body[at++]!);
    const shown: string[] = [];
    while (at < body.length && !PROMPT.test(body[at]!)) shown.push(body[at++]!);
    while (shown.at(-1) === "") shown.pop();
    steps.push({ line: firstLine + from, command: command.join("\n"), shown });
  }
  return steps;
}
