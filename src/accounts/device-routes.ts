import { Hono } from 'hono';
import { refusal } from '../errors.ts';
import type { CallerOf } from '../http/caller.ts';
import { input } from '../http/input.ts';
import { NoFields } from '../http/no-fields.ts';
import { refuse } from '../http/refusal.tsx';
import type { UserEnv } from '../session/guards.ts';
import { deviceView } from '../session/views.ts';
import type { Devices } from './devices.ts';

export interface DeviceRouteParts {
  devices: Pick<Devices, 'list' | 'forget' | 'forgetAll'>;
  callerOf: CallerOf;
}

/** The devices that the user has signed in on (ASVS 7.5.2). Mounted behind `requireUser()`. */
export function deviceRoutes({ devices, callerOf }: DeviceRouteParts) {
  return new Hono<UserEnv>()
    .get('/auth/devices', async (c) => {
      const known = await devices.list(c.var.user);
      return c.json({ devices: known.map(deviceView) });
    })
    .delete('/auth/devices', input({ schema: NoFields }), async (c) => {
      await devices.forgetAll(c.var.user.id, callerOf(c));
      return c.body(null, 204);
    })
    .delete('/auth/devices/:id', input({ schema: NoFields }), async (c) => {
      const known = await devices.forget(c.var.user.id, c.req.param('id'), callerOf(c));
      return known ? c.body(null, 204) : refuse(c, refusal('not_found'));
    });
}
