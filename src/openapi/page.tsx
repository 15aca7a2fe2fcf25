import type { Document } from './document.ts';
import { type DocumentedOperation, JSON_TYPE, type Response } from './documented.ts';
import type { Form } from './forms.ts';
import type { Schema } from './schemas.ts';
import { shapeOf } from './shape.ts';

interface Files {
  script: { path: string };
  stylesheet: { path: string };
}

/** The document and the forms as a page; where scripts run, every operation can be tried. */
export function docsPage(
  { info, tags, paths, components }: Document,
  { forms, files }: { forms: Record<string, Form>; files: Files },
) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ path, method: method.toUpperCase(), operation },
      form: forms[`${method.toUpperCase()} ${path}`],
    })),
  );
  const { cookie } = components.securitySchemes;
  return (
    <div lang="en" class="api">
      <link rel="stylesheet" href={files.stylesheet.path} />
      <script src={files.script.path} defer />
      <p>{marked(info.description)}</p>
      <p>
        <a href="/openapi.json">OpenAPI 3.1</a>. A request is signed in by the cookie{' '}
        <code>{cookie.name}</code> or a bearer token.
      </p>
      {tags.map(({ name, description }) => (
        <section class="card">
          <h2>{name}</h2>
          <p>{description}</p>
          {operations
            .filter(({ operation }) => operation.tags[0] === name)
            .map((props) => (
              <Operation {...props} shared={components.responses} />
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
  form: Form | undefined;
  /** The answers that routes share, by name. */
  shared: Record<string, Response>;
}

function Operation({ path, method, operation, form, shared }: OperationProps) {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const body = requestBody?.content[JSON_TYPE];
  const route = `${method} ${path}`;
  const answers = Object.entries(responses).map(([status, response]): Row => {
    const named = '$ref' in response ? shared[response.$ref.replace(/.*\//, '')] : response;
    return [status, named?.content?.[JSON_TYPE]?.schema, named?.description];
  });
  const inAddress = parameters.filter((parameter) => parameter.in !== 'header');
  const rows: Row[] = [
    ...parameters.map(
      ({ name, in: place, schema, description }): Row => [
        `${name} (${place})`,
        schema,
        description,
      ],
    ),
    ...(body ? [['Body', body.schema, JSON_TYPE] satisfies Row] : []),
    ...answers,
    ...(form ? formRows(form) : []),
  ];
  return (
    <details id={operationId}>
      <summary>
        <code>{route}</code> {summary}
      </summary>
      <p>{marked(description)}</p>
      <Facts rows={rows} />
      <form data-method={method} data-path={path} hidden>
        {inAddress.map(({ name, in: place, required }) => (
          <label>
            {name}
            <input name={name} data-in={place} required={required} autocomplete="off" />
          </label>
        ))}
        {body && (
          <label>
            Body
            <textarea rows={5} spellcheck={false}>
              {JSON.stringify(body.example, null, 2)}
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

/** What the route does with an HTML form, which clients that are generated do not send. */
const formRows = ({ fields, leadsTo }: Form): Row[] => [
  ['HTML form', fields, 'application/x-www-form-urlencoded'],
  ['303 to a form', undefined, leadsTo],
  ['Refused form', undefined, 'The page of the form again, with the status of the refusal.'],
];

type Row = [term: string, schema: Schema | undefined, said?: string | undefined];

/** Text in which what stands between backticks is code. */
const marked = (text: string) =>
  text.split('`').map((part, i) => (i % 2 === 1 ? <code>{part}</code> : part));

function Facts({ rows }: { rows: Row[] }) {
  return (
    <dl class="facts">
      {rows.map(([term, schema, said]) => (
        <>
          <dt>{term}</dt>
          <dd>
            {said && marked(said)} {said && schema && <br />}
            {schema && <code>{shapeOf(schema)}</code>}
          </dd>
        </>
      ))}
    </dl>
  );
}
