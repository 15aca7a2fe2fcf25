import createClient from 'openapi-fetch';
import type { paths } from '../generated/openapi-typescript';
import type { Client } from './client';

export function open(baseUrl: string): Client {
  const api = createClient<paths>({ baseUrl });
  return {
    async register(email, password) {
      const { data, error } = await api.POST('/auth/register', { body: { email, password } });
      return error ? error.code : data.user.email;
    },
    async current() {
      const { data, error } = await api.GET('/auth/session');
      if (error) throw new Error(error.detail);
      return data.user?.email ?? null;
    },
    async logout() {
      const { response } = await api.POST('/auth/logout');
      return response.status;
    },
    async login(email, password) {
      const { data, error } = await api.POST('/auth/login', { body: { email, password } });
      // @ts-expect-error The codes are an enum, and no login is refused with this one.
      if (error?.code === 'email_taken') return null;
      return error ? error.code : data.user.email;
    },
    async keepTheme(theme) {
      const { data } = await api.PATCH('/auth/session/data', { body: { theme } });
      return data?.theme;
    },
  };
}
