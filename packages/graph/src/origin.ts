import type { Origin } from './tensor.ts'

/** How many callers are kept: enough to get from a layer to the model that uses it. */
const CALLERS = 12
const SHOWN = 3

/** Remembers the current call stack, leaving out `below` and everything it called. */
export function captureOrigin(below: (...args: never[]) => unknown): Origin {
  const origin: { stack?: string } = {}
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = CALLERS
  Error.captureStackTrace(origin, below)
  Error.stackTraceLimit = stackTraceLimit
  return origin
}

/** The innermost callers outside this package, `layer (file:line) < block (file:line)`; named ones if there are any. */
export function printOrigin({ stack = '' }: Origin): string {
  const callers = stack
    .split('\n')
    .slice(1)
    .filter(line => line.includes('.ts') && !insideThisPackage(line))
    .map(printFrame)
  const named = callers.filter(caller => caller.includes(' '))
  return (named.length > 0 ? named : callers).slice(0, SHOWN).join(' < ') || 'an unknown place'
}

function insideThisPackage(line: string): boolean {
  return line.includes('/packages/graph/src/') && !line.includes('.test.ts')
}

/** `    at block (file:///x/packages/nn/src/block.ts:12:8)` becomes `block (block.ts:12)`. */
function printFrame(line: string): string {
  const [, name, file, lineNumber] = /at (?:(.*) \()?.*?([^/(]+\.ts)[^:]*:(\d+):\d+\)?$/.exec(line) ?? []
  const place = `${file}:${lineNumber}`
  return name ? `${name} (${place})` : place
}
