/** Sends what is filled in, as the page's own origin, and shows what comes back. */
export const TRY_SCRIPT = `(() => {
  for (const form of document.querySelectorAll('form[data-method]')) {
    const status = form.querySelector('[role=status]');
    const shown = form.querySelector('section');
    form.hidden = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const { method } = form.dataset;
      const query = new URLSearchParams();
      let { path } = form.dataset;
      for (const { name, value, dataset } of form.querySelectorAll('input')) {
        if (dataset.in === 'path') path = path.replace('{' + name + '}', () => encodeURIComponent(value));
        else if (value) query.append(name, value);
      }
      const asked = query.toString();
      const headers = {};
      const text = form.querySelector('textarea');
      if (text?.value) headers['Content-Type'] = 'application/json';
      status.textContent = '…';
      shown.hidden = true;
      try {
        const answer = await fetch(path + (asked && '?' + asked), {
          method, headers, body: text?.value || undefined, credentials: 'same-origin', cache: 'no-store',
        });
        let body = await answer.text();
        try { body = JSON.stringify(JSON.parse(body), null, 2); } catch {}
        const lines = [...answer.headers].map(([name, value]) => name + ': ' + value);
        shown.firstChild.textContent = [body, '', ...lines].join('\\n').trim();
        shown.hidden = false;
        status.textContent = answer.status + ' ' + answer.statusText;
      } catch {
        status.textContent = 'No answer.';
      }
    });
  }
})();
`;
