import { accents } from './color.ts';

/** A gate with battlements, in a field of 32 by 32. */
const GATE = 'M8 24V9h3v2.5h3V9h4v2.5h3V9h3v15h-5v-5a3 3 0 0 0-6 0v5z';

/** The project's mark, in the colours of the stylesheet. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d={GATE} />
    </svg>
  );
}

/** The mark as a file of its own, for the tabs of browsers. */
export function icon(color: string): string {
  const { onFill } = accents(color, { paper: '#ffffff', card: '#ffffff' }, 'light');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${color}"/><path fill="${onFill}" d="${GATE}"/></svg>`;
}
