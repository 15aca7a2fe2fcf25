import type { createClient, Problem } from '../../src/client.ts';

export type Api = ReturnType<typeof createClient>;

/** Why something was refused, as a form shows it. */
export interface Refused {
  /** About the form as a whole. */
  message: string;
  /** By the name of the field. */
  fields: Record<string, string>;
}

const refused = ({ detail, errors = [] }: Problem): Refused => ({
  message: detail,
  fields: Object.fromEntries(errors.map(({ path, message }) => [path, message])),
});

/** null: signed in. */
export async function signIn(api: Api, email: string, password: string): Promise<Refused | null> {
  const res = await api.auth.login.$post({ json: { email, password } });
  return res.ok ? null : refused(await res.json());
}

/** Who is signed in. null: nobody. A server that does not answer is no logout, so that throws. */
export async function whoAmI(api: Api) {
  const res = await api.auth.session.$get();
  if (!res.ok) throw new Error((await res.json()).detail);
  return (await res.json()).user;
}

/** Changes the address; asks for the password where the login is older than ten minutes. */
export async function changeEmail(
  api: Api,
  email: string,
  askPassword: () => Promise<string>,
): Promise<Refused | null> {
  const res = await api.auth.email.$post({ json: { email } });
  if (res.ok) return null;
  const problem = await res.json();
  if (problem.code !== 'recent_login_required') return refused(problem);
  const proof = await api.auth.reauthenticate.$post({ json: { password: await askPassword() } });
  if (!proof.ok) return refused(await proof.json());
  return changeEmail(api, email, askPassword);
}
