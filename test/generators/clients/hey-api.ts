import { getSession, login, logout, register, updateSessionData } from '../generated/hey-api';
import { client } from '../generated/hey-api/client.gen';
import type { Client } from './client';

export function open(baseUrl: string): Client {
  client.setConfig({ baseUrl });
  return {
    async register(email, password) {
      const { data, error } = await register({ body: { email, password } });
      return error ? error.code : data.user.email;
    },
    async current() {
      const { data, error } = await getSession();
      if (error) throw new Error(error.detail);
      return data.user?.email ?? null;
    },
    async logout() {
      const { response } = await logout();
      return response?.status;
    },
    async login(email, password) {
      const { data, error } = await login({ body: { email, password } });
      // @ts-expect-error The codes are an enum, and no login is refused with this one.
      if (error?.code === 'email_taken') return null;
      return error ? error.code : data.user.email;
    },
    async keepTheme(theme) {
      const { data } = await updateSessionData({ body: { theme } });
      return data?.theme;
    },
  };
}
