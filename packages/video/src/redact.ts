/** Shorter secrets would blot out ordinary words; where they stand inside a URL the whole of its authority and query goes. */
const SHORTEST_LITERAL_SECRET = 3

/**
 * Removes credentials from a line of text: the user info and query of every URL, and each of `secrets` wherever it
 * stands. Lines must be whole: a line cut inside a secret would keep its other half.
 */
export function redact(line: string, secrets: readonly string[]): string {
  const withoutSecrets = secrets
    .filter(secret => secret.length >= SHORTEST_LITERAL_SECRET)
    .reduce((text, secret) => text.replaceAll(secret, '***'), line)
  return withoutSecrets.replace(/([a-z][a-z0-9+.-]*:\/\/)([^\s'"]*)/gi, (_, scheme, rest) => scheme + publicPart(rest))
}

/** `host:port/path` of what follows a URL's scheme; a password may itself hold an `@` or a `/`, so the last `@` counts. */
function publicPart(rest: string): string {
  const [beforeQuery = ''] = rest.split('?')
  const afterUserInfo =
    rest.includes('@') && !beforeQuery.includes('@') ? '***' : beforeQuery.slice(beforeQuery.lastIndexOf('@') + 1)
  return rest.includes('?') ? `${afterUserInfo}?***` : afterUserInfo
}
