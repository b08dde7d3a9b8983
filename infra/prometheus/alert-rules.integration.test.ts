import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const promtool = (...args: string[]) =>
  promisify(execFile)('promtool', args, { cwd: fileURLToPath(new URL('.', import.meta.url)) })

it('every alert fires when it should and not when it should not', async () => {
  expect((await promtool('test', 'rules', 'rules/takt.test.yml')).stdout).toContain('SUCCESS')
})

it('the rules are ones that Prometheus takes', async () => {
  expect((await promtool('check', 'rules', 'rules/takt.yml')).stdout).toContain('SUCCESS')
})
