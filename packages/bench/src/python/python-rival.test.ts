import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startPythonRival } from './python-rival.ts'

/** Node in Python's place: what matters is a process that reads and answers lines. */
async function rival(answerTo: string) {
  const folder = await mkdtemp(join(tmpdir(), 'takt-rival-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const python = join(folder, 'python')
  const script = join(folder, 'rival.mjs')
  await writeFile(python, `#!/bin/sh\nshift\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 })
  await writeFile(script, `for await (const line of process.stdin.setEncoding('utf8')) { ${answerTo} }`)
  return startPythonRival({ python, script, signal: new AbortController().signal })
}

test('each question gets its answer', async () => {
  await using double = await rival(`console.log(JSON.stringify({ twice: 2 * JSON.parse(line).number }))`)
  expect(await double.ask({ number: 2 })).toEqual({ twice: 4 })
  expect(await double.ask({ number: 21 })).toEqual({ twice: 42 })
})

test('a rival that ends instead of answering is an error with its last words', async () => {
  await using broken = await rival(`console.error('no module named torch'); process.exit(1)`)
  await expect(broken.ask({})).rejects.toMatchObject({
    code: 'rival-failed',
    message: expect.stringContaining('no module named torch'),
  })
})

test('a Python that is not there is an error with its path', async () => {
  await using absent = startPythonRival({
    python: '/nowhere/python',
    script: 'rival.py',
    signal: new AbortController().signal,
  })
  await expect(absent.ask({})).rejects.toMatchObject({ message: expect.stringContaining('/nowhere/python') })
})
