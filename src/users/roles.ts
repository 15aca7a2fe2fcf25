/** What a role may be called. */
export const ROLE = /^[a-z][a-z0-9_-]{0,31}$/;

/** Every user has `user`, and has it first. */
export const withUserRole = (roles: readonly string[]): string[] => [
  'user',
  ...roles.filter((role) => role !== 'user'),
];
