/** What is asked of a server. */
export interface HttpQuestion {
  readonly method: "GET" | "POST" | "PUT";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

/** What a server answers. */
export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Read once, or left alone; who stops reading lets go of the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Asks once, and follows no redirection: credentials are for the server that was named. Rejects where none answers. */
export type Transport = (url: string, question: HttpQuestion) => Promise<HttpAnswer>;

/** By `fetch`, which browsers and Node.js have. */
export const fetchTransport: Transport = async (url, { method, headers, body, signal }) => {
  const init = {
    method,
    headers,
    signal,
    redirect: "error",
    ...(body === undefined ? {} : { body }),
  } as const;
  const response = await fetch(url, init);
  return { status: response.status, statusText: response.statusText, body: chunksOf(response) };
};

/** As not all browsers' streams are iterable. */
async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Why a transport has rejected, in words. A name that has several addresses fails once for each. */
export function transportFault(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (first instanceof Error && first.cause instanceof Error) return transportFault(first.cause);
  return (first instanceof Error ? first.message : String(first)) || "connection refused";
}

/** No block is larger than 100 MiB, nor is anything else that a peer answers. */
const ANSWER_BYTES_MAX = 128 << 20;

/** All of an answer's body. Rejects where it breaks off, or is larger than any peer's. */
export async function wholeBody({ body }: HttpAnswer): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(bytes);
  let end = 0;
  for (const chunk of chunks) {
    whole.set(chunk, end);
    end += chunk.length;
  }
  return whole;
}
