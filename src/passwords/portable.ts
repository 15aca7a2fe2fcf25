import { hashSync } from 'bcryptjs';
import type { Bcrypt } from './passwords.ts';

/** Workers: synchronous, because there is no thread to move it to. */
export const portableBcrypt: Bcrypt = async (input, settings) => hashSync(input, settings);
