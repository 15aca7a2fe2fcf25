/** What every generated client is asked to do. */
export interface Client {
  /** Signs up. Returns the email address of the new user, or the code of the refusal. */
  register(email: string, password: string): Promise<string | null>;
  /** Returns the email address of the user who is signed in, null for nobody. */
  current(): Promise<string | null>;
  /** Signs out. Returns the HTTP status. */
  logout(): Promise<number | undefined>;
  /** Signs in. Returns the email address of the user, or the code of the refusal. */
  login(email: string, password: string): Promise<string | null>;
  /** Keeps a theme in the session data. Returns what the data then says. */
  keepTheme(theme: string): Promise<unknown>;
}
