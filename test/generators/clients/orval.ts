import { getSession, login, logout, register, updateSessionData } from '../generated/orval';
import type { Client } from './client';

/** The client asks the page's own origin. */
export function open(): Client {
  return {
    async register(email, password) {
      const answer = await register({ email, password });
      return answer.status === 201 ? answer.data.user.email : answer.data.code;
    },
    async current() {
      const answer = await getSession();
      if (answer.status !== 200) throw new Error(answer.data.detail);
      return answer.data.user?.email ?? null;
    },
    async logout() {
      const { status } = await logout();
      return status;
    },
    async login(email, password) {
      const answer = await login({ email, password });
      if (answer.status === 200) return answer.data.user.email;
      // @ts-expect-error The codes are an enum, and no login is refused with this one.
      if (answer.data.code === 'email_taken') return null;
      return answer.data.code;
    },
    async keepTheme(theme) {
      const answer = await updateSessionData({ theme });
      return answer.status === 200 ? answer.data.theme : answer.data.code;
    },
  };
}
