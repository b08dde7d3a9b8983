import { describe, expect, it } from 'vitest'
import {
  defineErrors,
  hasCode,
  isDesignedError,
  isTaktError,
  toGrpcStatusName,
  toJobFailure,
  toProblem,
} from './index.ts'

const stationError = defineErrors({
  'station-unknown': {
    message: (v: { station: string }) => `there is no station ${v.station}`,
    retryable: false,
    status: 404,
  },
  'store-away': { message: (v: { host: string }) => `store ${v.host} is away`, retryable: true },
  'store-broken': { message: (v: { host: string }) => `store ${v.host} is broken`, retryable: false },
  'too-busy': { message: () => 'too many requests', retryable: true, status: 429 },
})

describe('a designed error', () => {
  it('names the values in its message and keeps them, its code and its cause', () => {
    const cause = new Error('socket')
    const error = stationError('store-away', { host: 's1' }, { cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      code: 'store-away',
      message: 'store s1 is away',
      retryable: true,
      details: { host: 's1' },
      cause,
    })
  })

  it('needs no values when its message names none', () => {
    expect(stationError('too-busy').details).toEqual({})
  })

  it('is told apart by its shape and its code', () => {
    const error: unknown = stationError('store-away', { host: 's1' })
    expect(isTaktError(error)).toBe(true)
    expect(hasCode(error, 'store-away')).toBe(true)
    expect(hasCode(error, 'store-broken')).toBe(false)
    for (const other of [new Error('x'), { code: 'x', retryable: true, name: 'TaktError' }, null, 'x'])
      expect(isTaktError(other)).toBe(false)
  })
})

/** An error class of a package that does not import this one. */
class OwnError extends Error {
  override readonly name = 'OwnError'
  readonly code: string
  readonly retryable: boolean
  constructor(code: string, retryable: boolean, extra: object = {}) {
    super(`${code} of 10.0.0.3 with hunter2`)
    this.code = code
    this.retryable = retryable
    Object.assign(this, extra)
  }
}

describe('an error class that another package designed', () => {
  it('is recognised by its code and by saying whether trying again helps', () => {
    const error: unknown = new OwnError('class_without_example', false)
    expect(isDesignedError(error)).toBe(true)
    expect(isTaktError(error)).toBe(false)
    expect(hasCode(error, 'class_without_example')).toBe(true)
    for (const other of [Object.assign(new Error('x'), { code: 'ECONNRESET' }), new Error('x'), null])
      expect(isDesignedError(other)).toBe(false)
  })

  it('ends a job that it says is hopeless, and repeats one that it says is not', () => {
    expect(toJobFailure(new OwnError('class_without_example', false))).toMatchObject({
      outcome: 'unrecoverable',
      code: 'class_without_example',
    })
    expect(toJobFailure(new OwnError('queue_full', true))).toMatchObject({ outcome: 'retryable', code: 'queue_full' })
  })

  it('tells no client of itself, not even when it claims a status', () => {
    const claims = { status: 404, details: { host: '10.0.0.3' } }
    expect(toGrpcStatusName(new OwnError('queue_full', true))).toBe('UNAVAILABLE')
    expect(toGrpcStatusName(new OwnError('head_malformed', false, claims))).toBe('INTERNAL')
    for (const [retryable, status] of [
      [true, 503],
      [false, 500],
    ] as const) {
      const problem = toProblem(new OwnError('own', retryable, claims))
      expect(problem.status).toBe(status)
      expect(JSON.stringify(problem)).not.toMatch(/hunter2|10\.0\.0\.3/)
    }
  })
})

describe('toProblem', () => {
  it('shows a client what was designed for it', () => {
    expect(toProblem(stationError('station-unknown', { station: 'S7' }), { instance: '/v1/stations/S7' })).toEqual({
      type: 'urn:takt:error:station-unknown',
      title: 'Station unknown',
      status: 404,
      detail: 'there is no station S7',
      code: 'station-unknown',
      retryable: false,
      details: { station: 'S7' },
      instance: '/v1/stations/S7',
    })
  })

  it.each([
    ['an error of a library', new Error('connect to 10.0.0.3 with password hunter2'), 500],
    ['a designed error without a status', stationError('store-broken', { host: 'hunter2' }), 500],
    ['a retryable one without a status', stationError('store-away', { host: 'hunter2' }), 503],
    ['a thrown string', 'hunter2', 500],
    ['a thrown nothing', undefined, 500],
    ['a library’s 5xx', Object.assign(new Error('hunter2'), { statusCode: 502 }), 500],
  ])('leaks nothing of %s', (_, error, status) => {
    const problem = toProblem(error)
    expect(problem.status).toBe(status)
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|10\.0\.0\.3/)
  })

  it('passes on what the HTTP server refuses by itself', () => {
    const refusal = Object.assign(new Error('body/name must be a string'), {
      statusCode: 400,
      code: 'FST_ERR_VALIDATION',
    })
    expect(toProblem(refusal)).toMatchObject({
      type: 'urn:takt:error:invalid-request',
      status: 400,
      detail: 'body/name must be a string',
    })
  })
})

describe('toGrpcStatusName', () => {
  it.each([
    [stationError('station-unknown', { station: 'S7' }), 'NOT_FOUND'],
    [stationError('too-busy'), 'RESOURCE_EXHAUSTED'],
    [stationError('store-away', { host: 'x' }), 'UNAVAILABLE'],
    [stationError('store-broken', { host: 'x' }), 'INTERNAL'],
    [new Error('x'), 'INTERNAL'],
  ])('maps %s to %s', (error, name) => {
    expect(toGrpcStatusName(error)).toBe(name)
  })
})

describe('toJobFailure', () => {
  it('follows the table, and retries what nobody designed', () => {
    expect(toJobFailure(stationError('store-away', { host: 'x' }))).toMatchObject({
      outcome: 'retryable',
      code: 'store-away',
    })
    expect(toJobFailure(stationError('store-broken', { host: 'x' }))).toMatchObject({
      outcome: 'unrecoverable',
      code: 'store-broken',
    })
    expect(toJobFailure(new TypeError('x is undefined'))).toEqual({
      outcome: 'retryable',
      code: 'unexpected',
      message: 'x is undefined',
    })
  })
})
