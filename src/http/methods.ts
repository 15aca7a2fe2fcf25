const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether requests of a method change nothing here (RFC 9110 section 9.2.1). */
export const isSafe = (method: string): boolean => SAFE_METHODS.has(method);
