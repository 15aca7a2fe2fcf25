import { hash } from '@node-rs/bcrypt';
import type { Bcrypt } from './passwords.ts';

/** Node: native, on a thread of its own. */
export const nativeBcrypt: Bcrypt = (input, settings) => hash(input, { salt: settings });
