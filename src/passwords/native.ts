import { hash } from '@node-rs/bcrypt';
import { decodeBase64 } from 'bcryptjs';
import type { Bcrypt } from './passwords.ts';

/** Node: native, on a thread of its own. */
export const nativeBcrypt: Bcrypt = (input, settings) => {
  const [, , cost, salt = ''] = settings.split('$');
  return hash(input, Number(cost), Uint8Array.from(decodeBase64(salt, 16)));
};
