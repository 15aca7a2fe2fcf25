/** What a role may be called. */
export const ROLE = /^[a-z][a-z0-9_-]{0,31}$/;

/** Every user has `user`. */
export const withUserRole = (roles: string[]): string[] =>
  roles.includes('user') ? roles : ['user', ...roles];
