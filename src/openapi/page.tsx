import type { Document } from './document.ts';
import { type DocumentedOperation, JSON_TYPE } from './documented.ts';
import type { Schema } from './schemas.ts';
import { sampleOf, shapeOf } from './shape.ts';

interface Files {
  script: { path: string };
  stylesheet: { path: string };
}

/** The document as a page; where scripts run, every operation can be tried. */
export function docsPage({ info, tags, paths, components }: Document, files: Files) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ path, method: method.toUpperCase(), operation },
    })),
  );
  const { cookie } = components.securitySchemes;
  return (
    <div lang="en" class="api">
      <link rel="stylesheet" href={files.stylesheet.path} />
      <script src={files.script.path} defer />
      <p>{info.description}</p>
      <p>
        <a href="/openapi.json">OpenAPI 3.1</a>. A request is signed in by the cookie{' '}
        <code>{cookie.name}</code> or a bearer token.
      </p>
      {tags.map(({ name }) => (
        <section class="card">
          <h2>{name}</h2>
          {operations
            .filter(({ operation }) => operation.tags[0] === name)
            .map((props) => (
              <Operation {...props} />
            ))}
        </section>
      ))}
      <section class="card">
        <h2>Objects</h2>
        <Facts rows={Object.entries<Schema>(components.schemas)} />
      </section>
    </div>
  );
}

interface OperationProps {
  path: string;
  method: string;
  operation: DocumentedOperation;
}

function Operation({ path, method, operation }: OperationProps) {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const bodies = Object.entries(requestBody?.content ?? {});
  const [[type, { schema = {} }] = ['', {}]] = bodies;
  const route = `${method} ${path}`;
  const rows: Row[] = [
    ...parameters.map(
      ({ name, in: place, schema }): Row => [`${name} (${place})`, schema, schema.description],
    ),
    ...bodies.map(([type, { schema }]): Row => ['Body', schema, type]),
    ...Object.entries(responses).map(
      ([status, { description, content }]): Row => [
        status,
        content?.[JSON_TYPE]?.schema,
        description,
      ],
    ),
  ];
  return (
    <details id={operationId}>
      <summary>
        <code>{route}</code> {summary}
      </summary>
      {description && <p>{description}</p>}
      <Facts rows={rows} />
      <form data-method={method} data-path={path} hidden>
        {parameters.map(({ name, in: place, required }) => (
          <label>
            {name}
            <input name={name} data-in={place} required={required} autocomplete="off" />
          </label>
        ))}
        {type === JSON_TYPE && (
          <label>
            Body
            <textarea rows={5} spellcheck={false}>
              {sampleOf(schema)}
            </textarea>
          </label>
        )}
        <button type="submit" class="quiet">
          Send {route}
        </button>
        <p role="status" />
        <section tabindex={0} aria-label={`Answer of ${route}`} hidden>
          <pre />
        </section>
      </form>
    </details>
  );
}

type Row = [term: string, schema: Schema | undefined, said?: unknown];

function Facts({ rows }: { rows: Row[] }) {
  return (
    <dl class="facts">
      {rows.map(([term, schema, said]) => (
        <>
          <dt>{term}</dt>
          <dd>
            {said ? `${said} ` : ''}
            {schema && <code>{shapeOf(schema)}</code>}
          </dd>
        </>
      ))}
    </dl>
  );
}
