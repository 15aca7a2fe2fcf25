/**
 * What pages are better with, and work without: a password can be shown, times are those of the
 * visitor's own zone, the ends of a session count down, and a double click sends one form.
 */
export const SCRIPT = `(() => {
  // The button of a form that is on its way is locked, so a double click sends one.
  const lock = (form, locked) => {
    for (const button of form.querySelectorAll('button[type=submit]')) button.disabled = locked;
  };
  addEventListener('submit', ({ target, defaultPrevented }) => {
    if (defaultPrevented) return;
    lock(target, true);
    // Whoever stopped the page from loading may try again.
    setTimeout(lock, 10_000, target, false);
  });
  // Browsers bring pages back as they were left, and Firefox locks buttons again on a reload.
  addEventListener('pageshow', () => lock(document, false));

  const { lang } = document.documentElement;
  const locale = navigator.languages.find((own) => own.split('-')[0] === lang) ?? lang;

  for (const input of document.querySelectorAll('input[type=password]')) {
    const { show, hide } = input.dataset;
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('aria-controls', input.id);
    const turn = (shown) => {
      input.type = shown ? 'text' : 'password';
      button.textContent = shown ? hide : show;
      button.setAttribute('aria-label', button.textContent + ': ' + input.labels[0].textContent);
    };
    turn(false);
    button.addEventListener('click', () => turn(input.type === 'password'));
    // A browser keeps what is typed into a field of text.
    input.form.addEventListener('submit', () => turn(false));
    input.after(button);
  }

  const dated = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  for (const time of document.querySelectorAll('time:not([data-left])')) {
    time.textContent = dated.format(new Date(time.dateTime));
  }

  const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
  const lasting = (left) => {
    const first = UNITS.findIndex(([, size]) => left >= size);
    return UNITS.slice(first, first + 2).map(([unit, size], at) => {
      const count = Math.floor(at === 0 ? left / size : (left % UNITS[first][1]) / size);
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
    }).join(' ');
  };
  // Of what is left by the server's clock; this one may be wrong.
  const start = Date.now();
  const ends = [...document.querySelectorAll('time[data-left]')];
  const tick = () => {
    for (const time of ends) {
      const left = Math.floor(time.dataset.left - (Date.now() - start) / 1000);
      time.textContent = left > 0 ? lasting(left) : time.dataset.over;
    }
  };
  if (ends.length > 0) {
    tick();
    setInterval(tick, 1000);
  }
})();
`;
