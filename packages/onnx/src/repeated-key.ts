/** Outside of strings, what tells a key; inside, what ends one. */
const TOKEN = /\\.|["{}:]/g

/**
 * The first key that an object of a valid JSON text has twice, if any. `JSON.parse` keeps the last of them in silence,
 * so that two readers of one file may see different tensors.
 */
export function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = []
  let start = -1
  let text = ''
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    const inString = start >= 0
    if (token === '"' && inString) {
      text = json.slice(start, index + 1)
      start = -1
    } else if (token === '"') {
      start = index
    } else if (inString) {
    } else if (token === '{') {
      open.push(new Set())
    } else if (token === '}') {
      open.pop()
    } else {
      const key = JSON.parse(text) as string
      if (open.at(-1)!.has(key)) return key
      open.at(-1)!.add(key)
    }
  }
  return undefined
}
