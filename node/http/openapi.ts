import type { SwaggerOptions, SwaggerTransform } from "@fastify/swagger";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import * as z from "zod";
import packageJson from "../../package.json" with { type: "json" };
import { problemSchema } from "./api-types.ts";
import { PROBLEM_TYPE } from "./http-errors.ts";
import { neededRight } from "./http-gate.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What the handler reads as the request's body; for the document only. Default: a type of JSON. */
    readonly body?: { readonly schema: z.ZodType; readonly type?: string };
  }
}

/** Bytes that are no JSON. */
export const BINARY = "application/octet-stream";

/** What every route answers where it does not do what it was asked. */
export const PROBLEM_RESPONSE = {
  default: { description: "What went wrong", content: { [PROBLEM_TYPE]: { schema: problemSchema } } },
} as const;

const documentSchema = z.looseObject({ openapi: z.string() });

/** An OpenAPI document. */
export type ApiDocument = z.infer<typeof documentSchema>;

/** `GET /openapi.json`: what there is, as OpenAPI 3.1. */
export const openApiRoute = {
  schema: {
    summary: "This document",
    tags: ["peer"],
    response: { 200: documentSchema, ...PROBLEM_RESPONSE },
  },
} as const;

const transform: SwaggerTransform = (document) => {
  const { schema, route } = document;
  const body = route.config?.body;
  const whole = { ...schema, ...(body === undefined ? {} : { body: body.schema }) };
  const transformed = jsonSchemaTransform({ ...document, schema: whole } as never);
  const method = Array.isArray(route.method) ? route.method[0] : route.method;
  return {
    ...transformed,
    schema: {
      ...transformed.schema,
      ...(body?.type === undefined ? {} : { consumes: [body.type] }),
      "x-right": neededRight(method ?? "GET", route.config),
    },
  };
};

/** How the document is made from the routes' schemas. */
export const openApiOptions: SwaggerOptions = {
  openapi: {
    openapi: "3.1.0",
    info: {
      title: "blockgossip",
      description:
        "One peer: its channels' blocks, whom it knows, and what it does. x-right is what a request needs.",
      version: packageJson.version,
      license: { name: packageJson.license, identifier: packageJson.license },
    },
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    // Without credentials where the API has none to ask for.
    security: [{ token: [] }, {}],
  },
  transform,
};
