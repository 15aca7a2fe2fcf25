import type { Caller } from '../caller.ts';
import type { Result } from '../errors.ts';
import { networksOf } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import type { Post } from '../mail/post.ts';

export interface AccountRequest {
  email: string;
  name: string | null;
  by: Caller;
}

/**
 * Asks for an account whose password is set by whoever holds the mailed link. Whether the address is
 * taken is looked up when the mail is sent, so the answer and its time never tell (ASVS 6.3.8).
 */
export type RequestAccount = (request: AccountRequest) => Promise<Result<object>>;

export function createRequestAccount(parts: { post: Post; limit: Limits }): RequestAccount {
  const { post, limit } = parts;
  return async function requestAccount({ email, name, by }) {
    const mail = { purpose: 'register', address: email, name, language: by.language } as const;
    return post.missing() ?? limit.attempt(networksOf(by.ip), () => post.put(mail));
  };
}
