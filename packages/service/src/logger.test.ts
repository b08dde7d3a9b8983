import { describe, expect, it } from 'vitest'
import { defineErrors } from './errors/index.ts'
import { createLogger } from './logger.ts'
import { createRedactor } from './redactor.ts'

const boom = defineErrors({ boom: { message: (v: { camera: string }) => `camera ${v.camera} broke`, retryable: true } })

const capture = (secrets: string[] = []) => {
  const lines: string[] = []
  const logger = createLogger({
    service: 'test',
    level: 'info',
    redactor: createRedactor(secrets),
    write: line => lines.push(line),
  })
  return { logger, last: () => JSON.parse(lines.at(-1)!) as Record<string, unknown>, lines }
}

describe('a logger', () => {
  it('writes one JSON object a line, with level by name, RFC 3339 time and service', () => {
    const { logger, last, lines } = capture()
    logger.info({ event: 'x', cameraId: 'c1' }, 'something happened')
    expect(last()).toMatchObject({
      level: 'info',
      service: 'test',
      event: 'x',
      cameraId: 'c1',
      msg: 'something happened',
    })
    expect(new Date(last().time as string).toISOString()).toBe(last().time)
    expect(lines).toHaveLength(1)
    expect(lines[0]!.endsWith('\n')).toBe(true)
  })

  it('writes an error with its code, its details and its causes', () => {
    const { logger, last } = capture()
    const error = boom('boom', { camera: 'c1' }, { cause: new Error('the socket closed') })
    logger.warn({ error }, 'failed')
    expect(last().error).toMatchObject({
      code: 'boom',
      retryable: true,
      details: { camera: 'c1' },
      cause: { message: 'the socket closed' },
    })
  })

  it('shows nothing that a client hung on its error besides, such as the command with the password in it', () => {
    const { logger, last, lines } = capture()
    const error = Object.assign(new Error('WRONGPASS'), { code: 'WRONGPASS', command: { args: ['AUTH', 'hunter2'] } })
    logger.warn({ error: new Error('outer', { cause: error }) }, 'failed')
    expect(last().error).toMatchObject({ message: 'outer', cause: { message: 'WRONGPASS', code: 'WRONGPASS' } })
    expect(lines.join()).not.toContain('hunter2')
  })

  it('writes errors that contain each other', () => {
    const { logger, lines } = capture()
    const error = new Error('round')
    error.cause = error
    logger.warn({ error: new AggregateError([error, 'text'], 'all failed') }, 'failed')
    expect(JSON.parse(lines[0]!).error.errors).toMatchObject([{ message: 'round' }, 'text'])
  })

  it('shows no secret in messages, fields, errors, stacks, causes or children’s bindings', () => {
    const { logger, lines } = capture(['registered-secret'])
    const error = new Error('open rtsp://u:hunter2@cam failed', { cause: new Error('with registered-secret') })
    logger
      .child({ url: 'redis://:hunter2@r' })
      .error({ error, password: 'hunter2', deep: { token: 'hunter2' } }, 'rtsp://u:hunter2@cam')
    expect(lines.join()).not.toMatch(/hunter2|registered-secret/)
    expect(() => JSON.parse(lines[0]!)).not.toThrow()
  })

  it('keeps hostile text on one line', () => {
    const { logger, lines } = capture()
    logger.info({ label: 'a\n{"level":"fatal"}\r\u2028' }, 'x\ny')
    expect(lines[0]!.trimEnd().split('\n')).toHaveLength(1)
  })
})
