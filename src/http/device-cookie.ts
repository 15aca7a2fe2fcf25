import type { Context } from 'hono';
import { DEVICE_REMEMBERED, type DeviceCookies } from '../accounts/devices.ts';
import type { SessionCookie } from '../session/cookie.ts';
import { bearerOf } from './bearer.ts';
import type { AppEnv } from './env.ts';

export interface DeviceCookieParts {
  deviceCookie: SessionCookie;
}

/** Returns the device cookies of a request, or null for a program that signs in by a bearer token. */
export function deviceCookiesOf<E extends AppEnv>(
  c: Context<E>,
  { deviceCookie }: DeviceCookieParts,
): DeviceCookies {
  return bearerOf(c) === null ? deviceCookie.read(c.req.header('cookie')) : null;
}

/** Sends the cookie of a device that is known from now on. */
export function setDeviceCookie<E extends AppEnv>(
  c: Context<E>,
  { deviceCookie }: DeviceCookieParts,
  value: string | null,
): void {
  if (value === null) return;
  c.header('Set-Cookie', deviceCookie.set(value, DEVICE_REMEMBERED), { append: true });
}
