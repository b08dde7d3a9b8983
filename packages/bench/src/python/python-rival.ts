import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { benchError } from '../errors.ts'

/** A Python script that stays up and answers each line of JSON with one of its own. */
export interface PythonRival extends AsyncDisposable {
  /** Asks one question at a time; throws `rival-failed` with the end of what Python said when it ends instead. */
  readonly ask: <Answer>(question: object) => Promise<Answer>
}

/** Characters of a traceback that are worth showing. */
const shown = 2000

/** Starts `script` in `python`; a rival that cannot start says so at the first question. */
export function startPythonRival(options: {
  readonly python: string
  readonly script: string
  readonly args?: readonly string[]
  readonly signal: AbortSignal
}): PythonRival {
  const { python, script, args = [], signal } = options
  const child = spawn(python, ['-u', script, ...args], { signal, stdio: ['pipe', 'pipe', 'pipe'] })
  const closed = once(child, 'close').catch(error => {
    said += error
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    said = (said + text).slice(-shown)
  })
  // A child that ends takes its pipe along; the answer that does not come is what tells.
  child.stdin.on('error', () => {})
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    ask: async question => {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      const { done, value } = await answers.next()
      if (!done) return JSON.parse(value)
      await closed
      throw benchError('rival-failed', { script, said: said.trim() })
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      await closed
    },
  }
}
