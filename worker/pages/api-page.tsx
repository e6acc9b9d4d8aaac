import * as z from 'zod';
import { openApiDocument } from '../api/openapi.ts';
import { Copyable } from './components/setup-steps.tsx';
import { StaffPage } from './layout.tsx';

/** The parts of the description that the page shows; read back through a schema, since the document is plain JSON. */
const Media = z.record(z.string(), z.object({ schema: z.unknown() }));
const OperationText = z.object({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()),
  parameters: z.array(
    z.object({
      name: z.string(),
      in: z.enum(['path', 'query']),
      required: z.boolean(),
      schema: z.record(z.string(), z.unknown()),
    }),
  ),
  requestBody: z.object({ content: Media }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: Media })),
});
const DocumentText = z.object({
  info: z.object({ description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), OperationText)),
});
type OperationText = z.output<typeof OperationText>;
type Operation = OperationText & { readonly method: string; readonly path: string };

const schemaIn = (content: z.output<typeof Media> | undefined): unknown => Object.values(content ?? {})[0]?.schema;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The least that a JSON schema lets through, to begin from. */
function exampleOf(schema: unknown): unknown {
  if (!isRecord(schema)) return null;
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.type === 'string') return schema.format === 'date-time' ? '2026-01-31T09:00:00Z' : '…';
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 0;
  if (schema.type === 'array') return [];
  const { properties, required } = schema;
  if (!isRecord(properties) || !Array.isArray(required)) return {};
  return Object.fromEntries(required.map(String).map((name) => [name, exampleOf(properties[name])]));
}

/** A request to paste into a terminal; what has to be filled in stands in capitals. */
function curlOf(origin: string, { method, path, requestBody }: Operation): string {
  const url = origin + path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const lines = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${url}`,
    '  -H "Authorization: Bearer $ADMIN_TOKEN"',
    ...(requestBody
      ? ['  -H "Content-Type: application/json"', `  -d '${JSON.stringify(exampleOf(schemaIn(requestBody.content)))}'`]
      : []),
  ];
  return lines.join(' \\\n');
}

/** The type of a parameter in a few words. */
function typeOf(schema: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(schema.enum)) return schema.enum.map(String).join(' | ');
  const parts = [
    schema.type,
    schema.format,
    schema.default === undefined ? undefined : `default ${String(schema.default)}`,
  ];
  return parts.filter((part) => typeof part === 'string').join(', ') || 'any';
}

function Parameters({ parameters }: Pick<OperationText, 'parameters'>) {
  if (parameters.length === 0) return null;
  return (
    <dl class="facts parameters">
      {parameters.map(({ name, in: place, required, schema }) => (
        <div key={`${place} ${name}`}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>
            {place}
            {required && ', required'}: {typeOf(schema)}
            {typeof schema.description === 'string' && <span class="hint"> {schema.description}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Schema({ title, schema }: { readonly title: string; readonly schema: unknown }) {
  if (schema === undefined) return null;
  return (
    <details class="more">
      <summary>{title}</summary>
      <pre class="code raw">{JSON.stringify(schema, null, 2)}</pre>
    </details>
  );
}

function OperationView({ operation, origin }: { readonly operation: Operation; readonly origin: string }) {
  const { operationId, method, path, summary, parameters, requestBody, responses } = operation;
  const [status, success] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? [];
  return (
    <details class="card operation-fold">
      <summary>
        <h3>{summary}</h3>
        <span class="endpoint">
          <span class={`method method-${method}`}>{method.toUpperCase()}</span> <code>{path}</code>
        </span>
      </summary>
      {/* Inside the fold, since a browser opens what it has to show: a link to an operation unfolds it. */}
      <div class="operation" id={operationId}>
        <Parameters parameters={parameters} />
        <Copyable label={`the request for: ${summary}`} value={curlOf(origin, operation)} />
        <Schema title="What to send" schema={schemaIn(requestBody?.content)} />
        <Schema title={`What comes back (${status ?? ''})`} schema={schemaIn(success?.content)} />
      </div>
    </details>
  );
}

function operationsOf(paths: z.output<typeof DocumentText>['paths']): Map<string, Operation[]> {
  const byTag = new Map<string, Operation[]>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, text] of Object.entries(methods)) {
      const tag = text.tags[0] ?? 'Other';
      byTag.set(tag, [...(byTag.get(tag) ?? []), { ...text, method, path }]);
    }
  }
  return byTag;
}

/** `GET /api`: the description of the API for people, made from the document for programs. */
export function apiPage(origin: string, isSignedIn: boolean) {
  const { info, paths } = DocumentText.parse(openApiDocument(__VERSION__, origin));
  const groups = [...operationsOf(paths)];
  return (
    <StaffPage title="API" section="api" islands={['copy']} isSignedIn={isSignedIn}>
      <header class="page-head">
        <h1>API</h1>
        <a href="/api/openapi.json">OpenAPI document</a>
      </header>
      <p class="lead">{info.description}</p>
      <p>
        Programs send the admin token with each request: <code>Authorization: Bearer …</code>. Whoever holds it may do
        everything, so keep it out of pages and apps.
      </p>
      <nav aria-label="On this page">
        <ul class="chips">
          {groups.map(([tag]) => (
            <li key={tag}>
              <a class="chip" href={`#${tag.toLowerCase()}`}>
                {tag}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {groups.map(([tag, operations]) => (
        <section key={tag} aria-labelledby={tag.toLowerCase()}>
          <h2 id={tag.toLowerCase()}>{tag}</h2>
          {operations.map((operation) => (
            <OperationView key={operation.operationId} operation={operation} origin={origin} />
          ))}
        </section>
      ))}
    </StaffPage>
  );
}
