/** What the page of the API has and no other page does. */
export const DOCS_STYLES = `
.api details { padding: .75rem 0; border-top: 1px solid var(--line); }
.api summary { cursor: pointer; overflow-wrap: anywhere; }
.api summary code { font-weight: 650; }
.api summary ~ * { margin: 1rem 0; }
.api label { margin-bottom: 1rem; }
.api textarea, form section {
  display: block; width: 100%; max-height: 24rem; padding: .75rem; overflow: auto; color: inherit;
  font: .875rem/1.5 ui-monospace, monospace; background: var(--paper); border: 1px solid var(--edge); border-radius: .5rem;
}
.api dd code { white-space: pre-wrap; }
.api pre { margin: 0; font: inherit; }
.api [hidden] { display: none; }
`;
