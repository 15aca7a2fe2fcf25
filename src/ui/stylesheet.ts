import { type Accents, accents, type Grounds } from './color.ts';

const LIGHT: Grounds = { paper: '#f5f4f0', card: '#ffffff' };
const DARK: Grounds = { paper: '#131715', card: '#1b201d' };

/** The one stylesheet, with what follows from the colour of the service (`#rrggbb`). */
export function stylesheet(color: string): string {
  const light = { ...LIGHT, ...accents(color, LIGHT, 'light') };
  const dark = { ...DARK, ...accents(color, DARK, 'dark') };
  return `:root {
  color-scheme: light dark;
  ${variables(light)}
  --ink: #1e2522; --faint: #59625d; --line: #e0ded6; --edge: #868d88;
  --wrong: #a4271d; --wash: #fbefed;
}
@media (prefers-color-scheme: dark) {
  :root {
    ${variables(dark)}
    --ink: #e8ebe8; --faint: #a6afa9; --line: #303733; --edge: #717b75;
    --wrong: #ffa096; --wash: #33201e;
  }
}
${RULES}`;
}

const variables = ({ paper, card, fill, onFill, rim, away, accent }: Grounds & Accents) =>
  `--paper: ${paper}; --card: ${card}; --fill: ${fill}; --on-fill: ${onFill}; --rim: ${rim}; --away: ${away}; --accent: ${accent};`;

const RULES = `
*, ::before, ::after { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  -webkit-text-size-adjust: 100%;
}
h1 { margin: 0 0 1.5rem; font-size: 1.75rem; line-height: 1.2; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { margin: 0 0 1rem; font-size: 1.125rem; line-height: 1.3; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: .2em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }

.top {
  display: flex; align-items: center; justify-content: space-between; gap: .5rem 1rem;
  max-width: 52rem; margin: 0 auto; padding: 1rem 1.25rem;
}
.brand {
  display: flex; align-items: center; gap: .625rem; min-height: 2.75rem;
  color: inherit; font-weight: 650; text-decoration: none;
}
.brand svg { flex: none; width: 1.75rem; height: 1.75rem; fill: var(--fill); }
.brand svg path { fill: var(--on-fill); }
.brand img { display: block; max-width: 12rem; height: 2.25rem; object-fit: contain; }
.viewer { display: flex; align-items: center; gap: .875rem; min-width: 0; }
.viewer a {
  min-width: 0; max-width: 16rem; padding: .625rem 0; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap;
}
.viewer form { flex: none; }

main { max-width: 26rem; margin: 0 auto; padding: clamp(1rem, 7vh, 4.5rem) 1rem 4rem; }
main.wide { max-width: 52rem; padding: 1.5rem 1.25rem 5rem; }
.list > .item { padding: .75rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.list > .item:first-child { padding-top: 0; border-top: 0; }
.list > .item:last-child { padding-bottom: 0; }
.item p { margin: 0; }
main:not(.wide) > .sheet, .card, .cards > .item {
  background: var(--card); border: 1px solid var(--line); border-radius: 1rem;
  box-shadow: 0 1px 2px rgb(0 0 0 / .04), 0 .5rem 1.5rem -.75rem rgb(0 0 0 / .08);
}
main:not(.wide) > .sheet { padding: 2rem 1.75rem; }
.card, .cards > .item { margin: 0 0 1.25rem; padding: 1.5rem; }
.sheet > :last-child, .card > :last-child, .split > div > :last-child, .notice > :last-child { margin-bottom: 0; }
.lead { color: var(--faint); }
h1:has(+ .lead) { margin-bottom: .5rem; }
h1 + .lead { margin-bottom: 1.5rem; }
.after { margin: 1.5rem 0 0; padding-top: 1.25rem; border-top: 1px solid var(--line); }
.after p { margin-bottom: .5rem; }
.after > :last-child { margin-bottom: 0; }
.after form { margin-top: 1rem; }

label { display: block; margin-bottom: .375rem; font-weight: 600; }
label.choice { display: flex; gap: .625rem; align-items: flex-start; padding: .375rem 0; font-weight: 400; }
label.choice input { flex: none; width: 1.125rem; height: 1.125rem; margin: .2rem 0 0; accent-color: var(--accent); }
.field { margin-bottom: 1.25rem; }
.field > :last-child { margin-bottom: 0; }
.hint { margin: 0 0 .5rem; color: var(--faint); font-size: .9375rem; line-height: 1.45; }
.wrong { margin: 0 0 .5rem; color: var(--wrong); font-size: .9375rem; font-weight: 600; line-height: 1.45; }
.box { display: flex; }
input:not([type=checkbox]) {
  width: 100%; min-width: 0; min-height: 2.875rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--edge); border-radius: .5rem;
}
input[aria-invalid=true] { position: relative; z-index: 1; border-color: var(--wrong); box-shadow: 0 0 0 1px var(--wrong); }
input:focus-visible, .box button:focus-visible { position: relative; z-index: 1; outline-offset: 0; border-radius: .5rem; }
.box:has(button) input { border-start-end-radius: 0; border-end-end-radius: 0; }
.box button {
  flex: none; min-width: 5rem; margin: 0 0 0 -1px; color: var(--accent); background: var(--card);
  border-color: var(--edge); border-start-start-radius: 0; border-end-start-radius: 0; font-weight: 500;
}

button, .button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 2.875rem;
  padding: .5rem 1.125rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none;
  cursor: pointer; color: var(--on-fill); background: var(--fill);
  border: 1px solid var(--rim); border-radius: .5rem;
}
button:disabled { opacity: .6; cursor: default; }
button:hover, .button:hover { background: color-mix(in srgb, var(--fill) 88%, var(--away)); }
.quiet { color: var(--accent); background: transparent; border-color: var(--edge); }
.danger { color: var(--wrong); background: transparent; border-color: var(--wrong); }
.quiet:hover, .box button:hover { background: color-mix(in srgb, var(--accent) 8%, var(--card)); }
.danger:hover { background: var(--wash); }
.small { min-height: 2.5rem; padding: .25rem .875rem; }
main:not(.wide) form > button { width: 100%; }

.notice { margin: 0 0 1.5rem; padding: .875rem 1rem; border-radius: .5rem; border: 1px solid var(--wrong); border-left-width: .375rem; background: var(--wash); }
.notice p { margin: 0; font-weight: 600; }
.notice ul { margin: .5rem 0 0; padding-left: 1.125rem; }
.notice a { color: inherit; }
.notice.done { border-color: var(--accent); background: color-mix(in srgb, var(--accent) 8%, var(--card)); }

dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .5rem 1.5rem; margin: 0 0 1.25rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.big { display: flex; flex-wrap: wrap; gap: 1.25rem 3rem; }
.big dt, .count dt { font-size: .9375rem; }
.big dd { font-size: 1.375rem; font-weight: 650; line-height: 1.3; }
.big + dl { padding-top: 1.25rem; border-top: 1px solid var(--line); }
.count { display: block; margin: 0; }
.count dd { font-size: 2.25rem; font-weight: 650; line-height: 1.2; }
.badge {
  display: inline-block; padding: .0625rem .625rem; border: 1px solid var(--line);
  border-radius: 1rem; background: var(--card); color: var(--faint); font-size: .875rem; white-space: nowrap;
}
.row { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: center; }
.apart { justify-content: space-between; }
.row > * { margin: 0; }
.list, .cards { margin: 0 0 1.25rem; padding: 0; list-style: none; }

@media (max-width: 34rem) {
  main:not(.wide) { padding: .5rem .75rem 3rem; }
  main:not(.wide) > .sheet { padding: 1.5rem 1.25rem; }
  main.wide { padding: 1rem .75rem 4rem; }
  .top { padding: .75rem 1rem; }
  .card, .cards > .item { padding: 1.25rem; }
  .viewer a { max-width: 6.5rem; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: .625rem; }
  .card form > button { width: 100%; }
  .card .row form > button { width: auto; }
}
@media (min-width: 48rem) {
  .split { display: grid; grid-template-columns: 13rem 1fr; gap: 0 2.5rem; }
  .split > h2 { margin: 0; }
  .split > div { max-width: 26rem; min-width: 0; }
}
@media print { .top form, button { display: none; } }
`;
