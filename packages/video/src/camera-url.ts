import { videoError } from './errors.ts'

/** A camera's address, checked: safe to write between single quotes in an ffconcat list. */
export type CameraUrl = { readonly href: string; readonly secrets: readonly string[] }

const PROTOCOLS = new Set(['rtsp:', 'rtsps:'])
/** Quotes and backslashes end or escape the quoted word of an ffconcat line; controls and blanks end the line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const UNSAFE_IN_CONCAT_LIST = /['"\\\s\x00-\x1f\x7f]/

/**
 * Checks a camera's URL and lists the secrets in it: user, password and query values, as written and decoded.
 *
 * Throws `url-invalid`, whose message never repeats the URL.
 */
export function parseCameraUrl(text: string): CameraUrl {
  if (UNSAFE_IN_CONCAT_LIST.test(text)) {
    throw videoError('url-invalid', { reason: 'it holds a quote, a backslash, a blank or a control character' })
  }
  if (!URL.canParse(text)) throw videoError('url-invalid', { reason: 'it is not a URL' })
  const url = new URL(text)
  if (!PROTOCOLS.has(url.protocol)) throw videoError('url-invalid', { reason: 'it is neither rtsp: nor rtsps:' })
  if (url.hostname === '') throw videoError('url-invalid', { reason: 'it names no host' })
  return { href: text, secrets: secretsOf(text) }
}

function secretsOf(text: string): readonly string[] {
  const authority = /^[a-z]+:\/\/([^/?#]*)@/i.exec(text)?.[1] ?? ''
  const query = /\?([^#]*)/.exec(text)?.[1] ?? ''
  const written = [...splitOnce(authority, ':'), ...query.split('&').flatMap(pair => splitOnce(pair, '=').slice(1))]
  const forms = written.flatMap(secret => [secret, decoded(secret)])
  return [...new Set(forms)].filter(secret => secret !== '').sort((a, b) => b.length - a.length)
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // not percent-encoded: it is its own decoded form
  }
}
