/** Every refusal of this package; none is retryable, because the same values are refused again. */
const messages = {
  bad_trainer: ({ name, value, expected }: BadTrainer) => `a trainer's ${name} must be ${expected}, not ${value}`,
  bad_mask: ({ ratio, places }: { readonly ratio: number; readonly places: number }) =>
    `a mask over ${ratio} of ${places} places does not leave some visible and some hidden`,
  bad_decoder: ({ dim, heads }: { readonly dim: number; readonly heads: number }) =>
    `a decoder ${dim} wide is not a multiple of 8 that divides into ${heads} heads; the encoder's width is twice that`,
  wrong_encoder: ({ reason }: { readonly reason: string }) => `not the encoder that is trained: ${reason}`,
  too_few_labels: ({ clips, least, learnt, heldOut }: TooFewLabels) =>
    `fine-tuning needs labels of ${least} whole clips, with 2 classes in what is learnt from and 1 of them in what is held out, not ${clips}, ${learnt} and ${heldOut}`,
  bad_frames: ({ found, shape }: { readonly found: number; readonly shape: readonly number[] }) =>
    `frames of a call are [${shape.join(', ')}], ${shape.reduce((a, b) => a * b)} bytes, not ${found}`,
}

interface BadTrainer {
  readonly name: string
  readonly value: number
  readonly expected: string
}

interface TooFewLabels {
  readonly clips: number
  readonly least: number
  /** Classes. */
  readonly learnt: number
  readonly heldOut: number
}

type Code = keyof typeof messages

export class SslError extends Error {
  override readonly name = 'SslError'
  readonly code: Code
  readonly retryable = false

  constructor(code: Code, message: string) {
    super(message)
    this.code = code
  }
}

export function sslError<C extends Code>(code: C, details: Parameters<(typeof messages)[C]>[0]): SslError {
  return new SslError(code, (messages[code] as (details: unknown) => string)(details))
}
