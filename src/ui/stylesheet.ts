import { createHash } from 'node:crypto';

/** The one stylesheet, served under a name that changes with its text. */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1d2330, #e7eaf0);
  --faint: light-dark(#5a6478, #a3adbf);
  --paper: light-dark(#f5f6f8, #14171d);
  --card: light-dark(#ffffff, #1d222b);
  --line: light-dark(#d5d9e2, #363d4a);
  --accent: light-dark(#2c5bd4, #8fb0ff);
  --on-accent: light-dark(#ffffff, #10141c);
  --wrong: light-dark(#b3261e, #ff9d95);
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
}
header, main { max-width: 26rem; margin: 0 auto; }
header a { color: var(--faint); font-weight: 600; text-decoration: none; }
main {
  margin-top: 1rem; padding: 1.5rem; background: var(--card);
  border: 1px solid var(--line); border-radius: .75rem;
}
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; }
a { color: var(--accent); }
label { display: block; margin-bottom: .25rem; font-weight: 600; }
label.choice { display: flex; gap: .5rem; align-items: center; font-weight: 400; }
.field { margin-bottom: 1rem; }
.hint { margin: .25rem 0 0; color: var(--faint); font-size: .875rem; }
.wrong { margin: .25rem 0 0; color: var(--wrong); font-size: .875rem; }
ul.plain { margin: 0; padding: 0; list-style: none; }
.item { padding: 1rem 0; border-top: 1px solid var(--line); }
.item:first-child { padding-top: 0; border-top: 0; }
.notice { margin: 0 0 1rem; padding: .75rem 1rem; border-left: .25rem solid var(--wrong); }
.notice.done { border-left-color: var(--accent); }
input:not([type=checkbox]) {
  width: 100%; padding: .5rem .625rem; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid var(--line); border-radius: .375rem;
}
input[aria-invalid=true] { border-color: var(--wrong); }
button {
  padding: .5rem 1rem; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--on-accent); background: var(--accent);
  border: 1px solid var(--accent); border-radius: .375rem;
}
button.quiet { color: var(--accent); background: transparent; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1rem; margin: 0 0 1.25rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
.row { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; }
`;

const version = createHash('sha256').update(STYLESHEET).digest('hex').slice(0, 12);

export const STYLESHEET_PATH = `/assets/gatehouse-${version}.css`;
