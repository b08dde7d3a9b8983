import type { Placement, Provider } from './provider.ts'

interface Row<Details> {
  readonly retryable: boolean
  readonly message: (details: Details) => string
}

interface MemoryDetails {
  readonly bytes: number
  readonly limitBytes: number
  readonly largest: { readonly name: string; readonly bytes: number }
}

interface NotFiniteDetails {
  /** Of a tensor. */
  readonly name: string
  /** First and last step that may have made it so, from 0. */
  readonly steps: readonly [number, number]
}

/** Every failure of this package. Retryable means that the same call may well succeed later. */
const table = {
  /** The native library or the kernel ended the child; the next call starts a fresh one. */
  child_crashed: {
    retryable: true,
    message: ({ how, stderr }: { readonly how: string; readonly stderr: string }) =>
      `runtime child ended by ${how}${stderr ? `; it said: ${stderr}` : ''}`,
  },
  child_not_started: {
    retryable: true,
    message: ({ command }: { readonly command: string }) => `runtime child could not be started as ${command}`,
  },
  queue_full: {
    retryable: true,
    message: ({ pending, limit }: { readonly pending: number; readonly limit: number }) =>
      `${pending} runs are pending and ${limit} is the limit`,
  },
  closed: {
    retryable: false,
    message: ({ what }: { readonly what: string }) => `${what} is closed`,
  },
  unknown_session: {
    retryable: false,
    message: ({ session }: { readonly session: number }) => `session ${session} is not loaded`,
  },
  model_refused: {
    retryable: false,
    message: (details: { readonly provider: Provider; readonly bytes: number; readonly reason: string }) =>
      `a model of ${details.bytes} bytes is refused on ${details.provider}: ${details.reason}`,
  },
  run_failed: {
    retryable: false,
    message: ({ session, reason }: { readonly session: number; readonly reason: string }) =>
      `run of session ${session} failed: ${reason}`,
  },
  bad_clip: {
    retryable: false,
    message: ({ length, expected }: { readonly length: number; readonly expected: number }) =>
      `a clip has ${length} bytes, but the encoder takes ${expected}`,
  },
  bad_batch_sizes: {
    retryable: false,
    message: ({ sizes }: { readonly sizes: readonly number[] }) =>
      `batch sizes [${sizes.join(', ')}] must be one or more distinct positive integers`,
  },
  bad_encoder: {
    retryable: false,
    message: ({ reason }: { readonly reason: string }) => `model is no encoder of clips: ${reason}`,
  },
  bad_training_model: {
    retryable: false,
    message: ({ reason }: { readonly reason: string }) => `model is no training step: ${reason}`,
  },
  bad_tensors: {
    retryable: false,
    message: ({ what, reason }: { readonly what: 'state' | 'inputs'; readonly reason: string }) =>
      `${what} of a training run: ${reason}`,
  },
  over_memory_limit: {
    retryable: false,
    message: ({ bytes, limitBytes, largest }: MemoryDetails) =>
      `state and batches take ${bytes} bytes and ${limitBytes} is the limit; the largest is ${largest.name} with ${largest.bytes}`,
  },
  /** What a call is brought or collects: the state is the one before it, and kept. State: its last checkpoint stands. */
  not_finite: {
    retryable: false,
    message: ({ name, steps: [first, last] }: NotFiniteDetails) =>
      `${name} is not finite ${first === last ? `at step ${first}` : `after steps ${first} to ${last}`}`,
  },
  training_failed: {
    retryable: false,
    message: ({ request, reason }: { readonly request: string; readonly reason: string }) =>
      `the training child refuses ${request}: ${reason}`,
  },
  /** A fall-back that nobody asked for. */
  ran_elsewhere: {
    retryable: false,
    message: ({ provider, elsewhere }: { readonly provider: Provider; readonly elsewhere: readonly Placement[] }) =>
      `not all ran on ${provider}: ${elsewhere.map(({ operator, provider }) => `${operator} ran on ${provider}`).join(', ')}`,
  },
  training_stopped: {
    retryable: false,
    message: ({ step }: { readonly step: number }) => `training was stopped; the last checkpoint is at step ${step}`,
  },
} satisfies Record<string, Row<never>>

type Table = typeof table
type Code = keyof Table

export class RuntimeError extends Error {
  override readonly name = 'RuntimeError'
  readonly code: Code
  readonly retryable: boolean

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.retryable = table[code].retryable
  }
}

export function runtimeError<C extends Code>(
  code: C,
  details: Parameters<Table[C]['message']>[0],
  options?: ErrorOptions,
): RuntimeError {
  const message = table[code].message as (details: unknown) => string
  return new RuntimeError(code, message(details), options)
}
