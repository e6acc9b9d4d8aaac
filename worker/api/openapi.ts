import * as z from 'zod';
import { operations } from './operations.ts';
import type { Operation } from './route.ts';

const json = (schema: z.ZodType, io: 'input' | 'output') => ({
  content: { 'application/json': { schema: z.toJSONSchema(schema, { io, target: 'draft-2020-12' }) } },
});

const answerOf = (operation: Operation) => {
  const { content } = json(operation.response, 'output');
  const texts = (operation.downloads ?? []).map((type) => [type, { schema: { type: 'string' } }] as const);
  return { description: operation.summary, content: { ...content, ...Object.fromEntries(texts) } };
};

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

function parametersOf(operation: Operation) {
  const list = (schema: z.ZodObject | undefined, place: 'path' | 'query') =>
    Object.entries(schema?.shape ?? {}).map(([name, field]) => ({
      name,
      in: place,
      required: place === 'path' || !(field as z.ZodType).safeParse(undefined).success,
      schema: z.toJSONSchema(field as z.ZodType, { io: 'input', target: 'draft-2020-12' }),
    }));
  return [...list(operation.params, 'path'), ...list(operation.query, 'query')];
}

const describe = (operation: Operation) => ({
  operationId: operation.id,
  summary: operation.summary,
  tags: [operation.tag],
  parameters: parametersOf(operation),
  ...(operation.body && { requestBody: { required: true, ...json(operation.body, 'input') } }),
  responses: {
    [String(operation.status ?? 200)]: answerOf(operation),
    ...(operation.method === 'get' && { '400': problem('There is no such parameter') }),
    '401': problem('No valid token or session'),
    ...(operation.params && { '404': problem('No such thing') }),
    ...(operation.conflict !== undefined && { '409': problem(operation.conflict) }),
    '422': problem('Some fields do not fit'),
  },
});

/** The OpenAPI 3.1 document, made from the schemas that validate. */
export function openApiDocument(version: string, origin: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = `/api/v1${operation.path}`;
    paths[path] = { ...paths[path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rapport API',
      version,
      description:
        'JSON in camelCase, times in RFC 3339 UTC, money in integer minor units beside its ISO 4217 code. Lists give items and nextCursor. Errors are problem documents (RFC 9457) with a code.',
    },
    servers: [{ url: origin }],
    security: [{ bearer: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The admin token' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-rapport' },
      },
      schemas: { Problem: z.toJSONSchema(problemSchema) },
    },
  };
}
