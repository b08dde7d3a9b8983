import { blobError } from './errors.ts'

const longestKey = 900
const longestPart = 200
const part = /^[A-Za-z0-9_][A-Za-z0-9._=-]*$/

/**
 * Refuses (`blob-key-refused`) every key that is not parts of `[A-Za-z0-9._=-]` joined by `/`, none starting with a dot or a dash:
 * no `..`, no absolute path, no empty part, no NUL, no other script, nothing a file system or a URL would read differently.
 */
export const assertBlobKey = (key: string): void => {
  const reason = problemOf(key)
  if (reason) throw blobError('blob-key-refused', { key: key.slice(0, 100), reason })
}

/** A prefix is a key, a key with a slash behind, the beginning of one, or empty. */
export const assertBlobPrefix = (prefix: string): void => {
  if (prefix !== '') assertBlobKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix)
}

const problemOf = (key: string): string | null => {
  if (key.length === 0) return 'it is empty'
  if (key.length > longestKey) return `it is longer than ${longestKey} characters`
  for (const text of key.split('/')) {
    if (text.length > longestPart) return `a part is longer than ${longestPart} characters`
    if (!part.test(text))
      return `its part ${JSON.stringify(text.slice(0, 40))} is not letters, digits and . _ = - after a first letter, digit or _`
  }
  return null
}
