/** The page of each route that forms are sent to. Somebody who opens or reloads its address goes there. */
export const FORM_PAGES: Readonly<Record<string, string>> = {
  '/auth/login': '/login',
  '/auth/register': '/register',
  '/auth/logout': '/logout',
  '/auth/password/forgot': '/forgot',
  '/auth/password/reset': '/reset',
  '/auth/email/verify': '/verify',
  '/verify/disown': '/verify',
  '/account/name': '/account',
  '/account/password': '/account',
  '/account/email': '/account',
  '/account/verification': '/account',
  '/account/delete': '/account',
  '/account/sessions/end-others': '/account/sessions',
  '/account/sessions/:id/end': '/account/sessions',
  '/account/sessions/:action': '/account/sessions',
  '/counter': '/',
};
