import type { Texts } from '../texts/texts.ts';
import { lasting, moment } from '../texts/times.ts';
import { type Milliseconds, seconds } from '../time.ts';

const iso = (at: Milliseconds) => new Date(at).toISOString();

/** A moment; where scripts run, in the visitor's own time zone. */
export function Moment({ t, at }: { t: Texts; at: Milliseconds }) {
  return <time datetime={iso(at)}>{moment(t.language, at)}</time>;
}

/** How long it is until then; where scripts run, counting down. */
export function Left({ t, until, now }: { t: Texts; until: Milliseconds; now: Milliseconds }) {
  const left = until - now;
  return (
    <time datetime={iso(until)} data-left={Math.floor(left / seconds(1))} data-over={t.home.over}>
      {lasting(t.language, left)}
    </time>
  );
}
