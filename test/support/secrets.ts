/** Secrets by name, and where something that holds one was found. */
export class Secrets {
  private readonly known = new Map<string, string[]>();
  readonly leaks: string[] = [];

  /** Remembers a secret in all the spellings that somebody may write it down in. */
  mark(name: string, secret: string): string {
    this.known.set(`${name} ${this.known.size}`, spellings(secret));
    return secret;
  }

  /** Looks through what must hold no secret, but for those of `allowed` names. */
  look(where: string, text: string, allowed: readonly string[] = []): void {
    for (const [name, spelled] of this.known) {
      if (allowed.some((kind) => name.startsWith(`${kind} `))) continue;
      const found = spelled.find((spelling) => text.includes(spelling));
      if (found) this.leaks.push(`${name} in ${where}: ${text.slice(0, 300)}`);
    }
  }

  get size(): number {
    return this.known.size;
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function spellings(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  // At each of the three places in a longer text; its first and last letters depend on neighbours.
  const encoded = [0, 1, 2].map((shift) => {
    const padded = new Uint8Array([...new Uint8Array(shift), ...bytes]);
    return btoa(String.fromCharCode(...padded)).slice(4, -4);
  });
  const url = encodeURIComponent(secret);
  const html = secret.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [
    ...[secret, url, url.replaceAll('%20', '+'), html, hex, escaped],
    JSON.stringify(escaped).slice(1, -1),
    ...encoded,
    ...encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}
