import { Secret } from './secret.ts'

/** Takes secrets out of a line of text before it leaves the process. */
export interface Redactor {
  /** From now on this value appears in no redacted text. Values shorter than 4 characters are not registered: they would blank out ordinary words. */
  register(value: Secret | string): void
  redact(text: string): string
}

const shortest = 4
const mark = '[secret]'

/** Fields whose string value is never shown, at any depth of a JSON line. */
const secretField =
  /("(?:password|passwd|passphrase|secret|secret_?key|access_?key|api_?key|token|authorization|cookie|set-cookie|credentials|private_?key|encryption_?key)":\s*)"(?:[^"\\]|\\.)*"/gi

/**
 * `user:pass@` in anything that looks like a URL. The password may itself hold an @: the last one before the path ends it;
 * or, typed in unescaped, a / or ?: then what follows the first colon is no port. Lengths are bounded, so that no text takes long.
 */
const urlCredentials =
  /([a-z][a-z0-9+.-]{1,20}:\/\/)(?:[^\s"'<>/?#]{0,1000}@|[^\s"'<>/?#:@]{0,100}:(?!\d+\/)[^\s"'<>@]{0,200}@)/gi

/** A redactor with its own list of registered values; `secrets` are registered at once. */
export const createRedactor = (secrets: Iterable<Secret | string> = []): Redactor => {
  const values = new Set<string>()
  let ordered: readonly string[] = []

  const register = (value: Secret | string) => {
    const text = value instanceof Secret ? value.reveal() : value
    for (const form of [text, ...urlPasswords(text)]) {
      if (form.length < shortest) continue
      values.add(form)
      // The same value as JSON writes it and as a URL writes it.
      values.add(JSON.stringify(form).slice(1, -1))
      values.add(encodeURIComponent(form))
    }
    // Longest first, so that a secret containing another one goes whole.
    ordered = [...values].sort((a, b) => b.length - a.length)
  }
  for (const secret of secrets) register(secret)

  return {
    register,
    redact: text => {
      let safe = text
      for (const value of ordered) safe = safe.replaceAll(value, mark)
      return safe.replace(secretField, `$1"${mark}"`).replace(urlCredentials, `$1${mark}@`)
    },
  }
}

const urlPasswords = (text: string): readonly string[] => {
  if (!text.includes('://') || !URL.canParse(text)) return []
  const { password } = new URL(text)
  return password === '' ? [] : [password, decode(password)]
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray % is a legal character of a password; it then has no second form.
    return text
  }
}
