/** Every refusal of this package; none is retryable, because the same values are refused again. */
const messages = {
  bad_encoder_spec: ({ reason }: { readonly reason: string }) => `not an encoder spec: ${reason}`,
  bad_checkpoint: ({ reason }: { readonly reason: string }) => `not a checkpoint that can be imported: ${reason}`,
  unexpected_parameters: ({ names }: { readonly names: readonly string[] }) =>
    `encoder has no parameters ${printNames(names)}`,
  mistyped_weights: (details: { readonly name: string; readonly expected: string; readonly found: string }) =>
    `weight "${details.name}" must be ${details.expected}, not ${details.found}`,
  /** Gradients, optimiser state or a teacher that do not belong to the parameters they are used with. */
  unmatched_names: ({ role, missing, extra }: UnmatchedNames) =>
    [
      `${role} do not match the parameters`,
      ...(missing.length > 0 ? [`missing: ${printNames(missing)}`] : []),
      ...(extra.length > 0 ? [`unexpected: ${printNames(extra)}`] : []),
    ].join('; '),
}

interface UnmatchedNames {
  readonly role: string
  readonly missing: readonly string[]
  readonly extra: readonly string[]
}

function printNames(names: readonly string[]): string {
  return names.map(name => `"${name}"`).join(', ')
}

type Code = keyof typeof messages

export class NnError extends Error {
  override readonly name = 'NnError'
  readonly code: Code
  readonly retryable = false

  constructor(code: Code, message: string) {
    super(message)
    this.code = code
  }
}

export function nnError<C extends Code>(code: C, details: Parameters<(typeof messages)[C]>[0]): NnError {
  return new NnError(code, (messages[code] as (details: unknown) => string)(details))
}
